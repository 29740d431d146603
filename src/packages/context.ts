/**
 * What stands inside every enveloped part of a package: the context of the record around it. Who
 * can decrypt compares the two, so that another's ciphertext cannot be signed again as one's own.
 */
import { type Recipient, recipientsOf } from '../cms/index.ts';
import {
  type Bytes,
  canonicalJson,
  concat,
  derWrite,
  equal,
  type Json,
  type JsonObject,
  Malformed,
  readCanonicalJson,
  sha256Hex,
  toBase64,
  utf8,
} from '../crypto/index.ts';
import { readCertificate } from '../pki/index.ts';
import type { RecordHeader } from './record.ts';

export interface Context {
  type: string;
  case: string;
  prev: string[];
  by: string;
  /** SHA-256 hex of each recipient's issuerAndSerialNumber, ascending. */
  recipients: string[];
}

/** Most octets of the line of JSON in front of an enveloped file. */
const MAX_HEADER = 64 << 10;

const NEW_LINE = 0x0a;

export function contextOf(record: RecordHeader, recipients: string[]): Context {
  const { type, prev, by } = record;
  return { type, case: record.case, prev, by, recipients };
}

const recipientId = ({ issuer, serial }: Recipient): Promise<string> =>
  sha256Hex(derWrite.sequence(issuer, derWrite.tlv(0x02, serial)));

/** Names of certificates' holders as {@link Context} lists them. */
export async function recipientIds(certificates: readonly Uint8Array[]): Promise<string[]> {
  const list = certificates.map((der) => readCertificate(der));
  return (
    await Promise.all(list.map((c) => recipientId({ issuer: c.issuer.raw, serial: c.serial })))
  ).sort();
}

/** The same of a ciphertext. @throws {Malformed} where it is no envelope. */
export async function recipientIdsOf(envelope: Uint8Array): Promise<string[]> {
  return (await Promise.all(recipientsOf(envelope).map(recipientId))).sort();
}

const salt = () => toBase64(crypto.getRandomValues(new Uint8Array(32)));

/** Plaintext of `body.p7m`: canonical JSON. The salt keeps its hash from being guessable. */
export function writeInnerBody(context: Context, body: Json): Bytes {
  return utf8(canonicalJson({ body, context, salt: salt() }));
}

/** @throws {Malformed} `package-context` where the envelope was made for another record. */
export function readInnerBody(plaintext: Uint8Array, context: Context): Json {
  const { body, salt: random, context: inner, ...more } = objectOf(readCanonicalJson(plaintext));
  if (body === undefined || typeof random !== 'string' || Object.keys(more).length > 0) {
    throw new Malformed('package-body', 'enveloped body of another form');
  }
  compare(inner, context);
  return body;
}

/** Plaintext of an enveloped file: one line of canonical JSON, a line feed, the file. */
export async function writeInnerFile(
  context: Context,
  name: string,
  bytes: Uint8Array,
): Promise<Bytes> {
  const sha256 = await sha256Hex(bytes);
  return concat(utf8(`${canonicalJson({ context, name, salt: salt(), sha256 })}\n`), bytes);
}

/** @throws {Malformed} `package-context` as for a body, or where it is another file's content. */
export async function readInnerFile(
  plaintext: Uint8Array,
  context: Context,
  name: string,
): Promise<Uint8Array> {
  const end = plaintext.subarray(0, MAX_HEADER).indexOf(NEW_LINE);
  if (end < 0) throw new Malformed('package-body', 'enveloped file without its header');
  const header = objectOf(readCanonicalJson(plaintext.subarray(0, end)));
  const bytes = plaintext.subarray(end + 1);
  if (Object.keys(header).sort().join() !== 'context,name,salt,sha256') {
    throw new Malformed('package-body', 'enveloped file of another form');
  }
  compare(header['context'], context);
  if (header['name'] !== name) throw new Malformed('package-context', 'content of another file');
  if (header['sha256'] !== (await sha256Hex(bytes))) {
    throw new Malformed('package-body', 'digest of an enveloped file');
  }
  return bytes;
}

function compare(inner: Json | undefined, outer: Context): void {
  if (!equal(utf8(canonicalJson(inner ?? null)), utf8(canonicalJson(outer)))) {
    throw new Malformed('package-context', 'enveloped for another record');
  }
}

function objectOf(value: Json): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Malformed('package-body', 'an object is expected');
  }
  return value;
}
