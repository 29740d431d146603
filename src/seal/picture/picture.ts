/** A seal's picture, whatever its type: how to draw it on a page, and its pixels for comparing. */
import { Malformed } from '../../crypto/index.ts';
import type { SealPicture } from '../data/index.ts';
import { drawingToOperators, type PictureOperators, PT_PER_MM } from './operators.ts';
import { decodePng } from './png.ts';
import type { Raster } from './raster.ts';
import { readSealSvg } from './seal-svg.ts';

export type PictureDrawing =
  | ({ kind: 'vector' } & PictureOperators)
  | { kind: 'image'; format: 'png' | 'jpeg'; data: Uint8Array; widthPt: number; heightPt: number };

/**
 * How a picture goes on a PDF page, at its true size: page content of a form XObject for our own
 * vectors, byte for byte the same each time; an image to embed for PNG and JPEG.
 * @returns null for types that are not drawn (GIF, BMP, ofd and others)
 * @throws {Malformed} `seal-svg`, `seal-picture` where the data is not of its type
 */
export function sealPictureOperators(picture: SealPicture): PictureDrawing | null {
  const { data } = picture;
  const widthPt = Math.round(picture.widthMm * PT_PER_MM * 100) / 100;
  const heightPt = Math.round(picture.heightMm * PT_PER_MM * 100) / 100;
  switch (picture.type.toUpperCase()) {
    case 'SVG': {
      const drawing = readSealSvg(data);
      if (drawing.widthMm !== picture.widthMm || drawing.heightMm !== picture.heightMm) {
        throw new Malformed('seal-picture', 'the picture is not of the size that the seal says');
      }
      return { kind: 'vector', ...drawingToOperators(drawing) };
    }
    case 'PNG':
      return { kind: 'image', format: 'png', data, widthPt, heightPt };
    case 'JPG':
    case 'JPEG':
      if (data[0] !== 0xff || data[1] !== 0xd8) throw new Malformed('seal-picture', 'not a JPEG');
      return { kind: 'image', format: 'jpeg', data, widthPt, heightPt };
    default:
      return null;
  }
}

/**
 * Pixels of a PNG picture, RGBA, for comparing with what a document shows.
 * @returns null for other types
 * @throws {Malformed} `png…`, `inflate…`
 */
export function decodePicture(picture: SealPicture): Raster | null {
  return picture.type.toUpperCase() === 'PNG' ? decodePng(picture.data) : null;
}
