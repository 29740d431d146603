/**
 * Reading a stamped confirmation letter: is there one seal, whole, sharp, strong and red enough?
 * Redness relative to the paper, connected ink, a robust ring, ten measures, plain limits.
 */
import type { Raster } from '../picture/index.ts';
import { adviceFor, type ScanAdvice } from './advice.ts';
import { type Candidate, candidatesIn, INK, side } from './candidates.ts';
import { cutOut } from './cut-out.ts';
import { overlaps, struckTwice } from './imprints.ts';
import {
  type FoundSeal,
  isSecond,
  judgeSeal,
  type ScanOptions,
  type ScanReason,
  type SealMeasures,
} from './judge.ts';
import { isPageQuad } from './page-scale.ts';
import { type Place, placesOf } from './places.ts';
import { type Pixels, type Planes, planesOf } from './planes.ts';
import { type Rings, redRings, ringsIn } from './red-rings.ts';
import type { Ring } from './ring.ts';
import { findRingByShape } from './ring-by-shape.ts';
import { measuresOf } from './seal-measures.ts';
import { roundSeal, type SeenSeal, shapedSeal } from './seen-seal.ts';
import { type Outline, spanAround } from './shape.ts';
import { findShaped, type ShapedSeal } from './shaped-seal.ts';

export interface LetterScan {
  seals: FoundSeal[];
  accept: boolean;
  reasons: ScanReason[];
  /** Measures of the first seal. */
  measures: SealMeasures | null;
  /** What to do about it: one code per reason, for the page's words. */
  advice: ScanAdvice[];
  /** Where each reason is seen, in pixels of the picture given; some reasons at several places. */
  places: (Place & { reason: ScanReason })[];
  /** The seal alone, vermilion on nothing: its middle the seal's, `pictureRadius` its radius in it. */
  picture?: Raster;
  pictureRadius?: number;
}

const MAX_PIXELS = 100_000_000;

/** @param scan RGBA pixels. Never throws: what is no picture, or an ill-measured one, holds no seal. */
export async function analyseLetterScan(
  scan: Pixels,
  options?: ScanOptions | null,
): Promise<LetterScan> {
  return isPicture(scan) ? analyse(scan, planesOf(scan), knownOf(options)) : refuse('no-seal', []);
}

/** What the options really tell; the rest counts as unknown. */
function knownOf(options: ScanOptions | null | undefined): ScanOptions {
  const { dpi, quad, expected } = options ?? {};
  return {
    ...(Number(dpi) > 0 ? { dpi: Number(dpi) } : {}),
    ...(isPageQuad(quad) ? { quad } : {}),
    ...(expected === 'oval' || expected === 'square' ? { expected } : {}),
  };
}

function isPicture(scan: unknown): scan is Pixels {
  const { width, height, data } = (scan ?? {}) as { [K in keyof Pixels]?: unknown };
  const side = (pixels: unknown): pixels is number =>
    Number.isInteger(pixels) && Number(pixels) > 0;
  const octets = ArrayBuffer.isView(data) ? (data as Uint8Array) : null;
  if (!side(width) || !side(height) || octets?.BYTES_PER_ELEMENT !== 1) return false;
  return width * height <= MAX_PIXELS && octets.length >= 4 * width * height;
}

function analyse(scan: Pixels, planes: Planes, options: ScanOptions): LetterScan {
  const { expected } = options;
  if (expected !== 'oval' && expected !== 'square') {
    const red = redRings(planes.red);
    const [main] = red.rings;
    if (!main) return withoutRed(planes, red.boxes, scan);
    return report(scan, planes, roundSeal(planes, main.box, main.ring), red, options);
  }
  const shaped = findShaped(planes.red, expected);
  if (!shaped || isAtEdge(shaped.box, planes.red))
    return ofAnotherShape(scan, planes, expected, options);
  const red = ringsIn(planes.red, INK);
  return report(scan, planes, shapedSeal(planes, shaped), red, options);
}

/** Everything said of the main seal, and of others beside it. */
function report(
  scan: Pixels,
  planes: Planes,
  main: SeenSeal,
  red: Rings,
  options: ScanOptions,
): LetterScan {
  const measures = measuresOf(scan, planes, main, options);
  const page = { given: options.quad !== undefined, sheet: planes.sheet };
  const reasons = judgeSeal(main, measures, page);
  const seconds = red.rough.filter((other) => other.ring !== main.ring && isSecond(main, other));
  const twice = main.kind !== 'square' && struckTwice(main.red, main.ring, measures.thickness);
  const overlapping = overlaps(main) || twice;
  if (seconds.length > 0 || overlapping) {
    reasons.unshift('several-seals');
    // Two circles over one another are neither of another shape nor seen from the side.
    if (overlapping) for (const seeming of SEEMING) remove(reasons, seeming);
  }
  const { factor } = planes;
  const { cx, cy, around } = main;
  const first: FoundSeal = { cx: cx * factor, cy: cy * factor, diameter: around * factor };
  const angle = angleOf(main, measures);
  if (angle !== null) first.angle = angle;
  return {
    seals: [first, ...seconds.map(({ ring }) => found(planes, ring))],
    accept: reasons.length === 0,
    reasons,
    measures: { ...measures, angle },
    advice: adviceFor(reasons),
    places: placesOf(reasons, main, seconds, planes),
    picture: cutOut(planes, main),
    pictureRadius: main.around / 2,
  };
}

/** By its text; an oval lies along its axis, and its text tells which way up. */
function angleOf({ axis }: SeenSeal, { angle }: SealMeasures): number | null {
  if (axis === null || angle === null) return angle;
  return wrapped(Math.abs(angle) < 90 ? axis : axis + 180);
}

const wrapped = (degrees: number) => ((((degrees + 180) % 360) + 360) % 360) - 180;

/** Not the shape that was asked for: a round seal is named so, and anything else as it is without. */
function ofAnotherShape(
  scan: Pixels,
  planes: Planes,
  kind: Outline['kind'],
  options: ScanOptions,
): LetterScan {
  const coloured = findShaped(planes.other, kind);
  if (coloured) return refuseShaped('wrong-colour', planes, coloured);
  const cut = candidatesIn(planes.red).find((box) => isAtEdge(box, planes.red));
  if (cut) return refuse('clipped', [], boxOf(planes, cut));
  const another = findShaped(planes.red, kind === 'oval' ? 'square' : 'oval');
  if (another) return refuseShaped('wrong-shape', planes, another);
  const { expected: _, ...rest } = options;
  const round = analyse(scan, planes, rest);
  const [seal] = round.seals;
  if (round.accept && seal) {
    return { ...round, ...refuse('wrong-shape', round.seals, squareAround(seal)) };
  }
  // That it is not round is no fault of it, if anything else is.
  const reasons = round.reasons.filter((reason) => !SEEMING.includes(reason));
  if (reasons.length === 0) return round;
  const places = round.places.filter(({ reason }) => reasons.includes(reason));
  return { ...round, reasons, places, advice: adviceFor(reasons) };
}

function refuseShaped(reason: ScanReason, planes: Planes, { outline, box }: ShapedSeal) {
  const { cx, cy } = outline;
  const seal = found(planes, { cx, cy, radius: spanAround(outline) / 2 });
  return refuse(reason, [seal], boxOf(planes, box));
}

/** Ink about as tall as it is wide that the picture's edge cuts. */
function isAtEdge({ x, y, width, height }: Candidate, plane: { width: number; height: number }) {
  const touches =
    Math.min(x, y) <= 4 || x + width >= plane.width - 4 || y + height >= plane.height - 4;
  return touches && width < 3 * height && height < 3 * width;
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
    // A black ring may be black ink or a hard photocopy; anything paler is a scan without colour.
    return refuse(ring.level > 215 ? 'wrong-colour' : 'grey', [seal], squareAround(seal));
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

const squareAround = ({ cx, cy, diameter }: FoundSeal): Place => ({
  x: cx - diameter / 2,
  y: cy - diameter / 2,
  width: diameter,
  height: diameter,
});

function refuse(reason: ScanReason, seals: FoundSeal[], place?: Place): LetterScan {
  return {
    seals,
    accept: false,
    reasons: [reason],
    measures: null,
    advice: adviceFor([reason]),
    places: place ? [{ reason, ...place }] : [],
  };
}

function found({ factor }: Planes, ring: Pick<Ring, 'cx' | 'cy' | 'radius'>): FoundSeal {
  return { cx: ring.cx * factor, cy: ring.cy * factor, diameter: 2 * ring.radius * factor };
}

function boxOf({ factor }: Planes, { x, y, width, height }: Candidate) {
  return { x: x * factor, y: y * factor, width: width * factor, height: height * factor };
}

function remove(reasons: ScanReason[], reason: ScanReason): void {
  const at = reasons.indexOf(reason);
  if (at >= 0) reasons.splice(at, 1);
}
