/** A seal as it was found, of whatever shape: where it stands, and the ring that its measures are taken on. */
import type { Candidate } from './candidates.ts';
import { type Point, spanOf } from './page-scale.ts';
import type { Plane, Planes } from './planes.ts';
import { angleOf, axisRatio, RAYS, type Ring, radiusAt } from './ring.ts';
import {
  axesOf,
  normalPlane,
  normalRadius,
  pointsOf,
  type SealShape,
  spanAround,
} from './shape.ts';
import type { ShapedSeal } from './shaped-seal.ts';

export interface SeenSeal {
  kind: SealShape;
  box: Candidate;
  /** Its ring, or the one of its normal form, and the planes on which it was fitted. */
  ring: Ring;
  red: Plane;
  dark: Plane;
  /** Centre and diameter of the circle around it, plane pixels. */
  cx: number;
  cy: number;
  around: number;
  /** Degrees in which its long axis lies; null where it has none. */
  axis: number | null;
  /** Least axis to greatest, as the picture shows it. */
  axisRatio: number;
  /** Points along its border, plane pixels. */
  outline: readonly Point[];
  /** Least and greatest diameter under a map of the plane. */
  extents(map: (x: number, y: number) => Point): [number, number];
}

export function roundSeal({ red, dark }: Planes, box: Candidate, ring: Ring): SeenSeal {
  const outline = Array.from({ length: RAYS }, (_, ray): Point => {
    const angle = angleOf(ray);
    const r = radiusAt(ring, angle);
    return [ring.cx + r * Math.cos(angle), ring.cy + r * Math.sin(angle)];
  });
  const { cx, cy, radius } = ring;
  const extents: SeenSeal['extents'] = (map) => spanOf(outline.map(([x, y]) => map(x, y)));
  return {
    ...{ kind: 'round', box, ring, red, dark, cx, cy, axis: null, outline, extents },
    around: 2 * radius,
    axisRatio: axisRatio(ring),
  };
}

/** Radii of the normal form around its centre: of an oval so far that a second imprint shows. */
const REACH = { oval: 3.6, square: 1.4 } as const;

export function shapedSeal(planes: Planes, { box, outline, ring, side }: ShapedSeal): SeenSeal {
  const { kind, cx, cy, a, b, angle } = outline;
  const [right, left, low, high] = axesOf(outline);
  const half = Math.ceil(REACH[kind] * normalRadius(outline));
  const shift = half - side / 2;
  return {
    ...{ kind, box, cx, cy },
    ring: { ...ring, cx: ring.cx + shift, cy: ring.cy + shift },
    red: normalPlane(planes.red, outline, half),
    dark: normalPlane(planes.dark, outline, half),
    around: spanAround(outline),
    axis: kind === 'oval' ? (angle * 180) / Math.PI : null,
    axisRatio: Math.min(a, b) / Math.max(a, b),
    outline: pointsOf(outline),
    extents(map) {
      const long = distance(map(...left), map(...right));
      const short = distance(map(...low), map(...high));
      return [Math.min(long, short), Math.max(long, short)];
    },
  };
}

const distance = ([x0, y0]: Point, [x1, y1]: Point) => Math.hypot(x1 - x0, y1 - y0);
