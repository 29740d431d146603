/** What a signature was computed with, as people read it. */
import { type DigestName, type PublicKey, readPublicKey } from '../crypto/index.ts';
import { readCertificateLeniently } from './salvage.ts';

const PSS = '1.2.840.113549.1.1.10';

/**
 * Key and digest of a signature: `SM2 · SM3`, `ECDSA P-256 · SHA-256`, `RSA 2048 · SHA-256`.
 * @param certificate of the signer, DER
 * @param digest of the content; where it is not known, that of SM2 alone goes without saying
 * @param algorithm OID of the signature algorithm, which tells RSASSA-PSS
 * @returns null where the key cannot be read
 */
export function algorithmsOf(
  certificate: Uint8Array,
  digest?: DigestName | '',
  algorithm?: string,
): string | null {
  try {
    const key = readPublicKey(readCertificateLeniently(certificate).certificate.spki, {
      lenient: true,
    });
    const name = keyName(key, algorithm === PSS);
    const known = digest || (name === 'SM2' ? 'SM3' : '');
    return known ? `${name} · ${known}` : name;
  } catch {
    return null;
  }
}

function keyName(key: PublicKey, pss: boolean): string {
  if (key.kind === 'EC') return key.curve === 'SM2' ? 'SM2' : `ECDSA ${key.curve}`;
  return key.kind === 'RSA' ? `${pss ? 'RSA-PSS' : 'RSA'} ${key.bits}` : key.kind;
}
