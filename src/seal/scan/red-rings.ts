/** Rings of red ink: each piece of connected ink tried as one, and where none is whole, a look for its shape. */
import { around, type Candidate, candidatesIn, INK, side } from './candidates.ts';
import type { Plane } from './planes.ts';
import { fitRing, type Ring } from './ring.ts';
import { findRingByShape } from './ring-by-shape.ts';

export interface FoundRing {
  box: Candidate;
  ring: Ring;
  score: number;
}

export interface Rings {
  /** All connected ink, largest first. */
  boxes: Candidate[];
  /** The most ring-like first. */
  rings: FoundRing[];
  /** All of about that shape, squares too: what may stand beside a seal. */
  rough: FoundRing[];
}

/** Ink this weak is looked for where nothing stronger makes a ring. */
const FAINT_INK = 16;

/** Rings of red ink; strong ink first. */
export function redRings(plane: Plane): Rings {
  const strong = ringsIn(plane, INK);
  const best = strong.rings[0];
  if (best && isWhole(best)) return strong;
  // Something red touches the ring: a line, a signature, another seal.
  const ring = strong.boxes.length > 0 ? findRingByShape(plane) : null;
  if (ring && !(best && score(ring) < score(best.ring))) {
    const box = boxOf(ring, plane);
    return { ...strong, rings: [{ box, ring, score: score(ring) }, ...strong.rings] };
  }
  return best ? strong : ringsIn(plane, FAINT_INK);
}

function isWhole({ box, ring }: FoundRing): boolean {
  return ring.coverage > 0.88 && ring.residual < 0.006 && side(box) < 2.3 * ring.radius;
}

const score = (ring: Ring) => ring.coverage - 6 * ring.residual;

/** Rings on a plane, the most ring-like first. */
export function ringsIn(plane: Plane, ink: number): Rings {
  const boxes = candidatesIn(plane, ink);
  const rough: FoundRing[] = [];
  const all = around(boxes.slice(0, 12));
  for (const box of [...boxes.slice(0, 8), ...(all ? [all] : [])]) {
    const aspect = box.width / box.height;
    if (aspect > 4 || aspect < 0.25) continue;
    const ring = fitRing(plane, box, ink);
    if (!ring || ring.coverage < 0.3 || ring.residual > 0.14) continue;
    if (2 * ring.radius > 2.2 * side(box)) continue;
    const size = 0.5 * Math.min(1, side(box) / side(boxes[0] as Candidate));
    rough.push({ box, ring, score: score(ring) + size });
  }
  rough.sort((a, b) => b.score - a.score);
  return { boxes, rings: rough.filter(({ ring }) => isRing(ring, plane)), rough };
}

/** Smaller than this part of the picture's long side, a ring is a letter or a mark. */
const LEAST_SIZE = 0.04;

/** A clean arc, or a ring that is nearly all there. */
function isRing({ radius, coverage, residual }: Ring, { width, height }: Plane): boolean {
  if (2 * radius < LEAST_SIZE * Math.max(width, height)) return false;
  return (coverage > 0.4 && residual < 0.02) || (coverage > 0.7 && residual < 0.06);
}

function boxOf({ cx, cy, radius }: Ring, { width, height }: Plane): Candidate {
  const x = Math.max(0, Math.floor(cx - radius));
  const y = Math.max(0, Math.floor(cy - radius));
  const right = Math.min(width, Math.ceil(cx + radius));
  const bottom = Math.min(height, Math.ceil(cy + radius));
  return { x, y, width: right - x, height: bottom - y, ink: 0 };
}
