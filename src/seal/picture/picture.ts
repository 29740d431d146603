/** A seal's picture, whatever its type: how to draw it on a page, and its pixels for comparing. */
import { Malformed } from '../../crypto/index.ts';
import type { SealPicture } from '../data/index.ts';
import { decodeBmp } from './bmp.ts';
import { decodeGif } from './gif.ts';
import { drawingToOperators, type PictureOperators, PT_PER_MM } from './operators.ts';
import { decodePng, encodePng } from './png.ts';
import type { Raster } from './raster.ts';
import { readSealSvg } from './seal-svg.ts';

export type PictureDrawing =
  | ({ kind: 'vector' } & PictureOperators)
  | { kind: 'image'; format: 'png' | 'jpeg'; data: Uint8Array; widthPt: number; heightPt: number };

/**
 * How a picture goes on a PDF page, at its true size: page content of a form XObject for our own
 * vectors, byte for byte the same each time; an image to embed for PNG, JPEG, GIF and BMP.
 * @returns null for types that are not drawn (ofd and others)
 * @throws {Malformed} `seal-svg`, `seal-picture`, `gif`, `bmp` where the data is not of its type
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
    case 'GIF':
    case 'BMP': {
      const png = encodePng(decodePicture(picture) as Raster);
      return { kind: 'image', format: 'png', data: png, widthPt, heightPt };
    }
    default:
      return null;
  }
}

/**
 * Pixels of a picture, RGBA, for comparing with what a document shows.
 * @returns null for types that are not made of comparable pixels
 * @throws {Malformed} `png…`, `inflate…`, `gif`, `bmp`
 */
export function decodePicture({ type, data }: SealPicture): Raster | null {
  switch (type.toUpperCase()) {
    case 'PNG':
      return decodePng(data);
    case 'GIF':
      return decodeGif(data);
    case 'BMP':
      return decodeBmp(data);
    default:
      return null;
  }
}
