/**
 * Keys from passwords and secrets with SM3: PBKDF2 (GM/T 0091) and HKDF. Their loops are of
 * `@noble/hashes`; SM3 (GB/T 32905) in its form stands here, because theirs keep the state of a
 * keyed digest between rounds, which makes a password's 600,000 rounds bearable.
 */
import { HashMD } from '@noble/hashes/_md';
import { hkdf } from '@noble/hashes/hkdf';
import { pbkdf2Async } from '@noble/hashes/pbkdf2';
import { createHasher } from '@noble/hashes/utils';
import { type Bytes, copy } from '../bytes.ts';

const START = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
];

const rotated = (x: number, n: number): number => (x << n) | (x >>> (32 - n));

/** T of each round, rotated as the round asks for it. */
const T = Int32Array.from({ length: 64 }, (_, j) =>
  rotated(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32),
);

/** The words of the block under way, expanded. */
const W = new Int32Array(68);

class Sm3 extends HashMD<Sm3> {
  readonly #state = Int32Array.from(START);

  constructor() {
    super(64, 32, 8, false);
  }

  // Word by word here and below: iterators in the loop of a password cost three times the digest.
  protected get(): Words {
    const s = this.#state as unknown as Words;
    return [s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]];
  }

  protected set(...words: number[]): void {
    this.#state.set(words);
  }

  protected process(view: DataView, offset: number): void {
    for (let j = 0; j < 16; j++) W[j] = view.getInt32(offset + 4 * j);
    for (let j = 16; j < 68; j++) {
      const x = (W[j - 16] as number) ^ (W[j - 9] as number) ^ rotated(W[j - 3] as number, 15);
      const mixed = x ^ rotated(x, 15) ^ rotated(x, 23);
      W[j] = mixed ^ rotated(W[j - 13] as number, 7) ^ (W[j - 6] as number);
    }
    const s = this.#state as unknown as Words;
    let a = s[0];
    let b = s[1];
    let c = s[2];
    let d = s[3];
    let e = s[4];
    let f = s[5];
    let g = s[6];
    let h = s[7];
    for (let j = 0; j < 64; j++) {
      const a12 = rotated(a, 12);
      const ss1 = rotated((a12 + e + (T[j] as number)) | 0, 7);
      const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
      const word = W[j] as number;
      const tt1 = (ff + d + (ss1 ^ a12) + (word ^ (W[j + 4] as number))) | 0;
      const tt2 = (gg + h + ss1 + word) | 0;
      d = c;
      c = rotated(b, 9);
      b = a;
      a = tt1;
      h = g;
      g = rotated(f, 19);
      f = e;
      e = tt2 ^ rotated(tt2, 9) ^ rotated(tt2, 17);
    }
    s[0] ^= a;
    s[1] ^= b;
    s[2] ^= c;
    s[3] ^= d;
    s[4] ^= e;
    s[5] ^= f;
    s[6] ^= g;
    s[7] ^= h;
  }

  protected roundClean(): void {
    W.fill(0);
  }

  destroy(): void {
    this.destroyed = true;
    this.#state.fill(0);
  }

  override _cloneInto(to: Sm3 = new Sm3()): Sm3 {
    to.#state.set(this.#state);
    const { buffer, length, finished, destroyed, pos } = this;
    Object.assign(to, { length, finished, destroyed, pos });
    to.buffer.set(buffer);
    return to;
  }
}

type Words = [number, number, number, number, number, number, number, number];

const sm3 = createHasher(() => new Sm3());

/** PBKDF2 with HMAC-SM3: so many octets. */
export async function pbkdf2Sm3(
  password: Uint8Array,
  { salt, iterations }: { salt: Uint8Array; iterations: number },
  size: number,
): Promise<Bytes> {
  return copy(await pbkdf2Async(sm3, password, salt, { c: iterations, dkLen: size }));
}

/** HKDF (RFC 5869) with HMAC-SM3: so many octets. */
export function hkdfSm3(
  secret: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  size: number,
): Bytes {
  return copy(hkdf(sm3, secret, salt, info, size));
}
