/** Triple DES, decrypting only (FIPS 46-3): old PKCS #12 files are full of it. */
import { type BlockDecrypt, cbcDecrypt } from './cbc.ts';

const table = (text: string) => text.split(' ').map(Number);

// Permutations of FIPS 46-3; positions count from 1 at the most significant bit.
const IP = table(
  '58 50 42 34 26 18 10 2 60 52 44 36 28 20 12 4 62 54 46 38 30 22 14 6 64 56 48 40 32 24 16 8 57 49 41 33 25 17 9 1 59 51 43 35 27 19 11 3 61 53 45 37 29 21 13 5 63 55 47 39 31 23 15 7',
);
const FP = table(
  '40 8 48 16 56 24 64 32 39 7 47 15 55 23 63 31 38 6 46 14 54 22 62 30 37 5 45 13 53 21 61 29 36 4 44 12 52 20 60 28 35 3 43 11 51 19 59 27 34 2 42 10 50 18 58 26 33 1 41 9 49 17 57 25',
);
const P = table(
  '16 7 20 21 29 12 28 17 1 15 23 26 5 18 31 10 2 8 24 14 32 27 3 9 19 13 30 6 22 11 4 25',
);
const PC1 = table(
  '57 49 41 33 25 17 9 1 58 50 42 34 26 18 10 2 59 51 43 35 27 19 11 3 60 52 44 36 63 55 47 39 31 23 15 7 62 54 46 38 30 22 14 6 61 53 45 37 29 21 13 5 28 20 12 4',
);
const PC2 = table(
  '14 17 11 24 1 5 3 28 15 6 21 10 23 19 12 4 26 8 16 7 27 20 13 2 41 52 31 37 47 55 30 40 51 45 33 48 44 49 39 56 34 53 46 42 50 36 29 32',
);
const SHIFTS = table('1 1 2 2 2 2 2 2 1 2 2 2 2 2 2 1');

/** S1 to S8: four rows of sixteen hexadecimal digits each. */
const S = [
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d',
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9',
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c',
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e',
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453',
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d',
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c',
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b',
];

/** Each S-box joined with P: six bits in, their share of the round's output out. */
const SP = S.map((digits, box) =>
  Int32Array.from({ length: 64 }, (_, six) => {
    const row = ((six >> 4) & 2) | (six & 1);
    const value = Number.parseInt(digits[16 * row + ((six >> 1) & 15)] as string, 16);
    let out = 0;
    for (let i = 0; i < 32; i++) {
      const from = (P[i] as number) - 1;
      if (from >> 2 === box && (value >> (3 - (from & 3))) & 1) out |= 1 << (31 - i);
    }
    return out;
  }),
);

const bitAt = (bytes: Uint8Array, position: number) =>
  ((bytes[(position - 1) >> 3] as number) >> (7 - ((position - 1) & 7))) & 1;

function permute(block: Uint8Array, positions: readonly number[]): Uint8Array {
  const out = new Uint8Array(8);
  for (let i = 0; i < 64; i++) {
    if (bitAt(block, positions[i] as number))
      out[i >> 3] = (out[i >> 3] as number) | (0x80 >> (i & 7));
  }
  return out;
}

/** Sixteen round keys of eight six-bit groups. */
function schedule(key: Uint8Array): Uint8Array[] {
  let bits = PC1.map((position) => bitAt(key, position));
  const rotate = (half: number[], by: number) => [...half.slice(by), ...half.slice(0, by)];
  return SHIFTS.map((by) => {
    bits = [...rotate(bits.slice(0, 28), by), ...rotate(bits.slice(28), by)];
    const round = PC2.map((position) => bits[position - 1] as number);
    return Uint8Array.from({ length: 8 }, (_, i) =>
      round.slice(6 * i, 6 * i + 6).reduce((sum, bit) => 2 * sum + bit, 0),
    );
  });
}

/** Sixteen rounds between IP and FP; decryption is encryption with the keys in reverse. */
function rounds(halves: Int32Array, keys: readonly Uint8Array[]): void {
  let [left, right] = halves as unknown as [number, number];
  for (const key of keys) {
    let f = 0;
    for (let i = 0; i < 8; i++) {
      const by = (4 * i + 5) & 31;
      const six = ((right << by) | (right >>> (32 - by))) & 63;
      f |= (SP[i] as Int32Array)[six ^ (key[i] as number)] as number;
    }
    [left, right] = [right, left ^ f];
  }
  halves[0] = right;
  halves[1] = left;
}

function blockDecrypt(key: Uint8Array): BlockDecrypt {
  const [first, second, third] = [key.subarray(0, 8), key.subarray(8, 16), key.subarray(16)];
  const steps = [schedule(third).reverse(), schedule(second), schedule(first).reverse()];
  return (block) => {
    const view = new DataView(permute(block, IP).buffer);
    const halves = Int32Array.of(view.getInt32(0), view.getInt32(4));
    for (const keys of steps) rounds(halves, keys);
    view.setInt32(0, halves[0] as number);
    view.setInt32(4, halves[1] as number);
    return permute(new Uint8Array(view.buffer), FP);
  };
}

/** @param key 24 octets. @throws {Malformed} `pfx-padding` */
export const tripleDesCbc = (key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array =>
  cbcDecrypt(blockDecrypt(key), iv, data);
