/** Putting a signed field into the interactive form and on its page: append only, old entries in place. */
import { Malformed } from '../../crypto/index.ts';
import { type PdfDict, type PdfObject, PdfRef } from '../read/objects.ts';
import { formOf } from '../verify/form-fields.ts';
import { pagesOf } from '../verify/pages.ts';
import type { Increment } from './increment.ts';
import { Syntax, writeEntries } from './write-object.ts';

/** Reference of a page, counted from 0. @throws {Malformed} `pdf-page` */
export function pageRef(increment: Increment, page: number): PdfRef {
  const found = pagesOf(increment.revision).pages[page];
  if (!found) throw new Malformed('pdf-page', `there is no page ${page}`);
  const place = increment.revision.place(found.num);
  return new PdfRef(found.num, place?.entry.kind === 'offset' ? place.entry.gen : 0);
}

/** Entries of an array that stands in a dictionary or as an object of its own, with one more. */
function appended(
  increment: Increment,
  dict: PdfDict,
  key: string,
  item: PdfRef,
): readonly PdfObject[] | null {
  const raw = dict.raw(key);
  const list = [...(increment.revision.array(raw) ?? []), item];
  if (!(raw instanceof PdfRef)) return list;
  increment.set(raw, list);
  return null;
}

export function addToPage(increment: Increment, page: PdfRef, widget: PdfRef): void {
  const dict = increment.revision.resolve(page) as PdfDict;
  const list = appended(increment, dict, 'Annots', widget);
  if (list) increment.change(page, { Annots: list });
}

/** @throws {Malformed} `field-taken` when a field of that name exists. */
export function addToForm(increment: Increment, name: string, field: PdfRef): void {
  const { revision } = increment;
  const form = formOf(revision);
  if (form.all.some((known) => known.name === name)) {
    throw new Malformed('field-taken', `a field named ${name} exists`);
  }
  const raw = revision.catalog.raw('AcroForm');
  if (!form.dict) {
    const fresh = increment.add(new Syntax(`<</Fields [${field.num} 0 R]\n/SigFlags 3>>`));
    increment.change(increment.root, { AcroForm: fresh });
    return;
  }
  const list = appended(increment, form.dict, 'Fields', field);
  const changes = { SigFlags: 3, ...(list && { Fields: list }) };
  if (raw instanceof PdfRef) increment.change(raw, changes);
  else {
    const entries = new Map<string, PdfObject>([...form.dict.entries, ...Object.entries(changes)]);
    increment.change(increment.root, { AcroForm: new Syntax(writeEntries(entries)) });
  }
}
