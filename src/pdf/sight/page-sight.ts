/** The marks of one page: its content, then its annotations in their order. */
import type { PdfRevision } from '../read/document.ts';
import { PdfDict, PdfRef, PdfStream } from '../read/objects.ts';
import { inheritedFrom, type Page } from '../verify/pages.ts';
import { rectangleOf } from '../verify/placement.ts';
import { type Box, boxUnder, IDENTITY, type Matrix, meet } from './geometry.ts';
import type { Mark } from './marks.ts';
import { Painter, type SightBudget } from './painter.ts';

const HIDDEN = 2 | 32;
/** US Letter, what readers take where no MediaBox stands. */
const LETTER: Box = [0, 0, 612, 792];

/** What readers show of the page (14.11.2). */
export function visibleBox(revision: PdfRevision, page: Page): Box {
  const box = (key: string): Box | null => {
    const holder = inheritedFrom(revision, page.dict, key);
    return holder && rectangleOf(revision, holder, key);
  };
  const media = box('MediaBox') ?? LETTER;
  const crop = box('CropBox');
  return crop ? meet(media, crop) : media;
}

/** @throws {Malformed} where the content cannot be understood, or is more than the budget allows */
export function marksOf(revision: PdfRevision, page: Page, budget: SightBudget): Mark[] {
  const painter = new Painter(revision, budget);
  const holder = inheritedFrom(revision, page.dict, 'Resources');
  const resources = holder && revision.dict(holder.raw('Resources'));
  painter.page(contentOf(revision, page), resources);
  for (const entry of page.annotations) {
    const num = entry instanceof PdfRef ? entry.num : 0;
    const dict = revision.resolve(entry);
    if (dict instanceof PdfDict) playAppearance(painter, revision, dict, num);
  }
  return painter.marks;
}

/** The marks of the appearance of one annotation. */
export function appearanceMarks(
  revision: PdfRevision,
  annotation: PdfDict,
  budget: SightBudget,
): readonly Mark[] {
  const painter = new Painter(revision, budget);
  playAppearance(painter, revision, annotation, 0);
  return painter.marks;
}

/** 7.8.2: the streams of an array are one, with white space between them. */
function contentOf(revision: PdfRevision, page: Page): Uint8Array {
  const written = revision.resolve(page.dict.raw('Contents'));
  const parts = (Array.isArray(written) ? written : [written]).flatMap((part) => {
    const stream = revision.resolve(part);
    return stream instanceof PdfStream ? [revision.data(stream)] : [];
  });
  if (parts.length === 1) return parts[0] as Uint8Array;
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 1, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    out[at + part.length] = 10;
    at += part.length + 1;
  }
  return out;
}

/** 12.5.5: the appearance's box, under its matrix, is fitted to the annotation's rectangle. */
function playAppearance(painter: Painter, revision: PdfRevision, dict: PdfDict, num: number): void {
  const flags = revision.get(dict, 'F');
  if (typeof flags === 'number' && flags & HIDDEN) return;
  const look = shownAppearance(revision, dict);
  const rect = rectangleOf(revision, dict);
  const box = look && rectangleOf(revision, look.dict, 'BBox');
  if (!look || !rect || !box) return;
  const list = revision.array(look.dict.raw('Matrix'))?.map((item) => revision.resolve(item));
  const own = list?.length === 6 && list.every((item) => typeof item === 'number');
  const around = boxUnder(box, own ? (list as unknown as Matrix) : IDENTITY);
  const scale = (i: 0 | 1): number => {
    const extent = (around[i + 2] as number) - around[i];
    return extent > 0 ? ((rect[i + 2] as number) - rect[i]) / extent : 1;
  };
  const fit: Matrix = [
    scale(0),
    0,
    0,
    scale(1),
    rect[0] - around[0] * scale(0),
    rect[1] - around[1] * scale(1),
  ];
  painter.appearance(look, fit, rect, num);
}

function shownAppearance(revision: PdfRevision, dict: PdfDict): PdfStream | null {
  const looks = revision.dict(dict.raw('AP'));
  const normal = looks && revision.get(looks, 'N');
  if (normal instanceof PdfStream) return normal;
  if (!(normal instanceof PdfDict)) return null;
  const state = revision.get(dict, 'AS');
  const chosen = state && typeof state === 'object' && 'name' in state ? state.name : null;
  const stream = chosen ? revision.get(normal, chosen) : null;
  return stream instanceof PdfStream ? stream : null;
}
