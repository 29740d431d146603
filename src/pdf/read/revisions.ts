/**
 * The revisions of a file: the chain of cross-reference sections from the last `startxref` back,
 * cut where a file once ended. Revision i is what a reader of the slice [0, end) sees; nothing
 * after it exists for it.
 */
import { indexOf, latin1, Malformed, utf8 } from '../../crypto/index.ts';
import { LIMITS, type PdfBudget } from './budget.ts';
import { strayFrom } from './loose-bytes.ts';
import type { PdfDict } from './objects.ts';
import { readXrefSection, type XrefEntry, type XrefSection } from './xref-section.ts';

export interface RevisionMap {
  readonly index: number;
  /** Sections in the order of look-up. */
  readonly sections: readonly XrefSection[];
  readonly trailer: PdfDict;
  /** Offset after the `%%EOF` of the revision before; 0 for the first. */
  readonly start: number;
  /** Offset after the `%%EOF` that ends it. */
  readonly eof: number;
}

export interface RevisionChain {
  /** Oldest first. */
  readonly revisions: readonly RevisionMap[];
  /** Offset of the first byte after the last revision that is not white space; null where none. */
  readonly stray: number | null;
}

/** How many `startxref` from the end are tried, so that a cut-off update does not hide the rest. */
const TRIES = 6;

/**
 * @throws {Malformed} when no `startxref` leads to a sound chain.
 */
export function readRevisions(bytes: Uint8Array, budget: PdfBudget): RevisionChain {
  let before = bytes.length;
  let first: Malformed | null = null;
  for (let i = 0; i < TRIES; i++) {
    const at = lastStartxref(bytes, before);
    if (at < 0) break;
    before = at;
    const offset = Number(/^startxref\s+(\d{1,15})\s/.exec(latin1(bytes, at, at + 64))?.[1] ?? -1);
    try {
      if (offset < 0) throw new Malformed('pdf-startxref', 'startxref without a number', at);
      const revisions = followChain(bytes, offset, budget);
      const last = revisions[revisions.length - 1] as RevisionMap;
      return { revisions, stray: strayFrom(bytes, last.eof) };
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      first ??= error;
      if (error.code === 'pdf-budget') break;
    }
  }
  throw first ?? new Malformed('pdf-startxref', 'no startxref');
}

const STARTXREF = utf8('startxref');

function lastStartxref(bytes: Uint8Array, before: number): number {
  const size = STARTXREF.length;
  for (let at = Math.min(before - 1, bytes.length - size); at >= 0; at--) {
    if (bytes[at] !== 0x73) continue;
    let same = 1;
    while (same < size && bytes[at + same] === STARTXREF[same]) same++;
    if (same === size) return at;
  }
  return -1;
}

interface Group {
  sections: XrefSection[];
  eof: number;
  /** Lowest offset of its sections; the revision before ends below. */
  low: number;
}

function followChain(bytes: Uint8Array, offset: number, budget: PdfBudget): RevisionMap[] {
  const groups: Group[] = [];
  let at: number | null = offset;
  let count = 0;
  while (at !== null) {
    if (++count > LIMITS.sections) throw new Malformed('pdf-budget', 'too many sections');
    const section: XrefSection = readXrefSection(bytes, at, budget);
    const newer: Group | undefined = groups[groups.length - 1];
    if (newer && section.offset >= newer.low) {
      throw new Malformed('pdf-prev', 'Prev leads forward', section.offset);
    }
    const linearised: XrefSection | null =
      section.prev !== null && section.prev > section.offset
        ? mainSection(bytes, section, at, budget)
        : null;
    const tail = linearised ? linearised.tail : section.tail;
    if (tail && (tail.startxref === at || tail.startxref === section.offset)) {
      if (newer && tail.eof > newer.low) {
        throw new Malformed('pdf-prev', 'revisions overlap', section.offset);
      }
      groups.push({
        sections: linearised ? [section, linearised] : [section],
        eof: tail.eof,
        low: section.offset,
      });
    } else if (newer) {
      newer.sections.push(section);
      newer.low = section.offset;
    } else {
      throw new Malformed('pdf-startxref', 'no end of file after the section', section.offset);
    }
    at = linearised ? null : section.prev;
  }
  groups.reverse();
  return groups.map((group, index) => ({
    index,
    sections: group.sections,
    trailer: (group.sections[0] as XrefSection).trailer,
    start: index === 0 ? 0 : (groups[index - 1] as Group).eof,
    eof: group.eof,
  }));
}

/** The one forward Prev there is: from the first-page section of a linearised file to its main. */
function mainSection(
  bytes: Uint8Array,
  first: XrefSection,
  at: number,
  budget: PdfBudget,
): XrefSection {
  if (indexOf(bytes.subarray(0, 2048), utf8('/Linearized')) < 0) {
    throw new Malformed('pdf-prev', 'Prev leads forward', first.offset);
  }
  const main = readXrefSection(bytes, first.prev as number, budget);
  if (main.prev !== null || main.tail?.startxref !== at) {
    throw new Malformed('pdf-prev', 'Prev leads forward', first.offset);
  }
  return main;
}

/** The entry of a number in one revision's own sections. */
export function entryIn(revision: RevisionMap, num: number): XrefEntry | null {
  for (const section of revision.sections) {
    const entry = section.entries.find(num);
    const hidden = section.hybrid?.entries.find(num) ?? null;
    if (entry && entry.kind !== 'free') {
      if (hidden && hidden.kind !== 'free' && !sameEntry(entry, hidden)) {
        throw new Malformed('pdf-xref-twice', `object ${num} stands in the table and in XRefStm`);
      }
      return entry;
    }
    if (hidden) return hidden;
    if (entry) return entry;
  }
  return null;
}

function sameEntry(a: XrefEntry, b: XrefEntry): boolean {
  if (a.kind === 'offset') return b.kind === 'offset' && a.offset === b.offset && a.gen === b.gen;
  if (a.kind === 'compressed') {
    return b.kind === 'compressed' && a.container === b.container && a.index === b.index;
  }
  return b.kind === 'free';
}
