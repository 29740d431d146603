/** QR codes (ISO/IEC 18004) as modules, and as a PNG with one bit a pixel. */
import { zlibSync } from 'fflate';
import { encode } from 'uqr';
import { concat, fromLatin1 } from '../crypto/index.ts';

export interface QrCode {
  /** 1 to 40. */
  version: number;
  /** Modules on a side, without quiet zone. */
  size: number;
  /** Rows from the top; true is dark. */
  modules: readonly (readonly boolean[])[];
}

/** Quiet zone in modules. */
export const QUIET = 4;

/** Error correction M: the best at a fixed printed size. */
export function qrCode(text: string): QrCode {
  const { version, size, data } = encode(text, { ecc: 'M', border: 0 });
  return { version, size, modules: data };
}

/** Runs of dark modules, row by row: few rectangles, no seams. */
export function qrRuns({ modules }: QrCode): { x: number; y: number; width: number }[] {
  const runs: { x: number; y: number; width: number }[] = [];
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const start = x;
      while (row[x + 1]) x++;
      runs.push({ x: start, y, width: x - start + 1 });
    }
  });
  return runs;
}

/** A black and white PNG with quiet zone; `scale` pixels per module. */
export function qrPng(code: QrCode, scale = 6): Uint8Array {
  const side = (code.size + 2 * QUIET) * scale;
  const stride = 1 + Math.ceil(side / 8);
  const rows = new Uint8Array(stride * side).fill(0xff);
  for (let y = 0; y < side; y++) {
    rows[y * stride] = 0;
    const row = code.modules[Math.floor(y / scale) - QUIET];
    for (let x = 0; row && x < side; x++) {
      if (!row[Math.floor(x / scale) - QUIET]) continue;
      const at = y * stride + 1 + (x >> 3);
      rows[at] = (rows[at] as number) & ~(0x80 >> (x & 7));
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, side);
  view.setUint32(4, side);
  header[8] = 1;
  return concat(
    fromLatin1('\x89PNG\r\n\x1a\n'),
    chunk('IHDR', header),
    chunk('IDAT', zlibSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  );
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat(fromLatin1(type), data);
  const out = new Uint8Array(body.length + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return out;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
