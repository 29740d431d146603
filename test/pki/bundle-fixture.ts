/** A small deployment made in memory: root, issuing CA, one licence issuer, a first bundle. */
import { type Signer, sha256Hex, toBase64 } from '../../src/crypto/index.ts';
import { generateKey, type LiveKey, liveKey } from '../../src/keys/index.ts';
import type { TrustBundle } from '../../src/pki/index.ts';
import {
  createRootCertificate,
  issueCertificate,
  randomSerial,
} from '../../src/pki/issuing/index.ts';

export const TERM = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };

export interface Deployment {
  root: Signer;
  rootKey: LiveKey;
  issuer: Signer;
  enterprise: Signer;
  bundle: TrustBundle;
}

export async function deployment(pilot = false): Promise<Deployment> {
  const signer = (key: LiveKey, certificate: Uint8Array): Signer => ({
    certificate,
    chain: [],
    suite: key.suite,
    sign: (data) => key.sign(data),
  });
  const rootKey = await liveKey(await generateKey('P-256'));
  const subject = { organization: '主管机关', commonName: '根' };
  const term = { serial: randomSerial(), ...TERM };
  const root = signer(
    rootKey,
    await createRootCertificate({ subject, key: rootKey, pilot, ...term }),
  );
  const person = async (kind: 'staff-signing' | 'enterprise-signing', commonName: string) => {
    const key = await liveKey(await generateKey('P-256'));
    const certificate = await issueCertificate({
      kind,
      subject: { organization: '主管机关', commonName },
      spki: key.spki,
      serial: randomSerial(),
      ...TERM,
      issuer: root,
      pilot,
    });
    return signer(key, certificate);
  };
  const issuer = await person('staff-signing', '出证员');
  const enterprise = await person('enterprise-signing', '某企业');
  const bundle: TrustBundle = {
    v: 1,
    deployment: await sha256Hex(root.certificate),
    name: { zh: '试点', en: 'Pilot' },
    authority: { zh: '主管机关', en: 'Authority', code: '11' },
    pilot,
    seq: 1,
    issuedAt: '2026-02-01T00:00:00Z',
    nextUpdate: '2026-03-01T00:00:00Z',
    root: toBase64(root.certificate),
    anchors: [
      { certificate: toBase64(root.certificate), certifies: ['enterprise', 'staff', 'seal-maker'] },
    ],
    intermediates: [],
    roster: [
      {
        id: await sha256Hex(issuer.certificate),
        person: await sha256Hex(issuer.certificate),
        since: '2026-02-01T00:00:00Z',
        name: '出证员',
        organization: '主管机关',
        roles: ['issuer'],
        signing: toBase64(issuer.certificate),
      },
    ],
    former: [],
    crls: [],
    statusLists: [],
    policy: {
      sealCompulsoryFrom: '2027-01-01T00:00:00Z',
      issuing: 'automatic',
      suite: 'P-256',
      antiScreenshot: true,
      fogDegree: 40,
      clearPrints: 1,
      numbering: { pattern: '{yy}-{issuer}-{serial:6}', issuer: '11' },
    },
    endpoints: [{ url: 'http://127.0.0.1:4173', checkpointKey: 'endpoint+abc' }],
  };
  return { root, rootKey, issuer, enterprise, bundle };
}

/** The code that something was refused with, or `ok`. */
export async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'ok';
  } catch (error) {
    return (error as { code?: string }).code ?? `threw ${error}`;
  }
}
