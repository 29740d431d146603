/**
 * Fog (雾化章): what a copy or preview shows over its seal. It marks a copy, it does not hide a
 * seal; it is drawn in the copy's own rendering and never into a signed file.
 */
import type { Raster } from '../picture/index.ts';
import { boundCells, GRID } from './cells.ts';

export interface Fog {
  /** White of varying density, to be laid over the seal's box. */
  overlay: Raster;
}

/**
 * @param binding digest of the document and the copy's number: the same copy fogs the same way
 * @param degree 0 (nothing) to 1; between .6 and .8 is usual
 * @param px side of the overlay in pixels, at most 2048
 */
export async function fogOverlay(binding: Uint8Array, degree: number, px: number): Promise<Fog> {
  const cells = await boundCells(binding, 'fog');
  const size = Math.max(GRID, Math.min(2048, Math.round(px)));
  const depth = Math.max(0, Math.min(1, degree));
  const data = new Uint8ClampedArray(4 * size * size).fill(255);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const fine = smooth(cells, (x / size) * GRID, (y / size) * GRID);
      const coarse = smooth(cells, (x / size) * 9 + 20, (y / size) * 9 + 20);
      const distance = Math.hypot(x / size - 0.5, y / size - 0.5) / 0.5;
      const vignette = 0.85 + 0.15 * Math.min(1, distance);
      const density = depth * vignette * (0.86 + 0.3 * fine + 0.22 * coarse);
      data[4 * (y * size + x) + 3] = 255 * Math.max(0, Math.min(0.96, density));
    }
  }
  return { overlay: { width: size, height: size, data } };
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
