/** From measures to reasons: the thresholds, each with what it was read off. */
import { type Candidate, side } from './candidates.ts';
import type { RingMeasures } from './measure.ts';
import { type Corners, convergence } from './page-outline.ts';
import type { PageQuad } from './page-scale.ts';
import type { Ring } from './ring.ts';
import type { SeenSeal } from './seen-seal.ts';
import type { SealShape } from './shape.ts';

export type ScanReason =
  | 'no-seal'
  | 'several-seals'
  | 'clipped'
  | 'too-small'
  | 'blurred'
  | 'faint'
  | 'grey'
  | 'incomplete'
  | 'wrong-colour'
  | 'wrong-shape'
  | 'wrong-size'
  | 'smeared'
  | 'perspective'
  | 'artefacts';

export interface ScanOptions {
  /** Resolution of the scan, where known. */
  dpi?: number;
  /** Corners of the page, where known: they settle size and perspective. */
  quad?: PageQuad;
  /** Shape of the seal that was asked for; round unless said otherwise. */
  expected?: SealShape;
}

export interface FoundSeal {
  /** Centre and diameter (of an oval or square seal, of the circle around it), pixels of the picture given. */
  cx: number;
  cy: number;
  diameter: number;
  /** Degrees clockwise from upright, where the text tells. */
  angle?: number;
}

export interface SealMeasures extends RingMeasures {
  diameterPx: number;
  /** An oval seal's width, a square one's side. Null where nothing says how large a pixel is. */
  diameterMm: number | null;
  /** Whether `diameterMm` rests on a guess (a whole A4 page). */
  guessed: boolean;
  /** Least axis to greatest, on the page where its corners are known. */
  axisRatio: number;
  residual: number;
  coverage: number;
  /** Part of the diameter that lies outside the picture. */
  outside: number;
  blockiness: number;
}

/** Limits; distances relative to the diameter unless they say otherwise. */
const LIMITS = {
  outside: 0.01,
  residual: 0.013,
  coverage: 0.88,
  axisRatio: 0.925,
  /** Below this even a known page is too slanted to read. */
  axisRatioSeen: 0.72,
  /** Without known corners, narrower than this may as well be an oval seal. */
  oval: 0.8,
  /** The same where only the sheet's outline corrects the view, and how unequal its sides may be. */
  axisRatioOnSheet: 0.86,
  convergence: 0.8,
  rise: 0.0225,
  /** However small the seal: halved chroma of JPEG alone spreads a border over three pixels. */
  risePx: 4.2,
  /** In the softest direction: a camera that moved. */
  worstRise: 0.0255,
  worstRisePx: 4.6,
  /** Softer than this in one direction, more than elsewhere, and the line wider in others. */
  shaken: 0.019,
  shakenPx: 3,
  shakenRise: 1.12,
  shakenUnevenness: 1.33,
  strength: 0.195,
  level: 0.2,
  textFill: 0.44,
  thickness: 0.06,
  unevenness: 1.5,
  blockiness: 3.9,
} as const;

/** Sizes in mm; a guessed scale is given more room: paper may be A5, a photo may show desk. */
const SHAPES: Record<
  SealShape,
  { leastPx: number; known: [number, number]; guessed: [number, number]; textFill: number }
> = {
  /** 38 to 45 mm. */
  round: { leastPx: 122, known: [36, 47.5], guessed: [26, 66], textFill: LIMITS.textFill },
  /** 40 × 30 and 45 × 30 mm; its text leaves less paper. */
  oval: { leastPx: 105, known: [38, 47.5], guessed: [27, 66], textFill: 0.5 },
  /** 18 to 25 mm, few large characters: how much of it is ink says nothing. */
  square: { leastPx: 75, known: [17, 26.5], guessed: [12, 38], textFill: 1 },
};

/** Least axis to greatest of oval seals: two to three, or three to four. */
const OVAL_RATIO = [0.63, 0.79] as const;
/** Narrower than this, a square is another shape, not one seen from the side. */
const SQUARE_RATIO = 0.8;

/**
 * @param page `given`: the caller knows the page's corners; `sheet`: its outline on a table, found
 */
export function judgeSeal(
  seal: SeenSeal,
  measures: SealMeasures,
  page: { given: boolean; sheet: Corners | null },
): ScanReason[] {
  const { ring, kind } = seal;
  const shape = SHAPES[kind];
  const reasons: ScanReason[] = [];
  const add = (bad: boolean, reason: ScanReason) => {
    if (bad && !reasons.includes(reason)) reasons.push(reason);
  };
  const { diameterMm, guessed } = measures;
  const [least, most] = shape[guessed ? 'guessed' : 'known'];
  add(measures.outside > LIMITS.outside, 'clipped');
  add(measures.diameterPx < shape.leastPx, 'too-small');
  add(diameterMm !== null && (diameterMm < least || diameterMm > most), 'wrong-size');
  for (const reason of outOfShape(seal, measures, page)) add(true, reason);
  const unclipped = measures.outside <= LIMITS.outside;
  add(measures.residual > LIMITS.residual && unclipped, 'wrong-shape');
  add(measures.coverage < LIMITS.coverage && unclipped, 'incomplete');
  add(measures.strength < LIMITS.strength || ring.level / 255 < LIMITS.level, 'faint');
  const soft = (rise: number, part: number, px: number) =>
    rise > Math.max(part, px / measures.diameterPx);
  add(soft(measures.rise, LIMITS.rise, LIMITS.risePx), 'blurred');
  add(soft(measures.worstRise, LIMITS.worstRise, LIMITS.worstRisePx), 'blurred');
  const shaken =
    measures.worstRise > LIMITS.shakenRise * measures.rise &&
    measures.unevenness > LIMITS.shakenUnevenness;
  add(shaken && soft(measures.worstRise, LIMITS.shaken, LIMITS.shakenPx), 'blurred');
  const smear =
    measures.textFill > shape.textFill ||
    measures.thickness > LIMITS.thickness ||
    measures.unevenness > LIMITS.unevenness;
  add(smear && !reasons.includes('blurred'), 'smeared');
  add(measures.blockiness > LIMITS.blockiness, 'artefacts');
  return reasons;
}

/** What its axes say: seen from the side, or another shape. */
function outOfShape(
  { kind, axisRatio: seen }: SeenSeal,
  { axisRatio }: SealMeasures,
  { given, sheet }: { given: boolean; sheet: Corners | null },
): ScanReason[] {
  const reasons: ScanReason[] = [];
  const slanted = !given && sheet !== null && convergence(sheet) < LIMITS.convergence;
  if (kind === 'oval') {
    const [least, most] = OVAL_RATIO;
    if (axisRatio < least || axisRatio > most) reasons.push('wrong-shape');
    if (slanted) reasons.push('perspective');
    return reasons;
  }
  const leastRatio = given || !sheet ? LIMITS.axisRatioSeen : LIMITS.axisRatioOnSheet;
  if (seen < leastRatio || slanted || axisRatio < LIMITS.axisRatio) reasons.push('perspective');
  if (!given && seen < (kind === 'square' ? SQUARE_RATIO : LIMITS.oval))
    reasons.push('wrong-shape');
  return reasons;
}

/** Whether a ring next to the main seal is a second seal; pieces of the same seal are none. */
export function isSecond(main: SeenSeal, { box, ring }: { box: Candidate; ring: Ring }): boolean {
  const radius = main.around / 2;
  const aspect = box.width / box.height;
  const [x, y] = [box.x + box.width / 2 - main.box.x, box.y + box.height / 2 - main.box.y];
  if (x > 0 && y > 0 && x < main.box.width && y < main.box.height) return false;
  const round = ring.coverage > 0.55 && ring.residual < 0.06;
  const square = ring.coverage > 0.4 && ring.residual < 0.1 && aspect > 0.75 && aspect < 1.34;
  const ringLike = round || square;
  const apart = Math.hypot(ring.cx - main.cx, ring.cy - main.cy) > radius;
  // A mark or the characters of a red heading are smaller than any seal.
  const least = 0.45 * 2 * radius;
  const large = 2 * ring.radius > least && side(box) > least && side(box) < 2.5 * side(main.box);
  return ringLike && apart && large && aspect > 0.55 && aspect < 1.8;
}
