/**
 * Whether a page may hand a seal's picture to the browser: it is of its type by its first octets, and
 * small enough that decoding it costs nothing. What a foreign seal carries is anybody's choice.
 */
import { Malformed } from '../../crypto/index.ts';
import type { SealPicture } from '../data/index.ts';
import { readSealSvg } from './seal-svg.ts';

/** A seal of 60 mm at 1200 dpi, and some. */
const MAX_PIXELS = 16_000_000;

/** Never throws; our own vectors must be of the canonical form. */
export function isShowable({ type, data }: Pick<SealPicture, 'type' | 'data'>): boolean {
  if (type.toUpperCase() === 'SVG') return isOwnSvg(data);
  const size = sizeOf(type.toUpperCase(), data);
  return size !== null && size[0] > 0 && size[1] > 0 && size[0] * size[1] <= MAX_PIXELS;
}

function isOwnSvg(data: Uint8Array): boolean {
  try {
    readSealSvg(data);
    return true;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return false;
  }
}

/** Width and height as the header says; null for another type or a header that is none. */
function sizeOf(type: string, data: Uint8Array): [number, number] | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const starts = (...head: number[]) => head.every((byte, i) => data[i] === byte);
  switch (type) {
    case 'PNG':
      return data.length >= 24 && starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
        ? [view.getUint32(16), view.getUint32(20)]
        : null;
    case 'GIF':
      return data.length >= 10 && starts(0x47, 0x49, 0x46, 0x38)
        ? [view.getUint16(6, true), view.getUint16(8, true)]
        : null;
    case 'BMP':
      return data.length >= 26 && starts(0x42, 0x4d)
        ? [Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true))]
        : null;
    case 'JPG':
    case 'JPEG':
      return starts(0xff, 0xd8) ? jpegSize(data, view) : null;
    default:
      return null;
  }
}

/** From the frame header (ITU-T T.81, B.2.2), past the segments before it. */
function jpegSize(data: Uint8Array, view: DataView): [number, number] | null {
  let at = 2;
  while (at + 9 <= data.length && data[at] === 0xff) {
    const marker = data[at + 1] as number;
    // SOF0 to SOF15, of which C4, C8 and CC are others.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return [view.getUint16(at + 7), view.getUint16(at + 5)];
    }
    if (marker === 0xff) at++;
    else at += 2 + view.getUint16(at + 2);
  }
  return null;
}
