/** Which object numbers mean something else in the next revision. */
import { Malformed } from '../../../crypto/index.ts';
import type { PdfRevision } from '../../read/document.ts';
import { isName, type PdfObject, PdfStream, sameObject } from '../../read/objects.ts';

export interface ChangedObjects {
  /** Numbers whose value differs: added, redefined or freed. */
  readonly all: ReadonlySet<number>;
  /** Of these, the numbers that meant something before. */
  readonly redefined: ReadonlySet<number>;
}

/** Containers of objects and of the map itself: what they hold is compared, not they. */
function isContainer(object: PdfObject | undefined): boolean {
  if (!(object instanceof PdfStream)) return false;
  const type = object.dict.raw('Type');
  return isName(type, 'XRef') || isName(type, 'ObjStm');
}

/** The object, or undefined where nothing readable stands. */
function objectOf(revision: PdfRevision, num: number): PdfObject | undefined {
  try {
    return revision.object(num);
  } catch (error) {
    if (error instanceof Malformed && error.code !== 'pdf-budget') return undefined;
    throw error;
  }
}

/** Under another generation nothing that refers to the object finds it any more. */
function generationOf(revision: PdfRevision, num: number): number {
  const entry = revision.place(num)?.entry;
  return entry?.kind === 'offset' ? entry.gen : 0;
}

export function changedObjects(before: PdfRevision, after: PdfRevision): ChangedObjects {
  const candidates = new Set<number>();
  for (const section of after.map.sections) {
    for (const num of section.entries.numbers()) candidates.add(num);
    if (section.hybrid) for (const num of section.hybrid.entries.numbers()) candidates.add(num);
  }
  const all = new Set<number>();
  const redefined = new Set<number>();
  for (const num of candidates) {
    const old = objectOf(before, num);
    const now = objectOf(after, num);
    if (old instanceof PdfStream && now instanceof PdfStream) {
      after.document.budget.scan(Math.min(old.data.length, now.data.length));
    }
    const same = old !== undefined && now !== undefined && sameObject(old, now);
    if (same && generationOf(before, num) === generationOf(after, num)) continue;
    if (isContainer(old)) {
      for (const inside of heldBy(after, before, num)) candidates.add(inside);
    }
    if ((old === null || isContainer(old)) && isContainer(now)) continue;
    all.add(num);
    if (old !== null) redefined.add(num);
  }
  return { all, redefined };
}

/** Numbers that the old container held and that are still looked up under its number. */
function heldBy(after: PdfRevision, before: PdfRevision, num: number): number[] {
  const stream = before.object(num);
  if (!(stream instanceof PdfStream) || !isName(stream.dict.raw('Type'), 'ObjStm')) return [];
  return before.document.container(before, num).numbers.filter((inside) => {
    const entry = after.place(inside)?.entry;
    return entry?.kind === 'compressed' && entry.container === num;
  });
}
