import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  checkCrl,
  checkOcsp,
  describeCertificate,
  judgeCertificate,
  normaliseTrust,
  parseCertificate,
  type TrustBundle,
  verifyPath,
} from '../../src/pki/index.ts';
import { OpensslCa } from './openssl.ts';

/** An hour from now: openssl dates everything from the moment it is made. */
const time = new Date(Date.now() + 3_600_000).toISOString();

/** Everything that one authority of openssl makes. */
function made(algorithm: string) {
  const ca = new OpensslCa(algorithm);
  const [root, sub, leaf] = ['root', 'sub', 'leaf'].map((name) => ca.certificate(name)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const [rootCrl, subCrl] = [ca.crl('root'), ca.crl('sub')];
  const ocsp = algorithm === 'EC:P-256' ? ca.ocsp('leaf', 'sub') : null;
  ca.revoke('leaf', 'sub');
  const [afterCrl, afterOcsp] = [ca.crl('sub'), ocsp && ca.ocsp('leaf', 'sub')];
  ca.remove();
  return { root, sub, leaf, rootCrl, subCrl, afterCrl, ocsp, afterOcsp };
}

describe.each(['EC:P-256', 'EC:SM2', 'RSA:2048', 'ED25519', 'EC:P-384', 'EC:P-521'])(
  'certificates of openssl, %s',
  (algorithm) => {
    let it0: ReturnType<typeof made>;
    beforeAll(() => {
      it0 = made(algorithm);
    });
    it('path, CRLs and revocation', async () => {
      const { root, sub, leaf, rootCrl, subCrl, afterCrl } = it0;
      const ask = (crls: Uint8Array[]) =>
        verifyPath({
          target: leaf,
          intermediates: [sub],
          anchors: [{ cert: root }],
          crls,
          time,
          revocation: 'hard-fail',
        });
      expect(await ask([rootCrl, subCrl])).toMatchObject({ code: 'ok', policies: [] });
      expect((await ask([rootCrl])).code).toBe('revocation-unknown');
      expect((await ask([rootCrl, afterCrl])).code).toBe('revoked');
    });
  },
);

describe('judging a signer', () => {
  let p256: ReturnType<typeof made>;
  beforeAll(() => {
    p256 = made('EC:P-256');
  });
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const bundle = (certifies: TrustBundle['anchors'][number]['certifies']) =>
    ({
      deployment: 'x',
      pilot: false,
      anchors: [{ certificate: base64(p256.root), certifies }],
      intermediates: [base64(p256.sub)],
      crls: [base64(p256.rootCrl), base64(p256.subCrl)],
      roster: [],
    }) as unknown as TrustBundle;

  it('passes under an anchor of the right kind, with who it is', async () => {
    const judgement = await judgeCertificate({
      certificate: p256.leaf,
      time,
      trust: normaliseTrust(bundle(['enterprise'])),
      purpose: 'enterprise',
    });
    expect(judgement).toMatchObject({
      verdict: 'TOTAL-PASSED',
      code: 'ok',
      subject: 'CN=企业, C=CN',
      name: '企业',
      organization: null,
      findings: [],
    });
    expect(judgement.path).toHaveLength(3);
  });
  it('untrusted-purpose: the anchor is for others', async () => {
    const judgement = await judgeCertificate({
      certificate: p256.leaf,
      time,
      trust: normaliseTrust(bundle(['staff'])),
      purpose: 'seal-maker',
    });
    expect(judgement).toMatchObject({ verdict: 'INDETERMINATE', code: 'untrusted-purpose' });
  });
  it('says when nothing is known of revocation, and fails what is revoked', async () => {
    const trust = normaliseTrust({ anchors: [p256.root], intermediates: [p256.sub] });
    const ask = (extraCrls: Uint8Array[]) =>
      judgeCertificate({ certificate: p256.leaf, time, trust, purpose: 'any', extraCrls });
    const quiet = await ask([]);
    expect(quiet.verdict).toBe('TOTAL-PASSED');
    expect(quiet.findings.map(({ code }) => code)).toEqual(['path-revocation-unknown']);
    const failed = await ask([p256.afterCrl]);
    expect(failed).toMatchObject({ verdict: 'TOTAL-FAILED', subIndication: 'REVOKED' });
  });
  it('trusts nobody without trust', async () => {
    const trust = normaliseTrust(undefined);
    const judgement = await judgeCertificate({
      certificate: p256.leaf,
      time,
      trust,
      purpose: 'any',
    });
    expect(judgement).toMatchObject({ verdict: 'INDETERMINATE', code: 'no-path' });
  });
  it('describes every field and extension', async () => {
    const description = await describeCertificate(p256.leaf);
    if (!description.ok) throw new Error(description.code);
    expect(description.publicKey).toMatchObject({ kind: 'EC', curve: 'P-256', bits: 256 });
    const value = (key: string) => description.extensions.find((e) => e.key === key)?.value;
    expect(value('keyUsage')).toEqual(['digitalSignature', 'nonRepudiation']);
    expect(value('certificatePolicies')).toEqual([{ policy: '1.2.3.4', qualifiers: [] }]);
    expect(value('cRLDistributionPoints')).toMatchObject([
      { name: [{ kind: 'URI', text: 'http://crl.example.cn/ca.crl' }] },
    ]);
    expect(await describeCertificate(p256.leaf.subarray(1))).toMatchObject({ ok: false });
  });
});

describe('no input throws, hangs or passes', () => {
  let p256: ReturnType<typeof made>;
  beforeAll(() => {
    p256 = made('EC:P-256');
  });
  const forms = {
    leaf: (der: Uint8Array) => ask({ leaf: der }),
    sub: (der: Uint8Array) => ask({ sub: der }),
    crl: (der: Uint8Array) => ask({ subCrl: der }),
  };
  const ask = async (change: Partial<ReturnType<typeof made>>) => {
    const { root, sub, leaf, rootCrl, subCrl } = { ...p256, ...change };
    const { valid, code } = await verifyPath({
      target: leaf,
      intermediates: [sub],
      anchors: [{ cert: root }],
      crls: [rootCrl, subCrl],
      time,
      revocation: 'hard-fail',
    });
    expect(valid).toBe(code === 'ok');
    return code;
  };
  const original = (form: keyof typeof forms) =>
    ({ leaf: p256.leaf, sub: p256.sub, crl: p256.subCrl })[form];

  it.each(['leaf', 'sub', 'crl'] as const)('%s cut after every octet', async (form) => {
    const der = original(form);
    for (let end = 0; end < der.length; end++) {
      expect(await forms[form](der.subarray(0, end)), `${end}`).not.toBe('ok');
    }
    expect(await forms[form](der)).toBe('ok');
    const longer = new Uint8Array([...der, 0]);
    expect(await forms[form](longer)).not.toBe('ok');
  });
  it.each(['leaf', 'sub', 'crl'] as const)('%s with any octet changed', async (form) => {
    const der = original(form);
    for (let at = 0; at < der.length; at++) {
      const changed = der.slice();
      changed[at] = (changed[at] as number) ^ (1 << (at & 7));
      expect(await forms[form](changed), `${at}`).not.toBe('ok');
    }
  });
  it('OCSP responses cut or changed say nothing', async () => {
    const response = p256.ocsp as Uint8Array;
    const status = async (der: Uint8Array) =>
      (await checkOcsp({ response: der, issuer: p256.sub, target: p256.leaf, time })).status;
    expect(await status(response)).toBe('GOOD');
    expect(await status(p256.afterOcsp as Uint8Array)).toBe('REVOKED');
    // The certificates that come along are not signed; a broken one is left out.
    const signedPart = response.length - p256.sub.length - 8;
    for (let at = 0; at < response.length; at++) {
      expect(await status(response.subarray(0, at))).toBe('UNKNOWN');
      const changed = response.slice();
      changed[at] = (changed[at] as number) ^ 0x10;
      if (at < signedPart) expect(await status(changed), `${at}`).toBe('UNKNOWN');
      else await status(changed);
    }
  });
  it('random octets, spliced in anywhere', async () => {
    const splice = fc.record({
      form: fc.constantFrom('leaf' as const, 'sub' as const, 'crl' as const),
      at: fc.nat(2000),
      cut: fc.nat(40),
      paste: fc.uint8Array({ maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(splice, async ({ form, at, cut, paste }) => {
        const der = original(form);
        const start = at % der.length;
        const changed = new Uint8Array([
          ...der.subarray(0, start),
          ...paste,
          ...der.subarray(start + cut),
        ]);
        if (Buffer.from(changed).equals(Buffer.from(der))) return;
        expect(await forms[form](changed)).not.toBe('ok');
        await describeCertificate(changed);
        await parseCertificate({ der: changed });
        await checkCrl({ crl: changed, issuer: p256.sub, target: p256.leaf, time });
      }),
      { numRuns: 300 },
    );
  });
});
