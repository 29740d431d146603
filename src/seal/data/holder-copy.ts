/** The holders' copy of a seal: compressed, then encrypted to their encryption certificates. */
import { zlibSync } from 'fflate';
import { decryptWith, encryptTo } from '../../cms/index.ts';
import { type Decrypter, type KeyDecrypter, Malformed } from '../../crypto/index.ts';
import { inflateCapped } from '../inflate.ts';
import { MAX_SEAL_BYTES, readSeal } from './ses-seal.ts';

/**
 * @param seal SESeal, DER
 * @param certificates the holders' encryption certificates, DER, one to 64
 * @returns CMS AuthEnvelopedData around the seal in zlib form (RFC 1950)
 * @throws {Malformed} where one of them cannot receive
 */
export function sealForHolders(
  seal: Uint8Array,
  certificates: readonly Uint8Array[],
): Promise<Uint8Array> {
  return encryptTo(zlibSync(seal, { level: 9 }), certificates);
}

/**
 * @returns the seal, DER; that it reads as one is checked, whether it verifies is not
 * @throws {Malformed} `cms-…` where the key does not fit or the copy was changed, `inflate…`, or a
 * code of `readSeal`
 */
export async function openSealForHolder(
  copy: Uint8Array,
  decrypter: Decrypter | KeyDecrypter,
): Promise<Uint8Array> {
  const packed = await decryptWith(copy, decrypter);
  const seal = inflateCapped(packed, 'zlib', MAX_SEAL_BYTES);
  if (readSeal(seal).version === 1) throw new Malformed('seal-version', 'not made here');
  return seal;
}
