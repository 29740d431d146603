/** Findings on a scan that were sent along, against what the reviewer's own device finds on it. */
import type { ScanFindings } from '../../../desk/index.ts';

export type Difference = 'accept' | 'reasons' | 'letter';

/** @param own what this device finds: its report and the case that the letter's code names */
export function differences(
  claim: Pick<ScanFindings, 'accept' | 'reasons' | 'letterCase'>,
  own: { report: { accept: boolean; reasons: readonly string[] }; letterCase: string | null },
): Difference[] {
  const { accept, reasons } = own.report;
  const sorted = (codes: readonly string[]) => [...codes].sort().join();
  const found: Difference[] = [];
  if (claim.accept !== accept) found.push('accept');
  else if (sorted(claim.reasons) !== sorted(reasons)) found.push('reasons');
  if (claim.letterCase !== own.letterCase) found.push('letter');
  return found;
}
