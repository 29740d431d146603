/**
 * Reading a stamped confirmation letter: is there one seal, whole, sharp, strong and red enough?
 * Redness relative to the paper, connected ink, a robust ring, ten measures, plain limits.
 */
import type { Raster } from '../picture/index.ts';
import { adviceFor, type ScanAdvice } from './advice.ts';
import { type Candidate, INK, side } from './candidates.ts';
import { cutOut } from './cut-out.ts';
import { overlaps, struckTwice } from './imprints.ts';
import {
  type FoundSeal,
  isSecond,
  judgeRing,
  type ScanOptions,
  type ScanReason,
  type SealMeasures,
} from './judge.ts';
import { type Pixels, type Planes, planesOf } from './planes.ts';
import { redRings, ringsIn } from './red-rings.ts';
import type { Ring } from './ring.ts';
import { findRingByShape } from './ring-by-shape.ts';
import { measuresOf } from './seal-measures.ts';

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

const MAX_PIXELS = 100_000_000;

/** @param scan RGBA pixels. Never throws: what is no picture, or an ill-measured one, holds no seal. */
export async function analyseLetterScan(
  scan: Pixels,
  options?: ScanOptions | null,
): Promise<LetterScan> {
  if (!isPicture(scan)) return refuse('no-seal', []);
  const { dpi, ...rest } = options ?? {};
  return analyse(scan, Number(dpi) > 0 ? { ...rest, dpi: Number(dpi) } : rest);
}

function isPicture(scan: unknown): scan is Pixels {
  const { width, height, data } = (scan ?? {}) as { [K in keyof Pixels]?: unknown };
  const side = (pixels: unknown): pixels is number =>
    Number.isInteger(pixels) && Number(pixels) > 0;
  const octets = ArrayBuffer.isView(data) ? (data as Uint8Array) : null;
  if (!side(width) || !side(height) || octets?.BYTES_PER_ELEMENT !== 1) return false;
  return width * height <= MAX_PIXELS && octets.length >= 4 * width * height;
}

function analyse(scan: Pixels, options: ScanOptions): LetterScan {
  const planes = planesOf(scan);
  const red = redRings(planes.red);
  const main = red.rings[0];
  if (!main) return withoutRed(planes, red.boxes, scan);
  const measures = measuresOf(scan, planes, main.ring, options);
  const reasons = judgeRing(main.ring, measures, {
    given: options.quad !== undefined,
    sheet: planes.sheet,
  });
  const seconds = red.rough.filter((other) => other !== main && isSecond(main, other));
  const overlapping =
    overlaps(main.box, main.ring) || struckTwice(planes.red, main.ring, measures.thickness);
  if (seconds.length > 0 || overlapping) {
    reasons.unshift('several-seals');
    // Two circles over one another are neither of another shape nor seen from the side.
    if (overlapping) for (const seeming of SEEMING) remove(reasons, seeming);
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

/** What an overlap seems to be. */
const SEEMING: readonly ScanReason[] = ['wrong-shape', 'perspective'];

/** No red ring: names the colour that a ring has instead, if there is one. */
function withoutRed(planes: Planes, boxes: Candidate[], scan: Pixels): LetterScan {
  const other = ringsIn(planes.other, INK).rings.find(({ ring }) => ring.coverage > 0.6);
  if (other) return refuse('wrong-colour', [found(planes, other.ring)], boxOf(planes, other.box));
  const ring = findRingByShape(planes.dark);
  if (ring) {
    const seal = found(planes, ring);
    const [x, y] = [seal.cx - seal.diameter / 2, seal.cy - seal.diameter / 2];
    const place = { x, y, width: seal.diameter, height: seal.diameter };
    // A black ring may be black ink or a hard photocopy; anything paler is a scan without colour.
    return refuse(ring.level > 215 ? 'wrong-colour' : 'grey', [seal], place);
  }
  const box = boxes.find((b) => b.width / b.height > 0.6 && b.width / b.height < 1.7);
  const large = box && side(box) > (0.1 * Math.min(scan.width, scan.height)) / planes.factor;
  if (large) {
    const place = boxOf(planes, box);
    const [cx, cy] = [place.x + place.width / 2, place.y + place.height / 2];
    return refuse('wrong-shape', [{ cx, cy, diameter: side(place) }], place);
  }
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
