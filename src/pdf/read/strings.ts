/** String objects (ISO 32000-2, 7.3.4). */
import { HEX, KIND, WHITE } from './characters.ts';
import type { PdfParser } from './parser.ts';

/** `( … )`: balanced parentheses and escapes undone. */
export function literalString(parser: PdfParser): Uint8Array {
  const { bytes } = parser;
  const start = parser.pos;
  const plain = plainLiteral(parser);
  if (plain) return plain;
  let out = new Uint8Array(64);
  let size = 0;
  let open = 1;
  for (parser.pos++; parser.pos < parser.end; parser.pos++) {
    let byte = bytes[parser.pos] as number;
    if (byte === 0x28) open++;
    else if (byte === 0x29 && --open === 0) {
      parser.pos++;
      parser.budget.scan(parser.pos - start);
      return out.subarray(0, size);
    } else if (byte === 0x0d) {
      if (bytes[parser.pos + 1] === 0x0a) parser.pos++;
      byte = 0x0a;
    } else if (byte === 0x5c) {
      const escaped = escapedByte(parser);
      if (escaped < 0) continue;
      byte = escaped;
    }
    if (size === out.length) {
      const grown = new Uint8Array(2 * size);
      grown.set(out);
      out = grown;
    }
    out[size++] = byte;
  }
  // Slower than a search: what leads nowhere counts more.
  parser.budget.scan(8 * (parser.pos - start));
  return parser.fail('pdf-truncated', 'a string without end');
}

/** A string without escapes, parentheses or ends of line is a view of the file's bytes. */
function plainLiteral(parser: PdfParser): Uint8Array | null {
  const { bytes, end } = parser;
  const start = parser.pos + 1;
  const stop = Math.min(end, start + 4096);
  for (let at = start; at < stop; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x29) {
      parser.pos = at + 1;
      parser.budget.scan(at - start);
      return bytes.subarray(start, at);
    }
    if (byte === 0x28 || byte === 0x5c || byte === 0x0d) return null;
  }
  return null;
}

/** At a backslash. @returns the byte meant, or -1 for a continued line; stops on its last byte. */
function escapedByte(parser: PdfParser): number {
  const next = parser.bytes[++parser.pos] as number;
  switch (next) {
    case 0x6e:
      return 10;
    case 0x72:
      return 13;
    case 0x74:
      return 9;
    case 0x62:
      return 8;
    case 0x66:
      return 12;
    case 0x0d:
      if (parser.bytes[parser.pos + 1] === 0x0a) parser.pos++;
      return -1;
    case 0x0a:
      return -1;
  }
  if (next < 48 || next > 55) return next;
  let value = 0;
  let count = 0;
  while (count < 3) {
    const digit = (parser.bytes[parser.pos + count] as number) - 48;
    if (!(digit >= 0 && digit <= 7)) break;
    value = value * 8 + digit;
    count++;
  }
  parser.pos += count - 1;
  return value & 0xff;
}

/** `< … >`: digits and white space, nothing else. */
export function hexString(parser: PdfParser): Uint8Array {
  const close = parser.bytes.indexOf(0x3e, parser.pos);
  parser.budget.scan((close < 0 ? parser.bytes.length : close) - parser.pos);
  if (close < 0 || close >= parser.end) parser.fail('pdf-truncated', 'a hex string without end');
  const out = new Uint8Array((close - parser.pos) >> 1);
  let count = 0;
  let half = -1;
  let from = parser.pos + 1;
  // Digits in pairs, as almost every string has them.
  const { bytes } = parser;
  for (; from + 1 < close; from += 2) {
    const high = HEX[bytes[from] as number] as number;
    const low = HEX[bytes[from + 1] as number] as number;
    if ((high | low) < 0) break;
    out[count++] = high * 16 + low;
  }
  for (let at = from; at < close; at++) {
    const byte = parser.bytes[at] as number;
    const digit = HEX[byte] as number;
    if (digit < 0) {
      if (KIND[byte] === WHITE) continue;
      parser.pos = at;
      parser.fail('pdf-string', 'not a hexadecimal digit');
    }
    if (half < 0) half = digit;
    else {
      out[count++] = half * 16 + digit;
      half = -1;
    }
  }
  if (half >= 0) out[count++] = half * 16;
  parser.pos = close + 1;
  return out.subarray(0, count);
}
