/** The record: what a package states, in canonical JSON, as `record.json`. */
import {
  type Bytes,
  canonicalJson,
  type Json,
  Malformed,
  readCanonicalJson,
  utf8,
} from '../crypto/index.ts';

export interface RecordHeader {
  v: 1;
  /** What step this is, e.g. `application/submit`. */
  type: string;
  /** Names the case that the step belongs to. */
  case: string;
  /** Hashes of the packages that this step follows. */
  prev: string[];
  /** ISO 8601, claimed. */
  at: string;
  /** SHA-256 hex of the signing certificate. */
  by: string;
  /** Last log checkpoint that the author saw. */
  seen?: { size: number; root: string };
}

/** Header and public fields of the step. */
export type PackageRecord = RecordHeader & { [field: string]: Json | undefined };

const TYPE = /^[a-z]+(-[a-z]+)*\/[a-z]+(-[a-z]+)*$/;
const CASE = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,127}$/;
const HASH = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
const MAX_PREV = 256;

/** @throws {Malformed} `record-*` for a record that no reader here would take. */
export function writeRecord(record: PackageRecord): Bytes {
  const defined = Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined),
  );
  const bytes = utf8(canonicalJson(defined));
  readRecord(bytes);
  return bytes;
}

/** @throws {Malformed} `json-*`, or `record-*` where a header field is missing or has another form. */
export function readRecord(bytes: Uint8Array): PackageRecord {
  const value = readCanonicalJson(bytes, { maxBytes: 4 << 20 });
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Malformed('record-form', 'a record is an object');
  }
  const { v, type, case: name, prev, at, by, seen } = value;
  demand(v === 1, 'v');
  demand(text(type, TYPE) && type.length <= 64, 'type');
  demand(text(name, CASE), 'case');
  demand(
    Array.isArray(prev) && prev.length <= MAX_PREV && prev.every((h) => text(h, HASH)),
    'prev',
  );
  demand(new Set(prev as string[]).size === (prev as string[]).length, 'prev');
  demand(text(at, TIME) && !Number.isNaN(Date.parse(at)), 'at');
  demand(text(by, HASH), 'by');
  if (seen !== undefined) {
    demand(seen !== null && typeof seen === 'object' && !Array.isArray(seen), 'seen');
    const { size, root, ...more } = seen as { [key: string]: Json };
    demand(typeof size === 'number' && size >= 0 && text(root, HASH), 'seen');
    demand(Object.keys(more).length === 0, 'seen');
  }
  return value as PackageRecord;
}

const text = (value: Json | undefined, form: RegExp): value is string =>
  typeof value === 'string' && form.test(value);

function demand(condition: boolean, field: string): void {
  if (!condition) throw new Malformed(`record-${field}`, `field ${field} of the record`);
}
