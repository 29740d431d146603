/** The ink of a seal as pixels, whatever the picture is; and drawing it under fog. */
import type { Raster } from '../../../seal/index.ts';

/** A canvas with its context, off screen. */
export function sheet(width: number, height: number) {
  const canvas = new OffscreenCanvas(Math.max(1, width), Math.max(1, height));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  return { canvas, context };
}

const VERMILION = [0xdc, 0x14, 0x14] as const;

/**
 * Ink of a seal's picture.
 * @param px width of the result
 * @returns null for a type that cannot be read
 */
export async function inkOfPicture(
  data: Uint8Array | string,
  type: string,
  px: number,
): Promise<Raster | null> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  try {
    if (type.toLowerCase() === 'svg') {
      const { rasterise, readSealSvg } = await import('../../../seal/index.ts');
      return rasterise(readSealSvg(bytes), px);
    }
    const bitmap = await createImageBitmap(new Blob([bytes as BlobPart]));
    const height = Math.round((px * bitmap.height) / bitmap.width);
    const { context } = sheet(px, height);
    context.drawImage(bitmap, 0, 0, px, height);
    bitmap.close();
    const image = context.getImageData(0, 0, px, height);
    const ink = new Uint8ClampedArray(image.data.length);
    for (let i = 0; i < ink.length; i += 4) {
      const [, g = 0, b = 0, alpha = 0] = image.data.subarray(i, i + 4);
      ink.set([...VERMILION, ((255 - Math.min(g, b)) * alpha) / 255], i);
    }
    return { width: px, height, data: ink };
  } catch {
    return null;
  }
}

/** What a picture with a seal has that the one without it has not: the ink. */
export function inkBetween(sealed: ImageData, bare: ImageData): Raster {
  const { width, height } = sealed;
  const data = new Uint8ClampedArray(4 * width * height);
  let most = 1;
  for (let i = 0; i < data.length; i += 4) {
    let difference = 0;
    for (let c = 0; c < 3; c++) {
      const d = Math.abs((sealed.data[i + c] as number) - (bare.data[i + c] as number));
      difference = Math.max(difference, d);
    }
    data.set([...VERMILION, difference], i);
    most = Math.max(most, difference);
  }
  for (let i = 3; i < data.length; i += 4) data[i] = (255 * (data[i] as number)) / most;
  return { width, height, data };
}

/** The same ink, so many pixels wide. */
export function resized(ink: Raster, px: number): Raster {
  if (ink.width === px) return ink;
  const height = Math.max(1, Math.round((px * ink.height) / ink.width));
  const from = pictureOf(ink);
  const { context } = sheet(px, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(from, 0, 0, px, height);
  return { width: px, height, data: context.getImageData(0, 0, px, height).data };
}

/** As something that can be drawn. */
export function pictureOf({ width, height, data }: Raster): OffscreenCanvas {
  const { canvas, context } = sheet(width, height);
  context.putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}

/** The ink under fog, with the margin that fog takes, ready to be drawn. @param bound what the pattern belongs to */
export async function foggedPicture(
  ink: Raster,
  bound: Uint8Array,
  degree: number,
): Promise<OffscreenCanvas> {
  const { fogInk, withMargin } = await import('../../../seal/texture/index.ts');
  return pictureOf(await fogInk(withMargin(ink), bound, degree));
}

export async function digestOf(data: Uint8Array | string): Promise<Uint8Array> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource));
}

interface Surface {
  save(): void;
  restore(): void;
  rotate(angle: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { width: number };
  font: string;
  fillStyle: unknown;
}

/**
 * Who and when, faintly over everything.
 * @param text a line for every row in turn, so that a narrow cut still holds each of them
 * @param size of the letters, px
 */
export function drawTrace(
  context: Surface,
  { width, height }: { width: number; height: number },
  text: string,
  size: number,
  strength: number,
): void {
  context.save();
  context.font = `${size}px sans-serif`;
  context.fillStyle = `rgb(70 70 70 / ${strength})`;
  context.rotate(-Math.PI / 6);
  const lines = text.split('\n');
  const reach = Math.hypot(width, height);
  for (let row = 0, y = 0; y < 2 * reach; y += 4 * size, row++) {
    const line = lines[row % lines.length] as string;
    const step = context.measureText(line).width + 3 * size;
    for (let x = -reach - (row % 2) * (step / 2); x < reach; x += step) {
      context.fillText(line, x, y);
    }
  }
  context.restore();
}

/** The trace within the ink itself, so that whoever averages frames finds it too. */
export function traced(ink: Raster, text: string, size: number): Raster {
  const { width, height } = ink;
  const { context } = sheet(width, height);
  drawTrace(context, ink, text, size, 1);
  const marks = context.getImageData(0, 0, width, height).data;
  const data = ink.data.slice();
  for (let i = 3; i < data.length; i += 4) {
    data[i] = Math.max(data[i] as number, TRACE * (marks[i] as number));
  }
  return { width, height, data };
}

const TRACE = 0.22;
