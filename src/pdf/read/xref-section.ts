/**
 * One cross-reference section: a table with its trailer, or a cross-reference stream (ISO 32000-2,
 * 7.5.4 to 7.5.8). Entries are kept in typed arrays, so that millions cost little.
 */
import { latin1, Malformed } from '../../crypto/index.ts';
import type { PdfBudget } from './budget.ts';
import { isWhite } from './characters.ts';
import { decodeStream } from './filters.ts';
import { readIndirectObject } from './indirect-object.ts';
import { isName, PdfDict, type PdfObject, PdfStream } from './objects.ts';
import { PdfParser } from './parser.ts';

export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly gen: number }
  | { readonly kind: 'compressed'; readonly container: number; readonly index: number };

interface Subsection {
  readonly first: number;
  readonly count: number;
  /** Index of its first entry in the arrays. */
  readonly base: number;
}

/** The numbers that a section defines; no number twice. */
class XrefEntries {
  readonly #runs: Subsection[];
  readonly #kinds: Uint8Array;
  readonly #a: Float64Array;
  readonly #b: Uint32Array;

  constructor(runs: Subsection[], kinds: Uint8Array, a: Float64Array, b: Uint32Array) {
    this.#runs = runs.filter((run) => run.count > 0).sort((x, y) => x.first - y.first);
    this.#kinds = kinds;
    this.#a = a;
    this.#b = b;
    for (let i = 1; i < this.#runs.length; i++) {
      const before = this.#runs[i - 1] as Subsection;
      if (before.first + before.count > (this.#runs[i] as Subsection).first) {
        throw new Malformed('pdf-xref-twice', 'a number stands twice in one section');
      }
    }
  }

  find(num: number): XrefEntry | null {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const run = this.#runs[middle] as Subsection;
      if (num < run.first) high = middle - 1;
      else if (num >= run.first + run.count) low = middle + 1;
      else return this.#entry(run.base + num - run.first);
    }
    return null;
  }

  #entry(at: number): XrefEntry {
    const a = this.#a[at] as number;
    const b = this.#b[at] as number;
    switch (this.#kinds[at]) {
      case 1:
        return { kind: 'offset', offset: a, gen: b };
      case 2:
        return { kind: 'compressed', container: a, index: b };
      default:
        return { kind: 'free' };
    }
  }

  *numbers(): Generator<number> {
    for (const run of this.#runs) for (let i = 0; i < run.count; i++) yield run.first + i;
  }
}

export interface XrefSection {
  /** Where it starts: at `xref` or at the number of its stream object. */
  readonly offset: number;
  readonly trailer: PdfDict;
  readonly entries: XrefEntries;
  /** Object number of a cross-reference stream. */
  readonly stream: number | null;
  /** Cross-reference stream of a hybrid file that XRefStm names; its entries come second. */
  readonly hybrid: XrefSection | null;
  readonly prev: number | null;
  /** The `startxref` that follows directly: its number, and the offset after its `%%EOF`. */
  readonly tail: { readonly startxref: number; readonly eof: number } | null;
}

/** @throws {Malformed} `pdf-xref` and others, when no section stands at `offset`. */
export function readXrefSection(
  bytes: Uint8Array,
  offset: number,
  budget: PdfBudget,
  nested = false,
): XrefSection {
  if (offset >= bytes.length) throw new Malformed('pdf-xref', 'startxref leads out of the file');
  const parser = new PdfParser(bytes, offset, bytes.length, budget);
  while (isWhite(parser.peek())) parser.pos++;
  const start = parser.pos;
  if (parser.take('xref')) {
    if (nested) throw new Malformed('pdf-xref', 'XRefStm leads to a table', offset);
    return readTable(parser, start, budget);
  }
  return readXrefStream(bytes, start, budget);
}

function offsetIn(trailer: PdfDict, key: string, size: number): number | null {
  const value = trailer.raw(key);
  if (value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= size) {
    throw new Malformed('pdf-xref', `${key} is not an offset inside the file`);
  }
  return value;
}

function readTable(parser: PdfParser, offset: number, budget: PdfBudget): XrefSection {
  const { bytes } = parser;
  const runs: Subsection[] = [];
  const starts: number[] = [];
  let total = 0;
  for (;;) {
    parser.skip();
    if (parser.take('trailer')) break;
    const first = parser.integer();
    const count = parser.integer();
    if (first + count > 0x7fffff + 1) parser.fail('pdf-xref', 'numbers out of range');
    budget.entries(count);
    while (isWhite(parser.peek())) parser.pos++;
    runs.push({ first, count, base: total });
    total += count;
    for (let i = 0; i < count; i++) {
      const at = parser.pos;
      starts.push(at);
      if (at + 18 > bytes.length || bytes[at + 10] !== 32 || bytes[at + 16] !== 32) {
        parser.fail('pdf-xref', 'not an entry of the table');
      }
      parser.pos = at + 18;
      const eol = parser.pos;
      while (parser.pos < eol + 2 && isWhite(parser.peek())) parser.pos++;
      if (parser.pos === eol) parser.fail('pdf-xref', 'an entry without end of line');
    }
  }
  const kinds = new Uint8Array(total);
  const a = new Float64Array(total);
  const b = new Uint32Array(total);
  starts.forEach((at, i) => {
    const text = latin1(bytes, at, at + 18);
    if (!/^\d{10} \d{5} [nf]$/.test(text)) throw new Malformed('pdf-xref', 'bad entry', at);
    kinds[i] = text.endsWith('n') ? 1 : 0;
    a[i] = Number(text.slice(0, 10));
    b[i] = Number(text.slice(11, 16));
  });
  const trailer = parser.value();
  if (!(trailer instanceof PdfDict)) throw new Malformed('pdf-trailer', 'no trailer dictionary');
  const [run] = runs;
  const headFirst = run?.first === 1 && kinds[0] === 0 && a[0] === 0 && b[0] === 65_535;
  if (run && headFirst && runs.length === 1 && !trailer.has('Prev')) {
    // The head of the free list is object 0 (7.5.4); a whole table that counts it as 1 is off by one.
    runs[0] = { ...run, first: 0 };
    budget.note('pdf-xref-from-1', 'the cross-reference table counts from 1 instead of 0');
  }
  const entries = new XrefEntries(runs, kinds, a, b);
  const tail = readTail(parser);
  const stm = offsetIn(trailer, 'XRefStm', bytes.length);
  const hybrid = stm === null ? null : readXrefSection(bytes, stm, budget, true);
  const prev = offsetIn(trailer, 'Prev', bytes.length);
  return { offset, trailer, entries, stream: null, hybrid, prev, tail };
}

function readXrefStream(bytes: Uint8Array, offset: number, budget: PdfBudget): XrefSection {
  const object = readIndirectObject(bytes, offset, bytes.length, budget, {
    lengthOf: (length) => length,
  });
  const stream = object.value;
  if (!(stream instanceof PdfStream) || !isName(stream.dict.raw('Type'), 'XRef')) {
    throw new Malformed('pdf-xref', 'no cross-reference section here', offset);
  }
  const direct = (value: PdfObject): PdfObject => value;
  const data = decodeStream(stream, stream.data, direct, budget);
  const trailer = stream.dict;
  const widths = integersOf(trailer.raw('W'), 'W');
  const [w0, w1, w2] = widths as [number, number, number];
  if (widths.length !== 3 || widths.some((w) => w > 8) || w1 === 0) {
    throw new Malformed('pdf-xref', 'W', offset);
  }
  const size = integersOf([trailer.raw('Size')], 'Size')[0] as number;
  const pairs = trailer.has('Index') ? integersOf(trailer.raw('Index'), 'Index') : [0, size];
  if (pairs.length % 2 !== 0) throw new Malformed('pdf-xref', 'Index', offset);
  const runs: Subsection[] = [];
  let total = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    const first = pairs[i] as number;
    const count = pairs[i + 1] as number;
    if (first + count > 0x7fffff + 1) throw new Malformed('pdf-xref', 'numbers out of range');
    runs.push({ first, count, base: total });
    total += count;
  }
  const row = w0 + w1 + w2;
  if (data.length !== total * row) throw new Malformed('pdf-xref', 'data and Index differ', offset);
  budget.entries(total);
  const kinds = new Uint8Array(total);
  const a = new Float64Array(total);
  const b = new Uint32Array(total);
  let at = 0;
  const field = (width: number): number => {
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + (data[at++] as number);
    return value;
  };
  for (let i = 0; i < total; i++) {
    const kind = w0 === 0 ? 1 : field(w0);
    kinds[i] = kind === 1 || kind === 2 ? kind : 0;
    a[i] = field(w1);
    // Eight octets are written by some; more than numbers hold are no offset.
    if (!Number.isSafeInteger(a[i])) throw new Malformed('pdf-xref', 'field too large', offset);
    b[i] = Math.min(field(w2), 0xffffffff);
  }
  const parser = new PdfParser(bytes, object.end, bytes.length, budget);
  return {
    offset: object.start,
    trailer,
    entries: new XrefEntries(runs, kinds, a, b),
    stream: object.num,
    hybrid: null,
    prev: offsetIn(trailer, 'Prev', bytes.length),
    tail: readTail(parser),
  };
}

function integersOf(object: PdfObject, what: string): number[] {
  if (!Array.isArray(object)) throw new Malformed('pdf-xref', what);
  return object.map((item: PdfObject) => {
    if (typeof item !== 'number' || !Number.isInteger(item) || item < 0) {
      throw new Malformed('pdf-xref', what);
    }
    return item;
  });
}

/** `startxref`, a number, `%%EOF`; nothing but white space and comments before it. */
function readTail(parser: PdfParser): XrefSection['tail'] {
  parser.skip();
  if (!parser.take('startxref')) return null;
  while (isWhite(parser.peek())) parser.pos++;
  const startxref = parser.digits();
  if (startxref < 0) return null;
  while (isWhite(parser.peek())) parser.pos++;
  const at = parser.pos;
  return latin1(parser.bytes, at, at + 5) === '%%EOF' ? { startxref, eof: at + 5 } : null;
}
