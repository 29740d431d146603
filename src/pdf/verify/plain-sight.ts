/**
 * Whether a widget is where everybody sees it (checks 41 and 42): the field's only one, on a page
 * that lists it, inside what the page shows, and under no annotation that is no signature.
 */
import type { PdfRevision } from '../read/document.ts';
import { isName, PdfDict, PdfName, PdfRef } from '../read/objects.ts';
import { type FormField, formOf } from './form-fields.ts';
import { inheritedFrom, type Page, pagesOf } from './pages.ts';
import { type Rectangle, rectangleOf } from './placement.ts';

/** Points that may lie beyond the edge of what is shown. */
const EDGE = 1;
const HIDDEN = 2 | 32;

export function inPlainSight(
  revision: PdfRevision,
  field: FormField,
  number: number | undefined,
  rect: readonly number[],
): boolean {
  if (number === undefined || field.widgets.length > 1) return false;
  return liesOpen(revision, field.widgets[0]?.num ?? field.num, number, rect);
}

/** The same for an annotation of that object number, a strip of a seam seal for one. */
export function liesOpen(
  revision: PdfRevision,
  own: number | null,
  number: number,
  rect: readonly number[],
): boolean {
  const page = pagesOf(revision).pages[number - 1];
  if (!page) return false;
  const unit = inheritedFrom(revision, page.dict, 'UserUnit');
  if (unit && revision.get(unit, 'UserUnit') !== 1) return false;
  return inside(revision, page, rect) && !covered(revision, page, own, rect);
}

function inside(revision: PdfRevision, page: Page, rect: readonly number[]): boolean {
  for (const key of ['MediaBox', 'CropBox']) {
    const holder = inheritedFrom(revision, page.dict, key);
    const box = holder && rectangleOf(revision, holder, key);
    if (!box) continue;
    const [left, bottom, right, top] = rect as Rectangle;
    if (left < box[0] - EDGE || bottom < box[1] - EDGE) return false;
    if (right > box[2] + EDGE || top > box[3] + EDGE) return false;
  }
  return true;
}

/** Whether another annotation that paints something is drawn over it. */
function covered(
  revision: PdfRevision,
  page: Page,
  own: number | null,
  rect: readonly number[],
): boolean {
  const { byNum } = formOf(revision);
  let after = false;
  for (const entry of page.annotations) {
    revision.document.budget.visit(4);
    if (entry instanceof PdfRef && entry.num === own) {
      after = true;
      continue;
    }
    if (!after || (entry instanceof PdfRef && byNum.get(entry.num)?.type === 'Sig')) continue;
    const dict = revision.resolve(entry);
    if (dict instanceof PdfDict && paints(revision, dict) && overlaps(revision, dict, rect)) {
      return true;
    }
  }
  return false;
}

function paints(revision: PdfRevision, dict: PdfDict): boolean {
  const flags = revision.get(dict, 'F');
  if (typeof flags === 'number' && flags & HIDDEN) return false;
  const kind = revision.get(dict, 'Subtype');
  if (isName(kind, 'Link') || isName(kind, 'Popup')) return dict.has('AP');
  return kind instanceof PdfName;
}

function overlaps(revision: PdfRevision, dict: PdfDict, rect: readonly number[]): boolean {
  const box = rectangleOf(revision, dict);
  const [left, bottom, right, top] = rect as Rectangle;
  return box !== null && box[0] < right && left < box[2] && box[1] < top && bottom < box[3];
}
