/** Reasons that are often given; nobody is told why something passed. */
import type { ReviewVerdict } from '../../../desk/index.ts';
import { reviewWords } from './words.ts';

export function presetsOf(verdict: ReviewVerdict): readonly string[] | undefined {
  if (verdict === 'pass') return undefined;
  return verdict === 'return' ? reviewWords.returnReasons : reviewWords.refuseReasons;
}
