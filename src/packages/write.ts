/** Writing a package: record, enveloped parts, manifest, signature, ZIP. */
import { encryptTo, signDetached } from '../cms/index.ts';
import {
  type Bytes,
  type Json,
  Malformed,
  type Signer,
  sha256,
  sha256Hex,
  utf8,
} from '../crypto/index.ts';
import { certificateId } from '../pki/index.ts';
import { contextOf, recipientIds, writeInnerBody, writeInnerFile } from './context.ts';
import {
  BODY,
  ENVELOPED,
  FOLDER,
  MIMETYPE,
  RECORD,
  TYPE_ANY,
  TYPE_ENVELOPED,
  TYPE_JSON,
} from './layout.ts';
import { MANIFEST, type Reference, SIGNATURE, writeManifest } from './manifest.ts';
import { type PackageRecord, type RecordHeader, writeRecord } from './record.ts';
import { type Entry, writeZip } from './zip.ts';

export interface PackageFile {
  /** ASCII letters, digits, dot, hyphen and underscore; what people call it belongs in the record. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Encrypted to the recipients, or for everybody to read. */
  readonly confidential: boolean;
  /** Media type of a public file. */
  readonly type?: string;
}

export interface PackageContent {
  /** Header without `v` and `by`, and public fields. */
  readonly record: Omit<RecordHeader, 'v' | 'by'> & { [field: string]: Json | undefined | object };
  /** The confidential body; absent where nothing is confidential. */
  readonly confidential?: Json | undefined;
  readonly files?: readonly PackageFile[] | undefined;
  /** Encryption certificates, DER. Demanded where anything is confidential. */
  readonly recipients?: readonly Uint8Array[] | undefined;
  readonly signer: Signer;
}

/**
 * @returns the package and its name, the SHA-256 hex of its bytes.
 * @throws {Malformed} where the content is none that {@link readPackage} would read back: `record-*`,
 * `zip-*` (names, sizes, number of files), `cms-recipients`.
 */
export async function writePackage({
  record,
  confidential,
  files = [],
  recipients = [],
  signer,
}: PackageContent): Promise<{ id: string; bytes: Bytes }> {
  const by = await certificateId(signer.certificate);
  const complete = { ...record, v: 1, by } as PackageRecord;
  const recordBytes = writeRecord(complete);
  const unique = [...new Map(recipients.map((der) => [der.join(), der])).values()];
  const context = contextOf(complete, await recipientIds(unique));
  const payload: (Entry & { type: string })[] = [
    { name: RECORD, type: TYPE_JSON, bytes: recordBytes },
  ];
  if (confidential !== undefined) {
    const bytes = await encryptTo(writeInnerBody(context, confidential), unique);
    payload.push({ name: BODY, type: TYPE_ENVELOPED, bytes });
  }
  for (const file of files) {
    if (file.name.endsWith(ENVELOPED)) {
      throw new Malformed('zip-name', `${ENVELOPED} names enveloped files`);
    }
    if (file.confidential) {
      const inner = await writeInnerFile(context, file.name, file.bytes);
      const bytes = await encryptTo(inner, unique);
      payload.push({ name: FOLDER + file.name + ENVELOPED, type: TYPE_ENVELOPED, bytes });
    } else {
      payload.push({ name: FOLDER + file.name, type: file.type ?? TYPE_ANY, bytes: file.bytes });
    }
  }
  const references: Reference[] = [];
  for (const { name, type, bytes } of payload) {
    references.push({ uri: name, type, digest: await sha256(bytes) });
  }
  const manifest = writeManifest(references);
  const signature = await signDetached({ content: manifest, signer, signingTime: record.at });
  const bytes = writeZip([
    { name: 'mimetype', bytes: utf8(MIMETYPE) },
    ...payload.map(({ name, bytes }) => ({ name, bytes })),
    { name: MANIFEST, bytes: manifest },
    { name: SIGNATURE, bytes: signature },
  ]);
  return { id: await sha256Hex(bytes), bytes };
}
