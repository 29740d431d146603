/**
 * ZIP as OFD needs it: stored and deflated entries, every header checked against the central
 * directory, no entry twice, nothing encrypted, sizes and counts bounded.
 */
import { fromUtf8, Malformed } from '../crypto/index.ts';
import { crc32, inflateCapped } from '../seal/index.ts';

const MAX_ENTRIES = 4096;
const MAX_ENTRY = 32 * 1024 * 1024;
const MAX_TOTAL = 128 * 1024 * 1024;

/**
 * Files by name; folders are left out.
 * @throws {Malformed} `zip` for what is broken, ambiguous or too large
 */
export function readZip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (message: string, at?: number) => new Malformed('zip', message, at);
  const end = findEnd(bytes, view);
  const count = view.getUint16(end + 10, true);
  if (view.getUint16(end + 8, true) !== count || count > MAX_ENTRIES) throw fail('entry count');
  if (view.getUint32(end + 4, true) !== 0) throw fail('several disks');
  let at = view.getUint32(end + 16, true);
  if (at + view.getUint32(end + 12, true) !== end) throw fail('central directory');
  const files = new Map<string, Uint8Array>();
  const regions: [number, number][] = [];
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw fail('entry', at);
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const crc = view.getUint32(at + 16, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = fromUtf8(bytes.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (at > end || name === null || !isPlain(name)) throw fail('entry name', at);
    if (flags & 0x2041) throw fail('encrypted entry', local);
    const start = localData(bytes, view, local, name, method);
    if (start + packed > bytes.length) throw fail('entry runs past the end', local);
    regions.push([local, start + packed]);
    if (name.endsWith('/')) {
      if (size !== 0) throw fail('folder with content', local);
      continue;
    }
    total += size;
    if (size > MAX_ENTRY || total > MAX_TOTAL) throw fail('too large', local);
    const data = bytes.subarray(start, start + packed);
    const content = method === 0 ? data : inflateCapped(data, 'raw', size);
    if (content.length !== size || crc32(content) !== crc) throw fail(`content of ${name}`, local);
    if (files.has(name)) throw fail(`two entries ${name}`, local);
    files.set(name, content);
  }
  if (at !== end) throw fail('central directory', at);
  regions.sort(([a], [b]) => a - b);
  for (let i = 1; i < regions.length; i++) {
    if ((regions[i]?.[0] as number) < (regions[i - 1]?.[1] as number)) throw fail('overlap');
  }
  return files;
}

/** The end record stands at the very end, its comment included. */
function findEnd(bytes: Uint8Array, view: DataView): number {
  const lowest = Math.max(0, bytes.length - 22 - 65_535);
  for (let at = bytes.length - 22; at >= lowest; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    if (at + 22 + view.getUint16(at + 20, true) === bytes.length) return at;
  }
  throw new Malformed('zip', 'no end record');
}

function localData(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  name: string,
  method: number,
): number {
  if (at + 30 > bytes.length || view.getUint32(at, true) !== 0x04034b50) {
    throw new Malformed('zip', 'local header', at);
  }
  const length = view.getUint16(at + 26, true);
  const start = at + 30 + length + view.getUint16(at + 28, true);
  const same = fromUtf8(bytes.subarray(at + 30, at + 30 + length)) === name;
  if (!same || view.getUint16(at + 8, true) !== method || (method !== 0 && method !== 8)) {
    throw new Malformed('zip', `local header of ${name} differs`, at);
  }
  return start;
}

/** No absolute names, no steps upwards, no empty steps, no backslashes. */
function isPlain(name: string): boolean {
  const steps = name.replace(/\/$/, '').split('/');
  return (
    !/[\\\0]/.test(name) && steps.every((step) => step !== '' && step !== '.' && step !== '..')
  );
}
