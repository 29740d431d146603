/** Stream filters (ISO 32000-2, 7.4) that structure and pictures need; bounded, never guessing. */
import { Malformed } from '../../crypto/index.ts';
import type { PdfBudget } from './budget.ts';
import { hexDigit, isWhite } from './characters.ts';
import { inflateZlib } from './inflate.ts';
import { PdfDict, PdfName, type PdfObject, type PdfStream } from './objects.ts';

/** Follows a reference, or answers the value itself. */
export type Resolve = (object: PdfObject) => PdfObject;

/**
 * Undoes every filter of the stream.
 * @param data the stream's data, decrypted
 * @throws {Malformed} `pdf-filter` for one that is not supported (LZW, images in their own coding)
 */
export function decodeStream(
  stream: PdfStream,
  data: Uint8Array,
  resolve: Resolve,
  budget: PdfBudget,
): Uint8Array {
  const filters = listOf(resolve(stream.dict.raw('Filter')), resolve);
  const parms = listOf(resolve(stream.dict.raw('DecodeParms')), resolve);
  if (filters.length > 8) throw new Malformed('pdf-filter', 'too many filters');
  let out = data;
  filters.forEach((filter, i) => {
    if (!(filter instanceof PdfName)) throw new Malformed('pdf-filter', 'a filter without name');
    const parm = parms[i];
    out = decode(filter.name, out, parm instanceof PdfDict ? parm : null, resolve, budget);
    budget.output(out.length);
  });
  return out;
}

function listOf(object: PdfObject, resolve: Resolve): readonly PdfObject[] {
  if (object === null) return [];
  return Array.isArray(object) ? object.map((item) => resolve(item)) : [object];
}

function decode(
  name: string,
  data: Uint8Array,
  parm: PdfDict | null,
  resolve: Resolve,
  budget: PdfBudget,
): Uint8Array {
  switch (name) {
    case 'FlateDecode':
    case 'Fl':
      return unpredict(inflateZlib(data, budget.outputLeft), parm, resolve);
    case 'ASCIIHexDecode':
    case 'AHx':
      return asciiHex(data);
    case 'ASCII85Decode':
    case 'A85':
      return ascii85(data);
    default:
      throw new Malformed('pdf-filter', `filter ${name.slice(0, 40)} is not supported`);
  }
}

/** PNG predictors 10 to 15 (each row names its own); TIFF's 2 is refused. */
function unpredict(data: Uint8Array, parm: PdfDict | null, resolve: Resolve): Uint8Array {
  const number = (key: string, absent: number): number => {
    const value = parm ? resolve(parm.raw(key)) : null;
    if (value === null) return absent;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 65_535) {
      throw new Malformed('pdf-filter', `predictor parameter ${key}`);
    }
    return value;
  };
  const predictor = number('Predictor', 1);
  if (predictor === 1) return data;
  if (predictor < 10 || predictor > 15) throw new Malformed('pdf-filter', 'predictor');
  const bits = number('Colors', 1) * number('BitsPerComponent', 8);
  const row = (bits * number('Columns', 1) + 7) >> 3;
  return unpredictPng(data, row, Math.max(1, bits >> 3));
}

function unpredictPng(data: Uint8Array, row: number, pixel: number): Uint8Array {
  const rows = Math.floor(data.length / (row + 1));
  if (rows * (row + 1) !== data.length) throw new Malformed('pdf-filter', 'rows are incomplete');
  const out = new Uint8Array(rows * row);
  for (let y = 0; y < rows; y++) {
    const from = y * (row + 1) + 1;
    const to = y * row;
    const kind = data[from - 1] as number;
    if (kind > 4) throw new Malformed('pdf-filter', 'no such row predictor');
    for (let x = 0; x < row; x++) {
      const left = x >= pixel ? (out[to + x - pixel] as number) : 0;
      const up = y > 0 ? (out[to + x - row] as number) : 0;
      const corner = x >= pixel && y > 0 ? (out[to + x - row - pixel] as number) : 0;
      out[to + x] = (data[from + x] as number) + predicted(kind, left, up, corner);
    }
  }
  return out;
}

function predicted(kind: number, left: number, up: number, corner: number): number {
  switch (kind) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const p = left + up - corner;
      const a = Math.abs(p - left);
      const b = Math.abs(p - up);
      const c = Math.abs(p - corner);
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default:
      return 0;
  }
}

function asciiHex(data: Uint8Array): Uint8Array {
  const out = new Uint8Array((data.length >> 1) + 1);
  let count = 0;
  let half = -1;
  for (const byte of data) {
    if (byte === 0x3e) break;
    if (isWhite(byte)) continue;
    const digit = hexDigit(byte);
    if (digit < 0) throw new Malformed('pdf-filter', 'ASCIIHexDecode: not a digit');
    if (half < 0) half = digit;
    else {
      out[count++] = half * 16 + digit;
      half = -1;
    }
  }
  if (half >= 0) out[count++] = half * 16;
  return out.subarray(0, count);
}

function ascii85(data: Uint8Array): Uint8Array {
  const out: number[] = [];
  let group: number[] = [];
  const flush = (digits: number[]): void => {
    let value = 0;
    for (let i = 0; i < 5; i++) value = value * 85 + (digits[i] ?? 84);
    if (value > 0xffffffff) throw new Malformed('pdf-filter', 'ASCII85Decode: out of range');
    for (let i = 0; i < digits.length - 1; i++) out.push(Math.floor(value / 256 ** (3 - i)) & 0xff);
  };
  for (const byte of data) {
    if (byte === 0x7e) break;
    if (isWhite(byte)) continue;
    if (byte === 0x7a && group.length === 0) {
      out.push(0, 0, 0, 0);
      continue;
    }
    if (byte < 33 || byte > 117) throw new Malformed('pdf-filter', 'ASCII85Decode: not a digit');
    group.push(byte - 33);
    if (group.length === 5) {
      flush(group);
      group = [];
    }
  }
  if (group.length === 1) throw new Malformed('pdf-filter', 'ASCII85Decode: cut short');
  if (group.length > 1) flush(group);
  return Uint8Array.from(out);
}
