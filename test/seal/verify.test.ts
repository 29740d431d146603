import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { concat, toBase64, utf8 } from '../../src/crypto/index.ts';
import { readCertificate } from '../../src/pki/index.ts';
import {
  readSeal,
  verifySeal,
  verifySealSignature,
  verifySealUse,
  writeSeal,
  writeSealSignature,
} from '../../src/seal/index.ts';
import { people, SEAL } from './fixtures/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'seal-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

// Certificates of openssl start this second.
const now = new Date(Date.now() + 300_000);
const day = (n: number) => new Date(now.getTime() + n * 86_400_000).toISOString();
const period = { created: day(0), validStart: day(-1), validEnd: day(1000) };
const data = utf8('进口许可证申请表');

const suites = { 'P-256': people('P-256'), SM2: people('SM2') };

async function world(suite: 'P-256' | 'SM2') {
  const who = suites[suite];
  const { maker, enterprise, root } = who;
  const trust = { anchors: [root], sealMakers: [maker.certificate] };
  const spec = { ...SEAL, ...period, maker, holderCertificates: [enterprise.certificate] };
  const seal = await writeSeal(spec);
  const stamp = { seal, data, propertyInfo: 'form', time: day(0), signer: enterprise };
  return { ...who, trust, spec, seal, stamp, signature: await writeSealSignature(stamp) };
}
const worlds = { 'P-256': await world('P-256'), SM2: await world('SM2') };
const each = ['P-256', 'SM2'] as const;

const codes = (report: { findings: { code: string }[] }) => report.findings.map((f) => f.code);
const failed = (report: { steps: { step: string; result: string; code?: string }[] }) =>
  report.steps.filter((s) => s.result !== 'pass' && s.code).map((s) => s.code);

describe('GM/T 0031 6.1.2: verifying a seal', () => {
  it.each(each)('passes a seal of a trusted maker, %s', async (suite) => {
    const { seal, trust } = worlds[suite];
    const report = await verifySeal(seal, { time: day(1), trust });
    expect([report.verdict, failed(report)]).toEqual(['TOTAL-PASSED', []]);
    expect(report).toMatchObject({ version: 4, name: SEAL.name });
    expect(codes(report).includes('SEAL_ALG_EXTENSION')).toBe(suite === 'P-256');
  });

  it.each(each)('b: openssl verifies the maker’s signature, %s', (suite) => {
    const { seal, maker } = worlds[suite];
    const { signed, signature } = readSeal(seal);
    const at = (name: string, bytes: Uint8Array | string) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const { spki } = readCertificate(maker.certificate);
    const lines = (toBase64(spki).match(/.{1,64}/g) ?? []).join('\n');
    const pem = `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`;
    const key = at('maker.pem', pem);
    const options =
      suite === 'SM2'
        ? ['-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678']
        : ['-digest', 'sha256'];
    const out = execFileSync(
      'openssl',
      [
        ...['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', key, '-in', at('info', signed)],
        ...['-sigfile', at('value', signature), ...options],
      ],
      { encoding: 'utf8' },
    );
    expect(out).toContain('Verified Successfully');
  });

  it('b: fails when one bit of the picture changes', async () => {
    const { seal, trust } = worlds.SM2;
    const at = seal.indexOf(2, 200);
    const bad = seal.slice();
    const picture = seal.findIndex(
      (_, i) => seal[i] === 1 && seal[i + 1] === 2 && seal[i + 2] === 3,
    );
    bad[picture] = 9;
    expect(at).toBeGreaterThan(0);
    const report = await verifySeal(bad, { time: day(1), trust });
    expect([report.verdict, failed(report)]).toEqual(['TOTAL-FAILED', ['SEAL_SIG']]);
  });

  it('c: does not pass a seal by an ordinary enterprise, nor one of an unknown root', async () => {
    const { spec, stranger, trust, seal } = worlds.SM2;
    const own = await writeSeal({ ...spec, maker: stranger });
    const report = await verifySeal(own, { time: day(1), trust });
    expect([report.verdict, failed(report)]).toEqual(['INDETERMINATE', ['MAKER_UNTRUSTED']]);
    const unknown = await verifySeal(seal, { time: day(1) });
    expect([unknown.verdict, failed(unknown)]).toEqual(['INDETERMINATE', ['MAKER_CHAIN']]);
  });

  it('d: says when the seal is over, not yet valid, or taken back', async () => {
    const { seal, trust } = worlds['P-256'];
    const at = async (time: string) => failed(await verifySeal(seal, { time, trust }));
    expect(await at(day(1001))).toEqual(['SEAL_EXPIRED']);
    expect(await at(day(-2))).toContain('SEAL_NOT_YET');
    const revokedSeals = new Map([[SEAL.esID, day(0)]]);
    const report = await verifySeal(seal, { time: day(1), trust, revokedSeals });
    expect(failed(report)).toEqual(['SEAL_REVOKED']);
  });

  it('answers bytes left over, truncation and other structures with their codes', async () => {
    const { seal } = worlds.SM2;
    expect(failed(await verifySeal(concat(seal, new Uint8Array(2))))).toEqual(['SEAL_TRAILING']);
    expect(failed(await verifySeal(seal.subarray(0, -7)))).toEqual(['SEAL_PARSE']);
    expect(failed(await verifySeal(new Uint8Array([0x30, 0])))).toEqual(['SEAL_VERSION']);
    const report = await verifySeal(new Uint8Array());
    expect(report).toMatchObject({ version: null, picture: null, verdict: 'TOTAL-FAILED' });
  });

  it('leaves a seal with an unknown critical extension open', async () => {
    const { spec, trust } = worlds['P-256'];
    const extensions = [{ oid: '1.2.3.4', critical: true, value: new Uint8Array(2) }];
    const report = await verifySeal(await writeSeal({ ...spec, extensions }), {
      time: day(1),
      trust,
    });
    expect([report.verdict, failed(report)]).toEqual(['INDETERMINATE', ['SEAL_EXT_CRITICAL']]);
  });
});

describe('GM/T 0031 6.2.3: verifying a signature', () => {
  it.each(each)('passes what the holder stamped, %s', async (suite) => {
    const { signature, trust } = worlds[suite];
    const report = await verifySealSignature(signature, { data, time: day(1), trust });
    expect([report.verdict, failed(report)]).toEqual(['TOTAL-PASSED', []]);
    expect(report.seal.verdict).toBe('TOTAL-PASSED');
  });

  it.each([
    ['content that changed', { data: utf8('other') }, 'TOTAL-FAILED', 'HASH_MISMATCH'],
    ['content that is absent', { data: undefined }, 'INDETERMINATE', 'DATA_ABSENT'],
    ['a seal that ended since', { time: day(1001) }, 'INDETERMINATE', 'SEAL_EXPIRED'],
    ['a signing time in the future', { time: day(-0.5) }, 'INDETERMINATE', 'SIGN_TIME_FUTURE'],
  ])('does not pass %s', async (_, change, verdict, code) => {
    const { signature, trust } = worlds.SM2;
    const { data: content, ...rest } = { data, time: day(1), trust, ...change };
    const options = content ? { ...rest, data: content } : rest;
    const report = await verifySealSignature(signature, options);
    expect(report.verdict).toBe(verdict);
    expect(failed(report)).toContain(code);
  });

  it('fails a signer whom the seal does not list, however good the certificate', async () => {
    const { stamp, stranger, trust } = worlds.SM2;
    const signature = await writeSealSignature({ ...stamp, signer: stranger });
    const report = await verifySealSignature(signature, { data, time: day(1), trust });
    expect([report.verdict, failed(report)]).toEqual(['TOTAL-FAILED', ['SIGNER_NOT_IN_SEAL']]);
  });

  it('leaves a key that is not for signing open', async () => {
    const { spec, stamp, mute, trust } = worlds.SM2;
    const seal = await writeSeal({ ...spec, holderCertificates: [mute.certificate] });
    const signature = await writeSealSignature({ ...stamp, seal, signer: mute });
    const report = await verifySealSignature(signature, { data, time: day(1), trust });
    expect([report.verdict, failed(report)]).toEqual(['INDETERMINATE', ['SIGNER_KEYUSAGE']]);
  });

  it('fails a signing time outside the validity of the seal', async () => {
    const { stamp, trust } = worlds.SM2;
    const signature = await writeSealSignature({ ...stamp, time: day(1500) });
    const report = await verifySealSignature(signature, { data, time: day(1600), trust });
    expect(report.verdict).toBe('TOTAL-FAILED');
    expect(failed(report)).toContain('SIGN_TIME_OUTSIDE_SEAL');
  });

  it('fails the certificate of another key', async () => {
    const { stamp, stranger, enterprise, trust } = worlds['P-256'];
    const signer = { ...enterprise, sign: stranger.sign };
    const signature = await writeSealSignature({ ...stamp, signer });
    const report = await verifySealSignature(signature, { data, time: day(1), trust });
    expect([report.verdict, failed(report)]).toEqual(['TOTAL-FAILED', ['SIG_VALUE']]);
  });

  it('never throws, never passes a changed signature', async () => {
    const { signature, trust } = worlds['P-256'];
    await fc.assert(
      fc.asyncProperty(
        fc.nat(signature.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const bad = signature.slice();
          bad[at] = (bad[at] as number) ^ flip;
          const report = await verifySealSignature(bad, { data, time: day(1), trust });
          expect(report.verdict).not.toBe('TOTAL-PASSED');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a seal used in another format', () => {
  it('is judged at the signing time, and binds the signer', async () => {
    const { seal, enterprise, stranger, trust } = worlds.SM2;
    const use = { signer: enterprise.certificate, signingTime: day(0), time: day(1), trust };
    expect((await verifySealUse(seal, use)).verdict).toBe('TOTAL-PASSED');
    const late = await verifySealUse(seal, { ...use, time: day(1200) });
    expect([late.verdict, failed(late)]).toEqual(['INDETERMINATE', ['SEAL_EXPIRED']]);
    const proven = await verifySealUse(seal, { ...use, time: day(1200), proven: true });
    expect(proven.verdict).toBe('TOTAL-PASSED');
    const other = await verifySealUse(seal, { ...use, signer: stranger.certificate });
    expect(failed(other)).toEqual(['SIGNER_NOT_IN_SEAL']);
    const untimed = await verifySealUse(seal, { ...use, signingTime: null });
    expect([untimed.verdict, failed(untimed)]).toEqual(['INDETERMINATE', ['SIGN_TIME_UNKNOWN']]);
  });
});
