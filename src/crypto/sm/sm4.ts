/**
 * SM4-GCM (GB/T 32907, RFC 8998 section 2.1), as WebCrypto has none; loaded only where the Chinese
 * suite is in use. Keys are octets in memory here, for want of unexportable ones.
 */
import { sm4 } from 'sm-crypto-v2';
import { type Bytes, concat, copy } from '../bytes.ts';

export const SM4_KEY = 16;
const TAG = 16;

/**
 * @param key 16 octets
 * @param iv 12 octets, never used twice with one key
 * @returns ciphertext and tag of 16 octets, one after the other
 */
export function sm4Seal(
  key: Uint8Array,
  iv: Uint8Array,
  plaintext: Uint8Array,
  associatedData: Uint8Array = new Uint8Array(),
): Bytes {
  const options = { mode: 'gcm', iv, associatedData, output: 'array', outputTag: true } as const;
  const { output, tag } = sm4.encrypt(plaintext, key, options);
  return concat(output, tag as Uint8Array);
}

/** @returns the plaintext, or null where key, ciphertext, tag or associated data do not fit */
export function sm4Open(
  key: Uint8Array,
  iv: Uint8Array,
  sealed: Uint8Array,
  associatedData: Uint8Array = new Uint8Array(),
): Bytes | null {
  if (sealed.length < TAG || key.length !== SM4_KEY) return null;
  const split = sealed.length - TAG;
  const tag = sealed.subarray(split);
  const options = { mode: 'gcm', iv, associatedData, output: 'array', tag } as const;
  try {
    return copy(sm4.decrypt(sealed.subarray(0, split), key, options));
  } catch {
    return null;
  }
}
