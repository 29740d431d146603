/**
 * Fog (雾化章): a seal as copies, previews and the screen show it: softened, and thinned by a pattern
 * that belongs to one copy of one document. It marks a copy, it does not prove one; it is drawn in
 * the copy's own rendering and never into a signed file.
 */
import type { Raster } from '../picture/index.ts';
import { gaussian } from './blur.ts';
import { boundCells, GRID } from './cells.ts';

/** Blur at full degree, as a share of the picture's width: letters of a round seal run together. */
const SOFTNESS = 0.034;
/** Ink that stays at least, so that a fogged seal is seen to be one. */
const LEAST = 0.04;

/**
 * The ink of a seal under fog.
 * @param ink RGBA with alpha as ink
 * @param binding digest of the document and the copy's number: the same copy fogs the same way
 * @param degree 0 (nothing) to 1; between .6 and .8 is usual
 */
export async function fogInk(ink: Raster, binding: Uint8Array, degree: number): Promise<Raster> {
  const cells = await boundCells(binding, 'fog');
  const { width, height } = ink;
  const depth = Math.max(0, Math.min(1, degree));
  const side = Math.max(width, height);
  const alpha = Float32Array.from({ length: width * height }, (_, i) => ink.data[4 * i + 3] ?? 0);
  const soft = depth === 0 ? alpha : gaussian(alpha, width, height, SOFTNESS * depth * side);
  const [r = 0, g = 0, b = 0] = colourOf(ink);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const thin = depth === 0 ? 1 : Math.max(LEAST, 1 - density(cells, x / side, y / side, depth));
      data.set([r, g, b, (soft[i] as number) * thin], 4 * i);
    }
  }
  return { width, height, data };
}

/** Of the fog at a place, both from 0 to 1: fine cells, coarse clouds, a soft vignette. */
function density(cells: Int8Array, x: number, y: number, depth: number): number {
  const fine = smooth(cells, x * GRID, y * GRID);
  const coarse = smooth(cells, x * 9 + 20, y * 9 + 20);
  const vignette = 0.85 + 0.15 * Math.min(1, Math.hypot(x - 0.5, y - 0.5) / 0.5);
  return depth * vignette * (0.86 + 0.3 * fine + 0.22 * coarse);
}

/** Cells blended into each other: −½ … ½. */
function smooth(cells: Int8Array, x: number, y: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const ease = (t: number) => t * t * (3 - 2 * t);
  const [fx, fy] = [ease(x - x0), ease(y - y0)];
  const at = (i: number, j: number) => cells[(j % GRID) * GRID + (i % GRID)] as number;
  const top = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
  const low = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
  return 0.5 * (top * (1 - fy) + low * fy);
}

/** Of the strongest ink. */
function colourOf({ data }: Raster): number[] {
  let at = 0;
  for (let i = 0; i < data.length; i += 4) {
    if ((data[i + 3] as number) > (data[at + 3] as number)) at = i;
    if (data[at + 3] === 255) break;
  }
  return [...data.subarray(at, at + 3)];
}

/** What fog spreads beyond a seal, as a share of its width. */
export const FOG_MARGIN = 0.1;

/** The ink with room on every side, so that its fog is not cut off at the box. */
export function withMargin({ width, height, data }: Raster): Raster {
  const margin = Math.round(FOG_MARGIN * width);
  const [w, h] = [width + 2 * margin, height + 2 * margin];
  const wide = new Uint8ClampedArray(4 * w * h);
  for (let y = 0; y < height; y++) {
    wide.set(data.subarray(4 * y * width, 4 * (y + 1) * width), 4 * ((y + margin) * w + margin));
  }
  return { width: w, height: h, data: wide };
}
