/**
 * ZIP as OFD needs it: stored and deflated entries, every header checked against the central
 * directory, no file twice under any spelling, nothing hidden between, sizes and counts bounded.
 */
import { equal, Malformed } from '../crypto/index.ts';
import { crc32, inflateCapped } from '../seal/index.ts';
import { foldedName } from './entry-name.ts';
import { type DirectoryEntry, readDirectory } from './zip-directory.ts';

const MAX_ENTRY = 64 * 1024 * 1024;
const MAX_TOTAL = 128 * 1024 * 1024;
const LOCAL = 0x04034b50;

export interface ZipContent {
  /** By name with slashes; folders are left out. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Octets that stand before the first entry and behind the archive. */
  readonly around: number;
}

/**
 * @throws {Malformed} `zip` for what is broken, ambiguous or too large, `zip-name`,
 *   `zip-encrypted`, `inflate`, `inflate-limit`
 */
export function readZip(bytes: Uint8Array): ZipContent {
  const { entries, start, end } = readDirectory(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const regions = entries.map((entry) => localEntry(bytes, view, entry, start));
  checkBetween(bytes, view, regions, start);
  const files = new Map<string, Uint8Array>();
  const seen = new Set<string>();
  let total = 0;
  entries.forEach((entry, i) => {
    const { name, size, method, crc, local } = entry;
    const fail = (message: string) => new Malformed('zip', message, local);
    if (name.endsWith('/')) {
      if (size !== 0) throw fail('folder with content');
      return;
    }
    total += size;
    if (size > MAX_ENTRY || total > MAX_TOTAL) throw fail('too large');
    const folded = foldedName(name);
    if (seen.has(folded)) throw fail(`two entries ${name}`);
    seen.add(folded);
    const { data, end: to } = regions[i] as Region;
    const packed = bytes.subarray(data, to);
    const content = method === 0 ? packed : inflateCapped(packed, 'raw', size);
    if (content.length !== size || crc32(content) !== crc) throw fail(`content of ${name}`);
    files.set(name, content);
  });
  const first = Math.min(start, ...regions.map((region) => region.start));
  return { files, around: first + (bytes.length - end) };
}

interface Region {
  start: number;
  /** Of the packed data. */
  data: number;
  end: number;
}

/** The local header says what the directory says. */
function localEntry(
  bytes: Uint8Array,
  view: DataView,
  { local: at, name, rawName, flags, method, crc, packed, size }: DirectoryEntry,
  directory: number,
): Region {
  const fail = (message: string) => new Malformed('zip', `${message} of ${name}`, at);
  if (at + 30 > directory || view.getUint32(at, true) !== LOCAL) throw fail('local header');
  const nameLength = view.getUint16(at + 26, true);
  const data = at + 30 + nameLength + view.getUint16(at + 28, true);
  if (data + packed > directory) throw fail('entry runs past the end');
  const localFlags = view.getUint16(at + 6, true);
  if (localFlags & 0x2041) throw new Malformed('zip-encrypted', 'encrypted entry', at);
  if (view.getUint16(at + 8, true) !== method) throw fail('method');
  if (method !== 0 && method !== 8) throw fail('unknown method');
  if (method === 0 && packed !== size) throw fail('size');
  if (!equal(rawName, bytes.subarray(at + 30, at + 30 + nameLength))) throw fail('local name');
  const later = ((localFlags | flags) & 8) !== 0;
  for (const [from, value] of [
    [14, crc],
    [18, packed],
    [22, size],
  ] as const) {
    const told = view.getUint32(at + from, true);
    const open = (later && told === 0) || (from > 14 && told === 0xffffffff);
    if (told !== value && !open) throw fail('local header');
  }
  return { start: at, data, end: data + packed };
}

/** Readers that go from header to header must find the entries of the directory and no others. */
function checkBetween(
  bytes: Uint8Array,
  view: DataView,
  regions: readonly Region[],
  directory: number,
): void {
  const ordered = [...regions].sort((a, b) => a.start - b.start);
  let at = 0;
  for (const { start, end } of [...ordered, { start: directory, end: directory }]) {
    if (start < at) throw new Malformed('zip', 'entries overlap', start);
    for (
      let i = bytes.indexOf(0x50, at);
      i >= 0 && i + 4 <= start;
      i = bytes.indexOf(0x50, i + 1)
    ) {
      if (view.getUint32(i, true) === LOCAL) throw new Malformed('zip', 'hidden entry', i);
    }
    at = end;
  }
}
