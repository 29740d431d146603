/** Certificate profiles: which extensions each kind of certificate carries (RFC 5280 4.2). */
import {
  type Bytes,
  derWrite,
  digest,
  expect,
  readDer,
  readPublicKey,
  TAG,
} from '../../crypto/index.ts';
import type { Certificate } from '../certificate.ts';
import { namingDigest } from '../index.ts';
import { PILOT_POLICY } from '../pilot.ts';

export type CertificateKind =
  | 'ca'
  | 'enterprise-signing'
  | 'enterprise-encryption'
  | 'staff-signing'
  | 'staff-encryption'
  | 'seal-maker';

/** A root also signs the trust bundle, hence its signing bits. */
export type Profile = CertificateKind | 'root';

const OID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
} as const;

/** Bits of KeyUsage, most significant first. */
const USAGE = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
} as const;

const SIGNING = ['digitalSignature', 'nonRepudiation'] as const;
const CERTIFYING = ['keyCertSign', 'cRLSign'] as const;

function usages(profile: Profile, spki: Uint8Array): readonly (keyof typeof USAGE)[] {
  switch (profile) {
    case 'root':
      return [...SIGNING, ...CERTIFYING];
    case 'ca':
      return CERTIFYING;
    case 'enterprise-encryption':
    case 'staff-encryption':
      return [readPublicKey(spki).kind === 'RSA' ? 'keyEncipherment' : 'keyAgreement'];
    default:
      return SIGNING;
  }
}

export function writeExtension(oid: string, critical: boolean, value: Uint8Array): Bytes {
  return derWrite.sequence(
    derWrite.oid(oid),
    ...(critical ? [derWrite.boolean(true)] : []),
    derWrite.octetString(value),
  );
}

/** Named bits: trailing zero bits are not encoded (X.690 11.2.2). */
function writeKeyUsage(names: readonly (keyof typeof USAGE)[]): Bytes {
  const bits = names.map((name) => USAGE[name]);
  const octet = bits.reduce<number>((sum, bit) => sum | (0x80 >> bit), 0);
  return derWrite.tlv(0x03, new Uint8Array([7 - Math.max(...bits), octet]));
}

/** RFC 7093 method 1: the leftmost 160 bits of SHA-256, or of SM3 in that suite, over the key bits. */
async function keyIdentifier(spki: Uint8Array): Promise<Uint8Array> {
  const key = readPublicKey(spki);
  return (await digest(namingDigest(spki), key.kind === 'RSA' ? spki : key.point)).subarray(0, 20);
}

/** keyIdentifier of an issuer: what its certificate says, else computed. */
export async function issuerKeyIdentifier(issuer: Certificate): Promise<Uint8Array> {
  const stated = issuer.extensions.get(OID.subjectKeyIdentifier);
  if (!stated) return keyIdentifier(issuer.spki);
  return expect(readDer(stated.value), TAG.OCTET_STRING, 'subjectKeyIdentifier').value;
}

/** AuthorityKeyIdentifier with the keyIdentifier alone, never critical. */
export const authorityKeyIdentifier = (id: Uint8Array): Bytes =>
  writeExtension(
    OID.authorityKeyIdentifier,
    false,
    derWrite.sequence(derWrite.contextPrimitive(0, id)),
  );

/** The extensions of a certificate, as a SEQUENCE. @param issuerId null where it signs itself */
export async function writeExtensions(
  profile: Profile,
  spki: Uint8Array,
  issuerId: Uint8Array | null,
  pilot: boolean,
): Promise<Bytes> {
  const id = await keyIdentifier(spki);
  const constraints =
    profile === 'root'
      ? derWrite.sequence(derWrite.boolean(true))
      : profile === 'ca'
        ? derWrite.sequence(derWrite.boolean(true), derWrite.integer(0))
        : derWrite.sequence();
  const list = [
    writeExtension(OID.basicConstraints, true, constraints),
    writeExtension(OID.keyUsage, true, writeKeyUsage(usages(profile, spki))),
    writeExtension(OID.subjectKeyIdentifier, false, derWrite.octetString(id)),
    authorityKeyIdentifier(issuerId ?? id),
  ];
  if (pilot) {
    const policies = derWrite.sequence(derWrite.sequence(derWrite.oid(PILOT_POLICY)));
    list.push(writeExtension(OID.certificatePolicies, false, policies));
  }
  return derWrite.sequence(...list);
}
