/** BMP (BITMAPINFOHEADER and later, uncompressed), read strictly into RGBA. */
import { Malformed } from '../../crypto/index.ts';
import type { Raster } from './raster.ts';

const MAX_PIXELS = 4_000_000;
const DEPTHS = [1, 4, 8, 24, 32];
const HEADERS = [40, 52, 56, 108, 124];

/** @throws {Malformed} `bmp`; compressed rows and bit masks among it */
export function decodeBmp(bytes: Uint8Array): Raster {
  const fail = (message: string): never => {
    throw new Malformed('bmp', message);
  };
  if (bytes.length < 54 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) fail('not a BMP');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const from = view.getUint32(10, true);
  const header = view.getUint32(14, true);
  if (!HEADERS.includes(header)) fail('header');
  const width = view.getInt32(18, true);
  const tall = view.getInt32(22, true);
  const height = Math.abs(tall);
  const depth = view.getUint16(28, true);
  if (width <= 0 || height === 0 || width * height > MAX_PIXELS) fail('size');
  if (!DEPTHS.includes(depth) || view.getUint16(26, true) !== 1) fail('depth');
  if (view.getUint32(30, true) !== 0) fail('compressed');
  const colours = depth <= 8 ? view.getUint32(46, true) || 2 ** depth : 0;
  const table = 14 + header;
  const stride = 4 * Math.ceil((width * depth) / 32);
  if (colours > 2 ** depth || table + 4 * colours > from) fail('colours');
  if (from + stride * height > bytes.length) fail('ends early');
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    const row = from + stride * (tall > 0 ? height - 1 - y : y);
    for (let x = 0; x < width; x++) {
      const index = depth <= 8 ? sample(bytes, row, x, depth) : 0;
      if (depth <= 8 && index >= colours) fail('a colour of no table');
      const source = depth <= 8 ? table + 4 * index : row + (x * depth) / 8;
      const to = 4 * (y * width + x);
      for (let c = 0; c < 3; c++) data[to + c] = bytes[source + 2 - c] as number;
      data[to + 3] = 255;
    }
  }
  return { width, height, data };
}

/** Pixels of less than a byte stand from the high bits down. */
function sample(bytes: Uint8Array, row: number, x: number, depth: number): number {
  const byte = bytes[row + ((x * depth) >> 3)] as number;
  const shift = 8 - depth - ((x * depth) & 7);
  return (byte >> shift) & ((1 << depth) - 1);
}
