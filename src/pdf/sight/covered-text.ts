/** Whether something that came later lies over words that were signed (check 41). */
import { Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import type { PdfDict, PdfObject } from '../read/objects.ts';
import { pagesOf } from '../verify/pages.ts';
import { rectangleOf } from '../verify/placement.ts';
import { type Box, contains } from './geometry.ts';
import type { Mark } from './marks.ts';
import { appearanceMarks, marksOf } from './page-sight.ts';
import { SightBudget } from './painter.ts';

/** Annotations of a page that one file may have looked at. */
const MAX_LOOKED = 200;

/**
 * @param signed the revision that was signed
 * @param later one that has an annotation with that rectangle on that page (from 1)
 * @returns how many pieces of the signed page's text it hides; null where that cannot be told
 */
export function coveredText(
  signed: PdfRevision,
  later: PdfRevision,
  { page: number, rect }: { page: number; rect: Box },
): number | null {
  const budget = new SightBudget();
  try {
    const [before, after] = [signed, later].map((one) => pagesOf(one).pages[number - 1]);
    if (!before || !after) return null;
    const covers = after.annotations.slice(-MAX_LOOKED).flatMap((entry) => {
      const dict = revisionDict(later, entry, rect);
      return dict ? appearanceMarks(later, dict, budget).filter((mark) => mark.opaque) : [];
    });
    if (covers.length === 0) return 0;
    const hides = (text: Mark): boolean => covers.some((c) => contains(c.box, text.core, 0.5));
    return marksOf(signed, before, budget).filter((m) => m.kind === 'text' && hides(m)).length;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function revisionDict(revision: PdfRevision, entry: PdfObject, rect: Box): PdfDict | null {
  const dict = revision.dict(entry);
  const own = dict && rectangleOf(revision, dict);
  return own?.every((side, i) => side === rect[i]) ? dict : null;
}
