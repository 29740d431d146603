import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toBase64, utf8 } from '../../src/crypto/index.ts';
import { readCertificate } from '../../src/pki/index.ts';
import {
  readSeal,
  readSealSignature,
  verifySeal,
  verifySealSignature,
  writeSeal,
  writeSealSignature,
} from '../../src/seal/index.ts';
import { people, SEAL, type Suite } from './fixtures/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'seal-v1-'));
afterAll(() => rmSync(folder, { recursive: true }));

const now = new Date(Date.now() + 300_000);
const day = (n: number) => new Date(now.getTime() + n * 86_400_000).toISOString();
const data = utf8('进口许可证申请表');

const suites = { 'P-256': people('P-256'), SM2: people('SM2'), RSA: people('RSA') };

async function made(suite: Suite, version: 1 | 4) {
  const { maker, enterprise, root } = suites[suite];
  const period = { created: day(0), validStart: day(-1), validEnd: day(1000) };
  const holderCertificates = [enterprise.certificate];
  const seal = await writeSeal({ ...SEAL, ...period, maker, holderCertificates, version });
  const stamp = { seal, data, propertyInfo: 'form', time: day(0), signer: enterprise };
  const signature = await writeSealSignature(stamp);
  return { seal, signature, trust: { anchors: [root], sealMakers: [maker.certificate] } };
}

/** What openssl says of a signature value. */
function opensslVerifies(
  certificate: Uint8Array,
  signed: Uint8Array,
  value: Uint8Array,
  sm2: boolean,
) {
  const at = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const lines = (toBase64(readCertificate(certificate).spki).match(/.{1,64}/g) ?? []).join('\n');
  const key = at('key.pem', `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`);
  const options = sm2 ? ['sm3', '-pkeyopt', 'distid:1234567812345678'] : ['sha256'];
  return execFileSync(
    'openssl',
    [
      ...['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', key, '-in', at('signed', signed)],
      ...['-sigfile', at('value', value), '-digest', ...options],
    ],
    { encoding: 'utf8' },
  );
}

const kinds = [
  ['P-256', 1],
  ['P-256', 4],
  ['SM2', 1],
  ['SM2', 4],
  ['RSA', 1],
  ['RSA', 4],
] as const;

describe('what is written, as openssl and the reader see it', () => {
  it.each(kinds)('%s, version %i', async (suite, version) => {
    const { seal, signature, trust } = await made(suite, version);
    for (const der of [seal, signature]) {
      const text = execFileSync('openssl', ['asn1parse', '-inform', 'DER', '-i'], {
        input: der,
        encoding: 'utf8',
      });
      expect(text).toContain(SEAL.name);
      expect(text.includes('UTCTIME')).toBe(version === 1);
    }
    const read = readSeal(seal);
    const sm2 = suite === 'SM2';
    expect(read.version).toBe(version);
    expect(opensslVerifies(read.makerCertificate, read.signed, read.signature, sm2)).toContain(
      'Verified',
    );
    const whole = readSealSignature(signature);
    expect(opensslVerifies(whole.certificate, whole.signed, whole.signature, sm2)).toContain(
      'Verified',
    );
    const alone = await verifySeal(seal, { trust, time: day(1) });
    expect([alone.version, alone.verdict]).toEqual([version, 'TOTAL-PASSED']);
    const used = await verifySealSignature(signature, { data, trust, time: day(1) });
    expect([used.verdict, used.time?.slice(0, 19)]).toEqual(['TOTAL-PASSED', day(0).slice(0, 19)]);
    const other = await verifySealSignature(signature, { data: utf8('x'), trust, time: day(1) });
    expect(other.subIndication).toBe('HASH_FAILURE');
  });

  it('refuses a year that a UTCTime cannot say', async () => {
    const { maker, enterprise } = suites['P-256'];
    const spec = {
      ...SEAL,
      maker,
      holderCertificates: [enterprise.certificate],
      version: 1 as const,
    };
    await expect(writeSeal({ ...spec, validEnd: '2050-01-01T00:00:00Z' })).rejects.toThrow(
      RangeError,
    );
  });
});
