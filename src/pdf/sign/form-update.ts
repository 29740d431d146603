/** Putting fields into the interactive form, and annotations on pages: append only, old entries in place. */
import { Malformed } from '../../crypto/index.ts';
import { type PdfDict, type PdfObject, PdfRef } from '../read/objects.ts';
import { formOf } from '../verify/form-fields.ts';
import { pagesOf } from '../verify/pages.ts';
import type { Increment } from './increment.ts';
import { type PageBox, pageBox } from './page-box.ts';
import { Syntax, writeEntries } from './write-object.ts';

/** Something new on a page. */
export interface Placed {
  readonly page: PdfRef;
  readonly annotation: PdfRef;
  /** Name of the field that it is, null for a plain annotation. */
  readonly field: string | null;
}

/** How a page is seen, counted from 0. @throws {Malformed} `pdf-page` */
export function pageSeen({ revision }: Increment, page: number): PageBox {
  const found = pagesOf(revision).pages[page];
  if (!found) throw new Malformed('pdf-page', `there is no page ${page}`);
  return pageBox(revision, found.dict);
}

/** The page on which a widget stands; the first where none lists it. */
export function pageOfWidget({ revision }: Increment, num: number): number {
  const lists = ({ dict }: { dict: PdfDict }) =>
    (revision.array(dict.raw('Annots')) ?? []).some(
      (item) => item instanceof PdfRef && item.num === num,
    );
  return Math.max(0, pagesOf(revision).pages.findIndex(lists));
}

/** Reference of a page, counted from 0. @throws {Malformed} `pdf-page` */
export function pageRef(increment: Increment, page: number): PdfRef {
  const found = pagesOf(increment.revision).pages[page];
  if (!found) throw new Malformed('pdf-page', `there is no page ${page}`);
  const place = increment.revision.place(found.num);
  return new PdfRef(found.num, place?.entry.kind === 'offset' ? place.entry.gen : 0);
}

/** Everything of one update at once, with the form's word that it is signed. @throws {Malformed} `field-taken` when a field of that name exists */
export function placeAll(increment: Increment, placed: readonly Placed[]): void {
  const pages = new Map<number, { page: PdfRef; annotations: PdfRef[] }>();
  for (const { page, annotation } of placed) {
    const known = pages.get(page.num) ?? { page, annotations: [] };
    known.annotations.push(annotation);
    pages.set(page.num, known);
  }
  const names = new Set(formOf(increment.revision).all.map((field) => field.name));
  const fields = placed.flatMap(({ field, annotation }) => {
    if (field === null) return [];
    if (names.has(field)) throw new Malformed('field-taken', `a field named ${field} exists`);
    names.add(field);
    return [annotation];
  });
  addToForm(increment, fields);
  for (const { page, annotations } of pages.values()) addToPage(increment, page, annotations);
}

/** Entries of an array that stands in a dictionary or as an object of its own, with more. */
function appended(
  increment: Increment,
  dict: PdfDict,
  key: string,
  items: readonly PdfRef[],
): readonly PdfObject[] | null {
  const raw = dict.raw(key);
  const list = [...(increment.revision.array(raw) ?? []), ...items];
  if (!(raw instanceof PdfRef)) return list;
  increment.set(raw, list);
  return null;
}

function addToPage(increment: Increment, page: PdfRef, annotations: readonly PdfRef[]): void {
  const dict = increment.revision.resolve(page) as PdfDict;
  const list = appended(increment, dict, 'Annots', annotations);
  if (list) increment.change(page, { Annots: list });
}

function addToForm(increment: Increment, fields: readonly PdfRef[]): void {
  const { revision } = increment;
  const form = formOf(revision);
  const raw = revision.catalog.raw('AcroForm');
  if (!form.dict) {
    const entries = new Map<string, PdfObject>([
      ['Fields', fields],
      ['SigFlags', 3],
    ]);
    const fresh = increment.add(new Syntax(writeEntries(entries)));
    increment.change(increment.root, { AcroForm: fresh });
    return;
  }
  const list = fields.length > 0 ? appended(increment, form.dict, 'Fields', fields) : null;
  const changes = { SigFlags: 3, ...(list && { Fields: list }) };
  if (raw instanceof PdfRef) increment.change(raw, changes);
  else {
    const entries = new Map<string, PdfObject>([...form.dict.entries, ...Object.entries(changes)]);
    increment.change(increment.root, { AcroForm: new Syntax(writeEntries(entries)) });
  }
}
