/** `n g obj … endobj` (ISO 32000-2, 7.3.10) and stream data (7.3.8), at exactly one offset. */
import type { PdfBudget } from './budget.ts';
import { isWhite } from './characters.ts';
import { PdfDict, type PdfObject, PdfStream } from './objects.ts';
import { PdfParser, type Span } from './parser.ts';

export interface IndirectObject {
  readonly num: number;
  readonly gen: number;
  readonly value: PdfObject;
  /** Offset of `n`, and the offset after `endobj`. */
  readonly start: number;
  readonly end: number;
  /** Where the values that signatures are about stand in its dictionary; null where it has none. */
  readonly spans: ReadonlyMap<string, Span> | null;
}

export interface ReadOptions {
  /** Follows the Length of a stream, where it is a reference. */
  lengthOf: (length: PdfObject) => PdfObject;
  /** How strings of this object are decrypted. */
  decryptFor?: ((num: number, gen: number) => (bytes: Uint8Array) => Uint8Array) | null;
}

/** @throws {Malformed} when anything but one whole object stands at `offset` and before `end`. */
export function readIndirectObject(
  bytes: Uint8Array,
  offset: number,
  end: number,
  budget: PdfBudget,
  options: ReadOptions,
): IndirectObject {
  const parser = new PdfParser(bytes, offset, end, budget);
  while (isWhite(parser.peek())) parser.pos++;
  const start = parser.pos;
  const num = parser.integer();
  const gen = parser.integer();
  parser.expect('obj');
  parser.decrypt = options.decryptFor?.(num, gen) ?? null;
  let value = parser.value();
  parser.skip();
  if (value instanceof PdfDict && parser.take('stream')) {
    value = readStream(parser, value, num, gen, options);
  }
  parser.expect('endobj');
  return { num, gen, value, start, end: parser.pos, spans: parser.spans };
}

function readStream(
  parser: PdfParser,
  dict: PdfDict,
  num: number,
  gen: number,
  options: ReadOptions,
): PdfStream {
  const { bytes } = parser;
  if (bytes[parser.pos] === 13 && bytes[parser.pos + 1] === 10) parser.pos += 2;
  else if (bytes[parser.pos] === 10) parser.pos += 1;
  else parser.fail('pdf-stream', 'no end of line after "stream"');
  const length = options.lengthOf(dict.raw('Length'));
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 0) {
    parser.fail('pdf-stream', 'no usable Length');
  }
  const start = parser.pos;
  if (start + length > parser.end) parser.fail('pdf-truncated', 'a stream runs past the end');
  parser.pos = start + length;
  while (isWhite(parser.peek())) parser.pos++;
  if (!parser.take('endstream')) parser.fail('pdf-stream', 'Length does not lead to "endstream"');
  if (dict.has('F')) parser.fail('pdf-external', 'a stream whose data is in another file');
  return new PdfStream(dict, bytes.subarray(start, start + length), num, gen);
}
