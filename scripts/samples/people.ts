/** Who seals the samples: a pilot's authority, an enterprise, and somebody with a certificate of their own. */
import { type Signer, type Suite, sha256Hex, toBase64 } from '../../src/crypto/index.ts';
import { generateKey, liveKey } from '../../src/keys/index.ts';
import {
  certificateId,
  createStatusList,
  emptyStatuses,
  type Role,
  SHARD_SIZE,
  type TrustBundle,
  writeTrustBundleJson,
} from '../../src/pki/index.ts';
import {
  type CertificateKind,
  createCrl,
  createRootCertificate,
  issueCertificate,
  randomSerial,
} from '../../src/pki/issuing/index.ts';

/** A sample must not expire into failing: half a century. */
export const FROM = '2026-01-01T00:00:00Z';
export const UNTIL = '2075-12-31T00:00:00Z';
export const STATUS_LIST = 'sample';
export const AUTHORITY = { zh: '示例许可证事务局', en: 'Sample Licensing Bureau', code: '110000' };

const TERM = { notBefore: FROM, notAfter: UNTIL };
const UPDATES = { thisUpdate: FROM, nextUpdate: UNTIL };

export interface Identity {
  suite: Suite;
  kind: CertificateKind;
  organization: string;
  commonName: string;
  uscc?: string;
}

export interface Authority extends Signer {
  issue(identity: Identity): Promise<Signer>;
}

const freshKey = async (suite: Suite) => liveKey(await generateKey(suite));

/** Every certificate carries the pilot policy: no real deployment takes it for more. */
async function issue(issuer: Signer, { suite, kind, ...subject }: Identity): Promise<Signer> {
  const key = await freshKey(suite);
  const certificate = await issueCertificate({
    ...{ kind, subject, spki: key.spki, issuer, pilot: true, ...TERM },
    serial: randomSerial(),
  });
  return { certificate, chain: [issuer.certificate], suite, sign: (data) => key.sign(data) };
}

export async function makeRoot(): Promise<Signer> {
  const key = await freshKey('P-256');
  const subject = { organization: AUTHORITY.zh, commonName: '朱砂样例信任根' };
  const serial = randomSerial();
  const certificate = await createRootCertificate({ subject, key, serial, pilot: true, ...TERM });
  return { certificate, chain: [], suite: 'P-256', sign: (data) => key.sign(data) };
}

export async function makeAuthority(
  root: Signer,
  suite: Suite,
  commonName: string,
): Promise<Authority> {
  const ca = await issue(root, { suite, kind: 'ca', organization: AUTHORITY.zh, commonName });
  return { ...ca, issue: (identity) => issue(ca, identity) };
}

/** The trust data of the samples, as a deployment publishes its own. */
export async function sampleTrust(of: {
  root: Signer;
  enterprise: readonly Signer[];
  staff: readonly Signer[];
  issuer: Signer;
  makers: readonly Signer[];
}): Promise<Uint8Array> {
  const { root, enterprise, staff, issuer, makers } = of;
  const person = async (signer: Signer, name: string, role: Role) => {
    const id = await certificateId(signer.certificate);
    return {
      id,
      person: id,
      since: FROM,
      name,
      organization: AUTHORITY.zh,
      roles: [role],
      signing: toBase64(signer.certificate),
    };
  };
  const anchor = (certifies: TrustBundle['anchors'][number]['certifies']) => (ca: Signer) => ({
    certificate: toBase64(ca.certificate),
    certifies,
  });
  const crls = [...enterprise, ...staff].map((ca) =>
    createCrl({ issuer: ca, number: 1, revoked: [], ...UPDATES }),
  );
  const statuses = await createStatusList({
    ...{
      signer: issuer,
      list: STATUS_LIST,
      seq: 1,
      upTo: SHARD_SIZE,
      bits: emptyStatuses(),
      ...UPDATES,
    },
  });
  return writeTrustBundleJson({
    v: 1,
    deployment: await sha256Hex(root.certificate),
    name: { zh: '朱砂样例', en: 'Cinnabar samples' },
    authority: AUTHORITY,
    pilot: true,
    seq: 1,
    issuedAt: FROM,
    nextUpdate: UNTIL,
    root: toBase64(root.certificate),
    anchors: [
      ...enterprise.map(anchor(['enterprise'])),
      ...staff.map(anchor(['staff', 'seal-maker'])),
    ],
    intermediates: [],
    roster: [
      await person(issuer, '许证', 'issuer'),
      ...(await Promise.all(makers.map((maker) => person(maker, '周砚', 'seal-maker')))),
    ],
    former: [],
    crls: (await Promise.all(crls)).map(toBase64),
    statusLists: [toBase64(statuses)],
    policy: {
      sealCompulsoryFrom: FROM,
      issuing: 'automatic',
      suite: 'P-256',
      antiScreenshot: false,
      fogDegree: 0,
      clearPrints: 1000,
      numbering: { pattern: '{yy}-{issuer}-{serial:6}', issuer: 'AA' },
    },
    endpoints: [],
  });
}
