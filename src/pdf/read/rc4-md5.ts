/** RC4 and MD5 (RFC 1321): broken, and needed to read files that older software encrypted. */
import { concat } from '../../crypto/index.ts';

export function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
  const s = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    const a = s[i] as number;
    j = (j + a + (key[i % key.length] as number)) & 255;
    s[i] = s[j] as number;
    s[j] = a;
  }
  const out = new Uint8Array(data.length);
  for (let n = 0, i = 0, j = 0; n < data.length; n++) {
    i = (i + 1) & 255;
    const a = s[i] as number;
    j = (j + a) & 255;
    const b = s[j] as number;
    s[i] = b;
    s[j] = a;
    out[n] = (data[n] as number) ^ (s[(a + b) & 255] as number);
  }
  return out;
}

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Array.from(
  { length: 64 },
  (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0,
);

export function md5(data: Uint8Array): Uint8Array {
  const zeros = (119 - (data.length % 64)) % 64;
  const message = concat(data, Uint8Array.of(0x80), new Uint8Array(zeros + 8));
  const view = new DataView(message.buffer);
  view.setUint32(message.length - 8, (data.length << 3) >>> 0, true);
  view.setUint32(message.length - 4, Math.floor(data.length / 2 ** 29), true);
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let at = 0; at < message.length; at += 64) {
    let [a, b, c, d] = state as [number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mix =
        round === 0
          ? (b & c) | (~b & d)
          : round === 1
            ? (d & b) | (~d & c)
            : round === 2
              ? b ^ c ^ d
              : c ^ (b | ~d);
      const word =
        round === 0
          ? i
          : round === 1
            ? (5 * i + 1) & 15
            : round === 2
              ? (3 * i + 5) & 15
              : (7 * i) & 15;
      const sum = (a + mix + (SINES[i] as number) + view.getInt32(at + 4 * word, true)) | 0;
      const shift = SHIFTS[4 * round + (i & 3)] as number;
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
    }
    [a, b, c, d].forEach((value, i) => {
      state[i] = ((state[i] as number) + value) | 0;
    });
  }
  const out = new DataView(new ArrayBuffer(16));
  state.forEach((value, i) => {
    out.setInt32(4 * i, value, true);
  });
  return new Uint8Array(out.buffer);
}
