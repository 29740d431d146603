/** Objects as PDF syntax (ISO 32000-2, 7.3): one spelling each, strings in hexadecimal. */
import { toHex } from '../../crypto/index.ts';
import { PdfDict, PdfName, type PdfObject, PdfRef, PdfStream, PdfString } from '../read/objects.ts';

/** What can be written: the reader's values, or syntax that is ready as text. */
export type Writable = PdfObject | Syntax;

/** PDF syntax written by hand, e.g. a dictionary with a place left open. */
export class Syntax {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** @throws {TypeError} for a stream, which is an object of its own (see `Increment`). */
export function writeObject(object: Writable): string {
  if (object === null) return 'null';
  if (typeof object === 'number') return writeNumber(object);
  if (typeof object === 'boolean') return String(object);
  if (object instanceof Syntax) return object.text;
  if (object instanceof PdfName) return writeName(object.name);
  if (object instanceof PdfString) return `<${toHex(object.bytes)}>`;
  if (object instanceof PdfRef) return `${object.num} ${object.gen} R`;
  if (object instanceof PdfDict) return writeEntries(object.entries);
  if (object instanceof PdfStream) throw new TypeError('a stream is written as an object');
  return `[${(object as readonly PdfObject[]).map((item) => writeObject(item)).join(' ')}]`;
}

export function writeEntries(entries: ReadonlyMap<string, Writable>): string {
  let out = '<<';
  for (const [key, value] of entries) out += `${writeName(key)} ${writeObject(value)}\n`;
  return `${out}>>`;
}

/** A dictionary, ready as text. */
export function dictionary(
  entries: ReadonlyMap<string, Writable> | Record<string, Writable>,
): Syntax {
  return new Syntax(
    writeEntries(entries instanceof Map ? entries : new Map(Object.entries(entries))),
  );
}

function writeName(name: string): string {
  const escaped = name.replace(/[^!-~]|[#()<>[\]{}/%]/g, (c) => {
    return `#${c.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `/${escaped}`;
}

/** Never with an exponent. */
function writeNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(value.toFixed(8).replace(/0+$/, ''));
}

/** A text string: UTF-16BE with its mark (7.9.2.2), in hexadecimal. */
export function textString(text: string): PdfString {
  const bytes = new Uint8Array(2 + 2 * text.length);
  bytes.set([0xfe, 0xff]);
  for (let i = 0; i < text.length; i++) {
    bytes[2 + 2 * i] = text.charCodeAt(i) >> 8;
    bytes[3 + 2 * i] = text.charCodeAt(i) & 0xff;
  }
  return new PdfString(bytes);
}
