/**
 * An incremental update (ISO 32000-2, 7.5.6): new and changed objects after the last end of file,
 * their cross-reference section in the kind that the file has, the old bytes untouched.
 */
import { type Bytes, equal, fromHex, fromLatin1, latin1, Malformed } from '../../crypto/index.ts';
import type { PdfDocument, PdfRevision } from '../read/document.ts';
import type { PdfEncryption } from '../read/encryption.ts';
import { PdfDict, type PdfObject, PdfRef, PdfString } from '../read/objects.ts';
import type { XrefSection } from '../read/xref-section.ts';
import { Syntax, type Writable, writeEntries, writeObject } from './write-object.ts';

interface Part {
  readonly num: number;
  readonly gen: number;
  /** Between `obj` and `endobj`, one byte per character. */
  readonly body:
    | string
    | { readonly entries: Readonly<Record<string, Writable>>; readonly data: Uint8Array };
}

/** Every string that this room writes is hexadecimal; the one beside an open ByteRange is a hole. */
const STRINGS = /(\/ByteRange \[0 +\]\n\/Contents )?(?<!<)<([0-9a-f]*)>/g;

export class Increment {
  readonly revision: PdfRevision;
  readonly #bytes: Uint8Array;
  readonly #encryption: PdfEncryption | null;
  readonly #section: XrefSection;
  readonly #parts = new Map<number, Part>();
  readonly #changed = new Map<number, Map<string, Writable>>();
  #next: number;

  /** @throws {Malformed} `pdf-stray` when bytes follow the last revision. */
  constructor(document: PdfDocument) {
    if (document.stray !== null) throw new Malformed('pdf-stray', 'bytes after the end of file');
    const revision = document.revisions[document.revisions.length - 1] as PdfRevision;
    this.revision = revision;
    this.#bytes = document.bytes;
    this.#encryption = document.encryption;
    this.#section = revision.map.sections[0] as XrefSection;
    const size = revision.map.trailer.raw('Size');
    if (typeof size !== 'number') throw new Malformed('pdf-xref', 'no Size');
    this.#next = size;
  }

  /** A number for a new object. */
  reserve(): PdfRef {
    return new PdfRef(this.#next++, 0);
  }

  add(value: Writable): PdfRef {
    const ref = this.reserve();
    this.set(ref, value);
    return ref;
  }

  addStream(entries: Record<string, Writable>, data: Uint8Array): PdfRef {
    const ref = this.reserve();
    this.#parts.set(ref.num, { num: ref.num, gen: 0, body: { entries, data } });
    return ref;
  }

  /** Defines a reserved number, or redefines one that the file has. */
  set(ref: PdfRef, value: Writable): void {
    this.#parts.set(ref.num, { num: ref.num, gen: ref.gen, body: writeObject(value) });
  }

  /** A dictionary of the file with entries replaced or added, in place; changes of one update add up. */
  change(ref: PdfRef, entries: Record<string, Writable>): void {
    let changed = this.#changed.get(ref.num);
    if (!changed) {
      const dict = this.revision.resolve(ref);
      if (!(dict instanceof PdfDict)) {
        throw new Malformed('pdf-object', `object ${ref.num} is no dictionary`);
      }
      changed = new Map<string, Writable>(dict.entries);
      this.#changed.set(ref.num, changed);
    }
    for (const [key, value] of Object.entries(entries)) changed.set(key, value);
    this.set(ref, new Syntax(writeEntries(changed)));
  }

  /** The reference under which the trailer names the catalog. */
  get root(): PdfRef {
    const root = this.revision.map.trailer.raw('Root');
    if (!(root instanceof PdfRef)) throw new Malformed('pdf-catalog', 'Root is not a reference');
    return root;
  }

  /**
   * The whole file: the old bytes, then this update, encrypted as the file is. The prefix is
   * compared before it is returned.
   */
  async write(): Promise<Bytes> {
    const chunks: (string | Uint8Array)[] = [];
    let at = this.#bytes.length;
    const emit = (chunk: string | Uint8Array) => {
      chunks.push(chunk);
      at += chunk.length;
    };
    if (!/[\r\n]/.test(latin1(this.#bytes, at - 1, at))) emit('\n');
    const offsets = new Map<number, { offset: number; gen: number }>();
    for (const { num, gen, body } of [...this.#parts.values()].sort((a, b) => a.num - b.num)) {
      offsets.set(num, { offset: at, gen });
      emit(`${num} ${gen} obj\n`);
      if (typeof body === 'string') emit(await this.#strings(body, num, gen));
      else {
        const data = (await this.#encryption?.encryptStream(body.data, num, gen)) ?? body.data;
        const dict = new Map(Object.entries({ ...body.entries, Length: data.length }));
        emit(await this.#strings(writeEntries(dict), num, gen));
        emit('\nstream\n');
        emit(data);
        emit('\nendstream');
      }
      emit('\nendobj\n');
    }
    const startxref = at;
    if (this.#section.stream === null) {
      emit(writeTable(offsets));
      emit(`trailer\n${this.#trailer(this.#next)}\n`);
    } else this.#emitStream(offsets, at, emit);
    emit(`startxref\n${startxref}\n%%EOF\n`);
    return this.#join(chunks, at);
  }

  /** Strings of an object, encrypted where the file is; the hole of a signature stays (7.6.2). */
  async #strings(body: string, num: number, gen: number): Promise<string> {
    if (!this.#encryption) return body;
    let out = '';
    let from = 0;
    for (const { 0: written, 1: hole, 2: hex = '', index } of body.matchAll(STRINGS)) {
      if (hole !== undefined) continue;
      const plain = fromHex(hex) as Uint8Array;
      const string = new PdfString(await this.#encryption.encryptString(plain, num, gen));
      out += body.slice(from, index) + writeObject(string);
      from = index + written.length;
    }
    return out + body.slice(from);
  }

  #trailer(size: number, extra: Record<string, Writable> = {}): string {
    const old = this.revision.map.trailer;
    const kept: [string, PdfObject][] = [];
    for (const key of ['Root', 'Info', 'ID', 'Encrypt'])
      if (old.has(key)) kept.push([key, old.raw(key)]);
    const entries = { Size: size, Prev: this.#section.offset, ...extra };
    return writeEntries(new Map<string, Writable>([...kept, ...Object.entries(entries)]));
  }

  #emitStream(
    offsets: Map<number, { offset: number; gen: number }>,
    at: number,
    emit: (chunk: string | Uint8Array) => void,
  ): void {
    const num = this.#next;
    offsets.set(num, { offset: at, gen: 0 });
    const data = new Uint8Array(7 * offsets.size);
    const view = new DataView(data.buffer);
    [...offsets.values()].forEach(({ offset, gen }, i) => {
      view.setUint8(7 * i, 1);
      view.setUint32(7 * i + 1, offset);
      view.setUint16(7 * i + 5, gen);
    });
    const index = runsOf([...offsets.keys()]).flatMap((run) => [run.first, run.count]);
    const dict = this.#trailer(num + 1, {
      Type: new Syntax('/XRef'),
      W: [1, 4, 2],
      Index: index,
      Length: data.length,
    });
    emit(`${num} 0 obj\n${dict}\nstream\n`);
    emit(data);
    emit('\nendstream\nendobj\n');
  }

  #join(chunks: readonly (string | Uint8Array)[], length: number): Bytes {
    const out = new Uint8Array(length);
    out.set(this.#bytes);
    let at = this.#bytes.length;
    for (const chunk of chunks) {
      out.set(typeof chunk === 'string' ? fromLatin1(chunk) : chunk, at);
      at += chunk.length;
    }
    if (!startsWith(out, this.#bytes)) {
      throw new Malformed('pdf-prefix', 'the signed prefix would change');
    }
    return out;
  }
}

function writeTable(offsets: Map<number, { offset: number; gen: number }>): string {
  let out = 'xref\n';
  for (const { first, count } of runsOf([...offsets.keys()])) {
    out += `${first} ${count}\n`;
    for (let num = first; num < first + count; num++) {
      const { offset, gen } = offsets.get(num) as { offset: number; gen: number };
      out += `${String(offset).padStart(10, '0')} ${String(gen).padStart(5, '0')} n\r\n`;
    }
  }
  return out;
}

/** Consecutive numbers of an ascending list. */
function runsOf(numbers: readonly number[]): { first: number; count: number }[] {
  const runs: { first: number; count: number }[] = [];
  for (const num of numbers) {
    const last = runs[runs.length - 1];
    if (last && last.first + last.count === num) last.count++;
    else runs.push({ first: num, count: 1 });
  }
  return runs;
}

/** Compared four octets at a time where the views are aligned: files are large, signing is quick. */
function startsWith(out: Uint8Array, prefix: Uint8Array): boolean {
  const aligned = prefix.byteOffset % 4 === 0 && out.byteOffset % 4 === 0;
  const words = aligned ? prefix.length >> 2 : 0;
  const a = new Int32Array(out.buffer, out.byteOffset * (words && 1), words);
  const b = new Int32Array(prefix.buffer, prefix.byteOffset * (words && 1), words);
  for (let i = 0; i < words; i++) if (a[i] !== b[i]) return false;
  return equal(out.subarray(4 * words, prefix.length), prefix.subarray(4 * words));
}
