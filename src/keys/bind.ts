/** Joining a live key with its certificate: the `Signer` and `Decrypter` that other rooms use. */
import { type Decrypter, equal, Malformed, readPublicKey, type Signer } from '../crypto/index.ts';
import { type Certificate, readCertificate } from '../pki/index.ts';
import type { LiveKey, Purpose } from './private-key.ts';
import { KeyRefused } from './refused.ts';

const KEY_USAGE = '2.5.29.15';
/** Bits of the first octet of KeyUsage (RFC 5280 4.2.1.3). */
const SERVES: Record<Purpose, number> = {
  /** digitalSignature, nonRepudiation. */
  signing: 0x80 | 0x40,
  /** keyEncipherment, dataEncipherment, keyAgreement. */
  encryption: 0x20 | 0x10 | 0x08,
};

/** Whether a certificate's keyUsage lets its key serve; a certificate without one serves all. */
export function serves(certificate: Certificate, purpose: Purpose): boolean {
  const usage = certificate.extensions.get(KEY_USAGE);
  return !usage || ((usage.value[3] ?? 0) & SERVES[purpose]) !== 0;
}

/** Whether both name one public key, in whatever spelling of its curve. */
export function sameKey(a: Uint8Array, b: Uint8Array): boolean {
  if (equal(a, b)) return true;
  try {
    const [one, other] = [readPublicKey(a), readPublicKey(b)];
    return (
      one.kind === 'EC' &&
      other.kind === 'EC' &&
      one.curve === other.curve &&
      equal(one.point, other.point)
    );
  } catch {
    return false;
  }
}

/**
 * @throws {KeyRefused} `key-mismatch` where the certificate names another key, `key-usage` where it
 * does not allow the purpose, `malformed` where it cannot be read
 */
export function checkFits(
  certificate: Uint8Array,
  spki: Uint8Array,
  purpose: Purpose,
): Certificate {
  const read = tryRead(certificate);
  if (!sameKey(read.spki, spki)) throw new KeyRefused('key-mismatch');
  if (!serves(read, purpose)) throw new KeyRefused('key-usage');
  return read;
}

function tryRead(certificate: Uint8Array): Certificate {
  try {
    return readCertificate(certificate);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new KeyRefused('malformed', `certificate: ${error.code}`, { cause: error });
  }
}

/** @param chain issuing certificates, nearest first. @throws {KeyRefused} as {@link checkFits} */
export function signerFor(
  key: LiveKey,
  certificate: Uint8Array,
  chain: readonly Uint8Array[] = [],
): Signer {
  checkFits(certificate, key.spki, 'signing');
  return { certificate, chain, suite: key.suite, sign: (data) => key.sign(data) };
}

/** @throws {KeyRefused} as {@link checkFits} */
export function decrypterFor(key: LiveKey, certificate: Uint8Array): Decrypter {
  checkFits(certificate, key.spki, 'encryption');
  const { open, openPkcs1 } = key;
  return {
    certificate,
    agree: (point) => key.agree(point),
    ...(open && (key.suite === 'RSA' || key.suite === 'SM2') ? { open } : {}),
    ...(openPkcs1 ? { openPkcs1 } : {}),
  };
}
