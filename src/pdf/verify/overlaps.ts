/** Signatures whose pictures lie on one another (check 41). */
import type { PdfDocument, PdfRevision } from '../read/document.ts';
import { type CheckedSignature, signedRevision } from './check-signature.ts';
import { note } from './outcome.ts';

/** Changes whose appearance one file may have looked at. */
const MAX_LOOKS = 40;

/** A warning for each signature whose picture lies on that of an earlier one. */
export function warnOfOverlaps(checked: readonly CheckedSignature[]): void {
  for (const later of checked) {
    for (const earlier of checked) {
      if (later.value.since <= earlier.value.since) continue;
      if (!overlap(later.report, earlier.report)) continue;
      const words = `the picture of ${later.report.field} lies on that of ${earlier.report.field}`;
      const params = { later: later.report.field, earlier: earlier.report.field };
      note(later.report, 'pdf-overlay', words, 'warning', later.report.field, params);
    }
  }
}

/** Later appearances that hide words of the signed page (check 41). */
export async function warnOfCoveredText(
  document: PdfDocument,
  checked: readonly CheckedSignature[],
): Promise<void> {
  const { coveredText } = await import('../sight/index.ts');
  const last = document.revisions[document.revisions.length - 1] as PdfRevision;
  let left = MAX_LOOKS;
  for (const { report, value } of checked) {
    const signed = signedRevision(document, value);
    for (const { page, rect, object } of report.changesList) {
      if (page === undefined || !rect || --left < 0) continue;
      const count = coveredText(signed, last, { page, rect });
      if (!count) continue;
      const words = `${object} came later and hides ${count} pieces of text on page ${page}`;
      note(report, 'pdf-overlay-text', words, 'warning', `Page ${page}`);
    }
  }
}

/** Later annotations and fields that lie on the picture of a signature (check 41). */
export function warnOfCovering(checked: readonly CheckedSignature[]): void {
  for (const { report } of checked) {
    const { rect, page } = report;
    if (!rect || page === undefined) continue;
    for (const change of report.changesList) {
      if (change.page !== page || !change.rect || change.field === report.field) continue;
      const kinds = ['annotation', 'sign-new', 'field-new', 'form-fill', 'form-look'];
      if (!kinds.includes(change.kind)) continue;
      if (overlap({ page, rect }, { page, rect: change.rect })) {
        const words = `${change.object} came later and lies on the picture of ${report.field}`;
        const params = { later: change.field ?? change.object, earlier: report.field };
        note(report, 'pdf-overlay', words, 'warning', report.field, params);
      }
    }
  }
}

interface Placed {
  readonly page?: number | undefined;
  readonly rect?: readonly [number, number, number, number] | undefined;
}

function overlap(a: Placed, b: Placed): boolean {
  if (a.page === undefined || a.page !== b.page || !a.rect || !b.rect) return false;
  const [al, ab, ar, at] = a.rect;
  const [bl, bb, br, bt] = b.rect;
  return al < br && bl < ar && ab < bt && bb < at && ar > al && at > ab && br > bl && bt > bb;
}
