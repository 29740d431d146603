/**
 * PNG (ISO/IEC 15948), the non-interlaced kinds that seals use, read strictly into RGBA and written
 * from it. Small on purpose: what decides whether a shown picture is the sealed one must not depend
 * on a browser's decoder.
 */
import { zlibSync } from 'fflate';
import { type Bytes, concat, equal, fromLatin1, latin1, Malformed } from '../../crypto/index.ts';
import { inflateCapped } from '../inflate.ts';
import { type Palette, unfilter } from './png-rows.ts';
import type { Raster } from './raster.ts';

const SIGNATURE = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]);
/** Bits a pixel: channels by colour type. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Record<number, number[]> = {
  0: [1, 2, 4, 8],
  2: [8],
  3: [1, 2, 4, 8],
  4: [8],
  6: [8],
};
const MAX_PIXELS = 4_000_000;
const MAX_CHUNKS = 4096;

interface Header {
  width: number;
  height: number;
  depth: number;
  type: number;
}

/** @throws {Malformed} `png`, `inflate…`; `png-unsupported` for 16 bits a channel and interlacing */
export function decodePng(bytes: Uint8Array): Raster {
  if (!equal(bytes.subarray(0, 8), SIGNATURE)) throw new Malformed('png', 'not a PNG');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | null = null;
  const palette: Palette = { colours: null, alpha: null };
  const data: Uint8Array[] = [];
  let at = 8;
  for (let count = 0; ; count++) {
    if (at + 12 > bytes.length || count > MAX_CHUNKS) throw new Malformed('png', 'ends early', at);
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) throw new Malformed('png', 'chunk runs past the end', at);
    const name = latin1(bytes, at + 4, at + 8);
    const content = bytes.subarray(at + 8, end);
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new Malformed('png', `checksum of ${name}`, at);
    }
    at = end + 4;
    if ((name === 'IHDR') !== (count === 0)) throw new Malformed('png', 'IHDR comes first', at);
    if (name === 'IHDR') header = readHeader(content);
    else if (name === 'PLTE') palette.colours = content;
    else if (name === 'tRNS') palette.alpha = content;
    else if (name === 'IDAT') data.push(content);
    else if (name === 'IEND') break;
    else if (/^[A-Z]/.test(name)) throw new Malformed('png', `unknown critical chunk ${name}`, at);
  }
  if (at !== bytes.length) throw new Malformed('png', 'bytes after the end', at);
  const { width, height, depth, type } = header as Header;
  if (type === 3 && (!palette.colours || palette.colours.length % 3 !== 0)) {
    throw new Malformed('png', 'palette');
  }
  const bits = (CHANNELS[type] as number) * depth;
  const stride = Math.ceil((width * bits) / 8);
  const size = height * (stride + 1);
  const rows = inflateCapped(concat(...data), 'zlib', size);
  if (rows.length !== size) throw new Malformed('png', 'image data too short');
  return { width, height, data: unfilter(rows, { width, height, depth, type, stride, palette }) };
}

function readHeader(content: Uint8Array): Header {
  if (content.length !== 13) throw new Malformed('png', 'IHDR');
  const view = new DataView(content.buffer, content.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, type, compression, filter, interlace] = content.subarray(8) as unknown as number[];
  if (width < 1 || height < 1 || width * height > MAX_PIXELS) throw new Malformed('png', 'size');
  if (compression !== 0 || filter !== 0 || (interlace as number) > 1) throw new Malformed('png');
  if (!DEPTHS[type as number]?.includes(depth as number) || interlace === 1) {
    throw new Malformed('png-unsupported', 'colour type, depth or interlacing');
  }
  return { width, height, depth: depth as number, type: type as number };
}

/** RGBA, 8 bits, one filter (none): deterministic for the same pixels. */
export function encodePng(raster: Raster): Bytes {
  const { width, height, data } = raster;
  const rows = new Uint8Array(height * (4 * width + 1));
  for (let y = 0; y < height; y++) {
    rows.set(data.subarray(4 * width * y, 4 * width * (y + 1)), y * (4 * width + 1) + 1);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  return concat(
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', zlibSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  );
}

function chunk(name: string, content: Uint8Array): Bytes {
  const named = concat(fromLatin1(name), content);
  const frame = new Uint8Array(8);
  const view = new DataView(frame.buffer);
  view.setUint32(0, content.length);
  view.setUint32(4, crc32(named));
  return concat(frame.subarray(0, 4), named, frame.subarray(4));
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** CRC-32 of PNG and ZIP. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (CRC[(c ^ byte) & 0xff] as number) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
