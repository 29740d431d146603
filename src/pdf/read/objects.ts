/**
 * The object types of PDF (ISO 32000-2, 7.3) as plain values: null, boolean, number and array are
 * JavaScript's own; names, strings, references, dictionaries and streams have a class each.
 */
import { equal, latin1 } from '../../crypto/index.ts';

export class PdfName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class PdfString {
  /** Decrypted, unescaped octets. */
  readonly bytes: Uint8Array;
  /** In an encrypted file: octets that no cipher can have written, and that stand as they are. */
  readonly unencrypted: boolean;
  constructor(bytes: Uint8Array, unencrypted = false) {
    this.bytes = bytes;
    this.unencrypted = unencrypted;
  }
}

export class PdfRef {
  readonly num: number;
  readonly gen: number;
  constructor(num: number, gen: number) {
    this.num = num;
    this.gen = gen;
  }
}

export class PdfDict {
  readonly entries: ReadonlyMap<string, PdfObject>;
  constructor(entries: ReadonlyMap<string, PdfObject>) {
    this.entries = entries;
  }
  /** The value as written, a reference unresolved; null where absent. */
  raw(key: string): PdfObject {
    return this.entries.get(key) ?? null;
  }
  has(key: string): boolean {
    return this.entries.has(key);
  }
}

export class PdfStream {
  readonly dict: PdfDict;
  /** Data as stored, filters not yet undone; decryption is done by whoever reads it. */
  readonly data: Uint8Array;
  /** Number and generation under which it stands: the key of its decryption. */
  readonly num: number;
  readonly gen: number;
  constructor(dict: PdfDict, data: Uint8Array, num: number, gen: number) {
    this.dict = dict;
    this.data = data;
    this.num = num;
    this.gen = gen;
  }
}

export type PdfObject =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfRef
  | PdfDict
  | PdfStream
  | readonly PdfObject[];

export function isName(object: PdfObject | undefined, name: string): boolean {
  return object instanceof PdfName && object.name === name;
}

/** A text string (7.9.2.2): UTF-16BE or UTF-8 with their marks, else PDFDocEncoding. */
export function textOf(string: PdfString): string {
  const { bytes } = string;
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return new TextDecoder('utf-16be').decode(bytes.subarray(2));
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return new TextDecoder().decode(bytes.subarray(3));
  }
  return bytes.some(differsFromLatin1) ? pdfDocText(bytes) : latin1(bytes);
}

/** 0x18 to 0x1F, and 0x80 to 0xA0, of PDFDocEncoding (Annex D.3); 0x9F stands for nothing. */
const ACCENTS = '\u02d8\u02c7\u02c6\u02d9\u02dd\u02db\u02da\u02dc';
const SIGNS =
  '\u2022\u2020\u2021\u2026\u2014\u2013\u0192\u2044\u2039\u203a\u2212\u2030\u201e\u201c\u201d\u2018' +
  '\u2019\u201a\u2122\ufb01\ufb02\u0141\u0152\u0160\u0178\u017d\u0131\u0142\u0153\u0161\u017e\ufffd\u20ac';

function differsFromLatin1(byte: number): boolean {
  return (byte >= 0x18 && byte < 0x20) || (byte >= 0x80 && byte <= 0xa0);
}

function pdfDocText(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) {
    if (!differsFromLatin1(byte)) out += String.fromCharCode(byte);
    else out += byte < 0x20 ? ACCENTS[byte - 0x18] : SIGNS[byte - 0x80];
  }
  return out;
}

/**
 * Equality of what was written, references compared by number and not followed. Of streams the
 * data and every key but Length, which may be direct in one revision and indirect in another.
 */
export function sameObject(a: PdfObject, b: PdfObject): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, i) => sameObject(item, b[i]));
  }
  if (a instanceof PdfName) return b instanceof PdfName && a.name === b.name;
  if (a instanceof PdfString) {
    return b instanceof PdfString && a.unencrypted === b.unencrypted && equal(a.bytes, b.bytes);
  }
  if (a instanceof PdfRef) return b instanceof PdfRef && a.num === b.num && a.gen === b.gen;
  if (a instanceof PdfDict) return b instanceof PdfDict && sameEntries(a, b, '');
  if (a instanceof PdfStream) {
    return b instanceof PdfStream && sameEntries(a.dict, b.dict, 'Length') && sameData(a, b);
  }
  return false;
}

function sameData({ data: a }: PdfStream, { data: b }: PdfStream): boolean {
  const same = a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length;
  return same || equal(a, b);
}

/** A key whose value is null counts as absent (7.3.7). */
function sameEntries(a: PdfDict, b: PdfDict, except: string): boolean {
  for (const [key, value] of a.entries) {
    if (key !== except && !sameObject(value, b.raw(key))) return false;
  }
  for (const [key, value] of b.entries) {
    if (key !== except && value !== null && !a.has(key)) return false;
  }
  return true;
}

/** One short line for people: what this value is. */
export function inWords(object: PdfObject | undefined): string {
  if (object === null || object === undefined) return 'nothing';
  if (typeof object === 'number' || typeof object === 'boolean') return String(object);
  if (object instanceof PdfName) return `/${object.name.slice(0, 60)}`;
  if (object instanceof PdfString) return `"${textOf(object).slice(0, 60)}"`;
  if (object instanceof PdfRef) return `object ${object.num}`;
  if (object instanceof PdfStream) return `a stream of ${object.data.length} bytes`;
  if (object instanceof PdfDict) {
    const keys = [...object.entries.keys()];
    return `a dictionary of ${keys.slice(0, 8).join(', ')}${keys.length > 8 ? ', …' : ''}`;
  }
  const list = object as readonly PdfObject[];
  if (list.length > 6) return `an array of ${list.length}`;
  return `[${list.map((item) => inWords(item)).join(' ')}]`;
}
