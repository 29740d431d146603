/**
 * AES decryption (FIPS 197) in CBC mode, synchronous, for the objects of encrypted files: they are
 * read one by one while references are followed, where WebCrypto's promises would not fit. It
 * protects nothing: the key comes from a password that the reader has given.
 */
import { Malformed } from '../../crypto/index.ts';

const SBOX = new Uint8Array(256);
const INVERSE = new Uint8Array(256);
{
  let p = 1;
  let q = 1;
  do {
    p = (p ^ (p << 1) ^ (p & 0x80 ? 0x11b : 0)) & 0xff;
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q &= 0xff;
    if (q & 0x80) q ^= 0x09;
    const rotated = q | (q << 8);
    const value = (q ^ (rotated >> 7) ^ (rotated >> 6) ^ (rotated >> 5) ^ (rotated >> 4)) & 0xff;
    SBOX[p] = value ^ 0x63;
  } while (p !== 1);
  SBOX[0] = 0x63;
  for (let i = 0; i < 256; i++) INVERSE[SBOX[i] as number] = i;
}

function double(x: number): number {
  return ((x << 1) ^ (x & 0x80 ? 0x11b : 0)) & 0xff;
}

/** Products of a byte with 9, 11, 13 and 14, as the inverse MixColumns wants them. */
const BY9 = new Uint8Array(256);
const BY11 = new Uint8Array(256);
const BY13 = new Uint8Array(256);
const BY14 = new Uint8Array(256);
for (let x = 0; x < 256; x++) {
  const x2 = double(x);
  const x4 = double(x2);
  const x8 = double(x4);
  BY9[x] = x8 ^ x;
  BY11[x] = x8 ^ x2 ^ x;
  BY13[x] = x8 ^ x4 ^ x;
  BY14[x] = x8 ^ x4 ^ x2;
}

function expandKey(key: Uint8Array): Uint8Array {
  const words = key.length / 4;
  const rounds = words + 6;
  const out = new Uint8Array(16 * (rounds + 1));
  out.set(key);
  let constant = 1;
  for (let at = key.length; at < out.length; at += 4) {
    let t = [...out.subarray(at - 4, at)] as [number, number, number, number];
    const word = at / 4;
    if (word % words === 0) {
      t = [t[1], t[2], t[3], t[0]].map((x) => SBOX[x] as number) as typeof t;
      t[0] ^= constant;
      constant = double(constant);
    } else if (words > 6 && word % words === 4) {
      t = t.map((x) => SBOX[x] as number) as typeof t;
    }
    for (let i = 0; i < 4; i++) {
      out[at + i] = (out[at + i - key.length] as number) ^ (t[i] as number);
    }
  }
  return out;
}

/** Place of a byte before the inverse ShiftRows. */
const SHIFTED = Array.from({ length: 16 }, (_, i) => (i - 4 * (i % 4) + 16) % 16);

function decryptBlock(keys: Uint8Array, block: Uint8Array): Uint8Array {
  let state = new Uint8Array(16);
  let other = new Uint8Array(16);
  const rounds = keys.length / 16 - 1;
  for (let i = 0; i < 16; i++) state[i] = (block[i] as number) ^ (keys[16 * rounds + i] as number);
  for (let round = rounds - 1; round >= 0; round--) {
    for (let i = 0; i < 16; i++) {
      const from = state[SHIFTED[i] as number] as number;
      other[i] = (INVERSE[from] as number) ^ (keys[16 * round + i] as number);
    }
    if (round > 0) {
      for (let c = 0; c < 16; c += 4) {
        const [a, b, d, e] = other.subarray(c, c + 4) as unknown as [
          number,
          number,
          number,
          number,
        ];
        state[c] =
          (BY14[a] as number) ^ (BY11[b] as number) ^ (BY13[d] as number) ^ (BY9[e] as number);
        state[c + 1] =
          (BY9[a] as number) ^ (BY14[b] as number) ^ (BY11[d] as number) ^ (BY13[e] as number);
        state[c + 2] =
          (BY13[a] as number) ^ (BY9[b] as number) ^ (BY14[d] as number) ^ (BY11[e] as number);
        state[c + 3] =
          (BY11[a] as number) ^ (BY13[b] as number) ^ (BY9[d] as number) ^ (BY14[e] as number);
      }
    } else {
      [state, other] = [other, state];
    }
  }
  return state;
}

/**
 * @param data whole blocks
 * @throws {Malformed} `pdf-encrypt` when the length is no multiple of 16
 */
export function aesCbcDecrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  if (data.length % 16 !== 0) throw new Malformed('pdf-encrypt', 'not whole AES blocks');
  const keys = expandKey(key);
  const out = new Uint8Array(data.length);
  let previous = iv;
  for (let at = 0; at < data.length; at += 16) {
    const block = data.subarray(at, at + 16);
    const plain = decryptBlock(keys, block);
    for (let i = 0; i < 16; i++) out[at + i] = (plain[i] as number) ^ (previous[i] as number);
    previous = block;
  }
  return out;
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
