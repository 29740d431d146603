/** Places of connected ink that could be seals. */
import type { Plane } from './planes.ts';

export interface Candidate {
  /** Box in plane pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Pixels of ink. */
  readonly ink: number;
}

/** Ink above this counts (of 255). */
export const INK = 31;
/** Side of a cell: ink within a cell or in neighbouring cells is connected. */
const CELL = 4;
/** Narrower than this part of the picture's long side, ink is no seal. */
const LEAST = 0.045;

/** Connected ink above `level`, largest box first. */
export function candidatesIn(plane: Plane, level = INK): Candidate[] {
  const { width, height } = plane;
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const counts = countInk(plane, columns, rows, level);
  const found: Candidate[] = [];
  const seen = new Uint8Array(columns * rows);
  const queue = new Int32Array(columns * rows);
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || (counts[start] as number) < 2) continue;
    let [left, right, top, bottom, ink] = [columns, 0, rows, 0, 0];
    let [head, tail] = [0, 0];
    queue[tail++] = start;
    seen[start] = 1;
    while (head < tail) {
      const at = queue[head++] as number;
      const [cx, cy] = [at % columns, Math.floor(at / columns)];
      if (cx < left) left = cx;
      if (cx > right) right = cx;
      if (cy < top) top = cy;
      if (cy > bottom) bottom = cy;
      ink += counts[at] as number;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const [nx, ny] = [cx + dx, cy + dy];
          if (nx < 0 || ny < 0 || nx >= columns || ny >= rows) continue;
          const next = ny * columns + nx;
          if (seen[next] || (counts[next] as number) < 2) continue;
          seen[next] = 1;
          queue[tail++] = next;
        }
      }
    }
    const box = {
      x: left * CELL,
      y: top * CELL,
      width: (right - left + 1) * CELL,
      height: (bottom - top + 1) * CELL,
      ink,
    };
    if (side(box) >= LEAST * Math.max(width, height)) found.push(box);
  }
  found.sort((a, b) => side(b) - side(a));
  return found;
}

export const side = (box: { width: number; height: number }) => Math.max(box.width, box.height);

function countInk(
  { width, height, data }: Plane,
  columns: number,
  rows: number,
  level: number,
): Uint8Array {
  const counts = new Uint8Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / CELL) * columns;
    for (let x = 0, i = y * width; x < width; x++, i++) {
      if ((data[i] as number) > level) {
        const at = row + (x >> 2);
        counts[at] = (counts[at] as number) + 1;
      }
    }
  }
  return counts;
}

/** One box around all of them: pieces of a broken ring. */
export function around(boxes: readonly Candidate[]): Candidate | null {
  const [first, ...rest] = boxes;
  if (!first || rest.length === 0) return null;
  return rest.reduce((a, b) => {
    const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
    const right = Math.max(a.x + a.width, b.x + b.width);
    const bottom = Math.max(a.y + a.height, b.y + b.height);
    return { x, y, width: right - x, height: bottom - y, ink: a.ink + b.ink };
  }, first);
}
