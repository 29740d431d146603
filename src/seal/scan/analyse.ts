/**
 * Reading a stamped confirmation letter: is there one seal, whole, sharp, strong and red enough?
 * Redness relative to the paper, connected ink, a robust ring, ten measures, plain limits.
 */
import type { Raster } from '../picture/index.ts';
import { blockiness } from './blocks.ts';
import { around, type Candidate, candidatesIn, INK, side } from './candidates.ts';
import { findColourlessRing } from './colourless.ts';
import { cutOut } from './cut-out.ts';
import {
  type FoundSeal,
  isSecond,
  judgeRing,
  type ScanOptions,
  type ScanReason,
  type SealMeasures,
} from './judge.ts';
import { measureRing } from './measure.ts';
import type { Corners } from './page-outline.ts';
import { guessedDpi, type PageQuad, type Point, spanOf, toPage } from './page-scale.ts';
import { type Pixels, type Plane, type Planes, planesOf } from './planes.ts';
import { angleOf, axisRatio, fitRing, RAYS, type Ring, radiusAt } from './ring.ts';

export interface LetterScan {
  seals: FoundSeal[];
  accept: boolean;
  reasons: ScanReason[];
  /** Measures of the first seal. */
  measures: SealMeasures | null;
  /** What to do about it: one code per reason, for the page's words. */
  advice: ScanAdvice[];
  /** Where each reason is seen, in pixels of the picture given. */
  places: { reason: ScanReason; x: number; y: number; width: number; height: number }[];
  /** The seal alone, vermilion on nothing. */
  picture?: Raster;
}

export type ScanAdvice =
  | 'stamp-again'
  | `rescan-${'colour' | 'flat' | 'sharper' | 'whole' | 'larger' | 'quality'}`;

const MAX_PIXELS = 100_000_000;

/** @param scan RGBA pixels. Never throws for a picture; an empty or ill-measured one holds no seal. */
export async function analyseLetterScan(
  scan: Pixels,
  options: ScanOptions = {},
): Promise<LetterScan> {
  const { width, height, data } = scan;
  const sound = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!sound || width * height > MAX_PIXELS || data.length < 4 * width * height) {
    return refuse('no-seal', []);
  }
  const planes = planesOf(scan);
  const strong = ringsIn(planes.red, INK);
  const red = strong.rings[0] ? strong : ringsIn(planes.red, FAINT_INK);
  const main = red.rings[0];
  if (!main) return withoutRed(planes, red.boxes, scan);
  const measures = measuresOf(scan, planes, main.ring, options);
  const reasons = judgeRing(main.ring, measures, {
    given: options.quad !== undefined,
    sheet: planes.sheet,
  });
  const seconds = red.rings.slice(1).filter((other) => isSecond(main, other));
  const overlapping = overlaps(main.box, main.ring);
  if (seconds.length > 0 || overlapping) {
    reasons.unshift('several-seals');
    if (overlapping) remove(reasons, 'wrong-shape');
  }
  const seals = [main, ...seconds].map(({ ring }) => found(planes, ring));
  const first = seals[0] as FoundSeal;
  if (measures.angle !== null) first.angle = measures.angle;
  const place = boxOf(planes, main.box);
  return {
    seals,
    accept: reasons.length === 0,
    reasons,
    measures,
    advice: adviceFor(reasons),
    places: reasons.map((reason) => ({ reason, ...place })),
    picture: cutOut(planes, main.ring),
  };
}

/** Ink this weak is looked for where nothing stronger makes a ring. */
const FAINT_INK = 16;

/** Rings on a plane, the most ring-like first. */
function ringsIn(plane: Plane, ink: number) {
  const boxes = candidatesIn(plane, ink);
  const rings: { box: Candidate; ring: Ring; score: number }[] = [];
  const all = around(boxes.slice(0, 12));
  for (const box of [...boxes.slice(0, 8), ...(all ? [all] : [])]) {
    const aspect = box.width / box.height;
    if (aspect > 4 || aspect < 0.25) continue;
    const ring = fitRing(plane, box, ink);
    if (!ring || ring.coverage < 0.3 || ring.residual > 0.14) continue;
    if (2 * ring.radius > 2.2 * side(box)) continue;
    const score =
      ring.coverage -
      6 * ring.residual +
      0.5 * Math.min(1, side(box) / side(boxes[0] as Candidate));
    rings.push({ box, ring, score });
  }
  rings.sort((a, b) => b.score - a.score);
  return { boxes, rings };
}

/** No red ring: names the colour that a ring has instead, if there is one. */
function withoutRed(planes: Planes, boxes: Candidate[], scan: Pixels): LetterScan {
  const other = ringsIn(planes.other, INK).rings.find(({ ring }) => ring.coverage > 0.6);
  if (other) return refuse('wrong-colour', [found(planes, other.ring)], boxOf(planes, other.box));
  const ring = findColourlessRing(planes.dark);
  if (ring) {
    const seal = found(planes, ring);
    const [x, y] = [seal.cx - seal.diameter / 2, seal.cy - seal.diameter / 2];
    const place = { x, y, width: seal.diameter, height: seal.diameter };
    // A black ring may be black ink or a hard photocopy; anything paler is a scan without colour.
    return refuse(ring.level > 215 ? 'wrong-colour' : 'grey', [seal], place);
  }
  const box = boxes.find((b) => b.width / b.height > 0.6 && b.width / b.height < 1.7);
  const large = box && side(box) > (0.1 * Math.min(scan.width, scan.height)) / planes.factor;
  if (large) return refuse('wrong-shape', [], boxOf(planes, box));
  return refuse('no-seal', []);
}

function refuse(
  reason: ScanReason,
  seals: FoundSeal[],
  place?: { x: number; y: number; width: number; height: number },
): LetterScan {
  return {
    seals,
    accept: false,
    reasons: [reason],
    measures: null,
    advice: adviceFor([reason]),
    places: place ? [{ reason, ...place }] : [],
  };
}

function measuresOf(scan: Pixels, planes: Planes, ring: Ring, options: ScanOptions): SealMeasures {
  const { factor, red } = planes;
  const dpi = options.dpi ?? guessedDpi(scan.width, scan.height);
  const outline = Array.from({ length: RAYS }, (_, ray): [number, number] => {
    const angle = angleOf(ray);
    const r = radiusAt(ring, angle);
    return [(ring.cx + r * Math.cos(angle)) * factor, (ring.cy + r * Math.sin(angle)) * factor];
  });
  const diameterPx = 2 * ring.radius * factor;
  let diameterMm = dpi ? (diameterPx / dpi) * 25.4 : null;
  let ratio = axisRatio(ring);
  for (const quad of options.quad ? [options.quad] : quadsOf(planes)) {
    const page = toPage(quad);
    const [least, most] = spanOf(outline.map(([x, y]) => page(x, y)));
    if (!options.quad && least / most < ratio) continue;
    // A resolution that is known says more than the format of paper that was guessed.
    if (options.quad || !options.dpi) diameterMm = (least + most) / 2;
    ratio = least / most;
  }
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const past = (v: number) => Math.max(0, v);
  const outside = Math.max(
    past(-Math.min(...xs)),
    past(-Math.min(...ys)),
    past(Math.max(...xs) - red.width * factor),
    past(Math.max(...ys) - red.height * factor),
  );
  const box = {
    x: ring.cx * factor - 0.75 * diameterPx,
    y: ring.cy * factor - 0.75 * diameterPx,
    width: 1.5 * diameterPx,
    height: 1.5 * diameterPx,
  };
  return {
    ...measureRing(red, ring),
    diameterPx,
    diameterMm,
    guessed: options.quad === undefined && options.dpi === undefined,
    axisRatio: ratio,
    residual: ring.residual,
    coverage: ring.coverage,
    outside: outside / diameterPx,
    blockiness: blockiness(scan, box),
  };
}

/** The sheet on its table as a page: of which format is told by which makes the seal rounder. */
function quadsOf({ sheet, factor }: Planes): PageQuad[] {
  if (!sheet) return [];
  const corners = sheet.map(([x, y]): Point => [x * factor, y * factor]) as unknown as Corners;
  const [a, b, c] = corners;
  const lying = Math.hypot(b[0] - a[0], b[1] - a[1]) > Math.hypot(c[0] - b[0], c[1] - b[1]);
  return PAPER.map(([short, long]) => ({
    corners,
    widthMm: lying ? long : short,
    heightMm: lying ? short : long,
  }));
}

/** A4 and US letter, mm. */
const PAPER = [
  [210, 297],
  [216, 279],
] as const;

/** Ink that belongs together but reaches well beyond the ring: a second imprint over the first. */
function overlaps(box: Candidate, ring: Ring): boolean {
  const [left, top] = [ring.cx - ring.radius - box.x, ring.cy - ring.radius - box.y];
  const right = box.x + box.width - ring.cx - ring.radius;
  const bottom = box.y + box.height - ring.cy - ring.radius;
  // A square's corners reach out on all sides alike.
  const reach = Math.max(Math.abs(left - right), Math.abs(top - bottom));
  const least = Math.min(box.width, box.height);
  return reach > 0.18 * ring.radius && least > 0.8 * ring.radius && ring.residual > 0.008;
}

function found({ factor }: Planes, ring: Ring): FoundSeal {
  return { cx: ring.cx * factor, cy: ring.cy * factor, diameter: 2 * ring.radius * factor };
}

function boxOf({ factor }: Planes, { x, y, width, height }: Candidate) {
  return { x: x * factor, y: y * factor, width: width * factor, height: height * factor };
}

function remove(reasons: ScanReason[], reason: ScanReason): void {
  const at = reasons.indexOf(reason);
  if (at >= 0) reasons.splice(at, 1);
}

const ADVICE: Record<ScanReason, ScanAdvice> = {
  'no-seal': 'stamp-again',
  'several-seals': 'stamp-again',
  clipped: 'rescan-whole',
  'too-small': 'rescan-larger',
  blurred: 'rescan-sharper',
  faint: 'stamp-again',
  grey: 'rescan-colour',
  incomplete: 'stamp-again',
  'wrong-colour': 'stamp-again',
  'wrong-shape': 'stamp-again',
  'wrong-size': 'stamp-again',
  smeared: 'stamp-again',
  perspective: 'rescan-flat',
  artefacts: 'rescan-quality',
};

function adviceFor(reasons: readonly ScanReason[]): ScanAdvice[] {
  return [...new Set(reasons.map((reason) => ADVICE[reason]))];
}
