/**
 * AES in CBC mode as encrypted files use it. Decryption is synchronous: objects are read one by one
 * while references are followed, where WebCrypto's promises would not fit. It protects nothing: the
 * key comes from a password that the reader has given. Encryption, for updates, is WebCrypto's.
 */
import { cbc } from '@noble/ciphers/aes';
import { concat, Malformed, owned } from '../../crypto/index.ts';

/**
 * @param data whole blocks
 * @throws {Malformed} `pdf-encrypt` when its length is no multiple of 16, or the key's not 16 or 32
 */
export function aesCbcDecrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  if (data.length % 16 !== 0) throw new Malformed('pdf-encrypt', 'not whole AES blocks');
  if (key.length !== 16 && key.length !== 32) throw new Malformed('pdf-encrypt', 'AES key');
  return cbc(key, iv, { disablePadding: true }).decrypt(data);
}

/** As PDF stores it: 16 bytes of IV first, PKCS#7 padding last. */
export function aesUnwrap(key: Uint8Array, stored: Uint8Array): Uint8Array {
  if (stored.length < 32) {
    if (stored.length === 0 || stored.length === 16) return new Uint8Array(0);
    throw new Malformed('pdf-encrypt', 'too short for AES');
  }
  const out = aesCbcDecrypt(key, stored.subarray(0, 16), stored.subarray(16));
  const pad = out[out.length - 1] as number;
  if (pad < 1 || pad > 16) throw new Malformed('pdf-encrypt', 'AES padding');
  return out.subarray(0, out.length - pad);
}

/** As PDF stores it; the other way round. */
export async function aesWrap(
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Promise<Uint8Array> {
  const aes = await crypto.subtle.importKey('raw', owned(key), 'AES-CBC', false, ['encrypt']);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-CBC', iv: owned(iv) }, aes, owned(data));
  return concat(iv, new Uint8Array(sealed));
}
