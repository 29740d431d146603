/** Undoing PNG's row filters and spreading its colour types to RGBA. */
import { Malformed } from '../../crypto/index.ts';

export interface Palette {
  /** PLTE: RGB triples. */
  colours: Uint8Array | null;
  /** tRNS: alpha per entry, or the one transparent colour. */
  alpha: Uint8Array | null;
}

export interface RowFormat {
  width: number;
  height: number;
  depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  type: number;
  stride: number;
  palette: Palette;
}

/** @throws {Malformed} `png` for an unknown filter or a colour outside the palette */
export function unfilter(rows: Uint8Array, format: RowFormat): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, stride, depth, type } = format;
  const step = Math.max(1, (([1, 0, 3, 1, 2, 0, 4][type] as number) * depth) / 8);
  const out = new Uint8ClampedArray(4 * width * height);
  let above: Uint8Array = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const at = y * (stride + 1);
    const row = rows.subarray(at + 1, at + 1 + stride);
    undo(rows[at] as number, row, above, step);
    for (let x = 0; x < width; x++) pixel(row, x, format, out, 4 * (y * width + x));
    above = row;
  }
  return out;
}

function undo(filter: number, row: Uint8Array, above: Uint8Array, step: number): void {
  if (filter > 4) throw new Malformed('png', 'unknown filter');
  if (filter === 0) return;
  for (let i = 0; i < row.length; i++) {
    const a = i >= step ? (row[i - step] as number) : 0;
    const b = above[i] as number;
    const c = i >= step ? (above[i - step] as number) : 0;
    const guess =
      filter === 1 ? a : filter === 2 ? b : filter === 3 ? (a + b) >> 1 : paeth(a, b, c);
    row[i] = (row[i] as number) + guess;
  }
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

function pixel(
  row: Uint8Array,
  x: number,
  { depth, type, palette }: RowFormat,
  out: Uint8ClampedArray,
  at: number,
): void {
  const sample = (i: number) => {
    if (depth === 8) return row[i] as number;
    const bit = i * depth;
    return ((row[bit >> 3] as number) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  };
  const { colours, alpha } = palette;
  if (type === 3) {
    const index = sample(x);
    if (3 * index + 2 >= (colours as Uint8Array).length) throw new Malformed('png', 'palette');
    out.set((colours as Uint8Array).subarray(3 * index, 3 * index + 3), at);
    out[at + 3] = alpha?.[index] ?? 255;
    return;
  }
  const colour = type === 2 || type === 6;
  const channels = (colour ? 3 : 1) + (type >= 4 ? 1 : 0);
  const values = Array.from({ length: channels }, (_, k) => sample(x * channels + k));
  const full = type === 0 ? 255 / ((1 << depth) - 1) : 1;
  for (let k = 0; k < 3; k++) out[at + k] = (values[colour ? k : 0] as number) * full;
  const clear = alpha && type < 4 && values.every((v, k) => v === alpha[2 * k + 1]);
  out[at + 3] = type >= 4 ? (values.at(-1) as number) : clear ? 0 : 255;
}
