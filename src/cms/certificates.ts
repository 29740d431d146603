/** Embedded certificates: found by signer identifier, and read once. */
import {
  equal,
  latin1,
  Malformed,
  type PublicKey,
  readDer,
  readPublicKey,
  sha256,
  TAG,
} from '../crypto/index.ts';
import { type Certificate, readCertificate } from '../pki/index.ts';
import type { SignerInfo } from './signed-data.ts';

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';

/** A certificate and what every use of it asks for again. */
export interface KnownCertificate {
  readonly certificate: Certificate;
  readonly key: PublicKey;
  /** SHA-256 of the certificate. */
  readonly hash: Uint8Array;
}

/** Certificates already read, least recently used first. */
const known = new Map<string, KnownCertificate>();
const KEPT = 256;

/** @throws {Malformed} as {@link readCertificate} and `readPublicKey` do. */
export async function knownCertificate(der: Uint8Array): Promise<KnownCertificate> {
  // The end of a certificate is its signature: it tells certificates apart, the bytes decide.
  const name = latin1(der, Math.max(0, der.length - 24));
  let entry = known.get(name);
  known.delete(name);
  if (!entry || !equal(entry.certificate.der, der)) {
    const copy = der.slice();
    const certificate = readCertificate(copy);
    entry = { certificate, key: readPublicKey(certificate.spki), hash: await sha256(copy) };
  }
  known.set(name, entry);
  if (known.size > KEPT) known.delete(known.keys().next().value as string);
  return entry;
}

/**
 * The one embedded certificate that the signer identifier names.
 * @returns null where none fits.
 * @throws {Malformed} where a certificate that could be meant is no strict X.509.
 */
export async function findSigner(
  sid: SignerInfo['sid'],
  certificates: readonly Uint8Array[],
): Promise<KnownCertificate | null> {
  let failure: Malformed | null = null;
  for (const der of certificates) {
    try {
      const entry = await knownCertificate(der);
      if (matches(sid, entry.certificate)) return entry;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      failure ??= error;
    }
  }
  if (failure) throw failure;
  return null;
}

function matches(sid: SignerInfo['sid'], certificate: Certificate): boolean {
  if (sid.kind === 'issuer-serial') {
    return equal(sid.serial, certificate.serial) && equal(sid.issuer, certificate.issuer.raw);
  }
  const extension = certificate.extensions.get(SUBJECT_KEY_IDENTIFIER);
  if (!extension) return false;
  const node = readDer(extension.value);
  return node.tag === TAG.OCTET_STRING && equal(node.value, sid.keyId);
}
