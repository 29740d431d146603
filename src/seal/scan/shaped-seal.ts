/** Looking for the oval or square seal that was asked for. */
import { type Candidate, candidatesIn, INK, side } from './candidates.ts';
import type { Point } from './page-scale.ts';
import type { Plane } from './planes.ts';
import { fitRing, type Ring } from './ring.ts';
import { borderOf, normalPlane, normalRadius, type Outline, outlineThrough } from './shape.ts';

export interface ShapedSeal {
  box: Candidate;
  outline: Outline;
  /** Ring of the outline's normal form, and the side of the picture on which it was fitted. */
  ring: Ring;
  side: number;
}

const DIRECTIONS = 360;
/** Half the side of the normal picture, in radii: the border and some paper around it. */
const REACH = 1.4;
/** What no ring of text and no heading is: nearly whole, nearly even. */
const LEAST_COVERAGE = 0.6;
const MOST_RESIDUAL = 0.03;
/** Least axis to greatest: slimmer than this is a line of text. */
const LEAST_RATIO = 0.45;

/** Smaller than this part of the largest ink, it is a character or a mark. */
const LEAST_SIDE = 0.5;

/** @returns the outline that fits best, or null where none does */
export function findShaped(plane: Plane, kind: Outline['kind']): ShapedSeal | null {
  let best: ShapedSeal | null = null;
  const boxes = candidatesIn(plane, INK).filter((box) => side(box) < 3 * leastSide(box));
  const least = LEAST_SIDE * side(boxes[0] ?? { width: 0, height: 0 });
  for (const box of boxes.slice(0, 8)) {
    if (side(box) < least) continue;
    const found = fitShaped(plane, box, kind);
    if (found && (!best || score(found) > score(best))) best = found;
  }
  return best;
}

const score = ({ ring, box }: ShapedSeal) => ring.coverage - 6 * ring.residual + 0.0005 * side(box);

const leastSide = ({ width, height }: Candidate) => Math.min(width, height);

function fitShaped(plane: Plane, box: Candidate, kind: Outline['kind']): ShapedSeal | null {
  let outline = outlineThrough(outermost(plane, box), kind);
  let found: ShapedSeal | null = null;
  for (let round = 0; round < 4 && outline; round++) {
    const normal = normalPlane(plane, outline, Math.ceil(REACH * normalRadius(outline)));
    const whole = { x: 0, y: 0, width: normal.width, height: normal.height, ink: 0 };
    const ring = fitRing(normal, whole);
    if (!ring) break;
    found = { box, outline, ring, side: normal.width };
    outline = outlineThrough(borderOf(outline, ring, normal.width), kind);
  }
  if (!found) return null;
  const { a, b } = found.outline;
  const { coverage, residual } = found.ring;
  const slim = Math.min(a, b) < LEAST_RATIO * Math.max(a, b);
  return slim || coverage < LEAST_COVERAGE || residual > MOST_RESIDUAL ? null : found;
}

/** Outermost strong ink of a box in each direction from its middle. */
function outermost({ width, height, data }: Plane, box: Candidate): Point[] {
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
  const far = new Float32Array(DIRECTIONS);
  const points: Point[] = [];
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  for (let y = box.y; y < Math.min(height, bottom); y++) {
    for (let x = box.x; x < Math.min(width, right); x++) {
      if (!((data[y * width + x] as number) > 1.5 * INK)) continue;
      const [dx, dy] = [x + 0.5 - cx, y + 0.5 - cy];
      const turn = Math.atan2(dy, dx) / (2 * Math.PI);
      const direction = Math.floor((turn + 1) * DIRECTIONS) % DIRECTIONS;
      const d = Math.hypot(dx, dy);
      if (d <= (far[direction] as number)) continue;
      far[direction] = d;
      points[direction] = [x + 0.5, y + 0.5];
    }
  }
  return points.filter((point) => point !== undefined);
}
