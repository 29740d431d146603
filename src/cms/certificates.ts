/** Embedded certificates: found by signer identifier, and read once. */
import {
  equal,
  latin1,
  Malformed,
  type PublicKey,
  readDer,
  readPublicKey,
  TAG,
} from '../crypto/index.ts';
import {
  type Certificate,
  certificateHash,
  nameKey,
  readCertificateLeniently,
  readName,
} from '../pki/index.ts';
import type { SignerInfo } from './signed-data.ts';

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';

/** A certificate and what every use of it asks for again. */
export interface KnownCertificate {
  readonly certificate: Certificate;
  /** null: of a kind, or in a form, that cannot be computed with here. */
  readonly key: PublicKey | null;
  /** First rule of their forms that certificate or key break; null where both are in order. */
  readonly fault: Malformed | null;
  /** The digest that names the certificate. */
  readonly hash: Uint8Array;
}

/** Certificates already read, least recently used first. */
const known = new Map<string, KnownCertificate>();
const KEPT = 256;

/** @throws {Malformed} for anything but a strict certificate with a key that is known here */
export async function knownCertificate(der: Uint8Array): Promise<KnownCertificate> {
  const entry = await anyCertificate(der);
  if (entry.fault) throw entry.fault;
  return entry;
}

/** Also a certificate that is not in order. @throws {Malformed} for what is none at all */
async function anyCertificate(der: Uint8Array): Promise<KnownCertificate> {
  // The end of a certificate is its signature: it tells certificates apart, the bytes decide.
  const name = latin1(der, Math.max(0, der.length - 24));
  let entry = known.get(name);
  known.delete(name);
  if (!entry || !equal(entry.certificate.der, der)) {
    const copy = der.slice();
    const { certificate, fault } = readCertificateLeniently(copy);
    entry = { certificate, ...keyOf(certificate.spki, fault), hash: await certificateHash(copy) };
  }
  known.set(name, entry);
  if (known.size > KEPT) known.delete(known.keys().next().value as string);
  return entry;
}

/** Old smart cards wrote keys that only a lenient reader takes. */
function keyOf(spki: Uint8Array, fault: Malformed | null) {
  try {
    return { key: readPublicKey(spki), fault };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    fault ??= error;
  }
  try {
    return { key: readPublicKey(spki, { lenient: true }), fault };
  } catch {
    return { key: null, fault };
  }
}

/**
 * The one embedded certificate that the signer identifier names.
 * @returns null where none fits.
 * @param lenient take certificates that are not in order, and names that differ in their string
 * types alone: the signature tells whether the key is right
 * @throws {Malformed} where a certificate that could be meant cannot be read.
 */
export async function findSigner(
  sid: SignerInfo['sid'],
  certificates: readonly Uint8Array[],
  lenient: boolean,
): Promise<KnownCertificate | null> {
  let failure: Malformed | null = null;
  for (const der of certificates) {
    try {
      const entry = await (lenient ? anyCertificate(der) : knownCertificate(der));
      if (matches(sid, entry.certificate, lenient)) return entry;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      failure ??= error;
    }
  }
  if (failure) throw failure;
  return null;
}

function matches(sid: SignerInfo['sid'], certificate: Certificate, lenient: boolean): boolean {
  if (sid.kind === 'issuer-serial') {
    return equal(sid.serial, certificate.serial) && sameName(sid.issuer, certificate, lenient);
  }
  const extension = certificate.extensions.get(SUBJECT_KEY_IDENTIFIER);
  if (!extension) return false;
  const node = readDer(extension.value);
  return node.tag === TAG.OCTET_STRING && equal(node.value, sid.keyId);
}

/** Whether a Name is that of the certificate's issuer; leniently, after RFC 5280 7.1. */
export function sameName(name: Uint8Array, { issuer }: Certificate, lenient: boolean): boolean {
  if (equal(name, issuer.raw)) return true;
  try {
    return lenient && nameKey(readName(readDer(name))) === nameKey(issuer);
  } catch {
    return false;
  }
}
