/** What to do about each reason, as a code for the page's words. */
import type { ScanReason } from './judge.ts';

export type ScanAdvice =
  | 'stamp-again'
  | `rescan-${'colour' | 'flat' | 'sharper' | 'whole' | 'larger' | 'quality'}`;

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

export function adviceFor(reasons: readonly ScanReason[]): ScanAdvice[] {
  return [...new Set(reasons.map((reason) => ADVICE[reason]))];
}
