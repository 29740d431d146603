/** CMS faults and certificate substitution (checks 14 to 30). */
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { type CmsFault, faultyCms } from './fixtures/cms.ts';
import { authority, type FixtureSigner, signerUnder } from './fixtures/identities.ts';
import { sign } from './fixtures/sign.ts';
import { makeWorld, REFUSED, type World } from './fixtures/world.ts';
import { append, withEntries } from './fixtures/write.ts';

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
    signer: { name: 'Alice Trading', organization: 'Alice Trading', uscc: '91310000MA1FL0000X' },
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
  expect(pkcs7.signatures[0]?.level).toBe('CMS');
});

describe('what is not computed here is unchecked, with its name, and passes nowhere', () => {
  const named = (report: { findings: { code: string; params?: object }[] }) =>
    report.findings.find(({ code }) => code === 'pdf-unchecked')?.params;

  test('a SubFilter', async () => {
    const report = await verifyPdf(await signed({}, 'other.pkcs7.detached'), trust());
    expect(report).toMatchObject({ integrity: 'unchecked', verdict: 'INDETERMINATE' });
    expect(named(report)).toEqual({ algorithm: 'SubFilter other.pkcs7.detached' });
    expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  const DSA = { algorithm: '2.16.840.1.101.3.4.3.2' };
  test('an algorithm', async () => {
    const report = await verifyPdf(await signed(DSA), trust());
    expect(report).toMatchObject({ integrity: 'unchecked', verdict: 'INDETERMINATE' });
    expect(named(report)).toEqual({ algorithm: 'DSA with SHA-256' });
  });

  test('what is wrong beside it stays wrong', async () => {
    const other = await verifyPdf(await signed({ ...DSA, messageDigest: new Uint8Array(32) }));
    expect(other.integrity).toBe('broken');
    const pdf = await signed(DSA);
    const { page } = await anatomy(pdf);
    const text = withEntries(page(1).dict, { Rotate: '180' });
    expect((await verifyPdf(await append(pdf, { [page(1).num]: text }))).integrity).toBe(
      'modified',
    );
  });

  test('the worst of several signatures counts', async () => {
    const first = await signed(DSA);
    const second = await sign(first, { signer: world.bob, field: 'Second' });
    const report = await verifyPdf(second, trust());
    expect(report.signatures.map(({ integrity }) => integrity)).toEqual(['unchecked', 'intact']);
    expect(report).toMatchObject({ integrity: 'unchecked', verdict: 'INDETERMINATE' });
  });
});

test('an empty eContent of a plain PKCS #7 signature is taken for none; content never is', async () => {
  const empty = { eContent: new Uint8Array(0), ess: null };
  const plain = 'adbe.pkcs7.detached';
  expect((await verifyPdf(await signed(empty, plain))).integrity).toBe('intact');
  expect((await verifyPdf(await signed(empty))).integrity).toBe('broken');
  const one = { ...empty, eContent: new Uint8Array(1) };
  expect((await verifyPdf(await signed(one, plain))).integrity).toBe('broken');
  const altered = { ...empty, messageDigest: await sha256(new Uint8Array(0)) };
  expect((await verifyPdf(await signed(altered, plain))).integrity).toBe('broken');
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
