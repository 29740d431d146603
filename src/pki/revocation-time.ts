/** When evidence of revocation may be used, and when a revocation counts. */
import type { Environment } from './environment.ts';

/** Without nextUpdate evidence is used for a week, unless the caller says otherwise. */
const DEFAULT_AGE = 7 * 86_400_000;

/** CRLReasons that cast doubt on what the key signed before: keyCompromise, cACompromise, aACompromise. */
const COMPROMISE = [1, 2, 10];

type When = Pick<Environment, 'laterEvidence' | 'maxAge'> & {
  readonly rules: { readonly time: number };
};

/** thisUpdate ≤ time ≤ nextUpdate, and not older than asked. */
export function isCurrent(
  { thisUpdate, nextUpdate }: { thisUpdate: number; nextUpdate: number | null },
  { rules: { time }, laterEvidence, maxAge }: When,
): boolean {
  if (thisUpdate > time) return laterEvidence;
  if (nextUpdate !== null && time > nextUpdate) return false;
  const age = maxAge ?? (nextUpdate === null ? DEFAULT_AGE : null);
  return age === null || time - thisUpdate <= age;
}

/** Whether a revocation counts at `time`: always, unless evidence from after `time` is being read. */
export function counts(
  entry: { revokedAt: number; reason: number; invalidityDate: number | null },
  { rules: { time }, laterEvidence }: When,
): boolean {
  if (!laterEvidence) return true;
  const from = Math.min(entry.revokedAt, entry.invalidityDate ?? entry.revokedAt);
  const doubtful = COMPROMISE.includes(entry.reason) && entry.invalidityDate === null;
  return from <= time || doubtful;
}
