import { describe, expect, it } from 'vitest';
import { type Signer, toBase64 } from '../../src/crypto/index.ts';
import { generateKey, liveKey } from '../../src/keys/index.ts';
import {
  type JudgeInput,
  judgeCertificate,
  normaliseTrust,
  type TrustBundle,
} from '../../src/pki/index.ts';
import {
  createCrl,
  createRootCertificate,
  issueCertificate,
  randomSerial,
} from '../../src/pki/issuing/index.ts';

const TERM = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };
const time = '2026-06-01T00:00:00Z';

/** A deployment as its own issuing room makes it: root, CA, one enterprise. */
async function deployment(suite: 'P-256' | 'SM2', pilot: boolean) {
  const key = async () => liveKey(await generateKey(suite));
  const [rootKey, caKey, holder] = [await key(), await key(), await key()];
  const subject = { organization: '信任根', commonName: '信任根' };
  const root = await createRootCertificate({
    ...TERM,
    subject,
    key: rootKey,
    serial: randomSerial(),
    pilot,
  });
  const issue = (kind: 'ca' | 'enterprise-signing', issuer: Signer, spki: Uint8Array) =>
    issueCertificate({
      ...TERM,
      kind,
      subject: {
        organization: kind === 'ca' ? '签发机构' : '测试进口有限公司',
        commonName: kind === 'ca' ? '签发机构' : '测试进口有限公司',
        ...(kind === 'ca' ? {} : { uscc: '91310000MA1FL0AB12' }),
      },
      spki,
      serial: randomSerial(),
      issuer,
      pilot,
    });
  const signer = (k: typeof rootKey, certificate: Uint8Array): Signer => ({
    certificate,
    chain: [],
    suite,
    sign: (data) => k.sign(data),
  });
  const ca = await issue('ca', signer(rootKey, root), caKey.spki);
  const enterprise = await issue('enterprise-signing', signer(caKey, ca), holder.spki);
  const list = (issuer: Signer) =>
    createCrl({
      issuer,
      number: 1,
      revoked: [],
      thisUpdate: '2026-05-01T00:00:00Z',
      nextUpdate: '2026-07-01T00:00:00Z',
    });
  const crls = [await list(signer(rootKey, root)), await list(signer(caKey, ca))];
  const bundle = {
    deployment: 'd',
    pilot,
    anchors: [{ certificate: toBase64(root), certifies: ['enterprise', 'staff'] }],
    intermediates: [toBase64(ca)],
    crls: crls.map(toBase64),
    roster: [],
  } as unknown as TrustBundle;
  return { root, enterprise, bundle };
}

const judge = (certificate: Uint8Array, bundle: TrustBundle, more: Partial<JudgeInput> = {}) =>
  judgeCertificate({
    certificate,
    time,
    trust: normaliseTrust(bundle),
    purpose: 'enterprise',
    ...more,
  });

describe.each(['P-256', 'SM2'] as const)('what a deployment of %s issues', (suite) => {
  it('passes the strict profile with nothing left open', async () => {
    const { enterprise, bundle } = await deployment(suite, false);
    expect(await judge(enterprise, bundle)).toMatchObject({
      verdict: 'TOTAL-PASSED',
      organization: '测试进口有限公司',
      uscc: '91310000MA1FL0AB12',
      findings: [],
      pilot: false,
    });
  });
  it('the root that signs the bundle stands for itself', async () => {
    const { root, bundle } = await deployment(suite, false);
    const judgement = await judge(root, bundle, { purpose: 'any' });
    expect(judgement).toMatchObject({ verdict: 'TOTAL-PASSED', path: [judgement.id] });
  });
  it('says so when the CRLs are past their time', async () => {
    const { enterprise, bundle } = await deployment(suite, false);
    const late = await judge(enterprise, bundle, { time: '2026-08-01T00:00:00Z' });
    expect(late.verdict).toBe('TOTAL-PASSED');
    expect(late.findings).toMatchObject([{ code: 'path-revocation-unknown', severity: 'warning' }]);
  });
  it('a pilot is a pilot, and nothing in a real deployment', async () => {
    const { enterprise, bundle } = await deployment(suite, true);
    expect(await judge(enterprise, bundle)).toMatchObject({ verdict: 'TOTAL-PASSED', pilot: true });
    const real = { ...bundle, pilot: false };
    expect(await judge(enterprise, real)).toMatchObject({ code: 'pilot' });
  });
});
