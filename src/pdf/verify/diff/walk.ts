/** Follows everything below a value and tells where a changed object is reached. */
import { Malformed } from '../../../crypto/index.ts';
import type { PdfRevision } from '../../read/document.ts';
import { PdfDict, type PdfObject, PdfRef, PdfStream } from '../../read/objects.ts';

interface Trail {
  readonly up: Trail | null;
  readonly step: string;
}

function pathOf(trail: Trail | null): string {
  const steps: string[] = [];
  for (let at = trail; at; at = at.up) steps.push(at.step);
  return steps.reverse().join('');
}

export interface WalkOptions {
  /** Numbers that have a place of their own in the comparison; not entered here. */
  readonly stops: ReadonlySet<number>;
  /** Shared between walks of the same meaning, so that nothing is entered twice. */
  readonly seen: Set<number>;
  /** Called for a number of `changed`. @returns whether to go on below it. */
  readonly onChanged: (num: number, path: string) => boolean;
  /** Called where an object cannot be read, so that what it refers to stays unknown. */
  readonly onBlind?: () => void;
}

export function walkBelow(
  revision: PdfRevision,
  changed: ReadonlySet<number>,
  start: PdfObject,
  name: string,
  options: WalkOptions,
): void {
  const stack: [PdfObject, Trail][] = [[start, { up: null, step: name }]];
  const push = (value: PdfObject, up: Trail, step: string): void => {
    if (value !== null && typeof value === 'object') stack.push([value, { up, step }]);
  };
  for (let item = stack.pop(); item; item = stack.pop()) {
    const [value, trail] = item;
    revision.document.budget.visit();
    if (value instanceof PdfRef) {
      const { num } = value;
      if (options.stops.has(num) || options.seen.has(num)) continue;
      options.seen.add(num);
      if (changed.has(num) && !options.onChanged(num, pathOf(trail))) continue;
      push(readable(revision, num, options), trail, '');
    } else if (value instanceof PdfStream) push(value.dict, trail, '');
    else if (value instanceof PdfDict) {
      for (const [key, entry] of value.entries) push(entry, trail, `/${key}`);
    } else if (Array.isArray(value)) {
      value.forEach((entry: PdfObject, i: number) => {
        push(entry, trail, `[${i}]`);
      });
    }
  }
}

/** Of an object that cannot be read whole, its dictionary: another reader may make do with that. */
function readable(revision: PdfRevision, num: number, options: WalkOptions): PdfObject {
  try {
    return revision.object(num);
  } catch (error) {
    if (!(error instanceof Malformed) || error.code === 'pdf-budget') throw error;
    const rest = revision.dictionaryAt(num);
    if (!rest) options.onBlind?.();
    return rest;
  }
}
