/**
 * Whether a picture is whole: its structure is walked to the end, its pixels are not decoded. A
 * browser draws half of a picture that was cut off and says nothing.
 */
import { crc32 } from '../../seal/index.ts';

/** PNG (ISO/IEC 15948): header first, every checksum right, image data, the end mark. */
export function isWholePng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let data = false;
  for (let at = 8, first = true; at + 12 <= bytes.length; first = false) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) return false;
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if ((name === 'IHDR') !== first) return false;
    if (first && (view.getUint32(at + 8) === 0 || view.getUint32(at + 12) === 0)) return false;
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) return false;
    if (name === 'IDAT') data = true;
    if (name === 'IEND') return data;
    at = end + 4;
  }
  return false;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
/** Restart marks and stuffed bytes belong to the coded data (ITU-T T.81, B.1.1). */
const inScan = (mark: number): boolean => mark === 0 || (mark >= 0xd0 && mark <= 0xd7);
/** SOF0 to SOF15 without the tables and JPG that stand among them. */
const isFrame = (mark: number): boolean =>
  mark >= 0xc0 && mark <= 0xcf && mark !== 0xc4 && mark !== 0xc8 && mark !== 0xcc;

/** JPEG (ITU-T T.81): segments in order, a frame with a size, a scan, the end mark. */
export function isWholeJpeg(bytes: Uint8Array): boolean {
  let at = 2;
  let frame = false;
  let scan = false;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) return false;
    const mark = bytes[at + 1] as number;
    at += mark === 0xff ? 1 : 2;
    if (mark === 0xff) continue;
    if (mark === EOI) return frame && scan;
    if (mark === SOI || inScan(mark)) return false;
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (length < 2 || at + length > bytes.length) return false;
    if (isFrame(mark)) {
      const size = bytes.subarray(at + 3, at + 7);
      frame = length >= 8 && (size[2] !== 0 || size[3] !== 0);
    }
    at += length;
    if (mark !== SOS) continue;
    scan = true;
    while (at + 1 < bytes.length && (bytes[at] !== 0xff || inScan(bytes[at + 1] as number))) at++;
  }
  return false;
}
