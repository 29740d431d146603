/** Object streams (ISO 32000-2, 7.5.7). */
import { Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from './document.ts';
import type { PdfObject, PdfStream } from './objects.ts';
import { PdfParser } from './parser.ts';

export interface ObjectStream {
  /** The numbers that its header names. */
  readonly numbers: readonly number[];
  /** @throws {Malformed} when the entry's index and number are not those of the stream's header. */
  object(index: number, num: number): PdfObject;
}

export function readObjectStream(view: PdfRevision, stream: PdfStream): ObjectStream {
  const data = view.data(stream);
  const { budget } = view.document;
  const count = view.get(stream.dict, 'N');
  const first = view.get(stream.dict, 'First');
  if (
    typeof count !== 'number' ||
    typeof first !== 'number' ||
    !Number.isInteger(count) ||
    count < 0 ||
    count > data.length ||
    !(first >= 0 && first <= data.length)
  ) {
    throw new Malformed('pdf-object-stream', 'N or First');
  }
  const header = new PdfParser(data, 0, first, budget);
  const numbers: number[] = [];
  const offsets: number[] = [];
  for (let i = 0; i < count; i++) {
    numbers.push(header.integer());
    offsets.push(first + header.integer());
  }
  if (new Set(numbers).size !== numbers.length) {
    throw new Malformed('pdf-object-stream', 'a number twice in one object stream');
  }
  const inOrder = [...offsets].sort((a, b) => a - b);
  const ends = new Map<number, number>();
  inOrder.forEach((offset, i) => {
    ends.set(offset, inOrder[i + 1] ?? data.length);
  });
  const parsed = new Map<number, PdfObject>();
  return {
    numbers,
    object(index, num) {
      if (numbers[index] !== num) {
        throw new Malformed('pdf-object-stream', `object ${num} is not at its index`);
      }
      const known = parsed.get(index);
      if (known !== undefined) return known;
      const start = offsets[index] as number;
      const value = new PdfParser(data, start, ends.get(start) as number, budget).value();
      parsed.set(index, value);
      return value;
    },
  };
}
