/**
 * What a revision holds beside its pages: objects that nothing reaches although a later catalog
 * could (check 42), actions, and references to something outside the file (check 43).
 */
import { Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import { isName, PdfDict, PdfName, type PdfObject, PdfRef, PdfStream } from '../read/objects.ts';

export interface HiddenObjects {
  /** Numbers of unreachable catalogs, page trees and pages. */
  readonly pages: number[];
  /** Numbers of unreachable fonts and drawings. */
  readonly drawings: number[];
  /** Kinds of actions that run something or change what is seen, with the first object of each. */
  readonly actions: ReadonlyMap<string, number>;
  /** Numbers of the objects with links to web addresses. */
  readonly links: number[];
  /** Numbers of streams whose data lies in another file. */
  readonly outside: number[];
}

/** Actions (12.6.4) that run code, fetch, start or send something, or switch what is seen. */
const ACTIVE = new Set([
  'JavaScript',
  'Launch',
  'GoToR',
  'GoToE',
  'SubmitForm',
  'ImportData',
  'Rendition',
  'RichMediaExecute',
  'SetOCGState',
  'Hide',
]);
const MAX_OBJECTS = 60_000;
const PAGES = ['Catalog', 'Pages', 'Page'];
const DRAWINGS = ['Font', 'XObject'];

/** @throws {Malformed} `pdf-budget` */
export function hiddenObjects(revision: PdfRevision): HiddenObjects {
  const found = {
    pages: [] as number[],
    drawings: [] as number[],
    actions: new Map<string, number>(),
    links: [] as number[],
    outside: [] as number[],
  };
  const seen = new Set<number>();
  walk(revision, seen, (dict, num, isStream) => {
    const kind = revision.get(dict, 'S');
    if (kind instanceof PdfName && isAction(revision, dict)) {
      if (kind.name === 'URI') found.links.push(num);
      else if (ACTIVE.has(kind.name) && !found.actions.has(kind.name)) {
        found.actions.set(kind.name, num);
      }
    }
    const reference = isName(revision.get(dict, 'Subtype'), 'Form') && dict.has('Ref');
    if (isStream && (dict.has('F') || reference)) found.outside.push(num);
  });
  for (const num of numbersOf(revision)) {
    if (seen.has(num)) continue;
    const dict = readable(() => revision.dict(revision.object(num)));
    const type = dict && readable(() => revision.get(dict, 'Type'));
    if (!(type instanceof PdfName)) continue;
    if (PAGES.includes(type.name)) found.pages.push(num);
    else if (DRAWINGS.includes(type.name)) found.drawings.push(num);
  }
  return found;
}

/** 12.6.2: Type may be left out, then only the keys of its kind tell an action. */
function isAction(revision: PdfRevision, dict: PdfDict): boolean {
  if (dict.has('Type')) return isName(revision.get(dict, 'Type'), 'Action');
  return ['URI', 'JS', 'F', 'D', 'T', 'State', 'R', 'OP', 'Win', 'Unix', 'Mac', 'CMD'].some((key) =>
    dict.has(key),
  );
}

/** Everything below the trailer, each object once. */
function walk(
  revision: PdfRevision,
  seen: Set<number>,
  visit: (dict: PdfDict, num: number, isStream: boolean) => void,
): void {
  const { budget } = revision.document;
  const { trailer } = revision.map;
  const roots = ['Root', 'Info', 'Encrypt', 'ID'].map((key) => trailer.raw(key));
  const stack: { value: PdfObject; num: number }[] = roots.map((value) => ({ value, num: 0 }));
  for (let top = stack.pop(); top; top = stack.pop()) {
    let { value, num } = top;
    if (value instanceof PdfRef) {
      if (seen.has(value.num)) continue;
      seen.add(value.num);
      if (seen.size > MAX_OBJECTS) throw new Malformed('pdf-budget', 'too many objects');
      ({ num } = value);
      const ref = value;
      value = readable(() => revision.resolve(ref)) ?? revision.dictionaryAt(num);
    }
    const isStream =
      value instanceof PdfStream || (value instanceof PdfDict && value.has('Length'));
    const dict = value instanceof PdfStream ? value.dict : value;
    if (dict instanceof PdfDict) {
      budget.visit(dict.entries.size + 1);
      visit(dict, num, isStream);
      for (const entry of dict.entries.values()) stack.push({ value: entry, num });
    } else if (Array.isArray(dict)) {
      budget.visit(dict.length);
      for (const entry of dict) stack.push({ value: entry, num });
    }
  }
}

/** Every number that some section of the revision's chain names. */
function* numbersOf(revision: PdfRevision): Generator<number> {
  const told = new Set<number>();
  for (const { map } of revision.document.revisions.slice(0, revision.index + 1)) {
    for (const section of map.sections) {
      for (const part of [section, section.hybrid]) {
        if (!part) continue;
        for (const num of part.entries.numbers()) {
          if (told.has(num)) continue;
          told.add(num);
          if (told.size > MAX_OBJECTS) throw new Malformed('pdf-budget', 'too many objects');
          yield num;
        }
      }
    }
  }
}

function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed && error.code !== 'pdf-budget') return null;
    throw error;
  }
}
