/**
 * Wrapping in the Chinese suite: SM4-GCM under keys that HKDF and PBKDF2 derive with SM3. Loaded when
 * an SM2 identity is made or opened.
 */
import type { Bytes } from '../crypto/index.ts';
import { hkdfSm3, pbkdf2Sm3 } from '../crypto/sm/sm3-kdf.ts';
import { SM4_KEY, sm4Open, sm4Seal } from '../crypto/sm/sm4.ts';

export { sm4Open as open, sm4Seal as seal };

/** Base key of a password, 32 octets. */
export const fromPassword = (
  typed: Uint8Array,
  parameters: { salt: Uint8Array; iterations: number },
): Promise<Bytes> => pbkdf2Sm3(typed, parameters, 32);

/** The data key under a key that only this context derives. */
export function wrap(
  base: Uint8Array,
  salt: Uint8Array,
  iv: Uint8Array,
  dataKey: Uint8Array,
  context: Uint8Array,
): Bytes {
  const kek = hkdfSm3(base, salt, context, SM4_KEY);
  const wrapped = sm4Seal(kek, iv, dataKey, context);
  kek.fill(0);
  return wrapped;
}

/** @returns null where the base key is another */
export function unwrap(
  base: Uint8Array,
  salt: Uint8Array,
  iv: Uint8Array,
  wrapped: Uint8Array,
  context: Uint8Array,
): Bytes | null {
  const kek = hkdfSm3(base, salt, context, SM4_KEY);
  const dataKey = sm4Open(kek, iv, wrapped, context);
  kek.fill(0);
  return dataKey;
}
