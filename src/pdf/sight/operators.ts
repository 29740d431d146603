/**
 * The operators of a content stream (ISO 32000-2, 7.8.2), in order, with their operands. Read with
 * the strict parser: what does not follow the syntax ends the reading with a code.
 */
import { latin1, Malformed } from '../../crypto/index.ts';
import { isWhite, KIND, REGULAR } from '../read/characters.ts';
import { PdfDict, type PdfObject } from '../read/objects.ts';
import type { PdfParser } from '../read/parser.ts';

export interface Operator {
  /** `BI` stands for a whole inline image, its dictionary being the one operand. */
  readonly name: string;
  readonly operands: readonly PdfObject[];
}

/** 7.8.2 knows no operator with more; arrays count as one. */
const MAX_OPERANDS = 64;

/** @throws {Malformed} `pdf-content`, or what the parser says of an operand. */
export function* operatorsOf(parser: PdfParser): Generator<Operator> {
  let operands: PdfObject[] = [];
  for (;;) {
    parser.skip();
    const byte = parser.peek();
    if (byte < 0) return;
    if (startsOperand(byte)) operands.push(parser.value());
    else {
      const name = word(parser);
      if (name === 'true' || name === 'false') operands.push(name === 'true');
      else if (name === 'null') operands.push(null);
      else {
        yield name === 'BI' ? inlineImage(parser) : { name, operands };
        operands = [];
      }
    }
    if (operands.length > MAX_OPERANDS) parser.fail('pdf-content', 'operands without operator');
  }
}

function startsOperand(byte: number): boolean {
  if (byte >= 48 && byte <= 57) return true;
  return '/(<[+-.'.includes(String.fromCharCode(byte));
}

function word(parser: PdfParser): string {
  const start = parser.pos;
  while (parser.pos < parser.end && KIND[parser.bytes[parser.pos] as number] === REGULAR) {
    parser.pos++;
  }
  if (parser.pos === start || parser.pos - start > 32) parser.fail('pdf-content', 'no operator');
  parser.budget.token();
  return latin1(parser.bytes, start, parser.pos);
}

/** 8.9.7: entries up to ID, then data up to the first EI that stands between white space. */
function inlineImage(parser: PdfParser): Operator {
  const entries = new Map<string, PdfObject>();
  for (;;) {
    parser.skip();
    if (parser.take('ID')) break;
    if (parser.peek() !== 0x2f) parser.fail('pdf-content', 'an inline image without data');
    const key = parser.value() as { name: string };
    entries.set(key.name, parser.value());
  }
  const { bytes, end } = parser;
  for (let at = parser.pos + 1; at + 2 <= end; at++) {
    const found = bytes[at] === 0x45 && bytes[at + 1] === 0x49 && isWhite(bytes[at - 1]);
    if (!found || (at + 2 < end && !isWhite(bytes[at + 2]))) continue;
    parser.budget.scan(at - parser.pos);
    parser.pos = at + 2;
    return { name: 'BI', operands: [new PdfDict(entries)] };
  }
  throw new Malformed('pdf-content', 'an inline image without end');
}
