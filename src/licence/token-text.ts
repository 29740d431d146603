/** Values of the token in their shortest typed form, each with exactly one encoding. */
import { type Cbor, Malformed, utf8 } from '../crypto/index.ts';
import { UNPRINTABLE } from './characters.ts';
import { readDecimal, trim, writeDecimal } from './decimal.ts';

/** Text: UTF-16BE octets where that is shorter than UTF-8 (Chinese), else a text string. */
export function packText(text: string): Cbor {
  const wide = utf16(text);
  return wide.length < utf8(text).length ? wide : text;
}

/** @throws {Malformed} `token-text` for the longer of the two encodings or text that no form holds */
export function unpackText(value: Cbor | undefined, max = 200): string {
  const text = value instanceof Uint8Array ? fromUtf16(value) : value;
  if (typeof text !== 'string') throw new Malformed('token-text', 'text expected');
  const canonical = packText(text);
  if (typeof canonical !== typeof value || text.length > max) {
    throw new Malformed('token-text', 'not the shorter encoding, or too long');
  }
  if (UNPRINTABLE.test(text) || text.normalize('NFC') !== text) {
    throw new Malformed('token-text', 'characters that a licence does not have');
  }
  return text;
}

function utf16(text: string): Uint8Array {
  const out = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    out[2 * i] = text.charCodeAt(i) >> 8;
    out[2 * i + 1] = text.charCodeAt(i) & 0xff;
  }
  return out;
}

function fromUtf16(bytes: Uint8Array): string {
  if (bytes.length % 2 !== 0) throw new Malformed('token-text', 'half a character');
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) {
    text += String.fromCharCode(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
  }
  return text;
}

/** A code of digits as a number (its width is a rule of the field), any other as text. */
export function packCode(code: string, width: number): Cbor {
  return new RegExp(`^\\d{${width}}$`).test(code) ? Number(code) : packText(code);
}

export function unpackCode(value: Cbor | undefined, width: number): string {
  if (typeof value === 'number') {
    const code = String(value).padStart(width, '0');
    if (value < 0 || code.length !== width) throw new Malformed('token-code', 'out of range');
    return code;
  }
  const text = unpackText(value, 32);
  if (typeof packCode(text, width) === 'number')
    throw new Malformed('token-code', 'digits as text');
  return text;
}

/** An 18-character code as the twelve octets of a base-36 number, any other as text. */
export function packUscc(code: string): Cbor {
  if (!/^[0-9A-Z]{18}$/.test(code)) return packText(code);
  let n = 0n;
  for (const c of code) n = n * 36n + BigInt(Number.parseInt(c, 36));
  const out = new Uint8Array(12);
  for (let i = 11; i >= 0; i--, n >>= 8n) out[i] = Number(n & 0xffn);
  return out;
}

export function unpackUscc(value: Cbor | undefined): string {
  if (!(value instanceof Uint8Array)) {
    const text = unpackText(value, 32);
    if (typeof packUscc(text) !== 'string') throw new Malformed('token-code', 'code as text');
    return text;
  }
  let n = 0n;
  for (const byte of value) n = (n << 8n) | BigInt(byte);
  const code = n.toString(36).toUpperCase().padStart(18, '0');
  if (value.length !== 12 || code.length !== 18) throw new Malformed('token-code', 'not a code');
  return code;
}

/** An integer, or [mantissa, scale] without trailing zeros. @throws {Malformed} `token-decimal` */
export function packDecimal(text: string): Cbor {
  const value = readDecimal(text);
  if (!value || value.mantissa < 0n || value.mantissa > 0xffffffffffffffffn) {
    throw new Malformed('token-decimal', `${text} does not fit`);
  }
  const { mantissa, scale } = trim(value);
  return scale === 0 ? mantissa : [mantissa, scale];
}

export function unpackDecimal(value: Cbor | undefined): string {
  const [mantissa, scale] = Array.isArray(value) ? (value as Cbor[]) : [value, 0];
  const whole = typeof mantissa === 'number' || typeof mantissa === 'bigint';
  if (!whole || typeof scale !== 'number' || (Array.isArray(value) && value.length !== 2)) {
    throw new Malformed('token-decimal', 'not a decimal');
  }
  const n = BigInt(mantissa);
  const wrong = Array.isArray(value) ? scale < 1 || scale > 9 || n % 10n === 0n : false;
  if (n < 0n || wrong) throw new Malformed('token-decimal', 'not the one encoding');
  return writeDecimal({ mantissa: n, scale });
}
