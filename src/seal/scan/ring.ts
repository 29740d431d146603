/** Fitting the ring of a seal: a robust ellipse through the outer border of its ink. */
import { type Candidate, INK } from './candidates.ts';
import { type Plane, sample } from './planes.ts';

/** Radius by angle: r0 + a2·cos 2θ + b2·sin 2θ, an ellipse of small eccentricity. */
export interface Ring {
  readonly cx: number;
  readonly cy: number;
  readonly radius: number;
  readonly a2: number;
  readonly b2: number;
  /** Median distance of the outline from the ellipse, as a part of the radius. */
  readonly residual: number;
  /** Angles (of RAYS) at which ink stands where the ring should be. */
  readonly coverage: number;
  /** Outer border per ray, in pixels from the centre; NaN where none was found. */
  readonly border: Float32Array;
  /** Level of the ring's ink, median over the rays, 0 … 255. */
  readonly level: number;
}

export const RAYS = 360;

export const radiusAt = (ring: Pick<Ring, 'radius' | 'a2' | 'b2'>, angle: number) =>
  ring.radius + ring.a2 * Math.cos(2 * angle) + ring.b2 * Math.sin(2 * angle);

/** Least axis to greatest. */
export const axisRatio = ({ radius, a2, b2 }: Ring) => {
  const squash = Math.hypot(a2, b2);
  return (radius - squash) / (radius + squash);
};

/** @returns null where the ink is too scattered for any ring. */
export function fitRing(plane: Plane, box: Candidate, ink = INK): Ring | null {
  let fit = firstFit(plane, box, ink);
  if (!fit) return null;
  let result: Ring | null = null;
  for (let round = 0; round < 3; round++) {
    const seen = look(plane, fit);
    if (seen.found < 40) return result;
    const next = solve(fit, seen.border);
    if (!next || !(next.radius > 8)) return result;
    result = { ...next, ...seen, coverage: seen.covered / RAYS };
    fit = next;
  }
  return result;
}

interface Ellipse {
  cx: number;
  cy: number;
  radius: number;
  a2: number;
  b2: number;
  residual: number;
}

/** Outermost ink in each direction from the middle of the box, then from the fitted middle. */
function firstFit(plane: Plane, box: Candidate, ink: number): Ellipse | null {
  const radius = Math.max(box.width, box.height) / 2;
  // A box that the picture's edge cuts: the middle lies a radius from its other side.
  const middle = (from: number, size: number, all: number) => {
    if (size < 1.9 * radius && from <= 4) return from + size - radius;
    if (size < 1.9 * radius && from + size >= all - 4) return from + radius;
    return from + size / 2;
  };
  let fit: Ellipse = {
    cx: middle(box.x, box.width, plane.width),
    cy: middle(box.y, box.height, plane.height),
    radius,
    a2: 0,
    b2: 0,
    residual: 1,
  };
  for (let round = 0; round < 3; round++) {
    const border = outermost(plane, box, fit, ink);
    const next = solve(fit, border);
    if (!next || !(next.radius > 8) || next.radius > 2 * Math.max(box.width, box.height)) {
      return round === 0 ? null : fit;
    }
    fit = next;
  }
  return fit;
}

function outermost(
  { width, height, data }: Plane,
  box: Candidate,
  { cx, cy }: Ellipse,
  ink: number,
) {
  const border = new Float32Array(RAYS).fill(Number.NaN);
  // What stands at the picture's edge was cut there.
  const yEnd = Math.min(height - 4, box.y + box.height);
  const xEnd = Math.min(width - 4, box.x + box.width);
  for (let y = Math.max(4, box.y); y < yEnd; y++) {
    for (let x = Math.max(4, box.x); x < xEnd; x++) {
      if ((data[y * width + x] as number) <= 1.5 * ink) continue;
      const [dx, dy] = [x + 0.5 - cx, y + 0.5 - cy];
      const turn = Math.atan2(dy, dx) / (2 * Math.PI);
      const ray = Math.floor((turn < 0 ? turn + 1 : turn) * RAYS) % RAYS;
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (!((border[ray] as number) >= distance)) border[ray] = distance;
    }
  }
  return border;
}

/** Rays from outside inwards: where the ink of the ring begins, at half its level. */
function look(plane: Plane, fit: Ellipse) {
  const peaks = new Float32Array(RAYS);
  const step = 0.5;
  for (let ray = 0; ray < RAYS; ray++) {
    const angle = angleOf(ray);
    const r = radiusAt(fit, angle);
    let peak = 0;
    for (let d = 0.93 * r; d <= 1.03 * r; d += step)
      peak = Math.max(peak, at(plane, fit, angle, d));
    peaks[ray] = peak;
  }
  const level = quantile(peaks, 0.6);
  const border = new Float32Array(RAYS).fill(Number.NaN);
  let [found, covered] = [0, 0];
  for (let ray = 0; ray < RAYS; ray++) {
    const angle = angleOf(ray);
    const r = radiusAt(fit, angle);
    const half = Math.max(14, 0.5 * Math.min(level, peaks[ray] as number));
    if ((peaks[ray] as number) >= 0.38 * level && level > 18) covered++;
    let previous = at(plane, fit, angle, 1.12 * r);
    for (let d = 1.12 * r - step; d > 0.85 * r; d -= step) {
      const value = at(plane, fit, angle, d);
      if (value >= half && previous < half) {
        border[ray] = d + (step * (value - half)) / (value - previous);
        found++;
        break;
      }
      previous = value;
    }
  }
  return { border, found, covered, level };
}

export const angleOf = (ray: number) => ((ray + 0.5) * 2 * Math.PI) / RAYS;

export function at(plane: Plane, { cx, cy }: { cx: number; cy: number }, angle: number, d: number) {
  return sample(plane, cx + d * Math.cos(angle) - 0.5, cy + d * Math.sin(angle) - 0.5);
}

/**
 * Robust least squares for centre shift, radius and the second harmonic, with weights that fall
 * off beyond the spread of the residuals.
 */
function solve(from: Ellipse, border: Float32Array): Ellipse | null {
  const used: { angle: number; r: number }[] = [];
  border.forEach((r, ray) => {
    if (!Number.isNaN(r)) used.push({ angle: angleOf(ray), r });
  });
  if (used.length < 30) return null;
  let c = [0, 0, from.radius, 0, 0];
  const rest = (p: { angle: number; r: number }) =>
    p.r - basis(p.angle).reduce((sum, b, i) => sum + b * (c[i] as number), 0);
  let spread = 0.1 * from.radius;
  for (let round = 0; round < 6; round++) {
    const m = Array.from({ length: 5 }, () => new Array<number>(6).fill(0));
    for (const point of used) {
      const e = rest(point) / spread;
      const weight = 1 / Math.sqrt(1 + e * e) / (1 + e * e);
      const b = basis(point.angle);
      for (let i = 0; i < 5; i++) {
        const row = m[i] as number[];
        for (let j = 0; j < 5; j++) {
          row[j] = (row[j] as number) + weight * (b[i] as number) * (b[j] as number);
        }
        row[5] = (row[5] as number) + weight * (b[i] as number) * point.r;
      }
    }
    // The less of the ring is seen, the less it may be anything but a circle.
    const stiff = 1 + 3 * (RAYS - used.length);
    for (const i of [3, 4]) (m[i] as number[])[i] = ((m[i] as number[])[i] as number) + stiff;
    const solved = gauss(m);
    if (!solved) return null;
    c = solved;
    const rests = Float32Array.from(used, (point) => Math.abs(rest(point)));
    spread = Math.max(0.004 * from.radius, 1.5 * quantile(rests, 0.5));
  }
  const rests = Float32Array.from(used, (point) => Math.abs(rest(point)));
  const [dx, dy, radius, a2, b2] = c as [number, number, number, number, number];
  const [cx, cy] = [from.cx + dx, from.cy + dy];
  return { cx, cy, radius, a2, b2, residual: quantile(rests, 0.5) / radius };
}

const basis = (t: number) => [Math.cos(t), Math.sin(t), 1, Math.cos(2 * t), Math.sin(2 * t)];

function gauss(m: number[][]): number[] | null {
  const n = m.length;
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let k = i + 1; k < n; k++) {
      if (Math.abs(m[k]?.[i] as number) > Math.abs(m[pivot]?.[i] as number)) pivot = k;
    }
    [m[i], m[pivot]] = [m[pivot] as number[], m[i] as number[]];
    const row = m[i] as number[];
    if (Math.abs(row[i] as number) < 1e-9) return null;
    for (let k = 0; k < n; k++) {
      if (k === i) continue;
      const other = m[k] as number[];
      const factor = (other[i] as number) / (row[i] as number);
      for (let j = i; j <= n; j++) other[j] = (other[j] as number) - factor * (row[j] as number);
    }
  }
  return m.map((row, i) => (row[n] as number) / (row[i] as number));
}

/** Value below which a part `q` of the numbers lies; NaN is left out. */
export function quantile(values: Float32Array, q: number): number {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}
