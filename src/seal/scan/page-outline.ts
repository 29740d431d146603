/** The outline of a sheet photographed on a darker table: its four corners. */
import type { Point } from './page-scale.ts';

/** Greatest red, green and blue of each block of a picture. */
export interface Blocks {
  readonly width: number;
  readonly height: number;
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  /** Side of a block in pixels of the planes. */
  readonly size: number;
}

export type Corners = readonly [Point, Point, Point, Point];

/** Table that is seen: at least this part of the picture, darker than the sheet by this factor. */
const LEAST_TABLE = 0.03;
const DARKER = 0.78;

export interface Sheet {
  /** Top left, top right, bottom right, bottom left in pixels of the planes; null unless all are seen. */
  readonly corners: Corners | null;
  /** One octet per block: 1 on a coloured table around the sheet; null where there is none. */
  readonly table: Uint8Array | null;
}

/** The sheet and the table around it; nothing of both where the sheet fills the picture. */
export function sheetOf(blocks: Blocks): Sheet {
  const { width: w, height: h } = blocks;
  const table = w < 24 || h < 24 ? null : tableOf(blocks);
  if (!table) return { corners: null, table: null };
  const corners = cornersOf(blocks, table);
  return { corners, table: corners || coloured(blocks, table) ? table : null };
}

/** Whether the dark part has a hue of its own: the shadow on a sheet has that of the sheet. */
function coloured({ red, green, blue }: Blocks, table: Uint8Array): boolean {
  const sums = [
    [0, 0, 0],
    [0, 0, 0],
  ] as const;
  table.forEach((is, i) => {
    const sum = sums[is ? 1 : 0] as [number, number, number];
    sum[0] += red[i] as number;
    sum[1] += green[i] as number;
    sum[2] += blue[i] as number;
  });
  const hue = ([r, g, b]: readonly number[]) =>
    [(r as number) / (g as number), (b as number) / (g as number)] as const;
  const [sheet, dark] = [hue(sums[0]), hue(sums[1])];
  return Math.abs(sheet[0] - dark[0]) > 0.12 || Math.abs(sheet[1] - dark[1]) > 0.12;
}

function cornersOf({ width: w, height: h, size }: Blocks, table: Uint8Array): Corners | null {
  const first = extremes(table, w, h);
  if (!first) return null;
  const lines = first.map((from, i) => edge(table, w, h, from, first[(i + 1) % 4] as Point));
  if (lines.some((line) => line === null)) return null;
  const corners = lines.map((line, i) => cross(lines[(i + 3) % 4] as Line, line as Line));
  const [a, b, c, d] = corners as [Point, Point, Point, Point];
  const inside = corners.every((p) => p && p[0] > -1 && p[1] > -1 && p[0] < w + 1 && p[1] < h + 1);
  if (!inside || !fills(table, w, h, [a, b, c, d])) return null;
  const up = ([x, y]: Point): Point => [x * size, y * size];
  return [up(a), up(b), up(c), up(d)];
}

/** Blocks of the table: the darker of two kinds of brightness, connected to the picture's edge. */
function tableOf({ width: w, height: h, red: data }: Blocks): Uint8Array | null {
  const histogram = new Uint32Array(256);
  for (const v of data)
    histogram[Math.min(255, v | 0)] = (histogram[Math.min(255, v | 0)] as number) + 1;
  const { threshold, low, high } = split(histogram, data.length);
  if (!(low < DARKER * high)) return null;
  const table = new Uint8Array(w * h);
  const queue: number[] = [];
  const take = (x: number, y: number) => {
    const i = y * w + x;
    if (x < 0 || y < 0 || x >= w || y >= h || table[i] || (data[i] as number) > threshold) return;
    table[i] = 1;
    queue.push(i);
  };
  for (let x = 0; x < w; x++) {
    take(x, 0);
    take(x, h - 1);
  }
  for (let y = 0; y < h; y++) {
    take(0, y);
    take(w - 1, y);
  }
  for (let head = 0; head < queue.length; head++) {
    const i = queue[head] as number;
    const [x, y] = [i % w, Math.floor(i / w)];
    take(x - 1, y);
    take(x + 1, y);
    take(x, y - 1);
    take(x, y + 1);
  }
  const part = queue.length / data.length;
  return part >= LEAST_TABLE && part < 0.8 ? table : null;
}

/** Otsu's threshold with the means on its two sides. */
function split(histogram: Uint32Array, total: number) {
  let sum = 0;
  histogram.forEach((n, v) => {
    sum += n * v;
  });
  let [best, threshold, low, high, count, below] = [-1, 0, 0, 255, 0, 0];
  for (let v = 0; v < 255; v++) {
    count += histogram[v] as number;
    below += v * (histogram[v] as number);
    if (count === 0 || count === total) continue;
    const [a, b] = [below / count, (sum - below) / (total - count)];
    const between = count * (total - count) * (b - a) * (b - a);
    if (between > best) [best, threshold, low, high] = [between, (a + b) / 2, a, b];
  }
  return { threshold, low, high };
}

/** Sheet blocks that lie furthest towards the four corners of the picture. */
function extremes(table: Uint8Array, w: number, h: number): Corners | null {
  const best = [0, 0, 0, 0].map(() => ({ reach: Number.NEGATIVE_INFINITY, at: [0, 0] as Point }));
  for (let y = 1; y < h - 1; y++) {
    for (let x = 1; x < w - 1; x++) {
      if (table[y * w + x] || !solid(table, w, x, y)) continue;
      [-x - y, x - y, x + y, y - x].forEach((reach, i) => {
        const known = best[i] as { reach: number; at: Point };
        if (reach > known.reach) Object.assign(known, { reach, at: [x + 0.5, y + 0.5] });
      });
    }
  }
  if (best.some(({ reach }) => reach === Number.NEGATIVE_INFINITY)) return null;
  return best.map(({ at }) => at) as unknown as Corners;
}

/** Sheet all around: no speck of light on the table. */
function solid(table: Uint8Array, w: number, x: number, y: number): boolean {
  let count = 0;
  for (let dy = -1; dy <= 1; dy++)
    for (let dx = -1; dx <= 1; dx++) count += table[(y + dy) * w + x + dx] as number;
  return count <= 5;
}

/** a·x + b·y = c, (a, b) of length 1. */
type Line = readonly [number, number, number];

/** The line of the sheet's edge between two corners that are roughly known. */
function edge(table: Uint8Array, w: number, h: number, from: Point, to: Point): Line | null {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length < 12) return null;
  const [nx, ny] = [dy / length, -dx / length];
  const points: Point[] = [];
  for (let k = 0.06; k < 0.94; k += 0.5 / length) {
    const [x, y] = [from[0] + k * dx, from[1] + k * dy];
    // From within the sheet outwards, to where the table begins.
    for (let d = -4; d <= 5; d += 0.25) {
      const [u, v] = [Math.floor(x + d * nx), Math.floor(y + d * ny)];
      if (u < 0 || v < 0 || u >= w || v >= h) break;
      if (table[v * w + u]) {
        points.push([x + d * nx, y + d * ny]);
        break;
      }
    }
  }
  if (points.length < 0.7 * (0.88 * 2 * length)) return null;
  let kept = points;
  let line: Line = [nx, ny, nx * from[0] + ny * from[1]];
  for (let round = 0; round < 3; round++) {
    line = through(kept);
    const off = kept.map(([x, y]) => Math.abs(line[0] * x + line[1] * y - line[2]));
    const limit = Math.max(0.8, 2.5 * ([...off].sort((a, b) => a - b)[off.length >> 1] as number));
    kept = kept.filter((_, i) => (off[i] as number) <= limit);
  }
  return kept.length > 0.75 * points.length ? line : null;
}

function through(points: readonly Point[]): Line {
  const n = points.length;
  const mx = points.reduce((sum, p) => sum + p[0], 0) / n;
  const my = points.reduce((sum, p) => sum + p[1], 0) / n;
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of points) {
    xx += (x - mx) ** 2;
    xy += (x - mx) * (y - my);
    yy += (y - my) ** 2;
  }
  const turn = 0.5 * Math.atan2(2 * xy, xx - yy);
  const [a, b] = [-Math.sin(turn), Math.cos(turn)];
  return [a, b, a * mx + b * my];
}

function cross([a, b, c]: Line, [d, e, f]: Line): Point | null {
  const det = a * e - b * d;
  return Math.abs(det) < 0.2 ? null : [(c * e - b * f) / det, (a * f - c * d) / det];
}

/** Hardly any table inside the outline, and hardly any sheet outside. */
function fills(table: Uint8Array, w: number, h: number, corners: Corners): boolean {
  let [inside, wrongInside, wrongOutside, sheet] = [0, 0, 0, 0];
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const within = contains(corners, x + 0.5, y + 0.5);
      const isTable = table[y * w + x] === 1;
      if (within) inside++;
      if (!isTable) sheet++;
      if (within && isTable) wrongInside++;
      if (!within && !isTable) wrongOutside++;
    }
  }
  return inside > 0.2 * w * h && wrongInside < 0.03 * inside && wrongOutside < 0.08 * sheet;
}

export function contains(corners: Corners, x: number, y: number): boolean {
  return corners.every((from, i) => {
    const to = corners[(i + 1) % 4] as Point;
    return (to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]) >= 0;
  });
}

/** How unequal opposite sides are: 1 from straight above, less the more slanted the view. */
export function convergence(corners: Corners): number {
  const side = (i: number) => {
    const [a, b] = [corners[i % 4] as Point, corners[(i + 1) % 4] as Point];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };
  const ratio = (a: number, b: number) => Math.min(a, b) / Math.max(a, b);
  return Math.min(ratio(side(0), side(2)), ratio(side(1), side(3)));
}
