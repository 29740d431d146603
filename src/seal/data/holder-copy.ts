/** The holder's copy of a seal: compressed, then encrypted to the holder's encryption certificate. */
import { zlibSync } from 'fflate';
import { decryptWith, encryptTo } from '../../cms/index.ts';
import { type Decrypter, type KeyDecrypter, Malformed } from '../../crypto/index.ts';
import { inflateCapped } from '../inflate.ts';
import { MAX_SEAL_BYTES, readSeal } from './ses-seal.ts';

/**
 * @param seal SESeal, DER
 * @param certificate the holder's encryption certificate, DER
 * @returns CMS AuthEnvelopedData around the seal in zlib form (RFC 1950)
 * @throws {Malformed} where the certificate cannot receive
 */
export function sealForHolder(seal: Uint8Array, certificate: Uint8Array): Promise<Uint8Array> {
  return encryptTo(zlibSync(seal, { level: 9 }), [certificate]);
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
