/** Where on the scan a reason is seen, so that it can be pointed at. */
import type { Candidate } from './candidates.ts';
import type { ScanReason } from './judge.ts';
import type { Point } from './page-scale.ts';
import type { Planes } from './planes.ts';
import { RAYS } from './ring.ts';
import type { SeenSeal } from './seen-seal.ts';

/** Pixels of the picture given. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Paper around what is marked, as a part of the seal. */
const MARGIN = 0.03;

/** In the order of the reasons; two reasons may share a place, and one have several. */
export function placesOf(
  reasons: readonly ScanReason[],
  main: SeenSeal,
  seconds: readonly { box: Candidate }[],
  { red, factor }: Planes,
): (Place & { reason: ScanReason })[] {
  const margin = MARGIN * main.around;
  const whole = around(main.outline, margin);
  const seen = (reason: ScanReason): Bounds[] => {
    if (reason === 'several-seals' && seconds.length > 0) {
      return [whole, ...seconds.map(({ box }) => around(cornersOf(box), margin))];
    }
    if (reason === 'several-seals') return [around([...main.outline, ...cornersOf(main.box)], 0)];
    if (reason === 'clipped') return [cutSide(whole, red, 0.2 * main.around)];
    if (reason === 'incomplete') return [around(longestGap(main), 2 * margin)];
    return [whole];
  };
  return reasons.flatMap((reason) =>
    seen(reason).map((bounds) => {
      const [left, top, right, bottom] = within(bounds, red);
      const [x, y] = [left * factor, top * factor];
      return { reason, x, y, width: (right - left) * factor, height: (bottom - top) * factor };
    }),
  );
}

/** Left, top, right, bottom in plane pixels. */
type Bounds = readonly [number, number, number, number];

function around(points: readonly Point[], margin: number): Bounds {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [
    Math.min(...xs) - margin,
    Math.min(...ys) - margin,
    Math.max(...xs) + margin,
    Math.max(...ys) + margin,
  ];
}

const cornersOf = ({ x, y, width, height }: Candidate): Point[] => [
  [x, y],
  [x + width, y + height],
];

/** The strip of the seal along the edge of the picture that cuts most of it. */
function cutSide(
  [left, top, right, bottom]: Bounds,
  { width, height }: { width: number; height: number },
  depth: number,
): Bounds {
  const past = [-left, -top, right - width, bottom - height];
  const side = past.indexOf(Math.max(...past));
  if (side === 0) return [0, top, depth, bottom];
  if (side === 1) return [left, 0, right, depth];
  if (side === 2) return [width - depth, top, width, bottom];
  return [left, height - depth, right, height];
}

/** The longest run of rays along which no border is seen; all of the border where there is none. */
function longestGap({ ring, outline }: SeenSeal): readonly Point[] {
  let best: number[] = [];
  let run: number[] = [];
  for (let ray = 0; ray < 2 * RAYS; ray++) {
    run = Number.isNaN(ring.border[ray % RAYS]) ? [...run, ray % RAYS] : [];
    if (run.length > best.length && run.length <= RAYS) best = run;
  }
  return best.length < 4 ? outline : best.map((ray) => outline[ray] as Point);
}

function within(
  [left, top, right, bottom]: Bounds,
  { width, height }: { width: number; height: number },
): Bounds {
  return [Math.max(0, left), Math.max(0, top), Math.min(width, right), Math.min(height, bottom)];
}
