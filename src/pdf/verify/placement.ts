/** Where a signature is seen, and what a later one covers of it (check 41). */
import type { PdfRevision } from '../read/document.ts';
import { PdfRef } from '../read/objects.ts';
import type { FormField } from './form-fields.ts';
import { pagesOf } from './pages.ts';
import type { SignatureReport } from './report.ts';

/** Sets `page` and `rect` of the field's first widget. */
export function place(report: SignatureReport, revision: PdfRevision, field: FormField): void {
  const widget = field.widgets[0] ?? { num: field.num, dict: field.dict };
  const sides = revision.array(widget.dict.raw('Rect'))?.map((side) => revision.resolve(side));
  if (sides?.length === 4 && sides.every((side) => typeof side === 'number')) {
    const [a, b, c, d] = sides as [number, number, number, number];
    report.rect = [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
  }
  const { pages, numberOf } = pagesOf(revision);
  const named = widget.dict.raw('P');
  const direct = named instanceof PdfRef ? numberOf.get(named.num) : undefined;
  const listed = (page: number): boolean =>
    pages[page - 1]?.annotations.some((a) => a instanceof PdfRef && a.num === widget.num) ?? false;
  if (direct !== undefined && listed(direct)) report.page = direct;
  else {
    const found = pages.findIndex((_, i) => listed(i + 1));
    if (found >= 0) report.page = found + 1;
  }
}
