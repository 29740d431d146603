/**
 * GIF (GIF87a, GIF89a) of one frame, read strictly into RGBA: a seal is a still picture, so that a
 * second frame is refused rather than left to the viewer's clock.
 */
import { latin1, Malformed } from '../../crypto/index.ts';
import type { Raster } from './raster.ts';

const MAX_PIXELS = 4_000_000;
const MAX_CODES = 4096;
/** Rows of the four passes of an interlaced picture: the first of each, and their distance. */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

/** @throws {Malformed} `gif` */
export function decodeGif(bytes: Uint8Array): Raster {
  const fail = (message: string): never => {
    throw new Malformed('gif', message);
  };
  if (!/^GIF8[79]a$/.test(latin1(bytes.subarray(0, 6)))) fail('not a GIF');
  let at = 6;
  const byte = (): number => bytes[at++] ?? fail('ends early');
  const word = (): number => byte() + 256 * byte();
  const block = (): Uint8Array => {
    const length = byte();
    if (at + length > bytes.length) fail('ends early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const table = (flags: number): Uint8Array | null => {
    if (!(flags & 0x80)) return null;
    const length = 3 * 2 ** ((flags & 7) + 1);
    if (at + length > bytes.length) fail('ends early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const [width, height] = [word(), word()];
  if (width * height === 0 || width * height > MAX_PIXELS) fail('size');
  const screen = byte();
  at += 2;
  const colours = table(screen);
  const raster: Raster = { width, height, data: new Uint8ClampedArray(4 * width * height) };
  let transparent = -1;
  let frames = 0;
  for (;;) {
    const kind = byte();
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      const control = byte() === 0xf9;
      for (let part = block(); part.length > 0; part = block()) {
        if (control) transparent = (part[0] as number) & 1 ? (part[3] ?? -1) : -1;
      }
      continue;
    }
    if (kind !== 0x2c) fail('a block of no kind');
    if (++frames > 1) fail('more than one frame');
    const place = { left: word(), top: word(), width: word(), height: word() };
    if (place.left + place.width > width || place.top + place.height > height) fail('frame');
    const flags = byte();
    const palette = table(flags) ?? colours ?? fail('no colours');
    const least = byte();
    const data: Uint8Array[] = [];
    for (let part = block(); part.length > 0; part = block()) data.push(part);
    const indices = unpack(data, least, place.width * place.height);
    paint(raster, place, indices, { palette, transparent, interlaced: (flags & 0x40) !== 0 });
  }
  if (frames === 0) fail('no picture');
  if (at !== bytes.length) fail('bytes after the end');
  return raster;
}

interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

function paint(
  raster: Raster,
  place: Place,
  indices: Uint8Array,
  how: { palette: Uint8Array; transparent: number; interlaced: boolean },
): void {
  const rows = how.interlaced ? interlacedRows(place.height) : null;
  for (let y = 0; y < place.height; y++) {
    const row = place.top + (rows ? (rows[y] as number) : y);
    for (let x = 0; x < place.width; x++) {
      const index = indices[y * place.width + x] as number;
      if (index === how.transparent) continue;
      if (3 * index + 2 >= how.palette.length) throw new Malformed('gif', 'a colour of no table');
      const to = 4 * (row * raster.width + place.left + x);
      for (let c = 0; c < 3; c++) raster.data[to + c] = how.palette[3 * index + c] as number;
      raster.data[to + 3] = 255;
    }
  }
}

function interlacedRows(height: number): number[] {
  return PASSES.flatMap(([first, step]) =>
    Array.from(
      { length: Math.max(0, Math.ceil((height - first) / step)) },
      (_, i) => first + i * step,
    ),
  );
}

/** LZW with codes of growing length, least significant bit first. */
function unpack(parts: readonly Uint8Array[], least: number, count: number): Uint8Array {
  if (least < 2 || least > 8) throw new Malformed('gif', 'code size');
  const clear = 1 << least;
  const [prefix, suffix] = [new Uint16Array(MAX_CODES), new Uint8Array(MAX_CODES)];
  const turned = new Uint8Array(MAX_CODES + 1);
  const out = new Uint8Array(count);
  let [filled, next, size, previous, first] = [0, clear + 2, least + 1, -1, 0];
  let [bits, buffer, ended] = [0, 0, false];
  for (let i = 0; i < clear; i++) suffix[i] = i;
  for (const part of parts) {
    for (const byte of part) {
      buffer |= byte << bits;
      bits += 8;
      while (bits >= size && !ended) {
        const code = buffer & ((1 << size) - 1);
        buffer >>>= size;
        bits -= size;
        if (code === clear) [next, size, previous] = [clear + 2, least + 1, -1];
        else if (code === clear + 1) ended = true;
        else {
          if (code > next || (code === next && previous < 0) || (code >= clear && previous < 0)) {
            throw new Malformed('gif', 'a code of no entry');
          }
          let length = 0;
          let walk = code;
          if (code === next) {
            turned[length++] = first;
            walk = previous;
          }
          while (walk >= clear) {
            turned[length++] = suffix[walk] as number;
            walk = prefix[walk] as number;
          }
          first = suffix[walk] as number;
          turned[length++] = first;
          if (filled + length > count) throw new Malformed('gif', 'too many pixels');
          while (length > 0) out[filled++] = turned[--length] as number;
          if (previous >= 0 && next < MAX_CODES) {
            prefix[next] = previous;
            suffix[next++] = first;
            if (next === 1 << size && size < 12) size++;
          }
          previous = code;
        }
      }
    }
  }
  if (filled !== count) throw new Malformed('gif', 'too few pixels');
  return out;
}
