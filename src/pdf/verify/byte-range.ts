/** What a signature covers: ByteRange and Contents, checked against the file (checks 5 to 11). */
import { latin1 } from '../../crypto/index.ts';
import type { PdfDocument } from '../read/document.ts';
import { isPlain, strayFrom } from '../read/loose-bytes.ts';
import { type PdfDict, PdfString } from '../read/objects.ts';
import type { Span } from '../read/parser.ts';
import type { SignatureValue } from './signature-values.ts';

export interface Coverage {
  /** Start and end of the gap that holds Contents. */
  readonly gap: Span;
  /** Offset after the last covered byte. */
  readonly end: number;
  /** Contents, decoded, padding included. */
  readonly contents: Uint8Array;
  /** Index of the revision that the signature closes; null where it closes none. */
  readonly revision: number | null;
}

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly params?: Readonly<Record<string, string>>;
}

/**
 * @returns the coverage, or what makes it unusable. Faults beside a coverage leave the digest
 * computable and the signature broken.
 */
export function readCoverage(
  document: PdfDocument,
  value: SignatureValue,
): { coverage: Coverage | null; faults: Fault[] } {
  const faults: Fault[] = [];
  const fault = (code: string, message: string): void => {
    faults.push({ code, message });
  };
  const { bytes } = document;
  const numbers = byteRangeNumbers(bytes, value);
  if (!numbers) {
    fault('pdf-byte-range', 'ByteRange is missing or not four plain integers');
    return { coverage: null, faults };
  }
  const [a, b, c, d] = numbers;
  const end = c + d;
  if (a !== 0 || b <= 0 || c <= b || d <= 0 || end > bytes.length) {
    fault('pdf-byte-range', `ByteRange [${numbers.join(' ')}] does not fit the file`);
    return { coverage: null, faults };
  }
  const span = value.spans.get('Contents');
  const written = value.dict?.raw('Contents');
  if (!span || !(written instanceof PdfString)) {
    fault('pdf-contents', 'Contents is missing or no string');
    return { coverage: null, faults };
  }
  if (span[0] !== b || span[1] !== c) {
    fault('pdf-gap', 'what ByteRange leaves out is not exactly Contents');
    return { coverage: null, faults };
  }
  const contents = plainHex(bytes, written, b, c);
  if (!contents) {
    fault('pdf-contents', 'Contents is not one plain hex string');
    return { coverage: null, faults };
  }
  const revision = document.revisions.find(({ map }) => closes(bytes, map.eof, end));
  if (!revision) fault('pdf-revision', 'the covered bytes do not end where a revision ends');
  else if (revision.index !== value.since) {
    fault('pdf-revision', 'the signature does not stand in the revision that it closes');
  }
  return {
    coverage: { gap: [b, c], end, contents, revision: revision?.index ?? null },
    faults,
  };
}

function byteRangeNumbers(
  bytes: Uint8Array,
  value: SignatureValue,
): [number, number, number, number] | null {
  const span = value.spans.get('ByteRange');
  if (!span || span[1] - span[0] > 1024) return null;
  const text = latin1(bytes, span[0], span[1]);
  if (!/^\[\s*\d{1,15}\s+\d{1,15}\s+\d{1,15}\s+\d{1,15}\s*\]$/.test(text)) return null;
  return text.match(/\d+/g)?.map(Number) as [number, number, number, number];
}

/**
 * Which columns of the code table occur, a bit each: of digits and white space, 0 and 2 hold white
 * space alone, 4 the letters in upper case, 6 those in lower case.
 */
export function columnsOf(bytes: Uint8Array, start: number, end: number): number {
  let columns = 0;
  for (let at = start; at < end; at++) columns |= 1 << ((bytes[at] as number) >> 4);
  return columns;
}

const WHITE_COLUMNS = 0b101;

/**
 * One `<`, hex digits in pairs, one `>`; nothing else. The parser refused all but digits and white
 * space.
 */
function plainHex(
  bytes: Uint8Array,
  written: PdfString,
  start: number,
  end: number,
): Uint8Array | null {
  if (bytes[start] !== 0x3c || bytes[end - 1] !== 0x3e) return null;
  if (written.bytes.length * 2 !== end - start - 2) return null;
  // White space in the place of the last digit leaves as many octets: the parser adds a zero.
  const seen = columnsOf(bytes, start + 1, end - 1);
  return (seen & WHITE_COLUMNS) === 0 ? written.bytes : null;
}

/** Whether `end` is the `%%EOF` at `eof`, or in loose bytes after it, which are then signed, too. */
function closes(bytes: Uint8Array, eof: number, end: number): boolean {
  return isPlain(bytes, eof, end);
}

/** Whether nothing but blank bytes follows `end` in the file (check 11). */
export function endsFile(bytes: Uint8Array, end: number): boolean {
  return strayFrom(bytes, end) === null;
}

/**
 * Where bytes begin that belong to no revision and that no signature of the last one covers; null
 * where there are none.
 */
export function uncoveredTail(
  document: PdfDocument,
  values: readonly SignatureValue[],
): number | null {
  if (document.stray === null) return null;
  const last = document.revisions.length - 1;
  const ends = values.map((value) => {
    const { coverage } = readCoverage(document, value);
    return coverage?.revision === last ? coverage.end : 0;
  });
  return strayFrom(document.bytes, Math.max(document.stray, ...ends));
}

/** The covered bytes, in order, without the gap. */
export function coveredRanges(bytes: Uint8Array, coverage: Coverage): [Uint8Array, Uint8Array] {
  return [bytes.subarray(0, coverage.gap[0]), bytes.subarray(coverage.gap[1], coverage.end)];
}

/** ISO date of a PDF date string (7.9.4), or null. */
export function pdfDate(dict: PdfDict, key: string): string | null {
  const value = dict.raw(key);
  if (!(value instanceof PdfString)) return null;
  const m =
    /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)(?:00'?(?:00'?)?)?|([+-])(\d\d)'?(\d\d)?'?)?$/.exec(
      latin1(value.bytes),
    );
  if (!m) return null;
  const [, y, mo = '01', d = '01', h = '00', mi = '00', s = '00', , sign, oh = '00', om = '00'] = m;
  const time = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  if (Number.isNaN(time)) return null;
  const offset = sign ? (sign === '-' ? -1 : 1) * (Number(oh) * 60 + Number(om)) * 60_000 : 0;
  return new Date(time - offset).toISOString();
}
