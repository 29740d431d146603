/** From a scanned sheet to what its code says and what is printed under its seal. */
import type { PrintedTexture } from '../../../seal/texture/index.ts';
import { pixelsOf } from '../../workers/photo-pixels.ts';
import { readCode } from '../../workers/qr-client.ts';
import { readTexture } from '../../workers/texture-client.ts';
import { drawFirstPage } from '../enterprise/pdf-page.ts';
import { readToken, type ScannedToken } from './token.ts';

/** Longest edge that is looked at: A4 at 300 dpi and a margin. */
const EDGE = 3600;

export interface TextureScan {
  token: ScannedToken | null;
  /** Null where the code is none of a licence that says which seal to look for. */
  texture: PrintedTexture | null;
}

/** @throws where the file is no picture and no PDF that the browser can read */
export async function readSheet(
  file: Blob,
  progress: (code: string, done: number) => void,
): Promise<TextureScan> {
  progress('texture-open', 0);
  const image = await sheetOf(file);
  progress('texture-code', 0.1);
  const found = (await readCode(image, true)) ?? (await readSmaller(image));
  if (!found) return { token: null, texture: null };
  const token = await readToken(found.text);
  if (!token.licence) return { token, texture: null };
  const { corners, text } = found;
  const names = [token.licence.authority.zh];
  const texture = await readTexture({ image, corners, token: text, names }, progress);
  return { token, texture };
}

async function sheetOf(file: Blob): Promise<ImageData> {
  const head = new TextDecoder().decode(await file.slice(0, 5).arrayBuffer());
  if (head !== '%PDF-') return pixelsOf(file, EDGE);
  const { canvas } = await drawFirstPage(file, 300, EDGE);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** A noisy code reads better in fewer dots; its corners are those of the whole picture again. */
async function readSmaller(image: ImageData) {
  const bitmap = await createImageBitmap(image);
  const width = Math.round(image.width / 2);
  const height = Math.round(image.height / 2);
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const found = context && (await readCode(context.getImageData(0, 0, width, height), true));
  if (!found) return null;
  const corners = found.corners.map(({ x, y }) => ({
    x: (x * image.width) / width,
    y: (y * image.height) / height,
  }));
  return { ...found, corners };
}
