/**
 * The texture of a printed sheet: where the seal is follows from where the code is, since both
 * stand at known places of one sheet. The answer is a hint: a colour copy of an original carries
 * its texture too, and a poor scan of an original may have lost it.
 */
import type { Raster } from '../picture/index.ts';
import { readTexture, type TexturePlace, type TextureReading } from './document-texture.ts';
import { placeSeal, type Scan } from './place-seal.ts';

export interface SheetPlaces {
  /** Box of the code with its quiet zone, millimetres from the top left corner of the sheet. */
  code: { x: number; y: number; side: number };
  seal: { cx: number; cy: number; diameter: number };
}

export interface PrintedTexture {
  /** `too-coarse` under 140 dpi, `no-seal` where none stands at its place in colour. */
  verdict: TextureReading['verdict'] | 'too-coarse' | 'no-seal';
  score: number | null;
  /** Correlation of what was found with the seal's own picture. */
  fit: number | null;
  /** Dots to an inch, by the size of the code. */
  dpi: number;
  place: TexturePlace;
}

/** Coarsest scan that is judged. */
const LEAST_DPI = 140;
/** A seal that fits worse is none, or none in colour. */
const LEAST_FIT = 0.5;

/**
 * @param corners of the code's modules in the scan, px: top left, top right, bottom right, bottom left
 * @param quiet share of the code's box that its quiet zone takes on each side
 * @param seal the seal's own picture, RGBA with alpha as ink
 * @param binding digest that the texture was drawn from
 */
export async function readPrintedTexture(
  scan: Scan & { data: Uint8Array | Uint8ClampedArray },
  corners: readonly { x: number; y: number }[],
  { code, seal: at }: SheetPlaces,
  quiet: number,
  seal: Raster,
  binding: Uint8Array,
): Promise<PrintedTexture> {
  const margin = code.side * quiet;
  const [left, top] = [code.x + margin, code.y + margin];
  const side = code.side - 2 * margin;
  const { scale, angle, toScan } = sheetToScan(corners, left, top, side);
  const [cx, cy] = toScan(at.cx, at.cy);
  const dpi = scale * 25.4;
  const expected = { cx, cy, diameter: at.diameter * scale, angle };
  if (dpi < LEAST_DPI) {
    return { verdict: 'too-coarse', score: null, fit: null, dpi, place: expected };
  }
  const { place, fit } = placeSeal(scan, expected, seal);
  if (fit < LEAST_FIT) return { verdict: 'no-seal', score: null, fit, dpi, place };
  const { score, verdict } = await readTexture(scan, place, seal, binding);
  return { verdict, score, fit, dpi, place };
}

/** The similarity that brings the code's corners nearest to where they were found. */
function sheetToScan(
  corners: readonly { x: number; y: number }[],
  left: number,
  top: number,
  side: number,
) {
  const [mx, my] = [left + side / 2, top + side / 2];
  const n = corners.length;
  const px = corners.reduce((sum, { x }) => sum + x, 0) / n;
  const py = corners.reduce((sum, { y }) => sum + y, 0) / n;
  const h = side / 2;
  const offsets = [
    [-h, -h],
    [h, -h],
    [h, h],
    [-h, h],
  ] as const;
  // a + ib is turn and scale: least squares over the four corners.
  let [a, b] = [0, 0];
  offsets.forEach(([u, v], i) => {
    const { x = 0, y = 0 } = corners[i] ?? {};
    a += u * (x - px) + v * (y - py);
    b += u * (y - py) - v * (x - px);
  });
  const power = 4 * 2 * h * h;
  [a, b] = [a / power, b / power];
  return {
    scale: Math.hypot(a, b),
    angle: (Math.atan2(b, a) * 180) / Math.PI,
    toScan: (x: number, y: number): [number, number] => [
      px + a * (x - mx) - b * (y - my),
      py + b * (x - mx) + a * (y - my),
    ],
  };
}
