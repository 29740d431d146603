/**
 * The hole that a signature leaves for itself (ISO 32000-2, 12.8.1): ByteRange and Contents are
 * written as room of a fixed size, and filled once the rest of the file stands.
 */
import { fromLatin1, indexOf, Malformed, toHex } from '../../crypto/index.ts';

const DIGITS = 10;
const RANGE_ROOM = 3 * DIGITS + 2;

/** The two entries, left open. @param size octets of Contents */
export function openEntries(size: number): string {
  return `/ByteRange [0 ${' '.repeat(RANGE_ROOM)}]\n/Contents <${'00'.repeat(size)}>`;
}

export interface Hole {
  /** What is signed: everything but the hexadecimal string of Contents. */
  readonly ranges: readonly Uint8Array[];
  /** Offset of `<`. */
  readonly start: number;
  readonly size: number;
}

const RANGE = fromLatin1('/ByteRange [0 ');
const CONTENTS = fromLatin1('/Contents <');

/** Writes the three numbers. @param from where the update begins; nothing before is looked at */
export function closeRange(out: Uint8Array, from: number, size: number): Hole {
  const range = indexOf(out, RANGE, from);
  const start = indexOf(out, CONTENTS, range) + CONTENTS.length - 1;
  const end = start + 2 + 2 * size;
  const numbers = `${start} ${end} ${out.length - end}`.padEnd(RANGE_ROOM);
  out.set(fromLatin1(numbers), range + RANGE.length);
  return { ranges: [out.subarray(0, start), out.subarray(end)], start, size };
}

/** @throws {Malformed} `pdf-contents` when the value is larger than the hole */
export function fillContents(out: Uint8Array, { start, size }: Hole, value: Uint8Array): void {
  if (value.length > size) throw new Malformed('pdf-contents', 'the signature does not fit');
  out.set(fromLatin1(toHex(value)), start + 1);
}
