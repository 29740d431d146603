/** CMS faults and certificate substitution (checks 14 to 30). */
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyPdf } from '../../src/pdf/index.ts';
import { basePdf } from './fixtures/base.ts';
import { type CmsFault, faultyCms } from './fixtures/cms.ts';
import { authority, type FixtureSigner, signerUnder } from './fixtures/identities.ts';
import { sign } from './fixtures/sign.ts';
import { makeWorld, REFUSED, type World } from './fixtures/world.ts';

let world: World;
let base: Uint8Array;
let twin: FixtureSigner;
beforeAll(async () => {
  world = await makeWorld();
  base = await basePdf();
  twin = await signerUnder(await authority('Test Root'), 'Alice Trading');
});

const TIME = '2026-06-01T12:00:00Z';
const trust = () => ({ time: TIME, trust: { anchors: [world.root.certificate] } });

async function signed(fault: CmsFault, subFilter?: string): Promise<Uint8Array> {
  return sign(base, {
    signer: world.alice,
    ...(subFilter ? { subFilter } : {}),
    cms: (content) => faultyCms(content, world.alice, fault),
  });
}

test('without a fault it is intact, and trusted under its root', async () => {
  const pdf = await signed({});
  expect(await verifyPdf(pdf)).toMatchObject({ integrity: 'intact', verdict: 'INDETERMINATE' });
  const report = await verifyPdf(pdf, trust());
  expect(report.verdict).toBe('TOTAL-PASSED');
  expect(report.signatures[0]).toMatchObject({
    signer: { organization: 'Alice Trading', uscc: '91310000MA1FL0000X' },
    level: 'B-B',
    time: '2026-06-01T12:00:00.000Z',
    timeProven: false,
  });
  expect(report.signatures[0]?.path).toHaveLength(2);
});

const FAULTS: Record<string, () => CmsFault> = {
  'no SignerInfo': () => ({ signers: 0 }),
  'two SignerInfos': () => ({ signers: 2 }),
  'no messageDigest': () => ({ messageDigest: null }),
  'messageDigest of other data': () => ({ messageDigest: new Uint8Array(32).fill(7) }),
  'messageDigest twice': () => ({ twice: true }),
  'content type of another kind': () => ({ contentType: '1.2.840.113549.1.7.3' }),
  'ESS of another certificate': () => ({ ess: world.bob.certificate }),
  'content embedded': () => ({ eContent: new TextEncoder().encode('other') }),
  MD5: () => ({ hash: 'MD5' }),
  'digest not announced': () => ({ announced: '2.16.840.1.101.3.4.2.3' }),
  'signature value altered': () => ({ flip: true }),
  'attribute added after signing': () => ({ extraAfter: true }),
  'no certificate': () => ({ certificates: [] }),
  'only the issuer': () => ({ certificates: [world.root.certificate] }),
  "another's certificate": () => ({ certificates: [world.bob.certificate] }),
  "another's certificate, and named": () => ({
    certificates: [world.bob.certificate],
    sid: world.bob.certificate,
    ess: world.bob.certificate,
  }),
  'a twin under another root': () => ({
    certificates: [twin.certificate],
    sid: twin.certificate,
    ess: null,
  }),
  'enveloped, not signed': () => ({ outer: '1.2.840.113549.1.7.3' }),
};

describe.each(['ETSI.CAdES.detached', 'adbe.pkcs7.detached'])('%s', (subFilter) => {
  test.each(Object.keys(FAULTS))('%s', async (name) => {
    const pdf = await signed((FAULTS[name] as () => CmsFault)(), subFilter);
    const report = await verifyPdf(pdf, trust());
    expect(REFUSED).toContain(report.integrity);
    expect(report.verdict).not.toBe('TOTAL-PASSED');
  });
});

test('SHA-1 is intact and weak, never passed', async () => {
  const report = await verifyPdf(await signed({ hash: 'SHA-1' }), trust());
  expect(report).toMatchObject({ integrity: 'intact', verdict: 'INDETERMINATE' });
  expect(report.signatures[0]?.subIndication).toBe('CRYPTO_CONSTRAINTS_FAILURE');
});

test('without signing certificate: not PAdES under its name, PKCS#7 under the other', async () => {
  const pades = await verifyPdf(await signed({ ess: null }), trust());
  expect(pades).toMatchObject({ integrity: 'intact', verdict: 'INDETERMINATE' });
  const pkcs7 = await verifyPdf(await signed({ ess: null }, 'adbe.pkcs7.detached'), trust());
  expect(pkcs7).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
  expect(pkcs7.signatures[0]?.level).toBe('PKCS7');
});

test('unknown names of signatures are named as unsupported', async () => {
  const report = await verifyPdf(await signed({}, 'other.pkcs7.detached'), trust());
  expect(report).toMatchObject({ integrity: 'broken', verdict: 'INDETERMINATE' });
  expect(report.findings.map((f) => f.code)).toContain('unsupported-alg');
});

describe('whom to trust', () => {
  const by = (signer: FixtureSigner) =>
    sign(base, { signer, cms: (content) => faultyCms(content, signer) });

  test('the same names under another root', async () => {
    const report = await verifyPdf(await by(twin), trust());
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'INDETERMINATE' });
    expect(report.signatures[0]?.subIndication).toMatch(/CHAIN/);
  });

  test('expired, and not yet valid', async () => {
    const old = await signerUnder(world.root, 'Old', {
      notBefore: '2025-01-01T00:00:00Z',
      notAfter: '2025-02-01T00:00:00Z',
    });
    expect((await verifyPdf(await by(old), trust())).signatures[0]).toMatchObject({
      integrity: 'intact',
      verdict: 'INDETERMINATE',
      subIndication: 'OUT_OF_BOUNDS_NO_POE',
    });
    const young = await signerUnder(world.root, 'Young', {
      notBefore: '2027-01-01T00:00:00Z',
      notAfter: '2028-02-01T00:00:00Z',
    });
    expect((await verifyPdf(await by(young), trust())).verdict).toBe('INDETERMINATE');
  });

  test('nothing trusted: integrity stands by itself', async () => {
    const report = await verifyPdf(await by(world.alice));
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'INDETERMINATE' });
    expect(report.signatures[0]?.subIndication).toBe('NO_CERTIFICATE_CHAIN_FOUND');
  });
});
