/**
 * SHA-1 and SHA-2 (FIPS 180-4) without promises: the key derivation of PKCS #12 hashes a few octets
 * hundreds of thousands of times, where WebCrypto's call costs more than the hash. Nothing else
 * uses these.
 */
import { type Bytes, concat, Malformed, owned } from '../../crypto/index.ts';
import { sm3 as sm3Digest } from '../../crypto/sm/sm3.ts';

export type HashName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512' | 'SM3';

export interface Hash {
  /** Octets of a block (v) and of a digest (u). */
  readonly block: number;
  readonly size: number;
  /** @param out where the digest goes; may be `message` itself */
  digest(message: Uint8Array, out?: Uint8Array): Uint8Array;
}

/** Digits of the fractional part of the root of `n`: where SHA-2 takes its constants from. */
function fraction(n: bigint, root: 2n | 3n): bigint {
  // Newton's iteration on n · 2^(64·root), whose integer root carries 64 fractional bits.
  const target = n << (64n * root);
  let x = 1n << 70n;
  for (;;) {
    const next = ((root - 1n) * x + target / x ** (root - 1n)) / root;
    if (next >= x) return x & 0xffffffffffffffffn;
    x = next;
  }
}

function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let n = 2n; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0n)) found.push(n);
  }
  return found;
}

const high = (values: bigint[]) => Int32Array.from(values, (n) => Number(n >> 32n) | 0);
const low = (values: bigint[]) => Int32Array.from(values, (n) => Number(n & 0xffffffffn) | 0);

/** What an addition of low halves carries into the high ones. */
const carry = (sum: number): number => (sum * 2 ** -32) | 0;

type Compress = (state: Int32Array, block: DataView) => void;

/** The padding of Merkle and Damgård around a compression function. */
function hash(block: number, size: number, initial: Int32Array, compress: Compress): Hash {
  const lengthSize = block / 8;
  const buffer = new Uint8Array(block);
  const view = new DataView(buffer.buffer);
  const state = new Int32Array(initial.length);
  return {
    block,
    size,
    digest(message, out = new Uint8Array(size)) {
      state.set(initial);
      let at = 0;
      for (; at + block <= message.length; at += block) {
        buffer.set(message.subarray(at, at + block));
        compress(state, view);
      }
      buffer.fill(0);
      buffer.set(message.subarray(at));
      const rest = message.length - at;
      buffer[rest] = 0x80;
      if (rest + 1 + lengthSize > block) {
        compress(state, view);
        buffer.fill(0);
      }
      view.setUint32(block - 4, message.length * 8);
      view.setUint32(block - 8, Math.floor(message.length / 0x20000000));
      compress(state, view);
      for (let i = 0; i < size; i++) out[i] = (state[i >> 2] as number) >>> (24 - 8 * (i & 3));
      return out;
    },
  };
}

function sha1(): Hash {
  const w = new Int32Array(80);
  const initial = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  return hash(64, 20, initial, (state, view) => {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(4 * i);
    for (let i = 16; i < 80; i++) {
      const x = w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!;
      w[i] = (x << 1) | (x >>> 31);
    }
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    for (let i = 0; i < 80; i++) {
      let f: number;
      if (i < 20) f = ((b & c) | (~b & d)) + 0x5a827999;
      else if (i < 40) f = (b ^ c ^ d) + 0x6ed9eba1;
      else if (i < 60) f = ((b & c) | (b & d) | (c & d)) - 0x70e44324;
      else f = (b ^ c ^ d) - 0x359d3e2a;
      const t = (((a << 5) | (a >>> 27)) + f + e + w[i]!) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = t;
    }
    state[0] = state[0]! + a;
    state[1] = state[1]! + b;
    state[2] = state[2]! + c;
    state[3] = state[3]! + d;
    state[4] = state[4]! + e;
  });
}

function sha256(): Hash {
  const k = high(primes(64).map((prime) => fraction(prime, 3n)));
  const initial = high(primes(8).map((prime) => fraction(prime, 2n)));
  const w = new Int32Array(64);
  return hash(64, 32, initial, (state, view) => {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(4 * i);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!;
      const y = w[i - 2]!;
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
    }
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    let f = state[5]!;
    let g = state[6]!;
    let h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i]! + w[i]!) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    const sum = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i++) state[i] = state[i]! + sum[i]!;
  });
}

/** SHA-512 and SHA-384: 64-bit words as pairs of 32-bit halves, the high one first. */
function sha512(size: 48 | 64): Hash {
  const k = primes(80).map((prime) => fraction(prime, 3n));
  const [kh, kl] = [high(k), low(k)];
  const seeds = primes(16)
    .slice(size === 64 ? 0 : 8)
    .slice(0, 8)
    .map((prime) => fraction(prime, 2n));
  const initial = new Int32Array(16);
  for (const [i, value] of high(seeds).entries()) initial[2 * i] = value;
  for (const [i, value] of low(seeds).entries()) initial[2 * i + 1] = value;
  const wh = new Int32Array(80);
  const wl = new Int32Array(80);
  return hash(128, size, initial, (state, view) => {
    for (let i = 0; i < 16; i++) {
      wh[i] = view.getInt32(8 * i);
      wl[i] = view.getInt32(8 * i + 4);
    }
    for (let i = 16; i < 80; i++) {
      const xh = wh[i - 15]!;
      const xl = wl[i - 15]!;
      const yh = wh[i - 2]!;
      const yl = wl[i - 2]!;
      const s0h = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
      const s0l = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
      const s1h = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
      const s1l =
        ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
      const l = (wl[i - 16]! >>> 0) + (s0l >>> 0) + (wl[i - 7]! >>> 0) + (s1l >>> 0);
      wl[i] = l | 0;
      wh[i] = (wh[i - 16]! + s0h + wh[i - 7]! + s1h + carry(l)) | 0;
    }
    let ah = state[0]!;
    let al = state[1]!;
    let bh = state[2]!;
    let bl = state[3]!;
    let ch = state[4]!;
    let cl = state[5]!;
    let dh = state[6]!;
    let dl = state[7]!;
    let eh = state[8]!;
    let el = state[9]!;
    let fh = state[10]!;
    let fl = state[11]!;
    let gh = state[12]!;
    let gl = state[13]!;
    let hh = state[14]!;
    let hl = state[15]!;
    for (let i = 0; i < 80; i++) {
      const s1h =
        ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
      const s1l =
        ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
      const choiceL = (el & fl) ^ (~el & gl);
      const t1 = (hl >>> 0) + (s1l >>> 0) + (choiceL >>> 0) + (kl[i]! >>> 0) + (wl[i]! >>> 0);
      const t1h = (hh + s1h + ((eh & fh) ^ (~eh & gh)) + kh[i]! + wh[i]! + carry(t1)) | 0;
      const t1l = t1 | 0;
      const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
      const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
      const majorityL = (al & bl) ^ (al & cl) ^ (bl & cl);
      const t2 = (s0l >>> 0) + (majorityL >>> 0);
      const t2h = (s0h + ((ah & bh) ^ (ah & ch) ^ (bh & ch)) + carry(t2)) | 0;
      hh = gh;
      hl = gl;
      gh = fh;
      gl = fl;
      fh = eh;
      fl = el;
      const nextE = (dl >>> 0) + (t1l >>> 0);
      eh = (dh + t1h + carry(nextE)) | 0;
      el = nextE | 0;
      dh = ch;
      dl = cl;
      ch = bh;
      cl = bl;
      bh = ah;
      bl = al;
      const nextA = (t1l >>> 0) + ((t2 | 0) >>> 0);
      ah = (t1h + t2h + carry(nextA)) | 0;
      al = nextA | 0;
    }
    const sums = [ah, al, bh, bl, ch, cl, dh, dl, eh, el, fh, fl, gh, gl, hh, hl];
    for (let i = 0; i < 16; i += 2) {
      const sum = (state[i + 1]! >>> 0) + (sums[i + 1]! >>> 0);
      state[i + 1] = sum | 0;
      state[i] = state[i]! + sums[i]! + carry(sum);
    }
  });
}

const made = new Map<HashName, Hash>();

const MAKE: Record<HashName, () => Hash> = {
  'SHA-1': sha1,
  'SHA-256': sha256,
  'SHA-384': () => sha512(48),
  'SHA-512': () => sha512(64),
  SM3: sm3,
};

/** SM3 (GB/T 32905), rare enough not to be written for speed. */
function sm3(): Hash {
  return {
    block: 64,
    size: 32,
    digest(message, out = new Uint8Array(32)) {
      out.set(sm3Digest(message));
      return out;
    },
  };
}

export function hashOf(name: HashName): Hash {
  let known = made.get(name);
  if (!known) {
    known = MAKE[name]();
    made.set(name, known);
  }
  return known;
}

const HASHES: Record<string, HashName> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
  '1.2.156.10197.1.401': 'SM3',
};

/** @throws {Malformed} `unsupported-alg` */
export function hashNamed(oid: string): HashName {
  const name = HASHES[oid];
  if (!name) throw new Malformed('unsupported-alg', `digest ${oid}`);
  return name;
}

/** HMAC (RFC 2104); of SM3 by ourselves, as WebCrypto has none. */
export async function hmac(name: HashName, key: Uint8Array, data: Uint8Array): Promise<Bytes> {
  if (name !== 'SM3') {
    const parameters = { name: 'HMAC', hash: name };
    const own = await crypto.subtle.importKey('raw', owned(key), parameters, false, ['sign']);
    return new Uint8Array(await crypto.subtle.sign('HMAC', own, owned(data)));
  }
  return hmacSm3(key)(data);
}

/** HMAC-SM3 under one key. */
export function hmacSm3(key: Uint8Array): (data: Uint8Array) => Bytes {
  const padded = new Uint8Array(64);
  padded.set(key.length > 64 ? sm3Digest(key) : key);
  const inner = padded.map((byte) => byte ^ 0x36);
  const outer = padded.map((byte) => byte ^ 0x5c);
  return (data) => owned(sm3Digest(concat(outer, sm3Digest(concat(inner, data)))));
}
