import { describe, expect, it } from 'vitest';
import type { Signer } from '../../src/crypto/index.ts';
import { packageVerifier, verifyPackage, writePackage } from '../../src/packages/index.ts';
import { identity } from '../cms/peers.ts';

const root = identity('root', 'P-256');
const stranger = identity('stranger', 'P-256');
const usage =
  'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation';
const alice = identity('alice', 'P-256', root, usage);
const signer: Signer = { ...alice.signer, chain: [root.certificate] };
const record = {
  deployment: 'dd'.repeat(32),
  type: 'application/submit',
  case: 'c',
  prev: [],
  at: '2026-03-01T08:00:00Z',
};
const { id, bytes } = await writePackage({ record, signer });
const trust = { anchors: [root.certificate] };

describe('verifyPackage', () => {
  it('TOTAL-PASSED under a trusted anchor, with who signed', async () => {
    const report = await verifyPackage(bytes, { trust });
    expect(report).toMatchObject({ id, verdict: 'TOTAL-PASSED', record: { ...record, v: 2 } });
    expect(report.signer?.subject).toContain('alice');
    expect(report.findings.filter((f) => f.severity === 'error')).toEqual([]);
  });

  it('names the algorithms of the signature, also where nobody is trusted', async () => {
    expect((await verifyPackage(bytes)).algorithms).toBe('ECDSA P-256 · SHA-256');
    const sm2 = identity('sm2', 'SM2', undefined, usage);
    const made = await writePackage({ record, signer: sm2.signer });
    expect((await verifyPackage(made.bytes)).algorithms).toBe('SM2 · SM3');
  });

  it('INDETERMINATE without trust, and under another root', async () => {
    for (const other of [undefined, { anchors: [stranger.certificate] }, { anchors: [] }]) {
      const report = await verifyPackage(bytes, { trust: other });
      expect(report).toMatchObject({
        verdict: 'INDETERMINATE',
        subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
      });
    }
  });

  it('INDETERMINATE outside the validity of the certificate', async () => {
    expect(await verifyPackage(bytes, { trust, time: '2090-01-01T00:00:00Z' })).toMatchObject({
      verdict: 'INDETERMINATE',
      subIndication: 'OUT_OF_BOUNDS_NO_POE',
    });
  });

  it('TOTAL-FAILED where a byte differs, with no record shown', async () => {
    const bad = bytes.slice();
    const at = Buffer.from(bytes).indexOf('"case":"c"') + 8;
    bad[at] = (bad[at] as number) ^ 1;
    const report = await verifyPackage(bad, { trust });
    expect(report).toMatchObject({ verdict: 'TOTAL-FAILED', record: null });
    expect(report.findings).toHaveLength(1);
  });

  it('TOTAL-FAILED for what is no package', async () => {
    for (const none of [new Uint8Array(), new Uint8Array(100), new TextEncoder().encode('PK')]) {
      expect((await verifyPackage(none)).verdict).toBe('TOTAL-FAILED');
    }
  });

  it('a self-signed key (enterprise/register) is intact and trusted by nobody', async () => {
    const made = await writePackage({ record, signer: stranger.signer });
    expect(await verifyPackage(made.bytes, { trust })).toMatchObject({
      verdict: 'INDETERMINATE',
      record,
    });
  });

  it("a deployment root's own package passes under that root", async () => {
    const made = await writePackage({ record, signer: root.signer });
    expect((await verifyPackage(made.bytes, { trust })).verdict).toBe('TOTAL-PASSED');
  });

  it('the same root outside its validity, or without the right to sign, does not pass', async () => {
    const made = await writePackage({ record, signer: root.signer });
    const late = await verifyPackage(made.bytes, { trust, time: '2090-01-01T00:00:00Z' });
    expect(late).toMatchObject({ verdict: 'INDETERMINATE', subIndication: 'OUT_OF_BOUNDS_NO_POE' });
    const usage = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign';
    const ca = identity('ca', 'P-256', root, usage);
    const bad = await writePackage({ record, signer: ca.signer });
    const under = { anchors: [ca.certificate] };
    expect(await verifyPackage(bad.bytes, { trust: under })).toMatchObject({
      verdict: 'INDETERMINATE',
      subIndication: 'CHAIN_CONSTRAINTS_FAILURE',
    });
  });

  it('one verifier serves many packages', async () => {
    const verify = packageVerifier({ trust });
    const other = await writePackage({ record: { ...record, case: 'd' }, signer });
    const verdicts = await Promise.all([bytes, other.bytes, bytes].map(verify));
    expect(verdicts.map((v) => v.verdict)).toEqual(Array(3).fill('TOTAL-PASSED'));
    expect(verdicts[1]?.record?.case).toBe('d');
  });
});
