/** Where a signature is seen, and what a later one covers of it (check 41). */
import type { PdfRevision } from '../read/document.ts';
import { type PdfDict, PdfRef } from '../read/objects.ts';
import type { FormField } from './form-fields.ts';
import { pagesOf } from './pages.ts';
import type { SignatureReport } from './report.ts';

export type Rectangle = [left: number, bottom: number, right: number, top: number];

/** A rectangle (7.9.5), its sides in order; null for anything else. */
export function rectangleOf(revision: PdfRevision, dict: PdfDict, key = 'Rect'): Rectangle | null {
  const sides = revision.array(dict.raw(key))?.map((side) => revision.resolve(side));
  if (sides?.length !== 4 || !sides.every((side) => typeof side === 'number')) return null;
  const [a, b, c, d] = sides as Rectangle;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** Sets `page` and `rect` of the field's first widget. */
export function place(report: SignatureReport, revision: PdfRevision, field: FormField): void {
  const widget = field.widgets[0] ?? { num: field.num, dict: field.dict };
  const rect = rectangleOf(revision, widget.dict);
  if (rect) report.rect = rect;
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
