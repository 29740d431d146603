/**
 * What stands inside every enveloped content: the context of the record around it, so that another's
 * ciphertext cannot be signed again as one's own, then the content, then zeros up to a step of 4 kB.
 */
import {
  type Bytes,
  canonicalJson,
  concat,
  digestHex,
  equal,
  type Json,
  type JsonObject,
  Malformed,
  readCanonicalJson,
  type SuiteDigest,
  toBase64,
  utf8,
} from '../crypto/index.ts';
import type { RecordHeader } from './record.ts';

/** Members of the record that stand again inside; null where the record has none. */
export interface InnerContext {
  deployment: string;
  type: string;
  case: string | null;
  by: string;
  party: string | null;
  to: string[];
}

/** A ciphertext tells the size of what it hides in steps of so many octets. */
const STEP = 4096;
/** Most octets of the line of JSON in front of the content. */
const MAX_HEADER = 64 << 10;
const NEW_LINE = 0x0a;
const MEMBERS = 'context,digest,length,name,salt';

export function innerContext(record: RecordHeader): InnerContext {
  const { deployment, type, by, to } = record;
  return { deployment, type, case: record.case ?? null, by, party: record.party ?? null, to };
}

/** One line of canonical JSON, a line feed, the content, zeros. The salt keeps digests unguessable. */
export async function writeInner(
  digestName: SuiteDigest,
  context: InnerContext,
  name: string,
  content: Uint8Array,
): Promise<Bytes> {
  const salt = toBase64(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await digestHex(digestName, content);
  const header = canonicalJson({ context, digest, length: content.length, name, salt });
  const used = utf8(`${header}\n`);
  const size = Math.ceil((used.length + content.length) / STEP) * STEP;
  return concat(used, content, new Uint8Array(size - used.length - content.length));
}

/**
 * @param digestName of the package's suite
 * @throws {Malformed} `package-context` where it was enveloped for another record or as another
 * content, `package-body` for another form
 */
export async function readInner(
  digestName: SuiteDigest,
  plaintext: Uint8Array,
  context: InnerContext,
  name: string,
): Promise<Uint8Array> {
  const end = plaintext.subarray(0, MAX_HEADER).indexOf(NEW_LINE);
  if (end < 0) throw new Malformed('package-body', 'enveloped content without its header');
  const header = objectOf(readCanonicalJson(plaintext.subarray(0, end)));
  if (Object.keys(header).sort().join() !== MEMBERS) {
    throw new Malformed('package-body', 'enveloped content of another form');
  }
  if (!equal(utf8(canonicalJson(header['context'])), utf8(canonicalJson(context)))) {
    throw new Malformed('package-context', 'enveloped for another record');
  }
  if (header['name'] !== name) throw new Malformed('package-context', 'another content');
  const length = header['length'];
  const rest = plaintext.subarray(end + 1);
  if (typeof length !== 'number' || length > rest.length || plaintext.length % STEP !== 0) {
    throw new Malformed('package-body', 'length of an enveloped content');
  }
  const padding = rest.subarray(length);
  if (padding.length >= STEP || padding.some((octet) => octet !== 0)) {
    throw new Malformed('package-body', 'padding of an enveloped content');
  }
  const content = rest.subarray(0, length);
  if (header['digest'] !== (await digestHex(digestName, content))) {
    throw new Malformed('package-body', 'digest of an enveloped content');
  }
  return content;
}

function objectOf(value: Json): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Malformed('package-body', 'an object is expected');
  }
  return value;
}
