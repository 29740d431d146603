/** Names of ZIP entries as one spelling each: whatever a reader might take for the same file is one. */
import { fromUtf8, Malformed } from '../crypto/index.ts';
import { crc32 } from '../seal/index.ts';

/** Flag bit 11 (APPNOTE 4.4.4): the name is UTF-8. */
const UTF8_FLAG = 0x800;
/** Info-ZIP Unicode Path (APPNOTE 4.6.9), which some readers take before the name itself. */
const UNICODE_PATH = 0x7075;

/**
 * The name of an entry in slashes, without leading or empty steps.
 * @returns folders with a slash at the end
 * @throws {Malformed} `zip-name` for a name that leaves the archive or is no text
 */
export function entryName(raw: Uint8Array, flags: number, extra: Uint8Array): string {
  const text = decoded(raw, flags);
  const other = unicodePath(raw, extra);
  if (other !== null && plainPath(other) !== plainPath(text) && isAscii(raw)) {
    throw new Malformed('zip-name', 'an entry has two names');
  }
  return plainPath(other ?? text);
}

/** Slashes for backslashes; `.` and empty steps dropped. @throws {Malformed} `zip-name` */
function plainPath(name: string): string {
  const steps = name.replaceAll('\\', '/').split('/');
  const kept = steps.filter((step) => step !== '' && step !== '.');
  if (kept.length === 0 || kept.includes('..') || /[\0-\x1f]/.test(name)) {
    throw new Malformed('zip-name', 'name of an entry');
  }
  const last = steps.at(-1);
  return kept.join('/') + (last === '' || last === '.' ? '/' : '');
}

/** What file systems and careless readers may take for the same name. */
export const foldedName = (path: string): string =>
  path
    .normalize('NFC')
    .toLowerCase()
    .split('/')
    .map((step) => step.replace(/[ .]+$/, ''))
    .join('/');

/** UTF-8, or GB 18030 as Chinese software on Windows writes it. */
function decoded(raw: Uint8Array, flags: number): string {
  const utf8 = fromUtf8(raw);
  if (utf8 !== null) return utf8;
  if (flags & UTF8_FLAG) throw new Malformed('zip-name', 'name is not UTF-8');
  return gb18030(raw) ?? fail();
}

function fail(): never {
  throw new Malformed('zip-name', 'name in an unknown encoding');
}

/** @returns null for what is no GB 18030 (GBK, GB 2312 are parts of it) */
export function gb18030(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const isAscii = (raw: Uint8Array): boolean => raw.every((byte) => byte < 0x80);

/** The name in the extra field, where it speaks of this name. */
function unicodePath(raw: Uint8Array, extra: Uint8Array): string | null {
  const field = extraField(extra, UNICODE_PATH);
  if (!field || field.length < 5 || field[0] !== 1) return null;
  const view = new DataView(field.buffer, field.byteOffset, field.byteLength);
  return view.getUint32(1, true) === crc32(raw) ? fromUtf8(field.subarray(5)) : null;
}

/** A block of the extra field (APPNOTE 4.5). @throws {Malformed} `zip` where it stands twice */
export function extraField(extra: Uint8Array, id: number): Uint8Array | null {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  let found: Uint8Array | null = null;
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > extra.length) break;
    if (view.getUint16(at, true) === id) {
      if (found) throw new Malformed('zip', 'extra field twice', at);
      found = extra.subarray(at + 4, end);
    }
    at = end;
  }
  return found;
}
