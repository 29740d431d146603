/**
 * Bytes outside every revision: before the header, or after an end of file. Transports and old
 * writers leave some; no reader shows them, as long as nothing in them can be taken for PDF.
 */
import { indexOf, latin1, utf8 } from '../../crypto/index.ts';
import { isWhite } from './characters.ts';

/** Readers look for header and end of file within so many bytes. */
const MAX_LOOSE = 1024;
const HEADER = utf8('%PDF-');
const SYNTAX = /obj|xref|trailer|stream|%PDF|ByteRange|<</;
/** Ends a file on CP/M and DOS. */
const CONTROL_Z = 0x1a;

/** First byte at or after `start` that is neither white space nor a mark of the end; null for none. */
export function strayFrom(bytes: Uint8Array, start: number): number | null {
  let at = start;
  while (at < bytes.length && (isWhite(bytes[at]) || bytes[at] === CONTROL_Z)) at++;
  return at < bytes.length ? at : null;
}

/** Whether nothing in `[start, end)` can be taken for a part of a PDF. */
export function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  if (end < start || end - start > MAX_LOOSE) return false;
  return !SYNTAX.test(latin1(bytes, start, end));
}

/** Offset of the header where it stands near the start, as readers demand; else 0. */
export function headerAt(bytes: Uint8Array): number {
  return Math.max(0, indexOf(bytes.subarray(0, MAX_LOOSE + HEADER.length), HEADER));
}
