/**
 * A package as a file: the head's entries, then contents in the order of the record, any of which
 * may be missing. Cut after the head, the head's own bytes come out again.
 */
import { type Bytes, digest, Malformed, toHex } from '../crypto/index.ts';
import { type ContentReference, type Head, judgeHead, MAX_HEAD } from './head.ts';
import { BODY, FOLDER, HEAD_ENTRIES } from './names.ts';
import { type Entry, readZip, writeZip } from './zip.ts';

export interface Package extends Head {
  /** Contents that are at hand, by their names; each is what the head names. */
  readonly present: ReadonlyMap<string, Uint8Array>;
  /** `body.p7m` where it is at hand, or null. */
  readonly body: Uint8Array | null;
  /** The record has a confidential body, at hand or not. */
  readonly hasBody: boolean;
  /** Files at hand by name without folder: public ones as they are, enveloped ones as ciphertext. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads a head, or a package with contents, and checks every digest and the signature.
 * @throws {Malformed} with the code of the first rule that is broken
 */
export async function readPackage(bytes: Uint8Array): Promise<Package> {
  const entries = readZip(bytes);
  const alone = entries.length <= HEAD_ENTRIES.length;
  const first = entries.slice(0, HEAD_ENTRIES.length);
  const headBytes = alone ? bytes : writeZip(first);
  if (headBytes.length > MAX_HEAD) throw new Malformed('package-head', 'head larger than 64 kB');
  const head = await judgeHead(headBytes, first);
  return withContents(head, entries.slice(HEAD_ENTRIES.length));
}

/** @throws {Malformed} `package-layout`, `package-digest` for contents that the head does not name */
async function withContents(head: Head, entries: readonly Entry[]): Promise<Package> {
  const present = new Map<string, Uint8Array>();
  let at = 0;
  for (const { name, bytes } of entries) {
    while (at < head.contents.length && head.contents[at]?.name !== name) at++;
    const reference = head.contents[at++];
    if (!reference) throw new Malformed('package-layout', `unexpected entry ${name}`);
    if (!(await isContent(head, reference, bytes))) {
      throw new Malformed('package-digest', `${name} is not what was signed`);
    }
    present.set(name, bytes);
  }
  return assemble(head, present);
}

/** Whether these bytes are the content that the head names. */
export async function isContent(
  head: Pick<Head, 'digest'>,
  { length, digest: named }: ContentReference,
  bytes: Uint8Array,
): Promise<boolean> {
  return bytes.length === length && toHex(await digest(head.digest, bytes)) === named;
}

function assemble(head: Head, present: ReadonlyMap<string, Uint8Array>): Package {
  const files = new Map<string, Uint8Array>();
  for (const [name, bytes] of present) {
    if (name.startsWith(FOLDER)) files.set(name.slice(FOLDER.length), bytes);
  }
  // Spelt out: spreading costs more than reading the record.
  const { id, act, bytes, digest, record, contents, signer, certificates, cms } = head;
  return {
    id,
    act,
    bytes,
    digest,
    record,
    contents,
    signer,
    certificates,
    cms,
    present,
    body: present.get(BODY) ?? null,
    hasBody: head.contents[0]?.name === BODY,
    files,
  };
}

/**
 * The file of a head with the contents given, in the order of the record.
 * @param contents by name; what the head does not name is left out, digests are not checked here
 * @throws {Malformed} `zip-size` where the file would be larger than a reader takes
 */
export function writePackageFile(
  head: Pick<Head, 'bytes' | 'contents'>,
  contents: ReadonlyMap<string, Uint8Array>,
): Bytes {
  const entries = readZip(head.bytes);
  for (const { name } of head.contents) {
    const bytes = contents.get(name);
    if (bytes) entries.push({ name, bytes });
  }
  return writeZip(entries);
}
