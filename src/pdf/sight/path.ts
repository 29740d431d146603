/** The current path (ISO 32000-2, 8.5.2), as far as it consists of upright rectangles. */
import { type Box, boxUnder, keepsAxes, type Matrix, overlap } from './geometry.ts';

type Point = readonly [x: number, y: number];
/** More rectangles than this in one path are not told apart from other shapes. */
const MAX_RECTANGLES = 60;
/** A rectangle has four corners and may come back to the first. */
const CORNERS = 5;
const NEAR = 0.01;
const NOWHERE: Box = [Infinity, Infinity, -Infinity, -Infinity];

export class Path {
  /** Rectangles, in page space. */
  #rectangles: Box[] = [];
  /** Corners of the open subpath, as long as it may be a rectangle. */
  #points: Point[] = [];
  /** Something else than upright rectangles that lie apart. */
  #other = false;
  #left = Infinity;
  #bottom = Infinity;
  #right = -Infinity;
  #top = -Infinity;

  rectangle(ctm: Matrix, x: number, y: number, w: number, h: number): void {
    this.#close();
    const [right, top] = [Math.max(x, x + w), Math.max(y, y + h)];
    const box = boxUnder([Math.min(x, x + w), Math.min(y, y + h), right, top], ctm);
    this.#grow(box[0], box[1]);
    this.#grow(box[2], box[3]);
    if (!keepsAxes(ctm) || this.#rectangles.length >= MAX_RECTANGLES) this.#other = true;
    else this.#rectangles.push(box);
  }

  move(ctm: Matrix, x: number, y: number): void {
    this.#close();
    this.line(ctm, x, y);
  }

  line(ctm: Matrix, x: number, y: number): void {
    const [px, py] = [ctm[0] * x + ctm[2] * y + ctm[4], ctm[1] * x + ctm[3] * y + ctm[5]];
    this.#grow(px, py);
    if (this.#points.length > CORNERS) this.#other = true;
    if (!this.#other) this.#points.push([px, py]);
  }

  /** Points of the curve from the current one on: it stays within the box around them. */
  curve(ctm: Matrix, ...xy: readonly number[]): void {
    this.#other = true;
    for (let i = 0; i + 1 < xy.length; i += 2) this.line(ctm, xy[i] as number, xy[i + 1] as number);
  }

  /** The rectangles where there is nothing else, the box around all, and a new path. */
  take(): { rectangles: readonly Box[] | null; box: Box | null } {
    this.#close();
    const all: Box = [this.#left, this.#bottom, this.#right, this.#top];
    const list = this.#rectangles;
    const plain =
      !this.#other && list.every((a, i) => list.every((b, k) => k <= i || !overlap(a, b)));
    this.#rectangles = [];
    this.#points = [];
    this.#other = false;
    [this.#left, this.#bottom, this.#right, this.#top] = NOWHERE;
    return { rectangles: plain ? list : null, box: all[0] <= all[2] ? all : null };
  }

  #close(): void {
    const points = this.#points;
    if (points.length > 1) {
      const box = rectangleOf(points);
      if (box && this.#rectangles.length < MAX_RECTANGLES) this.#rectangles.push(box);
      else this.#other = true;
    }
    if (points.length > 0) this.#points = [];
  }

  #grow(x: number, y: number): void {
    if (x < this.#left) this.#left = x;
    if (x > this.#right) this.#right = x;
    if (y < this.#bottom) this.#bottom = y;
    if (y > this.#top) this.#top = y;
  }
}

/** The upright rectangle that the points go round once; null for any other shape. */
function rectangleOf(points: readonly Point[]): Box | null {
  const closed = points.length === CORNERS && near(points[0] as Point, points[4] as Point);
  const ring = closed ? points.slice(0, 4) : points;
  if (ring.length !== 4) return null;
  const turns = ring.every(([x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % 4] as Point;
    return Math.abs(x - nextX) < NEAR !== Math.abs(y - nextY) < NEAR;
  });
  const [[ax, ay], , [bx, by]] = ring as [Point, Point, Point];
  if (!turns || Math.abs(ax - bx) < NEAR || Math.abs(ay - by) < NEAR) return null;
  return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}

function near([ax, ay]: Point, [bx, by]: Point): boolean {
  return Math.abs(ax - bx) < NEAR && Math.abs(ay - by) < NEAR;
}
