/**
 * The record: what a package states, in canonical JSON, as `record.json` (design, section 5). It is
 * public: whatever is confidential stands in contents that the record only lists.
 */
import {
  type Bytes,
  canonicalJson,
  type Json,
  Malformed,
  readCanonicalJson,
  utf8,
} from '../crypto/index.ts';
import { BODY, ENVELOPED } from './names.ts';

/** State of a log that the author had verified: number of entries, Merkle root in hex. */
export interface SeenLog {
  epoch: number;
  size: number;
  root: string;
}

/** A content as the record lists it: its digest stands in the manifest. */
export interface ContentName {
  /** `body.p7m`, `files/<name>` or `files/<name>.p7m`. */
  name: string;
  /** Octets. */
  length: number;
}

export interface RecordHeader {
  v: 2;
  /** SHA-256 hex of the deployment root's first certificate. */
  deployment: string;
  /** What step this is, e.g. `application/submit`. */
  type: string;
  /** Id of the head that opened the case; absent in that one. After issue, a licence's number. */
  case?: string;
  /** Ids of the heads that this step follows. */
  prev: string[];
  /** ISO 8601, claimed. */
  at: string;
  /** SHA-256 hex of the signing certificate. */
  by: string;
  /** Credit code of the enterprise that the case belongs to; absent where it is nobody's. */
  party?: string;
  /** Ids of the role keys and encryption certificates that contents are enveloped to, ascending. */
  to: string[];
  /** Last state of the log that the author had verified. */
  seen?: SeenLog;
  /** In the order of the manifest. */
  contents: ContentName[];
}

/** Header and public fields of the step. */
export type PackageRecord = RecordHeader & { [field: string]: Json | undefined | object };

/** Members of every record; all others are public fields of its type. */
export const HEADER_FIELDS: readonly string[] = [
  'v',
  'deployment',
  'type',
  'case',
  'prev',
  'at',
  'by',
  'party',
  'to',
  'seen',
  'contents',
];

/** Bounds of every reader, the log's and the endpoint's included. */
export const MAX_PREV = 64;
export const MAX_CONTENTS = 60;
export const MAX_TO = 256;
/** Octets of one content: the ciphertext, where it is enveloped. */
export const MAX_CONTENT = 32 << 20;
const MAX_RECORD = 48 << 10;

const TYPE = /^[a-z]+(-[a-z]+)*\/[a-z]+(-[a-z]+)*$/;
const CASE = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,127}$/;
const HASH = /^[0-9a-f]{64}$/;
const PARTY = /^[0-9A-Z]{18}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
const CONTENT = /^files\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

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
  const value = readCanonicalJson(bytes, { maxBytes: MAX_RECORD });
  if (!isObject(value)) throw new Malformed('record-form', 'a record is an object');
  const { v, deployment, type, case: name, prev, at, by, party, to, seen, contents } = value;
  demand(v === 2, 'v');
  demand(text(deployment, HASH), 'deployment');
  demand(text(type, TYPE) && type.length <= 64, 'type');
  demand(name === undefined || text(name, CASE), 'case');
  demand(hashes(prev, MAX_PREV), 'prev');
  demand(text(at, TIME) && !Number.isNaN(Date.parse(at)), 'at');
  demand(text(by, HASH), 'by');
  demand(party === undefined || text(party, PARTY), 'party');
  demand(hashes(to, MAX_TO) && ascending(to), 'to');
  if (seen !== undefined) readSeen(seen);
  readContents(contents);
  return value as unknown as PackageRecord;
}

function readSeen(seen: Json): void {
  if (!isObject(seen)) throw new Malformed('record-seen', 'field seen of the record');
  const { epoch, size, root, ...more } = seen;
  demand(typeof epoch === 'number' && epoch >= 1, 'seen');
  demand(typeof size === 'number' && size >= 0 && text(root, HASH), 'seen');
  demand(Object.keys(more).length === 0, 'seen');
}

function readContents(contents: Json | undefined): void {
  demand(Array.isArray(contents) && contents.length <= MAX_CONTENTS, 'contents');
  const plain = new Set<string>();
  for (const [i, each] of (contents as Json[]).entries()) {
    if (!isObject(each)) throw new Malformed('record-contents', 'content of another form');
    const { name, length, ...more } = each;
    const body = i === 0 && name === BODY;
    demand(body || (text(name, CONTENT) && !name.includes('..')), 'contents');
    demand(typeof length === 'number' && length >= 0 && length <= MAX_CONTENT, 'contents');
    demand(Object.keys(more).length === 0, 'contents');
    plain.add(plainName(name as string).toLowerCase());
  }
  demand(plain.size === (contents as Json[]).length, 'contents');
}

/** Name of a content without folder, and without what says that it is enveloped. */
export function plainName(content: string): string {
  const name = content.slice(content.lastIndexOf('/') + 1);
  return name.endsWith(ENVELOPED) ? name.slice(0, -ENVELOPED.length) : name;
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: Json | undefined, form: RegExp): value is string =>
  typeof value === 'string' && form.test(value);

const hashes = (value: Json | undefined, max: number): value is string[] =>
  Array.isArray(value) &&
  value.length <= max &&
  value.every((each) => text(each, HASH)) &&
  new Set(value).size === value.length;

const ascending = (list: readonly string[]): boolean =>
  list.every((each, i) => i === 0 || (list[i - 1] as string) < each);

function demand(condition: boolean, field: string): void {
  if (!condition) throw new Malformed(`record-${field}`, `field ${field} of the record`);
}
