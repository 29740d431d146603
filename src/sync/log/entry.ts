/** What the log holds of a package: a descriptor; the package itself is an object under its hash. */
import { fromUtf8, Malformed } from '../../crypto/index.ts';

export interface LogEntry {
  /** SHA-256 hex of the package. */
  sha256: string;
  size: number;
  type: string;
  /** SHA-256 hex of the signing certificate. */
  signer: string;
  prev: string[];
}

const HASH = /^[0-9a-f]{64}$/;

/** Fixed member order, no white space: one text per entry. */
export function logEntryText({ sha256, size, type, signer, prev }: LogEntry): string {
  return JSON.stringify({ prev, sha256, signer, size, type });
}

/** @throws {Malformed} `log-entry` for anything but exactly one descriptor in its one form. */
export function readLogEntry(bytes: Uint8Array): LogEntry {
  const text = bytes.length <= 8192 ? fromUtf8(bytes) : null;
  try {
    const entry = JSON.parse(text ?? '') as LogEntry;
    if (isLogEntry(entry) && logEntryText(entry) === text) return entry;
  } catch {
    // falls through: not JSON is not an entry either
  }
  throw new Malformed('log-entry', 'not a log entry');
}

export function isLogEntry(value: unknown): value is LogEntry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entry = value as Record<string, unknown>;
  return (
    typeof entry['sha256'] === 'string' &&
    HASH.test(entry['sha256']) &&
    Number.isSafeInteger(entry['size']) &&
    (entry['size'] as number) > 0 &&
    typeof entry['type'] === 'string' &&
    /^[a-z]+\/[a-z-]{1,40}$/.test(entry['type']) &&
    typeof entry['signer'] === 'string' &&
    HASH.test(entry['signer']) &&
    Array.isArray(entry['prev']) &&
    entry['prev'].length <= 64 &&
    entry['prev'].every((each) => typeof each === 'string' && HASH.test(each))
  );
}

/** Entry bundle: each entry after its length in two octets. */
export function readEntryBundle(bytes: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (length === 0 || at + 2 + length > bytes.length || entries.length === 256) {
      throw new Malformed('log-bundle', 'not an entry bundle', at);
    }
    entries.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}

export function writeEntryBundle(entries: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    out[at++] = entry.length >> 8;
    out[at++] = entry.length & 0xff;
    out.set(entry, at);
    at += entry.length;
  }
  return out;
}

/** `1234067` → `x001/x234/067`, the path of a tile (tlog-tiles). */
export function tilePath(index: number): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return groups.join('/');
}
