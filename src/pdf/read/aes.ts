/**
 * AES decryption (FIPS 197) in CBC mode, synchronous, for the objects of encrypted files: they are
 * read one by one while references are followed, where WebCrypto's promises would not fit. It
 * protects nothing: the key comes from a password that the reader has given. Encryption, for
 * updates, is WebCrypto's.
 */
import { concat, Malformed, owned } from '../../crypto/index.ts';

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

/** InvSubBytes and InvMixColumns in one step, one table for each row of the state. */
const TABLES = [0, 1, 2, 3].map(() => new Uint32Array(256)) as [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
];
/** InvMixColumns of a byte in the first row, for round keys. */
const MIXED = new Uint32Array(256);
for (let x = 0; x < 256; x++) {
  const x2 = double(x);
  const x4 = double(x2);
  const x8 = double(x4);
  // Products with 14, 9, 13 and 11, down the column.
  MIXED[x] = ((x8 ^ x4 ^ x2) << 24) | ((x8 ^ x) << 16) | ((x8 ^ x4 ^ x) << 8) | (x8 ^ x2 ^ x);
}
for (let x = 0; x < 256; x++) {
  const word = MIXED[INVERSE[x] as number] as number;
  TABLES.forEach((table, row) => {
    table[x] = row === 0 ? word : (word >>> (8 * row)) | (word << (32 - 8 * row));
  });
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

/** Round keys of the equivalent inverse cipher (FIPS 197, 5.3.5) as words, last round first. */
function inverseKeys(key: Uint8Array): Uint32Array {
  const bytes = expandKey(key);
  const rounds = bytes.length / 16 - 1;
  const out = new Uint32Array(bytes.length / 4);
  for (let round = 0; round <= rounds; round++) {
    for (let c = 0; c < 4; c++) {
      const at = 16 * (rounds - round) + 4 * c;
      let word = 0;
      for (let row = 0; row < 4; row++) {
        const byte = bytes[at + row] as number;
        if (round === 0 || round === rounds) word |= byte << (24 - 8 * row);
        else {
          const mixed = MIXED[byte] as number;
          word ^= row === 0 ? mixed : (mixed >>> (8 * row)) | (mixed << (32 - 8 * row));
        }
      }
      out[4 * round + c] = word;
    }
  }
  return out;
}

/** Decrypts the block at `at` of `data` into `state`, four words. */
function decryptBlock(keys: Uint32Array, data: Uint8Array, at: number, state: Uint32Array): void {
  const [t0, t1, t2, t3] = TABLES;
  const word = (i: number): number =>
    ((data[at + 4 * i] as number) << 24) |
    ((data[at + 4 * i + 1] as number) << 16) |
    ((data[at + 4 * i + 2] as number) << 8) |
    (data[at + 4 * i + 3] as number);
  let a = word(0) ^ (keys[0] as number);
  let b = word(1) ^ (keys[1] as number);
  let c = word(2) ^ (keys[2] as number);
  let d = word(3) ^ (keys[3] as number);
  const last = keys.length - 4;
  const mix = (w: number, x: number, y: number, z: number, k: number): number =>
    (t0[w >>> 24] as number) ^
    (t1[(x >>> 16) & 255] as number) ^
    (t2[(y >>> 8) & 255] as number) ^
    (t3[z & 255] as number) ^
    (keys[k] as number);
  for (let k = 4; k < last; k += 4) {
    const p = mix(a, d, c, b, k);
    const q = mix(b, a, d, c, k + 1);
    const r = mix(c, b, a, d, k + 2);
    const s = mix(d, c, b, a, k + 3);
    a = p;
    b = q;
    c = r;
    d = s;
  }
  const end = (w: number, x: number, y: number, z: number, k: number): number =>
    (((INVERSE[w >>> 24] as number) << 24) |
      ((INVERSE[(x >>> 16) & 255] as number) << 16) |
      ((INVERSE[(y >>> 8) & 255] as number) << 8) |
      (INVERSE[z & 255] as number)) ^
    (keys[k] as number);
  state[0] = end(a, d, c, b, last);
  state[1] = end(b, a, d, c, last + 1);
  state[2] = end(c, b, a, d, last + 2);
  state[3] = end(d, c, b, a, last + 3);
}

/**
 * @param data whole blocks
 * @throws {Malformed} `pdf-encrypt` when the length is no multiple of 16
 */
export function aesCbcDecrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  if (data.length % 16 !== 0) throw new Malformed('pdf-encrypt', 'not whole AES blocks');
  const keys = inverseKeys(key);
  const out = new Uint8Array(data.length);
  const state = new Uint32Array(4);
  let [from, base] = [iv, 0];
  for (let at = 0; at < data.length; at += 16) {
    decryptBlock(keys, data, at, state);
    for (let i = 0; i < 16; i++) {
      const plain = (state[i >> 2] as number) >>> (24 - 8 * (i & 3));
      out[at + i] = plain ^ (from[base + i] as number);
    }
    [from, base] = [data, at];
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
