/** From RGBA pixels to planes of ink: reduced, paper white taken out, one plane per colour question. */

import { type Blocks, type Corners, sheetOf } from './page-outline.ts';
import type { Point } from './page-scale.ts';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, rows from the top. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** One octet a pixel: 0 paper, 255 as much of it as there can be. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface Planes {
  /** Source pixels per plane pixel along a side. */
  readonly factor: number;
  /** Red ink: r − max(g, b), relative to the paper. */
  readonly red: Plane;
  /** Ink of any other colour: the greatest channel minus the least where red is not the greatest. */
  readonly other: Plane;
  /** Any ink: paper white minus the brightest channel. */
  readonly dark: Plane;
  /** Corners of the sheet in plane pixels, where it lies on a darker table. */
  readonly sheet: Corners | null;
}

/** The reduced picture keeps between 1500 and 3000 pixels on its long side. */
const LONG_SIDE = 1500;
const BLOCK = 8;

export function planesOf(source: Pixels): Planes {
  const factor = Math.max(1, Math.floor(Math.max(source.width, source.height) / LONG_SIDE));
  const reduced = reduce(source, factor);
  const { width, height, rgb } = reduced;
  const white = paperWhite(reduced);
  const sheet = sheetOf(white.blocks);
  const n = width * height;
  const [red, other, dark] = [new Uint8Array(n), new Uint8Array(n), new Uint8Array(n)];
  const [rowR, rowG, rowB] = [0, 1, 2].map(() => new Float32Array(width)) as Triple;
  const gain = [rowR, rowG, rowB] as const;
  for (let y = 0; y < height; y++) {
    // The white varies slowly: one row of gains serves a row of blocks.
    if (y % BLOCK === 0) {
      for (let c = 0; c < 3; c++) white.row(c, y + BLOCK / 2, gain[c] as Float32Array);
    }
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const r = (rgb[3 * i] as number) * (rowR[x] as number);
      const g = (rgb[3 * i + 1] as number) * (rowG[x] as number);
      const b = (rgb[3 * i + 2] as number) * (rowB[x] as number);
      const gb = g > b ? g : b;
      const difference = r - gb;
      if (difference > 0) red[i] = difference > 255 ? 255 : difference;
      else {
        const colour = gb - (r < g ? (r < b ? r : b) : g < b ? g : b);
        other[i] = colour > 255 ? 255 : colour;
      }
      const top = difference > 0 ? r : gb;
      if (top < 255) dark[i] = 255 - top;
    }
  }
  const { corners, table } = sheet;
  for (const data of [red, other, dark]) {
    if (corners) clearOutside(data, width, height, corners);
    else if (table) clearTable(data, width, height, table);
  }
  const plane = (data: Uint8Array): Plane => ({ width, height, data });
  return {
    factor,
    red: plane(red),
    other: plane(other),
    dark: plane(dark),
    sheet: corners,
  };
}

/** The table is no paper: nothing on it counts. */
function clearOutside(data: Uint8Array, width: number, height: number, sheet: Corners): void {
  for (let y = 0; y < height; y++) {
    let [left, right] = [width, 0];
    sheet.forEach(([x0, y0], i) => {
      const [x1, y1] = sheet[(i + 1) % 4] as Point;
      if (y0 > y !== y1 > y) {
        const x = x0 + ((y - y0) * (x1 - x0)) / (y1 - y0);
        left = Math.min(left, x);
        right = Math.max(right, x);
      }
    });
    data.fill(0, y * width, y * width + Math.min(width, Math.max(0, Math.ceil(left) + EDGE)));
    data.fill(
      0,
      y * width + Math.max(0, Math.min(width, Math.floor(right) - EDGE)),
      (y + 1) * width,
    );
  }
}

function clearTable(data: Uint8Array, width: number, height: number, table: Uint8Array): void {
  const columns = Math.ceil(width / BLOCK);
  const at = (x: number, y: number) =>
    table[Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK)] === 1;
  for (let y = 0; y < height; y++) {
    const [above, below] = [Math.max(0, y - EDGE), Math.min(height - 1, y + EDGE)];
    for (let x = 0; x < width; x++) {
      if ((data[y * width + x] as number) < 16) continue;
      const [left, right] = [Math.max(0, x - EDGE), Math.min(width - 1, x + EDGE)];
      if (at(left, above) || at(right, above) || at(left, below) || at(right, below))
        data[y * width + x] = 0;
    }
  }
}

/** The rim of the sheet is neither paper nor table. */
const EDGE = 5;

type Triple = [Float32Array, Float32Array, Float32Array];

interface Reduced {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** Mean of factor × factor pixels; a remainder at the right and bottom edge is left out. */
function reduce({ width: w, height: h, data }: Pixels, factor: number): Reduced {
  const width = Math.max(1, Math.floor(w / factor));
  const height = Math.max(1, Math.floor(h / factor));
  const rgb = new Uint8Array(3 * width * height);
  if (factor === 1) {
    for (let i = 0, o = 0, n = 4 * w * h; i < n; i += 4, o += 3) {
      rgb[o] = data[i] as number;
      rgb[o + 1] = data[i + 1] as number;
      rgb[o + 2] = data[i + 2] as number;
    }
    return { width, height, rgb };
  }
  const sums = new Uint32Array(3 * width);
  const share = 1 / (factor * factor);
  for (let y = 0, o = 0; y < height; y++) {
    sums.fill(0);
    for (let dy = 0; dy < factor; dy++) {
      let i = 4 * (y * factor + dy) * w;
      for (let k = 0; k < sums.length; k += 3) {
        let r = 0;
        let g = 0;
        let b = 0;
        for (let dx = 0; dx < factor; dx++, i += 4) {
          r += data[i] as number;
          g += data[i + 1] as number;
          b += data[i + 2] as number;
        }
        sums[k] = (sums[k] as number) + r;
        sums[k + 1] = (sums[k + 1] as number) + g;
        sums[k + 2] = (sums[k + 2] as number) + b;
      }
    }
    for (let k = 0; k < sums.length; k++, o++) rgb[o] = (sums[k] as number) * share;
  }
  return { width, height, rgb };
}

/**
 * Local white of the paper: the brightest of each block, the brightest of its surroundings (wide
 * enough to look past the star of a seal), smoothed. Answers gains that make the paper 255.
 */
function paperWhite({ width, height, rgb }: Reduced) {
  const [bw, bh] = [Math.ceil(width / BLOCK), Math.ceil(height / BLOCK)];
  const reach = Math.max(3, Math.round((0.07 * Math.max(width, height)) / BLOCK));
  const brightest = [0, 1, 2].map(() => new Float32Array(bw * bh)) as Triple;
  const [gridR, gridG, gridB] = brightest;
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / BLOCK) * bw;
    for (let x = 0; x < width; x++, i += 3) {
      const at = row + (x >> 3);
      const r = rgb[i] as number;
      const g = rgb[i + 1] as number;
      const b = rgb[i + 2] as number;
      if (r > (gridR[at] as number)) gridR[at] = r;
      if (g > (gridG[at] as number)) gridG[at] = g;
      if (b > (gridB[at] as number)) gridB[at] = b;
    }
  }
  const grids = brightest.map((grid) =>
    smooth(widest(grid, bw, bh, reach), bw, bh, Math.ceil(reach / 2)),
  );
  const blocks: Blocks = {
    width: bw,
    height: bh,
    red: gridR,
    green: gridG,
    blue: gridB,
    size: BLOCK,
  };
  const row = (c: number, y: number, out: Float32Array) => {
    const grid = grids[c] as Float32Array;
    const v = Math.min(bh - 1, Math.max(0, (y + 0.5) / BLOCK - 0.5));
    const top = Math.floor(v);
    const [a, b] = [top * bw, Math.min(bh - 1, top + 1) * bw];
    const fv = v - top;
    for (let x = 0; x < width; x++) {
      const u = Math.min(bw - 1, Math.max(0, (x + 0.5) / BLOCK - 0.5));
      const left = Math.floor(u);
      const right = Math.min(bw - 1, left + 1);
      const fu = u - left;
      const upper = (grid[a + left] as number) * (1 - fu) + (grid[a + right] as number) * fu;
      const lower = (grid[b + left] as number) * (1 - fu) + (grid[b + right] as number) * fu;
      out[x] = 255 / Math.max(40, upper * (1 - fv) + lower * fv);
    }
  };
  return { row, blocks };
}

/** Greatest value within `reach` cells, separably. */
function widest(grid: Float32Array, w: number, h: number, reach: number): Float32Array {
  const pass = (from: Float32Array, along: number, across: number, n: number, lines: number) => {
    const out = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < n; i++) {
        let best = 0;
        for (let k = Math.max(0, i - reach); k <= Math.min(n - 1, i + reach); k++) {
          const value = from[line * across + k * along] as number;
          if (value > best) best = value;
        }
        out[line * across + i * along] = best;
      }
    }
    return out;
  };
  return pass(pass(grid, 1, w, w, h), w, 1, h, w);
}

/** Mean within `reach` cells, separably. */
function smooth(grid: Float32Array, w: number, h: number, reach: number): Float32Array {
  const pass = (from: Float32Array, along: number, across: number, n: number, lines: number) => {
    const out = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < n; i++) {
        let [sum, count] = [0, 0];
        for (let k = Math.max(0, i - reach); k <= Math.min(n - 1, i + reach); k++, count++) {
          sum += from[line * across + k * along] as number;
        }
        out[line * across + i * along] = sum / count;
      }
    }
    return out;
  };
  return pass(pass(grid, 1, w, w, h), w, 1, h, w);
}

/** Bilinear value at a point; 0 outside. */
export function sample({ width, height, data }: Plane, x: number, y: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  if (x0 < 0 || y0 < 0 || x0 + 1 >= width || y0 + 1 >= height) return 0;
  const i = y0 * width + x0;
  const [fx, fy] = [x - x0, y - y0];
  const top = (data[i] as number) * (1 - fx) + (data[i + 1] as number) * fx;
  const low = (data[i + width] as number) * (1 - fx) + (data[i + width + 1] as number) * fx;
  return top * (1 - fy) + low * fy;
}
