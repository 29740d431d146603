/**
 * The seam seal 骑缝章: strips of one picture along the edges of the pages. The signature names its
 * strips; each must be a stamp annotation of the signed revision that shows its part of the seal's
 * own picture at true size at the edge, the parts one after the other and nothing left out.
 */
import { latin1, Malformed } from '../../crypto/index.ts';
import type { PictureDrawing } from '../../seal/index.ts';
import type { PdfRevision } from '../read/document.ts';
import { isName, PdfDict, type PdfObject, PdfRef, PdfStream } from '../read/objects.ts';
import { pagesOf } from './pages.ts';
import { liesOpen } from './plain-sight.ts';
import {
  drawsPicture,
  isSeen,
  numbersOf,
  type Picture,
  type PictureTools,
} from './seal-picture.ts';

export const SEAM_KEY = 'CNBR_Seam';

/** Points; a strip is narrow, so less is tolerated than for a whole picture. */
const TOLERANCE = 0.05;

/** Quarter turns that set a strip upright on a page that is shown turned. */
const TURNS = new Set(['1 0 0 1 0 0', '0 1 -1 0 0 0', '-1 0 0 -1 0 0', '0 -1 1 0 0 0']);

/** @returns the pages, from 1, that show the seam; null where it is not what it should be */
export function seamPages(
  revision: PdfRevision,
  signature: PdfDict,
  picture: Picture,
  tools: PictureTools,
): readonly number[] | null {
  try {
    const drawing = tools.sealPictureOperators(picture);
    const list = revision.array(signature.raw(SEAM_KEY));
    if (!drawing || !list || list.length < 2) return null;
    const pages = pagesShowing(revision, list);
    return pages && showsParts(revision, list, drawing, picture, tools) ? pages : null;
  } catch (error) {
    if (error instanceof Malformed && error.code !== 'pdf-budget') return null;
    throw error;
  }
}

/** What is left of a seam that is not whole. */
export function stripsLeft(
  revision: PdfRevision,
  signature: PdfDict,
): { pages: number[]; named: number } {
  try {
    const list = revision.array(signature.raw(SEAM_KEY)) ?? [];
    const named = new Set(list.flatMap((item) => (item instanceof PdfRef ? [item.num] : [])));
    const pages = pagesOf(revision).pages.flatMap(({ annotations }, i) => {
      const here = annotations.some((entry) => entry instanceof PdfRef && named.has(entry.num));
      return here ? [i + 1] : [];
    });
    return { pages, named: list.length };
  } catch (error) {
    if (error instanceof Malformed && error.code !== 'pdf-budget') return { pages: [], named: 0 };
    throw error;
  }
}

/** The pages in order, each strip on one page of its own; the objects are new in this revision. */
function pagesShowing(revision: PdfRevision, list: readonly PdfObject[]): readonly number[] | null {
  const owners = new Map<number, number[]>();
  pagesOf(revision).pages.forEach((page, i) => {
    for (const entry of page.annotations) {
      if (entry instanceof PdfRef) owners.set(entry.num, [...(owners.get(entry.num) ?? []), i + 1]);
    }
  });
  const out: number[] = [];
  for (const item of list) {
    if (!(item instanceof PdfRef)) return null;
    const [page, another] = owners.get(item.num) ?? [];
    if (!revision.dict(item)) return null;
    const last = out[out.length - 1];
    if (page === undefined || another !== undefined) return null;
    if (last !== undefined && page !== last + 1) return null;
    if (revision.place(item.num)?.revision.index !== revision.index) return null;
    const rect = numbersOf(revision, revision.dict(item) as PdfDict, 'Rect');
    if (!rect || !liesOpen(revision, item.num, page, rect)) return null;
    out.push(page);
  }
  return out;
}

function showsParts(
  revision: PdfRevision,
  list: readonly PdfObject[],
  drawing: PictureDrawing,
  picture: Picture,
  tools: PictureTools,
): boolean {
  let whole: PdfRef | null = null;
  let reached = 0;
  for (const item of list) {
    const strip = stripOf(revision, item);
    if (!strip || (whole && strip.whole.num !== whole.num)) return false;
    const { from, to, tall } = strip;
    if (Math.abs(from - reached) > TOLERANCE || to <= from) return false;
    if (Math.abs(tall - drawing.heightPt) > TOLERANCE) return false;
    if (!whole) {
      const form = revision.resolve(strip.whole);
      if (!(form instanceof PdfStream)) return false;
      if (!drawsPicture(revision, form, drawing, picture, tools)) return false;
      whole = strip.whole;
    }
    // Where the picture is used up, the next page begins another one.
    reached = Math.abs(to - drawing.widthPt) <= TOLERANCE ? 0 : to;
  }
  return reached === 0;
}

/** What a strip shows: its part of the width in points, and the form that draws the whole. */
function stripOf(
  revision: PdfRevision,
  item: PdfObject,
): { from: number; to: number; tall: number; whole: PdfRef } | null {
  const dict = revision.resolve(item);
  if (!(dict instanceof PdfDict) || !isName(revision.get(dict, 'Subtype'), 'Stamp')) return null;
  const looks = revision.dict(dict.raw('AP'));
  const form = looks && revision.get(looks, 'N');
  if (!(form instanceof PdfStream) || form.dict.has('OC') || !isSeen(revision, dict)) return null;
  const [x1, y1, x2, y2] = numbersOf(revision, form.dict, 'BBox') ?? [];
  const rect = numbersOf(revision, dict, 'Rect') ?? [];
  if (x1 === undefined || y1 !== 0 || x2 === undefined || y2 === undefined) return null;
  const matrix = numbersOf(revision, form.dict, 'Matrix')?.join(' ') ?? '1 0 0 1 0 0';
  if (!TURNS.has(matrix)) return null;
  const across = Math.abs((rect[2] ?? 0) - (rect[0] ?? 0));
  const up = Math.abs((rect[3] ?? 0) - (rect[1] ?? 0));
  const [width, height] = matrix.startsWith('0') ? [up, across] : [across, up];
  if (Math.abs(width - (x2 - x1)) > TOLERANCE || Math.abs(height - y2) > TOLERANCE) return null;
  const resources = revision.dict(form.dict.raw('Resources'));
  const objects = revision.dict(resources?.raw('XObject'));
  const whole = objects?.raw('Seal');
  const plain = /^\/Seal Do\s*$/.test(latin1(revision.data(form)));
  return plain && whole instanceof PdfRef ? { from: x1, to: x2, tall: y2, whole } : null;
}
