/** Drawings as pixels: a small scanline rasteriser with exact area coverage. */
import type { DrawingCommand, SealDrawing } from './drawing.ts';
import { PER_MM } from './drawing.ts';

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** RGBA, not premultiplied, rows from the top. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * @param px width of the result in pixels (1 … 4096); the height follows
 * @returns transparent where nothing is drawn
 */
export function rasterise(drawing: SealDrawing, px: number): Raster {
  const width = Math.min(4096, Math.max(1, Math.round(px)));
  const height = Math.max(1, Math.round((width * drawing.heightMm) / drawing.widthMm));
  const data = new Uint8ClampedArray(4 * width * height);
  const scale = width / (drawing.widthMm * PER_MM);
  const area = new Float32Array(width * height + 1);
  for (const path of drawing.paths) {
    area.fill(0);
    traceEdges(path.commands, scale, (x0, y0, x1, y1) => {
      accumulate(area, width, height, x0, y0, x1, y1);
    });
    paint(area, data, width, path.fill);
  }
  return { width, height, data };
}

type Edge = (x0: number, y0: number, x1: number, y1: number) => void;

/** Straight pieces of a path, curves cut finely enough for a quarter pixel. */
function traceEdges(commands: readonly DrawingCommand[], scale: number, edge: Edge): void {
  let [x, y, startX, startY] = [0, 0, 0, 0];
  const to = (nx: number, ny: number) => {
    if (ny !== y) edge(x, y, nx, ny);
    [x, y] = [nx, ny];
  };
  for (const { op, at } of commands) {
    const p = at.map((value) => value * scale);
    if (op === 'M') {
      [x, y] = p as [number, number];
      [startX, startY] = [x, y];
    } else if (op === 'L') to(p[0] as number, p[1] as number);
    else if (op === 'Z') to(startX, startY);
    else curve([x, y, ...p], to);
  }
}

function curve(p: number[], to: (x: number, y: number) => void): void {
  const reach = p.reduce((sum, v, i) => sum + (i < 2 ? 0 : Math.abs(v - (p[i - 2] as number))), 0);
  const steps = Math.min(64, Math.max(2, Math.ceil(Math.sqrt(reach) * 1.5)));
  for (let i = 1; i <= steps; i++) {
    const t = i / steps;
    let q = p;
    while (q.length > 2) q = q.slice(2).map((v, k) => (q[k] as number) * (1 - t) + v * t);
    to(q[0] as number, q[1] as number);
  }
}

/**
 * Adds an edge's signed area to the cells right of it: the running sum over a row is then the
 * winding-weighted coverage of each pixel.
 */
function accumulate(
  area: Float32Array,
  width: number,
  height: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  const direction = y0 < y1 ? 1 : -1;
  const [ax, ay, bx, by] = y0 < y1 ? [x0, y0, x1, y1] : [x1, y1, x0, y0];
  const slope = (bx - ax) / (by - ay);
  const last = Math.min(height, Math.ceil(by));
  for (let row = Math.max(0, Math.floor(ay)); row < last; row++) {
    const top = Math.max(ay, row);
    const bottom = Math.min(by, row + 1);
    if (bottom <= top) continue;
    const cover = direction * (bottom - top);
    const xa = clamp(ax + (top - ay) * slope, width);
    const xb = clamp(ax + (bottom - ay) * slope, width);
    const [left, right] = xa < xb ? [xa, xb] : [xb, xa];
    const base = row * width;
    const first = Math.floor(left);
    const end = Math.ceil(right);
    if (end <= first + 1) {
      // Within one pixel column.
      const middle = (left + right) / 2 - first;
      add(area, base, width, first, cover * (1 - middle));
      add(area, base, width, first + 1, cover * middle);
      continue;
    }
    // Across columns: each is covered by what lies left of it and by its own part of the edge.
    const perColumn = cover / (right - left);
    let [passed, previous] = [0, 0];
    for (let column = first; column < end; column++) {
      const from = Math.max(left, column);
      const till = Math.min(right, column + 1);
      const share = perColumn * (till - from);
      const covered = passed + share * (column + 1 - (from + till) / 2);
      add(area, base, width, column, covered - previous);
      passed += share;
      previous = covered;
    }
    add(area, base, width, end, cover - previous);
  }
}

function add(area: Float32Array, base: number, width: number, column: number, value: number): void {
  if (column < width) area[base + column] = (area[base + column] as number) + value;
}

const clamp = (x: number, width: number) => Math.max(0, Math.min(x, width));

function paint(area: Float32Array, data: Uint8ClampedArray, width: number, fill: string): void {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(fill.slice(at, at + 2), 16));
  const n = data.length / 4;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (i % width === 0) sum = 0;
    sum += area[i] as number;
    const alpha = Math.min(1, Math.abs(sum));
    if (alpha < 0.002) continue;
    const at = 4 * i;
    const under = (data[at + 3] as number) / 255;
    const over = alpha + under * (1 - alpha);
    const mix = (c: number, k: number) =>
      (c * alpha + (data[at + k] as number) * under * (1 - alpha)) / over;
    data[at] = mix(r as number, 0);
    data[at + 1] = mix(g as number, 1);
    data[at + 2] = mix(b as number, 2);
    data[at + 3] = over * 255;
  }
}
