/**
 * The Chinese suite of AuthEnvelopedData: SM4-GCM, its key sent to each recipient by SM2 encryption
 * (GM/T 0010 7.2 for the algorithms, RFC 5084 for their form). Loaded where an SM2 key occurs.
 */
import { type Bytes, Malformed } from '../crypto/index.ts';
import { sm2Encrypt } from '../crypto/sm/sm2-cipher.ts';
import { SM4_KEY, sm4Open, sm4Seal } from '../crypto/sm/sm4.ts';

export interface SmSealed {
  /** 12 octets. */
  readonly iv: Bytes;
  /** Ciphertext and tag. */
  readonly sealed: Bytes;
  /** The content key under SM2 encryption, by recipient. */
  readonly keys: readonly Bytes[];
}

/**
 * @param points public keys of the recipients, uncompressed
 * @throws {Malformed} `key-point`
 */
export function smSeal(plaintext: Uint8Array, points: readonly Uint8Array[]): SmSealed {
  const key = crypto.getRandomValues(new Uint8Array(SM4_KEY));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const keys = points.map((point) => sm2Encrypt(point, key));
  const sealed = sm4Seal(key, iv, plaintext);
  key.fill(0);
  return { iv, sealed, keys };
}

/**
 * @param key the content key, which the recipient has opened, or null where it does not open
 * @throws {Malformed} `cms-decrypt`
 */
export function smOpen(key: Uint8Array | null, iv: Uint8Array, sealed: Uint8Array): Bytes {
  const plaintext = key && sm4Open(key, iv, sealed);
  key?.fill(0);
  if (!plaintext) throw new Malformed('cms-decrypt', 'the content does not decrypt');
  return plaintext;
}
