/**
 * A tint of cells inside the ring of a printed seal, bound to the document's digest, and reading it
 * back from a scan. It says that this seal was drawn for this document, never that the sheet is
 * the original: whoever has the digest can draw it, and a copier copies it.
 */

import type { Raster } from '../picture/index.ts';
import { type DrawingCommand, PER_MM, type SealDrawing } from '../picture/index.ts';
import { boundCells, GRID } from './cells.ts';

/** Share of vermilion in a tinted cell. */
const DEPTH = 0.2;
const PURPOSE = 'document texture';

/**
 * The tint as a drawing of its own, to be placed under the seal.
 * @param binding digest of the document, known before the seal is drawn
 */
export async function texturePaths(
  seal: Pick<SealDrawing, 'widthMm' | 'heightMm'>,
  binding: Uint8Array,
): Promise<SealDrawing> {
  const cells = await boundCells(binding, PURPOSE);
  const { widthMm, heightMm } = seal;
  const commands: DrawingCommand[] = [];
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      // Runs of cells are drawn as one box.
      if ((cells[row * GRID + column] as number) < 0 || !inRing(column, row)) continue;
      const start = column;
      while (column + 1 < GRID && on(cells, column + 1, row) && inRing(column + 1, row)) column++;
      commands.push(...box(start, row, column + 1, row + 1, widthMm, heightMm));
    }
  }
  return { widthMm, heightMm, paths: [{ fill: tint(), commands }] };
}

const on = (cells: Int8Array, column: number, row: number) =>
  (cells[row * GRID + column] as number) > 0;

/** Cells whose middle lies well inside the border. */
function inRing(column: number, row: number): boolean {
  const [x, y] = [(column + 0.5) / GRID - 0.5, (row + 0.5) / GRID - 0.5];
  return x * x + y * y < 0.46 * 0.46;
}

function tint(): string {
  const mixed = [0xdc, 0x14, 0x14].map((c) => Math.round(255 - DEPTH * (255 - c)));
  return `#${mixed.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
}

function box(x0: number, y0: number, x1: number, y1: number, w: number, h: number) {
  const x = (v: number) => Math.round((v / GRID) * w * PER_MM);
  const y = (v: number) => Math.round((v / GRID) * h * PER_MM);
  const at = (op: 'M' | 'L', px: number, py: number): DrawingCommand => ({ op, at: [px, py] });
  return [
    at('M', x(x0), y(y0)),
    at('L', x(x1), y(y0)),
    at('L', x(x1), y(y1)),
    at('L', x(x0), y(y1)),
    { op: 'Z', at: [] } as DrawingCommand,
  ];
}

export interface TextureReading {
  /** Correlation with the expected cells, −1 … 1. */
  score: number;
  verdict: 'matches' | 'cannot-tell' | 'does-not-match';
}

/** Above it matches, below it does not; between nobody can tell. Read off simulations. */
const MATCH = 0.25;
const MISMATCH = 0.12;

export interface TexturePlace {
  /** Centre and diameter of the seal in the scan, px. */
  cx: number;
  cy: number;
  diameter: number;
  /** Degrees clockwise; ±1.5° around it are tried. */
  angle: number;
}

/**
 * Compares a scan with the texture of a document.
 * @param scan RGBA, at least 150 dpi for a seal of 42 mm
 * @param seal the seal's own picture, RGBA, which is taken out first
 */
export async function readTexture(
  scan: { width: number; height: number; data: Uint8Array | Uint8ClampedArray },
  place: TexturePlace,
  seal: Raster,
  binding: Uint8Array,
): Promise<TextureReading> {
  const cells = await boundCells(binding, PURPOSE);
  let score = -1;
  for (let turn = -1.5; turn <= 1.5; turn += 0.5) {
    for (const scale of [0.994, 1, 1.006]) {
      const placed = { ...place, angle: place.angle + turn, diameter: place.diameter * scale };
      score = Math.max(score, correlate(cellMeans(scan, placed, seal), cells));
    }
  }
  const verdict = score >= MATCH ? 'matches' : score <= MISMATCH ? 'does-not-match' : 'cannot-tell';
  return { score, verdict };
}

const SAMPLES = 4;

/** Redness of each cell where the seal's own ink leaves it free; NaN elsewhere. */
function cellMeans(
  { width, height, data }: { width: number; height: number; data: ArrayLike<number> },
  { cx, cy, diameter, angle }: TexturePlace,
  seal: Raster,
): Float32Array {
  const means = new Float32Array(GRID * GRID).fill(Number.NaN);
  const turn = (angle * Math.PI) / 180;
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      if (!inRing(column, row)) continue;
      let [sum, count] = [0, 0];
      for (let k = 0; k < SAMPLES * SAMPLES; k++) {
        const u = (column + ((k % SAMPLES) + 0.5) / SAMPLES) / GRID;
        const v = (row + (Math.floor(k / SAMPLES) + 0.5) / SAMPLES) / GRID;
        if (inked(seal, u, v)) continue;
        const [dx, dy] = [(u - 0.5) * diameter, (v - 0.5) * diameter];
        const x = Math.round(cx + dx * cos - dy * sin - 0.5);
        const y = Math.round(cy + dx * sin + dy * cos - 0.5);
        if (x < 0 || y < 0 || x >= width || y >= height) continue;
        const i = 4 * (y * width + x);
        const [r, g, b] = [data[i] as number, data[i + 1] as number, data[i + 2] as number];
        // Black text tells nothing.
        if (r < 110) continue;
        sum += r - Math.max(g, b);
        count++;
      }
      if (count >= 3) means[row * GRID + column] = sum / count;
    }
  }
  return means;
}

/** Whether the seal has ink there, or close enough for its blur to reach. */
function inked({ width, height, data }: Raster, u: number, v: number): boolean {
  const reach = Math.max(1, Math.round(0.006 * width));
  const [x, y] = [Math.floor(u * width), Math.floor(v * height)];
  for (const [dx, dy] of [
    [0, 0],
    [reach, 0],
    [-reach, 0],
    [0, reach],
    [0, -reach],
  ] as const) {
    const [px, py] = [x + dx, y + dy];
    if (px < 0 || py < 0 || px >= width || py >= height) continue;
    if ((data[4 * (py * width + px) + 3] as number) > 40) return true;
  }
  return false;
}

/** Pearson's correlation, after taking out what varies slowly (shadow, uneven paper). */
function correlate(means: Float32Array, cells: Int8Array): number {
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const i = row * GRID + column;
      if (Number.isNaN(means[i])) continue;
      const x = (means[i] as number) - neighbourhood(means, column, row);
      const y = cells[i] as number;
      const limited = Math.max(-40, Math.min(40, x));
      n++;
      sx += limited;
      sy += y;
      sxx += limited * limited;
      syy += y * y;
      sxy += limited * y;
    }
  }
  if (n < 200) return 0;
  const spread = Math.sqrt((sxx - (sx * sx) / n) * (syy - (sy * sy) / n));
  return spread === 0 ? 0 : (sxy - (sx * sy) / n) / spread;
}

function neighbourhood(means: Float32Array, column: number, row: number): number {
  let [sum, count] = [0, 0];
  for (let y = Math.max(0, row - 3); y <= Math.min(GRID - 1, row + 3); y++) {
    for (let x = Math.max(0, column - 3); x <= Math.min(GRID - 1, column + 3); x++) {
      const value = means[y * GRID + x] as number;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
  }
  return sum / count;
}
