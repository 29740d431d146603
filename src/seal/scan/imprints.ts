/**
 * How often a seal was struck: its ring, moved over the ink around it, fits once, or again where a
 * second imprint overlaps or touches the first.
 */
import type { Plane } from './planes.ts';
import { axisRatio, type Ring, radiusAt } from './ring.ts';
import type { SeenSeal } from './seen-seal.ts';

/** The ring is looked at so small that its radius is about this many pixels, up to twice as many. */
const SMALL_RADIUS = 32;
const SAMPLES = 96;
/** How far from the ring another is looked for, in radii. */
const REACH = 2.3;
/** Share of a moved ring that lies on ink, and how much more than just inside and outside of it. */
const LEAST_SEEN = 0.8;
const LEAST_CONTRAST = 0.35;
/** Other sizes that are looked for, and how far such a ring's centre is from the first at least, in radii. */
const SIZES = Array.from({ length: 15 }, (_, i) => 0.85 + 0.025 * i);
const APART = 0.3;
/** Rounder than this, a ring is one circle. */
const ROUND = 0.97;

/** @returns whether a second ring of the same size lies over or beside this one */
export function struckTwice(red: Plane, ring: Ring, thickness: number): boolean {
  const line = 2 * thickness * ring.radius;
  const factor = Math.max(1, Math.floor(ring.radius / SMALL_RADIUS));
  const map = inkAround(red, ring, factor);
  if (places(map, ring, line, factor) > 1) return true;
  // Another seal over this one is seldom of just its size.
  const others = SIZES.some((part) => {
    const circle = { ...ring, radius: part * ring.radius, a2: part * ring.a2, b2: part * ring.b2 };
    return places(map, circle, line, factor, APART * ring.radius) > 0;
  });
  if (others) return true;
  // An ellipse is a ring seen from the side, or two circles taken for one: about as wide as it is narrow.
  if (axisRatio(ring) > ROUND) return false;
  const narrow = ring.radius - Math.hypot(ring.a2, ring.b2);
  for (let part = 0.92; part < 1.07; part += 0.02) {
    const circle = { ...ring, radius: part * narrow, a2: 0, b2: 0 };
    if (places(map, circle, line, factor) > 1) return true;
  }
  return false;
}

/** Ink that belongs together but reaches well beyond the ring: a second imprint over the first. */
export function overlaps({ box, cx, cy, around, ring }: SeenSeal): boolean {
  const radius = around / 2;
  const [left, top] = [cx - radius - box.x, cy - radius - box.y];
  const right = box.x + box.width - cx - radius;
  const bottom = box.y + box.height - cy - radius;
  // A square's corners reach out on all sides alike.
  const reach = Math.max(Math.abs(left - right), Math.abs(top - bottom));
  const least = Math.min(box.width, box.height);
  return reach > 0.18 * radius && least > 0.8 * radius && ring.residual > 0.008;
}

/** At how many places, at least so far from where it is, the ring lies on ink. */
function places(map: InkMap, ring: Ring, line: number, factor: number, away = 0): number {
  const scaled = 1 / factor;
  const paths = [0, 1, -1].map((side) => pathOf(ring, line, side, scaled));
  const [on, outer, inner] = paths as [Int16Array, Int16Array, Int16Array];
  const reach = Math.floor(REACH * ring.radius * scaled);
  const apart = 0.05 * ring.radius * scaled + 1.2 * line * scaled + 1;
  const peaks: { x: number; y: number; seen: number }[] = [];
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      if (x * x + y * y < (away * scaled) ** 2) continue;
      const quick = share(map, on, x, y, 8);
      if (quick < 0.6) continue;
      const seen = share(map, on, x, y, 1);
      if (seen < LEAST_SEEN) continue;
      const beside = Math.max(share(map, outer, x, y, 1), share(map, inner, x, y, 1) - 0.15);
      if (seen - beside >= LEAST_CONTRAST) peaks.push({ x, y, seen });
    }
  }
  peaks.sort((a, b) => b.seen - a.seen);
  const kept: typeof peaks = [];
  for (const peak of peaks) {
    if (kept.every(({ x, y }) => Math.hypot(x - peak.x, y - peak.y) > apart)) kept.push(peak);
  }
  return kept.length;
}

interface InkMap {
  data: Uint8Array;
  side: number;
}

/** Ink or none around the ring, reduced, the ring's centre in the middle. */
function inkAround({ width, height, data }: Plane, ring: Ring, factor: number): InkMap {
  const half = Math.ceil(((REACH + 1.2) * ring.radius) / factor) + 2;
  const side = 2 * half + 1;
  const out = new Uint8Array(side * side);
  const least = 0.35 * ring.level * factor * factor;
  for (let y = 0; y < side; y++) {
    const top = Math.round(ring.cy + (y - half - 0.5) * factor);
    for (let x = 0; x < side; x++) {
      const left = Math.round(ring.cx + (x - half - 0.5) * factor);
      if (left < 0 || top < 0 || left + factor > width || top + factor > height) continue;
      let sum = 0;
      for (let dy = 0; dy < factor; dy++) {
        const from = (top + dy) * width + left;
        for (let dx = 0; dx < factor; dx++) sum += data[from + dx] as number;
      }
      if (sum > least) out[y * side + x] = 1;
    }
  }
  return { data: out, side };
}

/** Offsets x, y along the middle of the line, or beside it. */
function pathOf(ring: Ring, line: number, beside: number, scale: number): Int16Array {
  const path = new Int16Array(2 * SAMPLES);
  for (let i = 0; i < SAMPLES; i++) {
    const angle = (2 * Math.PI * i) / SAMPLES;
    const away = beside * (0.5 * line + Math.max(0.045 * ring.radius, 1.6 / scale));
    const r = (radiusAt(ring, angle) - 0.5 * line + away) * scale;
    path[2 * i] = Math.round(r * Math.cos(angle));
    path[2 * i + 1] = Math.round(r * Math.sin(angle));
  }
  return path;
}

function share({ data, side }: InkMap, path: Int16Array, x: number, y: number, step: number) {
  const half = side >> 1;
  let [hits, count] = [0, 0];
  for (let i = 0; i < path.length; i += 2 * step, count++) {
    const [u, v] = [half + x + (path[i] as number), half + y + (path[i + 1] as number)];
    if (u >= 0 && v >= 0 && u < side && v < side) hits += data[v * side + u] as number;
  }
  return hits / count;
}
