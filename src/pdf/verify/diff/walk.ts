/** Follows everything below a value and tells where a changed object is reached. */
import { Malformed } from '../../../crypto/index.ts';
import type { PdfRevision } from '../../read/document.ts';
import {
  PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
} from '../../read/objects.ts';

export interface WalkOptions {
  /** Numbers that have a place of their own in the comparison; not entered here. */
  readonly stops: (num: number) => boolean;
  /** Shared between walks of the same meaning, so that nothing is entered twice. */
  readonly seen: Set<number>;
  /** Called for a number of `changed`. @returns whether to go on below it. */
  readonly onChanged: (num: number, path: () => string) => boolean;
  /** Called where an object cannot be read, so that what it refers to stays unknown. */
  readonly onBlind?: () => void;
}

/** What entering an object weighs in the budget; each value in it weighs one more. */
const COST = 4;

export function walkBelow(
  revision: PdfRevision,
  changed: ReadonlySet<number>,
  start: PdfObject,
  name: string,
  options: WalkOptions,
): void {
  const { budget } = revision.document;
  const stack: PdfObject[] = [start];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (value instanceof PdfRef) {
      const { num } = value;
      if (options.seen.has(num) || options.stops(num)) continue;
      options.seen.add(num);
      budget.visit(COST);
      const path = (): string => pathTo(revision, start, name, num, options.stops);
      if (changed.has(num) && !options.onChanged(num, path)) continue;
      value = readable(revision, num, options.onBlind);
    }
    if (value instanceof PdfStream) value = value.dict;
    if (value instanceof PdfDict) {
      budget.visit(value.entries.size);
      for (const entry of value.entries.values()) if (leads(entry)) stack.push(entry);
    } else if (Array.isArray(value)) {
      budget.visit(value.length);
      for (const entry of value) if (leads(entry)) stack.push(entry);
    } else if (value instanceof PdfRef) stack.push(value);
  }
}

/** Whether something may stand below the value. */
function leads(value: PdfObject): boolean {
  return (
    value !== null &&
    typeof value === 'object' &&
    !(value instanceof PdfName) &&
    !(value instanceof PdfString)
  );
}

interface Trail {
  readonly value: PdfObject;
  readonly up: Trail | null;
  readonly step: string;
}

/** Places looked at for the path to one change. */
const MAX_SEARCH = 5000;

/** How an object is reached, the shortest way; only the start where that is far. */
function pathTo(
  revision: PdfRevision,
  start: PdfObject,
  name: string,
  target: number,
  stops: (num: number) => boolean,
): string {
  const queue: Trail[] = [{ value: start, up: null, step: name }];
  const seen = new Set<number>();
  for (let i = 0; i < queue.length && i < MAX_SEARCH; i++) {
    const trail = queue[i] as Trail;
    let { value } = trail;
    if (value instanceof PdfRef) {
      const { num } = value;
      if (num === target) return pathOf(trail);
      if (seen.has(num) || stops(num)) continue;
      seen.add(num);
      value = readable(revision, num);
    }
    if (value instanceof PdfStream) value = value.dict;
    const add = (entry: PdfObject, step: string): void => {
      if (leads(entry)) queue.push({ value: entry, up: trail, step });
    };
    if (value instanceof PdfDict) for (const [key, entry] of value.entries) add(entry, `/${key}`);
    else if (Array.isArray(value)) {
      value.forEach((entry: PdfObject, k: number) => {
        add(entry, `[${k}]`);
      });
    }
  }
  return `${name}/…`;
}

function pathOf(trail: Trail): string {
  const steps: string[] = [];
  for (let at: Trail | null = trail; at; at = at.up) steps.push(at.step);
  return steps.reverse().join('');
}

/** Of an object that cannot be read whole, its dictionary: another reader may make do with that. */
function readable(revision: PdfRevision, num: number, onBlind?: () => void): PdfObject {
  try {
    return revision.object(num);
  } catch (error) {
    if (!(error instanceof Malformed) || error.code === 'pdf-budget') throw error;
    const rest = revision.dictionaryAt(num);
    if (!rest) onBlind?.();
    return rest;
  }
}
