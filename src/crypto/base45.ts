/** Base45 (RFC 9285): the alphanumeric mode of QR codes as bytes. */
import type { Bytes } from './bytes.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const VALUE = new Map([...ALPHABET].map((character, i) => [character, i]));

export function toBase45(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    let n = pair ? (bytes[i] as number) * 256 + (bytes[i + 1] as number) : (bytes[i] as number);
    for (let digits = pair ? 3 : 2; digits > 0; digits--) {
      out += ALPHABET[n % 45];
      n = Math.floor(n / 45);
    }
  }
  return out;
}

/**
 * @returns null for a character outside the alphabet, a length of 3n + 1, a triple above 65535 or a
 * pair above 255: every byte string has one spelling
 */
export function fromBase45(text: string): Bytes | null {
  if (text.length % 3 === 1) return null;
  const out = new Uint8Array(Math.floor(text.length / 3) * 2 + (text.length % 3 === 2 ? 1 : 0));
  let at = 0;
  for (let i = 0; i < text.length; i += 3) {
    const digits = [...text.slice(i, i + 3)].map((character) => VALUE.get(character));
    if (digits.includes(undefined)) return null;
    const [a = 0, b = 0, c] = digits as number[];
    const n = a + 45 * b + 2025 * (c ?? 0);
    if (c === undefined) {
      if (n > 0xff) return null;
      out[at++] = n;
    } else {
      if (n > 0xffff) return null;
      out[at++] = n >> 8;
      out[at++] = n & 0xff;
    }
  }
  return out;
}
