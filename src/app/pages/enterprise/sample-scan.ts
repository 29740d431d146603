/** For a pilot: the letter as if it had been stamped and scanned, with the seal that was asked for. */
import { drawFirstPage } from './pdf-page.ts';

const A4_WIDTH_MM = 210;
/** Millimetres on the letter where the seal is to stand: centre of the circle. */
const CIRCLE = { cx: 63, cy: 226 };
const DPI = 200;
/** A hand never stamps quite upright. */
const TURN = 0.07;

export async function sampleScan(letter: Uint8Array, svg: string): Promise<Blob> {
  const { canvas } = await drawFirstPage(new Blob([letter as BlobPart]), DPI);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  const perMm = canvas.width / A4_WIDTH_MM;
  const pixels = (side: 'width' | 'height') =>
    Math.round(Number(new RegExp(`${side}="([\\d.]+)mm"`).exec(svg)?.[1] ?? 40) * perMm);
  const [width, height] = [pixels('width'), pixels('height')];
  const picture = await imageOf(svg, width, height);
  context.globalCompositeOperation = 'multiply';
  context.translate(CIRCLE.cx * perMm, CIRCLE.cy * perMm);
  context.rotate(TURN);
  context.drawImage(picture, -width / 2, -height / 2, width, height);
  return canvas.convertToBlob({ type: 'image/png' });
}

async function imageOf(svg: string, width: number, height: number): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}
