/** Writing a package: contents first, then the head that names them. */
import { encryptTo, signDetached } from '../cms/index.ts';
import {
  type Bytes,
  canonicalJson,
  digest,
  type EnvelopeRecipient,
  type Json,
  Malformed,
  type Signer,
  type SuiteDigest,
  suiteDigestOf,
  toHex,
  utf8,
} from '../crypto/index.ts';
import { certificateId, keyId } from '../pki/index.ts';
import { MAX_HEAD } from './head.ts';
import { innerContext, writeInner } from './inner.ts';
import { type Reference, writeManifest } from './manifest.ts';
import {
  BODY,
  ENVELOPED,
  FOLDER,
  MANIFEST,
  MIMETYPE,
  MIMETYPE_ENTRY,
  RECORD,
  SIGNATURE,
  TYPE_ANY,
  TYPE_ENVELOPED,
  TYPE_JSON,
} from './names.ts';
import { type PackageRecord, plainName, type RecordHeader, writeRecord } from './record.ts';
import { writeZip } from './zip.ts';

export interface PackageFile {
  /** ASCII letters, digits, dot, hyphen and underscore; what people call it belongs in the record. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Enveloped to the recipients, or for everybody to read. */
  readonly confidential: boolean;
  /** Media type of a public file. */
  readonly type?: string;
}

/** Members of the header that writing a package fills in by itself. */
type Derived = 'v' | 'by' | 'to' | 'contents';

export interface PackageContent {
  /** Header and public fields. */
  readonly record: Omit<RecordHeader, Derived> & { [field: string]: Json | undefined | object };
  /** The confidential body; absent where nothing is confidential. */
  readonly confidential?: Json | undefined;
  readonly files?: readonly PackageFile[] | undefined;
  /** Encryption certificates and role keys. Demanded where anything is confidential. */
  readonly recipients?: readonly EnvelopeRecipient[] | undefined;
  /** Those to whom only a file is enveloped that the author enveloped himself. */
  readonly alsoTo?: readonly EnvelopeRecipient[] | undefined;
  readonly signer: Signer;
}

export interface WrittenPackage {
  /** Digest of the head, hex. */
  readonly id: string;
  readonly head: Bytes;
  /** The whole package as a file. */
  readonly bytes: Bytes;
}

/**
 * @returns the package as a file, and its head
 * @throws {Malformed} where the content is none that a reader would take: `record-*`, `zip-*` (names,
 * sizes), `package-head` (larger than 64 kB), `cms-recipients`
 */
export async function writePackage({
  record,
  confidential,
  files = [],
  recipients = [],
  alsoTo = [],
  signer,
}: PackageContent): Promise<WrittenPackage> {
  const name = suiteDigestOf(signer.suite);
  const enveloped = confidential !== undefined || files.some((file) => file.confidential);
  const unique = distinct(enveloped ? recipients : []);
  const to = await Promise.all(distinct([...unique, ...alsoTo]).map(recipientId));
  const by = await certificateId(signer.certificate);
  const header = { ...record, v: 2, by, to: to.sort(), contents: [] } as unknown as PackageRecord;
  const contents = await envelope(name, header, { confidential, files, recipients: unique });
  const complete: PackageRecord = {
    ...header,
    contents: contents.map(({ name: content, bytes }) => ({ name: content, length: bytes.length })),
  };
  const recordBytes = writeRecord(complete);
  const references: Reference[] = [];
  for (const { name: uri, type, bytes } of [
    { name: RECORD, type: TYPE_JSON, bytes: recordBytes },
    ...contents,
  ]) {
    references.push({ uri, type, digest: await digest(name, bytes) });
  }
  const manifest = writeManifest({ digest: name, references });
  const signature = await signDetached({ content: manifest, signer, signingTime: record.at });
  const entries = [
    { name: MIMETYPE_ENTRY, bytes: utf8(MIMETYPE) },
    { name: RECORD, bytes: recordBytes },
    { name: MANIFEST, bytes: manifest },
    { name: SIGNATURE, bytes: signature },
  ];
  const head = writeZip(entries);
  if (head.length > MAX_HEAD) throw new Malformed('package-head', 'head larger than 64 kB');
  const bytes = contents.length === 0 ? head : writeZip([...entries, ...contents]);
  return { id: toHex(await digest(name, head)), head, bytes };
}

interface Enveloped {
  name: string;
  type: string;
  bytes: Uint8Array;
}

async function envelope(
  digestName: SuiteDigest,
  header: PackageRecord,
  {
    confidential,
    files = [],
    recipients = [],
  }: Pick<PackageContent, 'confidential' | 'files' | 'recipients'>,
): Promise<Enveloped[]> {
  const context = innerContext(header);
  const close = async (content: string, plaintext: Uint8Array): Promise<Enveloped> => ({
    name: content,
    type: TYPE_ENVELOPED,
    bytes: await encryptTo(
      await writeInner(digestName, context, plainName(content), plaintext),
      recipients,
    ),
  });
  const out: Enveloped[] = [];
  if (confidential !== undefined) out.push(await close(BODY, utf8(canonicalJson(confidential))));
  for (const { name, bytes, confidential: secret, type = TYPE_ANY } of files) {
    if (name.endsWith(ENVELOPED)) {
      throw new Malformed('zip-name', `${ENVELOPED} names enveloped files`);
    }
    if (secret) out.push(await close(FOLDER + name + ENVELOPED, bytes));
    else out.push({ name: FOLDER + name, type, bytes });
  }
  return out;
}

function distinct(recipients: readonly EnvelopeRecipient[]): EnvelopeRecipient[] {
  const key = (each: EnvelopeRecipient) =>
    'spki' in each ? `key ${each.spki.join()}` : each.join();
  return [...new Map(recipients.map((each) => [key(each), each])).values()];
}

/** How `to` names a recipient. */
const recipientId = (each: EnvelopeRecipient): Promise<string> =>
  'spki' in each ? keyId(each.spki) : certificateId(each);
