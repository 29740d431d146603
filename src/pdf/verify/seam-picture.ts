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
import type { SeamStrip } from './report.ts';
import {
  drawsPicture,
  isSeen,
  numbersOf,
  type Picture,
  type PictureTools,
} from './seal-picture.ts';
import { seamParts } from './seam-parts.ts';

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

/** Strips looked at one by one; more pages are not stamped at once. */
const MAX_NAMED = 1000;

/**
 * Where the strips that the signature names stand, and which pages of the row have none. Of a seam
 * that is not whole each is judged by itself, by the parts that `seamParts` makes.
 * @param whole the seam was found in order
 */
export function seamStrips(
  revision: PdfRevision,
  signature: PdfDict,
  picture: Picture | null,
  tools: PictureTools,
  whole: boolean,
): { strips: SeamStrip[]; missing: number[]; named: number } {
  try {
    const list = (revision.array(signature.raw(SEAM_KEY)) ?? []).slice(0, MAX_NAMED);
    const { length } = pagesOf(revision).pages;
    const owners = pagesByAnnotation(revision);
    const pagesWith = list.map((item) =>
      item instanceof PdfRef ? (owners.get(item.num) ?? []) : [],
    );
    const first = list.length === length ? 1 : firstPage(pagesWith);
    const drawing = picture && tools.sealPictureOperators(picture);
    const parts = drawing ? seamParts(list.length, drawing.widthPt) : [];
    const pictures = new Map<number, boolean>();
    const drawn = (form: PdfRef): boolean => {
      const known = pictures.get(form.num);
      if (known !== undefined || !drawing || !picture) return known ?? false;
      const answer = drawsWhole(revision, form, drawing, picture, tools);
      pictures.set(form.num, answer);
      return answer;
    };
    const strips = list.flatMap((item, i) =>
      (pagesWith[i] ?? []).flatMap((page): SeamStrip[] => {
        const dict = revision.dict(item);
        const rect = dict && numbersOf(revision, dict, 'Rect');
        if (!(item instanceof PdfRef) || !rect) return [];
        const [left = 0, bottom = 0, right = 0, top = 0] = rect;
        const place = [left, bottom, right, top] as const;
        if (whole) return [{ page, rect: place, state: 'whole' }];
        const strip = stripOf(revision, item);
        const shows = (part: [number, number] | undefined) =>
          strip && part && near(strip.from, part[0]) && near(strip.to, part[1]);
        const genuine =
          strip &&
          near(strip.tall, drawing?.heightPt ?? 0) &&
          parts.some(shows) &&
          revision.place(item.num)?.revision.index === revision.index &&
          liesOpen(revision, item.num, page, rect) &&
          drawn(strip.whole);
        const here = page === first + i && shows(parts[i]);
        const state = !genuine ? 'altered' : here ? 'whole' : 'misplaced';
        return [{ page, rect: place, state }];
      }),
    );
    const row = list.map((_, i) => first + i).filter((page) => page <= length);
    const missing = row.filter((page) => !strips.some((strip) => strip.page === page));
    return { strips: strips.sort((a, b) => a.page - b.page), missing, named: list.length };
  } catch (error) {
    if (error instanceof Malformed && error.code !== 'pdf-budget') {
      return { strips: [], missing: [], named: 0 };
    }
    throw error;
  }
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= TOLERANCE;

/** Where the row begins, as most of its strips have it. */
function firstPage(pagesWith: readonly (readonly number[])[]): number {
  const votes = new Map<number, number>();
  pagesWith.forEach((pages, i) => {
    for (const page of pages) votes.set(page - i, (votes.get(page - i) ?? 0) + 1);
  });
  const [best] = [...votes].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return Math.max(1, best?.[0] ?? 1);
}

function drawsWhole(
  revision: PdfRevision,
  whole: PdfRef,
  drawing: PictureDrawing,
  picture: Picture,
  tools: PictureTools,
): boolean {
  const form = revision.resolve(whole);
  return form instanceof PdfStream && drawsPicture(revision, form, drawing, picture, tools);
}

/** Pages, from 1, that list an annotation, by its object number. */
function pagesByAnnotation(revision: PdfRevision): Map<number, number[]> {
  const owners = new Map<number, number[]>();
  pagesOf(revision).pages.forEach((page, i) => {
    for (const entry of page.annotations) {
      if (entry instanceof PdfRef) owners.set(entry.num, [...(owners.get(entry.num) ?? []), i + 1]);
    }
  });
  return owners;
}

/** The pages in order, each strip on one page of its own; the objects are new in this revision. */
function pagesShowing(revision: PdfRevision, list: readonly PdfObject[]): readonly number[] | null {
  const owners = pagesByAnnotation(revision);
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
    if (!near(from, reached) || to <= from) return false;
    if (!near(tall, drawing.heightPt)) return false;
    if (!whole) {
      if (!drawsWhole(revision, strip.whole, drawing, picture, tools)) return false;
      whole = strip.whole;
    }
    // Where the picture is used up, the next page begins another one.
    reached = near(to, drawing.widthPt) ? 0 : to;
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
