/**
 * A file opened strictly: its revisions, each of them a view that resolves references through the
 * map of its own chain. Objects are parsed when asked for, never before.
 */
import { Malformed } from '../../crypto/index.ts';
import { PdfBudget } from './budget.ts';
import type { Keys, PdfEncryption } from './encryption.ts';
import { decodeStream } from './filters.ts';
import { type IndirectObject, readIndirectObject } from './indirect-object.ts';
import { type ObjectStream, readObjectStream } from './object-stream.ts';
import { isName, PdfDict, type PdfObject, PdfRef, PdfStream, PdfString } from './objects.ts';
import { PdfParser, type Span } from './parser.ts';
import { entryIn, type RevisionMap, readRevisions } from './revisions.ts';
import type { XrefEntry } from './xref-section.ts';

/** Where an object of a revision is defined. */
export interface Place {
  readonly entry: XrefEntry;
  /** The revision whose section says so. */
  readonly revision: RevisionMap;
}

const MAX_DEPTH = 16;
/** What decrypting a byte weighs against reading it. */
const DECRYPTING = 8;

export class PdfDocument {
  readonly bytes: Uint8Array;
  readonly budget: PdfBudget;
  readonly revisions: readonly PdfRevision[];
  /** First byte after the last revision that is not white space; null where there is none. */
  readonly stray: number | null;
  /** Null for a file in clear. */
  readonly encryption: PdfEncryption | null;
  /** Object number of the Encrypt dictionary, whose own strings are plain; -1 where direct. */
  readonly #encryptNum: number;
  readonly #parsed = new Map<number, IndirectObject>();
  readonly #containers = new Map<number, ObjectStream>();
  /** Objects being read, one for the Length of another. */
  #depth = 0;

  private constructor(
    bytes: Uint8Array,
    budget: PdfBudget,
    chain: { revisions: readonly RevisionMap[]; stray: number | null },
    encryption: PdfEncryption | null,
    encryptNum: number,
  ) {
    this.bytes = bytes;
    this.budget = budget;
    this.stray = chain.stray;
    this.#encryptNum = encryptNum;
    this.encryption = encryption;
    this.revisions = chain.revisions.map((_, i) => new PdfRevision(this, chain.revisions, i));
  }

  /**
   * @param keys a password, or more of what opens an encrypted file
   * @throws {Malformed} `password-needed`, `pdf-recipients`, or the rule that the structure breaks
   */
  static async open(bytes: Uint8Array, keys?: string | Keys): Promise<PdfDocument> {
    const budget = new PdfBudget();
    const chain = readRevisions(bytes, budget);
    const plain = new PdfDocument(bytes, budget, chain, null, -1);
    const trailers = chain.revisions.map((revision) => revision.trailer.raw('Encrypt'));
    const last = plain.revisions[plain.revisions.length - 1] as PdfRevision;
    const written = last.map.trailer.raw('Encrypt');
    const encrypt = last.resolve(written);
    if (encrypt === null) {
      if (trailers.some((entry) => entry !== null)) {
        throw new Malformed('pdf-encrypt', 'encryption begins or ends between two revisions');
      }
      return plain;
    }
    if (!(encrypt instanceof PdfDict)) throw new Malformed('pdf-encrypt', 'Encrypt');
    if (trailers.some((entry) => entry === null)) {
      throw new Malformed('pdf-encrypt', 'encryption begins or ends between two revisions');
    }
    const id = last.resolve(last.map.trailer.raw('ID'));
    const idPart = Array.isArray(id) ? last.resolve(id[0] as PdfObject) : null;
    const { openEncryption } = await import('./encryption.ts');
    const encryption = await openEncryption(
      encrypt,
      idPart instanceof PdfString ? idPart.bytes : new Uint8Array(0),
      typeof keys === 'string' ? { password: keys } : (keys ?? {}),
      (object) => last.resolve(object),
    );
    const num = written instanceof PdfRef ? written.num : -1;
    return new PdfDocument(bytes, budget, chain, encryption, num);
  }

  /** The object at a place, parsed once; its object stream is looked up in the map of `view`. */
  objectAt(place: Place, num: number, view: PdfRevision): PdfObject {
    const { entry } = place;
    if (entry.kind === 'free') return null;
    if (entry.kind === 'compressed') {
      return this.container(view, entry.container).object(entry.index, num);
    }
    const parsed = this.#parse(place.revision, entry.offset, num);
    if (parsed.num !== num || parsed.gen !== entry.gen) {
      throw new Malformed('pdf-object', `object ${num} is not where the xref says`, entry.offset);
    }
    return parsed.value;
  }

  #parse(revision: RevisionMap, offset: number, num: number): IndirectObject {
    const known = this.#parsed.get(offset);
    if (known) return known;
    if (this.#depth >= MAX_DEPTH)
      throw new Malformed('pdf-reference', 'lengths without end', offset);
    if (offset >= revision.eof) {
      throw new Malformed('pdf-object', `object ${num} lies outside its revision`, offset);
    }
    const view = this.revisions[revision.index] as PdfRevision;
    const encryption = num === this.#encryptNum ? null : this.encryption;
    this.#depth++;
    try {
      const parsed = readIndirectObject(this.bytes, offset, revision.eof, this.budget, {
        lengthOf: (length) => view.resolve(length),
        decryptFor: encryption
          ? (n, g) => (data) => {
              this.budget.scan(64 + DECRYPTING * data.length);
              return encryption.decryptString(data, n, g);
            }
          : null,
      });
      this.#parsed.set(offset, parsed);
      return parsed;
    } finally {
      this.#depth--;
    }
  }

  /** Where the values that signatures are about stand in the dictionary at a place of the file. */
  spansAt(place: Place, num: number): ReadonlyMap<string, Span> | null {
    if (place.entry.kind !== 'offset') return null;
    return this.#parse(place.revision, place.entry.offset, num).spans ?? new Map();
  }

  /** The same of a dictionary that is written in place, at a span of the file. */
  spansWithin([start, end]: Span): ReadonlyMap<string, Span> {
    const parser = new PdfParser(this.bytes, start, end, this.budget);
    parser.value();
    return parser.spans ?? new Map();
  }

  /** @throws {Malformed} when that number is no object stream in `view`. */
  container(view: PdfRevision, num: number): ObjectStream {
    const place = view.place(num);
    if (place?.entry.kind !== 'offset') {
      throw new Malformed('pdf-object-stream', `object stream ${num} is not there`);
    }
    const known = this.#containers.get(place.entry.offset);
    if (known) return known;
    const stream = this.objectAt(place, num, view);
    if (
      !(stream instanceof PdfStream) ||
      !isName(view.resolve(stream.dict.raw('Type')), 'ObjStm')
    ) {
      throw new Malformed('pdf-object-stream', `object ${num} is no object stream`);
    }
    const container = readObjectStream(view, stream);
    this.#containers.set(place.entry.offset, container);
    return container;
  }

  /** Stream data, decrypted, filters still to undo. */
  plainData(stream: PdfStream, revision: PdfRevision): Uint8Array {
    if (!this.encryption || stream.num === 0) return stream.data;
    const type = revision.resolve(stream.dict.raw('Type'));
    if (isName(type, 'XRef')) return stream.data;
    if (isName(type, 'Metadata') && !this.encryption.encryptMetadata) return stream.data;
    const filter = revision.resolve(stream.dict.raw('Filter'));
    const first = Array.isArray(filter) ? revision.resolve(filter[0] ?? null) : filter;
    if (isName(first, 'Crypt')) throw new Malformed('pdf-encrypt', 'Crypt filter');
    this.budget.scan(DECRYPTING * stream.data.length);
    return this.encryption.decryptStream(stream.data, stream.num, stream.gen);
  }
}

/** The file as it was when one of its revisions was the last. */
export class PdfRevision {
  readonly document: PdfDocument;
  readonly map: RevisionMap;
  readonly #chain: readonly RevisionMap[];
  readonly #places = new Map<number, Place | null>();
  #asked: Set<number> | null = null;

  constructor(document: PdfDocument, chain: readonly RevisionMap[], index: number) {
    this.document = document;
    this.#chain = chain;
    this.map = chain[index] as RevisionMap;
  }

  get index(): number {
    return this.map.index;
  }

  /** Where a number is defined for this revision; null for one that no section names. */
  place(num: number): Place | null {
    this.#asked?.add(num);
    const known = this.#places.get(num);
    if (known !== undefined) return known;
    let found: Place | null = null;
    for (let i = this.index; i >= 0 && !found; i--) {
      const revision = this.#chain[i] as RevisionMap;
      const entry = entryIn(revision, num);
      if (entry) found = { entry, revision };
    }
    this.#places.set(num, found);
    return found;
  }

  /** Reads, and tells the numbers of all objects that were asked for, present or not. */
  recording<T>(read: () => T): { readonly value: T; readonly numbers: ReadonlySet<number> } {
    const outer = this.#asked;
    const numbers = new Set<number>();
    this.#asked = numbers;
    try {
      return { value: read(), numbers };
    } finally {
      this.#asked = outer;
      if (outer) for (const num of numbers) outer.add(num);
    }
  }

  /** The object of that number; null for a free or unknown one. */
  object(num: number): PdfObject {
    const place = this.place(num);
    return place ? this.document.objectAt(place, num, this) : null;
  }

  /** The dictionary at the head of an object that is otherwise unreadable; null where none is. */
  dictionaryAt(num: number): PdfDict | null {
    const place = this.place(num);
    if (place?.entry.kind !== 'offset' || place.entry.offset >= place.revision.eof) return null;
    const { document } = this;
    const parser = new PdfParser(
      document.bytes,
      place.entry.offset,
      place.revision.eof,
      document.budget,
    );
    try {
      parser.integer();
      parser.integer();
      parser.expect('obj');
      const value = parser.value();
      return value instanceof PdfDict ? value : null;
    } catch (error) {
      if (error instanceof Malformed && error.code !== 'pdf-budget') return null;
      throw error;
    }
  }

  /** Follows references until a value stands there. */
  resolve(object: PdfObject | undefined): PdfObject {
    let value = object ?? null;
    for (let i = 0; value instanceof PdfRef; i++) {
      if (i > 16) throw new Malformed('pdf-reference', 'references without end');
      const place = this.place(value.num);
      if (!place || place.entry.kind === 'free') return null;
      const gen = place.entry.kind === 'offset' ? place.entry.gen : 0;
      if (gen !== value.gen) return null;
      value = this.document.objectAt(place, value.num, this);
    }
    return value;
  }

  get(dict: PdfDict, key: string): PdfObject {
    return this.resolve(dict.raw(key));
  }

  /** The value where it is a dictionary (of a stream: its own). */
  dict(object: PdfObject | undefined): PdfDict | null {
    const value = this.resolve(object);
    if (value instanceof PdfStream) return value.dict;
    return value instanceof PdfDict ? value : null;
  }

  array(object: PdfObject | undefined): readonly PdfObject[] | null {
    const value = this.resolve(object);
    return Array.isArray(value) ? value : null;
  }

  get catalog(): PdfDict {
    const root = this.resolve(this.map.trailer.raw('Root'));
    if (!(root instanceof PdfDict)) throw new Malformed('pdf-catalog', 'no catalog');
    return root;
  }

  /** Decoded data of a stream. */
  data(stream: PdfStream): Uint8Array {
    const { document } = this;
    const plain = document.plainData(stream, this);
    return decodeStream(stream, plain, (object) => this.resolve(object), document.budget);
  }

  /** A parser over decoded data, for what stands in object streams. */
  parser(data: Uint8Array): PdfParser {
    return new PdfParser(data, 0, data.length, this.document.budget);
  }
}
