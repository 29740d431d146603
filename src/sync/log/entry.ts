/**
 * What the log holds of a head (design, section 9): its id, the endpoint's time, and the digest of a
 * salted descriptor. Strangers learn no more; the descriptor itself goes to those whom it concerns.
 */
import {
  canonicalJson,
  digestHex,
  fromUtf8,
  Malformed,
  type SuiteDigest,
  utf8,
} from '../../crypto/index.ts';

export interface LogEntry {
  /** Id of the head. */
  id: string;
  /** The endpoint's time in whole seconds since 1970; never decreases. */
  time: number;
  /** Digest, hex, of the descriptor's canonical JSON. */
  descriptor: string;
}

/** What a head is, for those who must know what they lack. */
export interface Descriptor {
  type: string;
  /** Id of the head that opened the case, or the licence's number; null where this head opens one. */
  case: string | null;
  /** Number that it opens, or null. */
  number: string | null;
  party: string | null;
  prev: string[];
  /** Octets of the head. */
  length: number;
  /** How many heads of the party stand before it. */
  running: number;
  /** 16 random octets, hex. */
  salt: string;
}

const HASH = /^[0-9a-f]{64}$/;

/** Fixed member order, no white space: one text per entry. */
export function logEntryText({ id, time, descriptor }: LogEntry): string {
  return JSON.stringify({ descriptor, id, time });
}

/** @throws {Malformed} `log-entry` for anything but exactly one entry in its one form. */
export function readLogEntry(bytes: Uint8Array): LogEntry {
  const text = bytes.length <= 512 ? fromUtf8(bytes) : null;
  try {
    const entry = JSON.parse(text ?? '') as LogEntry;
    if (isLogEntry(entry) && logEntryText(entry) === text) return entry;
  } catch {
    // falls through: not JSON is not an entry either
  }
  throw new Malformed('log-entry', 'not a log entry');
}

function isLogEntry(value: unknown): value is LogEntry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { id, time, descriptor } = value as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    HASH.test(id) &&
    Number.isSafeInteger(time) &&
    (time as number) >= 0 &&
    typeof descriptor === 'string' &&
    HASH.test(descriptor)
  );
}

/** What an entry states of its descriptor, in the suite of the log. */
export function descriptorDigest(digest: SuiteDigest, descriptor: Descriptor): Promise<string> {
  return digestHex(digest, utf8(canonicalJson(descriptor)));
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
