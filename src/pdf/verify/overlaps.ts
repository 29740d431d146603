/** Signatures whose pictures lie on one another (check 41). */
import type { CheckedSignature } from './check-signature.ts';
import { note } from './outcome.ts';
import type { SignatureReport } from './report.ts';

/** A warning for each signature whose picture lies on that of an earlier one. */
export function warnOfOverlaps(checked: readonly CheckedSignature[]): void {
  for (const later of checked) {
    for (const earlier of checked) {
      if (later.value.since <= earlier.value.since) continue;
      if (!overlap(later.report, earlier.report)) continue;
      const words = `the picture of ${later.report.field} lies on that of ${earlier.report.field}`;
      note(later.report, 'pdf-overlay', words, 'warning');
    }
  }
}

function overlap(a: SignatureReport, b: SignatureReport): boolean {
  if (a.page === undefined || a.page !== b.page || !a.rect || !b.rect) return false;
  const [al, ab, ar, at] = a.rect;
  const [bl, bb, br, bt] = b.rect;
  return al < br && bl < ar && ab < bt && bb < at && ar > al && at > ab && br > bl && bt > bb;
}
