/**
 * The central directory of a ZIP (APPNOTE 4.3.12 to 4.3.16). Bytes before and after the archive are
 * let be, since transports add them; a second end record that a reader could choose is not.
 */
import { Malformed } from '../crypto/index.ts';
import { entryName, extraField } from './entry-name.ts';

export interface DirectoryEntry {
  readonly name: string;
  /** The name as it stands. */
  readonly rawName: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where the local header stands in the file. */
  readonly local: number;
}

export interface Directory {
  readonly entries: readonly DirectoryEntry[];
  /** Where the central directory begins and where the end record ends, comment included. */
  readonly start: number;
  readonly end: number;
}

const MAX_ENTRIES = 4096;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const ZIP64_EXTRA = 1;
/** A comment, and as much again behind the archive. */
const LOOK_BACK = 2 * 65_535 + 22;

/** @throws {Malformed} `zip` for what is broken or can be read in two ways, `zip-encrypted` */
export function readDirectory(bytes: Uint8Array): Directory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const record = findEnd(bytes.length, view);
  const start = record.directoryEnd - record.size;
  const shift = start - record.offset;
  const fail = (message: string, at?: number) => new Malformed('zip', message, at);
  if (shift < 0 || start < 0) throw fail('central directory');
  if (record.count > MAX_ENTRIES) throw fail('entry count');
  const elsewhere = record.offset;
  if (shift > 0 && elsewhere + 4 <= start && view.getUint32(elsewhere, true) === CENTRAL) {
    throw fail('two central directories', elsewhere);
  }
  const entries: DirectoryEntry[] = [];
  let at = start;
  for (let i = 0; i < record.count; i++) {
    if (at + 46 > record.directoryEnd || view.getUint32(at, true) !== CENTRAL) {
      throw fail('entry of the central directory', at);
    }
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > record.directoryEnd) throw fail('entry runs past the directory', at);
    const flags = view.getUint16(at + 8, true);
    if (flags & 0x2041) throw new Malformed('zip-encrypted', 'encrypted entry', at);
    const extra = bytes.subarray(nameEnd, extraEnd);
    const [size, packed, local] = sizes(view, at, extra);
    const rawName = bytes.subarray(at + 46, nameEnd);
    entries.push({
      name: entryName(rawName, flags, extra),
      rawName,
      flags,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed,
      size,
      local: local + shift,
    });
    at = next;
  }
  if (at !== record.directoryEnd) throw fail('central directory', at);
  return { entries, start, end: record.end };
}

/** Sizes and offset, from the ZIP64 field (APPNOTE 4.5.3) where the header says so. */
function sizes(view: DataView, at: number, extra: Uint8Array): [number, number, number] {
  const found = [24, 20, 42].map((from) => view.getUint32(at + from, true));
  const wide = extraField(extra, ZIP64_EXTRA);
  let from = 0;
  const out = found.map((value) => {
    if (value !== 0xffffffff || !wide) return value;
    if (from + 8 > wide.length) throw new Malformed('zip', 'ZIP64 field', at);
    const long = new DataView(wide.buffer, wide.byteOffset + from, 8).getBigUint64(0, true);
    from += 8;
    if (long > 0xffffffffn) throw new Malformed('zip', 'too large', at);
    return Number(long);
  });
  return out as [number, number, number];
}

interface EndRecord {
  count: number;
  size: number;
  offset: number;
  directoryEnd: number;
  end: number;
}

/** The one end record; another one that a reader could take instead is refused. */
function findEnd(length: number, view: DataView): EndRecord {
  let found: EndRecord | null = null;
  const lowest = Math.max(0, length - LOOK_BACK);
  for (let at = length - 22; at >= lowest; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const end = at + 22 + view.getUint16(at + 20, true);
    if (found) {
      const inside = at < found.directoryEnd - found.size;
      if (!inside || end === length) throw new Malformed('zip', 'two end records', at);
      continue;
    }
    if (end > length) throw new Malformed('zip', 'end record', at);
    found = readEnd(view, at, end);
  }
  if (!found) throw new Malformed('zip', 'no end record');
  return found;
}

function readEnd(view: DataView, at: number, end: number): EndRecord {
  const fail = () => new Malformed('zip', 'end record', at);
  const short = {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  const wide = at >= 76 && view.getUint32(at - 20, true) === LOCATOR64;
  if (!wide) {
    const onHere = view.getUint16(at + 8, true);
    if (view.getUint32(at + 4, true) !== 0 || onHere !== short.count) throw fail();
    return { ...short, directoryEnd: at, end };
  }
  const directoryEnd = at - 76;
  if (view.getUint32(directoryEnd, true) !== END64) throw fail();
  const long = (from: number, told: number, all: number): number => {
    const value = view.getBigUint64(directoryEnd + from, true);
    if (value > 0xffffffffn || (told !== all && BigInt(told) !== value)) throw fail();
    return Number(value);
  };
  return {
    count: long(32, short.count, 0xffff),
    size: long(40, short.size, 0xffffffff),
    offset: long(48, short.offset, 0xffffffff),
    directoryEnd,
    end,
  };
}
