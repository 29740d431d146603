/**
 * Oval and square outlines in the normal form of a circle: an oval is stretched into one, a square
 * is measured by its greatest coordinate, so that everything said of rings can be said of them.
 */
import type { Point } from './page-scale.ts';
import { type Plane, sample } from './planes.ts';
import { angleOf, RAYS, type Ring, radiusAt } from './ring.ts';

/** What an enterprise may ask for. */
export type SealShape = 'round' | 'oval' | 'square';

/** Plane pixels; half axes along and across the direction `angle` (radians). */
export interface Outline {
  readonly kind: 'oval' | 'square';
  readonly cx: number;
  readonly cy: number;
  readonly a: number;
  readonly b: number;
  readonly angle: number;
}

/** Radius of the circle that an outline becomes: of about the same area. */
export const normalRadius = ({ a, b }: Outline) => Math.sqrt(a * b);

/** From the normal form, relative to its centre in radii, to plane pixels. */
function placeOf({ kind, cx, cy, a, b, angle }: Outline, x: number, y: number): Point {
  const d = Math.hypot(x, y);
  const greatest = Math.max(Math.abs(x), Math.abs(y));
  const scale = kind === 'square' && greatest > 0 ? d / greatest : 1;
  const [u, v] = [a * x * scale, b * y * scale];
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return [cx + u * cos - v * sin, cy + u * sin + v * cos];
}

/** @param half of the side of the normal picture, pixels */
export function normalPlane(plane: Plane, outline: Outline, half: number): Plane {
  const radius = normalRadius(outline);
  const side = 2 * half;
  const data = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [u, v] = [(x + 0.5 - half) / radius, (y + 0.5 - half) / radius];
      const [px, py] = placeOf(outline, u, v);
      data[y * side + x] = sample(plane, px - 0.5, py - 0.5);
    }
  }
  return { width: side, height: side, data };
}

/** The border that was fitted in the normal picture, back in plane pixels, a point per ray. */
export function borderOf(outline: Outline, ring: Ring, side: number): Point[] {
  const radius = normalRadius(outline);
  return Array.from(ring.border, (seen, ray) => {
    const angle = angleOf(ray);
    // A square's turn is seen in its border alone; where nothing was seen, the ring goes on.
    const fitted = outline.kind === 'oval' || Number.isNaN(seen);
    const d = fitted ? radiusAt(ring, angle) : seen;
    const x = (ring.cx + d * Math.cos(angle) - side / 2) / radius;
    const y = (ring.cy + d * Math.sin(angle) - side / 2) / radius;
    return placeOf(outline, x, y);
  });
}

/** The outline itself, a point per ray. */
export function pointsOf(outline: Outline): Point[] {
  return Array.from({ length: RAYS }, (_, ray) => {
    const angle = angleOf(ray);
    return placeOf(outline, Math.cos(angle), Math.sin(angle));
  });
}

/** Ends of the long axis, then of the short one; of a square, the middles of its sides. */
export function axesOf(outline: Outline): [Point, Point, Point, Point] {
  const end = (x: number, y: number) => placeOf(outline, x, y);
  return [end(1, 0), end(-1, 0), end(0, 1), end(0, -1)];
}

/** Diameter of the circle around it. */
export const spanAround = ({ kind, a, b }: Outline) =>
  2 * (kind === 'oval' ? Math.max(a, b) : Math.hypot(a, b));

/** @returns null where the points are too few or lie on a line */
export function outlineThrough(points: readonly Point[], kind: Outline['kind']): Outline | null {
  if (points.length < 40) return null;
  const outline = kind === 'oval' ? ovalThrough(points) : squareThrough(points);
  return Math.min(outline.a, outline.b) > 8 ? outline : null;
}

/** Second moments: the points lie evenly around, once the normal form is near a circle. */
function ovalThrough(points: readonly Point[]): Outline {
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [cx, cy] = [mean(([x]) => x), mean(([, y]) => y)];
  const xx = mean(([x]) => (x - cx) ** 2);
  const yy = mean(([, y]) => (y - cy) ** 2);
  const xy = mean(([x, y]) => (x - cx) * (y - cy));
  const [half, spread] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  const a = Math.sqrt(2 * (half + spread));
  const b = Math.sqrt(2 * Math.max(0, half - spread));
  return { kind: 'oval', cx, cy, a, b, angle };
}

/** The direction in which the points fill the least box, coarsely and then finely. */
function squareThrough(points: readonly Point[]): Outline {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  const look = (from: number, till: number, step: number) => {
    for (let degrees = from; degrees < till; degrees += step) {
      const { a, b } = boxAt(points, degrees, STRAY);
      if (a * b < least) [best, least] = [degrees, a * b];
    }
  };
  look(0, 90, 2);
  look(best - 2, best + 2, 0.1);
  return boxAt(points, best, EIGHTH);
}

/** Part of the points on either side that may stray from the border. */
const STRAY = 0.03;
/** A quarter of the points stands on each side: the middle one of them tells where the side is. */
const EIGHTH = 0.125;

function boxAt(points: readonly Point[], degrees: number, beyond: number): Outline {
  const angle = (degrees * Math.PI) / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const side = (along: (point: Point) => number) => {
    const sorted = Float64Array.from(points, along).sort();
    const value = (part: number) => sorted[Math.round(part * (sorted.length - 1))] as number;
    return [value(beyond), value(1 - beyond)] as const;
  };
  const [left, right] = side(([x, y]) => x * cos + y * sin);
  const [top, bottom] = side(([x, y]) => -x * sin + y * cos);
  const [u, v] = [(left + right) / 2, (top + bottom) / 2];
  const [cx, cy] = [u * cos - v * sin, u * sin + v * cos];
  return { kind: 'square', cx, cy, a: (right - left) / 2, b: (bottom - top) / 2, angle };
}
