/**
 * What is read from one revision mostly stands in the next one unchanged. A reading made once is
 * taken again where nothing that it rests on was defined anew.
 */
import type { PdfRevision } from '../read/document.ts';
import { PdfRef } from '../read/objects.ts';

interface Reading<T> {
  readonly value: T;
  /** Numbers of the objects it was made of, present or not. */
  readonly numbers: ReadonlySet<number>;
}

/** A reader of revisions that reads each one once, and an unchanged one not at all. */
export function readOnce<T>(read: (revision: PdfRevision) => T): (revision: PdfRevision) => T {
  const known = new WeakMap<PdfRevision, Reading<T>>();
  return (revision) => {
    let reading = known.get(revision);
    if (reading) return reading.value;
    const before = revision.document.revisions[revision.index - 1];
    const last = before && known.get(before);
    reading =
      before && last && stillHolds(before, revision, last.numbers)
        ? last
        : revision.recording(() => read(revision));
    known.set(revision, reading);
    return reading.value;
  };
}

/** Whether `after` defines none of these numbers anew, nor another catalog. */
function stillHolds(
  before: PdfRevision,
  after: PdfRevision,
  numbers: ReadonlySet<number>,
): boolean {
  const [was, is] = [before.map.trailer.raw('Root'), after.map.trailer.raw('Root')];
  if (!(was instanceof PdfRef) || !(is instanceof PdfRef) || was.num !== is.num) return false;
  if (was.gen !== is.gen) return false;
  for (const section of after.map.sections) {
    for (const part of [section, section.hybrid]) {
      if (!part) continue;
      for (const num of part.entries.numbers()) {
        after.document.budget.visit();
        if (numbers.has(num)) return false;
      }
    }
  }
  return true;
}
