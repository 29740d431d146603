/**
 * The one ZIP that a package is: entries stored, headers fixed, nothing between, before or after.
 * Every list of entries has exactly one encoding; whatever differs from it by a byte is refused, so
 * that two readers can never see two archives in one file.
 */
import { type Bytes, fromLatin1, latin1, Malformed } from '../crypto/index.ts';
import { crc32 } from './crc32.ts';

export interface Entry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bounds of a package: octets of the file, entries in it. */
export const LIMITS = { bytes: 64 << 20, entries: 64, name: 120 } as const;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
/** Version needed 1.0: stored entries. Made by 1.0 on FAT: no file modes. */
const VERSION = 10;
/** 1 January 1980: the archive's own dates say nothing; the record does. */
const DATE = 0x0021;

/** @throws {Malformed} `zip-size`, `zip-entries`, `zip-name` for what no reader here would take. */
export function writeZip(entries: readonly Entry[]): Bytes {
  checkNames(entries.map((entry) => entry.name));
  let size = END_SIZE;
  for (const { name, bytes } of entries) {
    size += LOCAL_SIZE + CENTRAL_SIZE + 2 * name.length + bytes.length;
  }
  if (size > LIMITS.bytes) throw new Malformed('zip-size', 'package too large');
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  const crcs = entries.map((entry) => crc32(entry.bytes));
  const offsets: number[] = [];
  let at = 0;
  entries.forEach(({ name, bytes }, i) => {
    offsets.push(at);
    view.setUint32(at, LOCAL, true);
    writeCommon(view, at + 4, name, bytes.length, crcs[i] as number);
    out.set(fromLatin1(name), at + LOCAL_SIZE);
    out.set(bytes, at + LOCAL_SIZE + name.length);
    at += LOCAL_SIZE + name.length + bytes.length;
  });
  const directory = at;
  entries.forEach(({ name, bytes }, i) => {
    view.setUint32(at, CENTRAL, true);
    view.setUint16(at + 4, VERSION, true);
    writeCommon(view, at + 6, name, bytes.length, crcs[i] as number);
    view.setUint32(at + 42, offsets[i] as number, true);
    out.set(fromLatin1(name), at + CENTRAL_SIZE);
    at += CENTRAL_SIZE + name.length;
  });
  view.setUint32(at, END, true);
  view.setUint16(at + 8, entries.length, true);
  view.setUint16(at + 10, entries.length, true);
  view.setUint32(at + 12, at - directory, true);
  view.setUint32(at + 16, directory, true);
  return out;
}

/** The 26 octets that local and central headers share, from `version needed` to `extra length`. */
function writeCommon(view: DataView, at: number, name: string, size: number, crc: number): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 8, DATE, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, name.length, true);
}

/**
 * @returns the entries in their order, as views into `zip`.
 * @throws {Malformed} `zip-*` for everything that {@link writeZip} would not have written.
 */
export function readZip(zip: Uint8Array): Entry[] {
  if (zip.length > LIMITS.bytes) throw new Malformed('zip-size', 'package too large');
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const need = (at: number, size: number) => {
    if (at + size > zip.length) throw new Malformed('zip-truncated', 'file ends early', at);
  };
  const entries: Entry[] = [];
  const crcs: number[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (;;) {
    need(at, 4);
    if (view.getUint32(at, true) !== LOCAL) break;
    if (entries.length >= LIMITS.entries) throw new Malformed('zip-entries', 'too many', at);
    need(at, LOCAL_SIZE);
    const size = view.getUint32(at + 18, true);
    const nameLength = view.getUint16(at + 26, true);
    if (nameLength > LIMITS.name) throw new Malformed('zip-name', 'name too long', at);
    const start = at + LOCAL_SIZE + nameLength;
    need(start, size);
    const name = latin1(zip, at + LOCAL_SIZE, start);
    const bytes = zip.subarray(start, start + size);
    const crc = crc32(bytes);
    checkCommon(view, at + 4, name, size, crc);
    entries.push({ name, bytes });
    crcs.push(crc);
    offsets.push(at);
    at = start + size;
  }
  checkNames(entries.map((entry) => entry.name));
  const directory = at;
  entries.forEach(({ name, bytes }, i) => {
    need(at, CENTRAL_SIZE + name.length);
    const fixed =
      view.getUint32(at, true) === CENTRAL &&
      view.getUint16(at + 4, true) === VERSION &&
      view.getUint32(at + 32, true) === 0 &&
      view.getUint32(at + 36, true) === 0 &&
      view.getUint16(at + 40, true) === 0 &&
      view.getUint32(at + 42, true) === offsets[i] &&
      sameName(zip, at + CENTRAL_SIZE, name);
    if (!fixed) throw new Malformed('zip-directory', 'directory and entries differ', at);
    checkCommon(view, at + 6, name, bytes.length, crcs[i] as number);
    at += CENTRAL_SIZE + name.length;
  });
  need(at, END_SIZE);
  const end =
    view.getUint32(at, true) === END &&
    view.getUint32(at + 4, true) === 0 &&
    view.getUint16(at + 8, true) === entries.length &&
    view.getUint16(at + 10, true) === entries.length &&
    view.getUint32(at + 12, true) === at - directory &&
    view.getUint32(at + 16, true) === directory &&
    view.getUint16(at + 20, true) === 0;
  if (!end) throw new Malformed('zip-directory', 'end of directory', at);
  if (at + END_SIZE !== zip.length) throw new Malformed('zip-trailing', 'bytes after the end', at);
  return entries;
}

function sameName(zip: Uint8Array, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (zip[at + i] !== name.charCodeAt(i)) return false;
  return true;
}

function checkCommon(view: DataView, at: number, name: string, size: number, crc: number): void {
  if (view.getUint16(at, true) !== VERSION) throw new Malformed('zip-header', 'version', at);
  if (view.getUint16(at + 2, true) !== 0) throw new Malformed('zip-header', 'flags', at);
  if (view.getUint16(at + 4, true) !== 0) throw new Malformed('zip-method', 'not stored', at);
  if (view.getUint16(at + 6, true) !== 0 || view.getUint16(at + 8, true) !== DATE) {
    throw new Malformed('zip-header', 'date', at);
  }
  if (view.getUint32(at + 10, true) !== crc) throw new Malformed('zip-crc', 'CRC-32', at);
  if (view.getUint32(at + 14, true) !== size || view.getUint32(at + 18, true) !== size) {
    throw new Malformed('zip-header', 'size', at);
  }
  if (view.getUint16(at + 22, true) !== name.length || view.getUint16(at + 24, true) !== 0) {
    throw new Malformed('zip-header', 'name length or extra field', at);
  }
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Relative ASCII names without directories of their own, none twice, not even by case. */
function checkNames(names: readonly string[]): void {
  if (names.length > LIMITS.entries) throw new Malformed('zip-entries', 'too many entries');
  const seen = new Set<string>();
  for (const name of names) {
    const plain = name.length <= LIMITS.name && NAME.test(name) && !name.includes('..');
    if (!plain) throw new Malformed('zip-name', 'name of an entry');
    const folded = name.toLowerCase();
    if (seen.has(folded)) throw new Malformed('zip-duplicate', `entry ${name} twice`);
    seen.add(folded);
  }
}
