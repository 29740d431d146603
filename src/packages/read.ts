/** Reading a package: everything that can be checked without trust and without keys. */
import { type CmsReport, decryptWith, knownCertificate, verifyDetached } from '../cms/index.ts';
import { type Decrypter, equal, type Json, Malformed, sha256, toHex } from '../crypto/index.ts';
import { contextOf, readInnerBody, readInnerFile, recipientIdsOf } from './context.ts';
import { BODY, ENVELOPED, FOLDER, readLayout, TYPE_ENVELOPED, TYPE_JSON } from './layout.ts';
import { readManifest } from './manifest.ts';
import { type PackageRecord, readRecord } from './record.ts';
import { type Entry, readZip } from './zip.ts';

export interface Package {
  /** SHA-256 hex of the whole file. */
  readonly id: string;
  readonly record: PackageRecord;
  /** `body.p7m`, or null. */
  readonly body: Uint8Array | null;
  readonly hasBody: boolean;
  /** Files by name without folder: public ones as they are, enveloped ones (`*.p7m`) as ciphertext. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Media types of the files. */
  readonly types: ReadonlyMap<string, string>;
  /** Signing certificate, DER. */
  readonly signer: Uint8Array;
  /** All embedded certificates, DER. */
  readonly certificates: readonly Uint8Array[];
  readonly cms: CmsReport;
}

/**
 * Reads a package and checks its integrity: form, digests, signature, `by`. Whom the signer's
 * certificate belongs to, and whether he may do this, is not asked here.
 * @throws {Malformed} with the code of the first rule that is broken.
 */
export async function readPackage(bytes: Uint8Array): Promise<Package> {
  const layout = readLayout(readZip(bytes));
  const [id, cms] = await Promise.all([
    sha256(bytes),
    verifyDetached(layout.signature, layout.manifest, { canonical: true }),
    checkDigests(layout.manifest, layout.payload),
  ]);
  if (!cms.ok || !cms.signer) {
    throw new Malformed(cms.code, cms.findings[0]?.message ?? 'signature not in order');
  }
  if (!cms.essPresent) throw new Malformed('cms-ess', 'the signing certificate is not named');
  const record = readRecord(layout.record);
  if (record.by !== toHex((await knownCertificate(cms.signer)).hash)) {
    throw new Malformed('package-by', 'the record names another signer');
  }
  const body = layout.payload.find(({ name }) => name === BODY)?.bytes ?? null;
  const files = new Map<string, Uint8Array>();
  const types = new Map<string, string>();
  for (const { uri, type } of readManifest(layout.manifest)) {
    const entry = layout.payload.find(({ name }) => name === uri);
    if (!entry || !uri.startsWith(FOLDER)) continue;
    files.set(uri.slice(FOLDER.length), entry.bytes);
    types.set(uri.slice(FOLDER.length), type);
  }
  const { signer, certificates } = cms;
  return {
    id: toHex(id),
    record,
    body,
    hasBody: body !== null,
    files,
    types,
    signer,
    certificates,
    cms,
  };
}

/** The manifest lists exactly the payload, in its order, with its digests and kinds. */
async function checkDigests(manifest: Uint8Array, payload: readonly Entry[]): Promise<void> {
  const references = readManifest(manifest);
  const listed = references.map(({ uri }) => uri).join('\n');
  if (listed !== payload.map(({ name }) => name).join('\n')) {
    throw new Malformed('package-manifest', 'the manifest lists other files than there are');
  }
  await Promise.all(
    payload.map(async ({ name, bytes }, i) => {
      const reference = references[i];
      if (!reference || !equal(reference.digest, await sha256(bytes))) {
        throw new Malformed('package-digest', `${name} is not what was signed`);
      }
      const enveloped = name.endsWith(ENVELOPED);
      if (
        i === 0 ? reference.type !== TYPE_JSON : enveloped !== (reference.type === TYPE_ENVELOPED)
      ) {
        throw new Malformed('package-manifest', `kind of ${name}`);
      }
    }),
  );
}

/**
 * Decrypts what a package holds for the decrypter, and compares inside with outside.
 * @returns the body (null where there is none) and all files by their plain names, public ones too.
 * @throws {Malformed} `cms-not-recipient`, `cms-decrypt`, `package-context` (enveloped for another
 * record, by another author or for other recipients), `package-body`.
 */
export async function openPackage(
  { record, body, files }: Pick<Package, 'record' | 'body' | 'files'>,
  decrypter: Decrypter,
): Promise<{ body: Json | null; files: Map<string, Uint8Array> }> {
  const contextFor = async (envelope: Uint8Array) =>
    contextOf(record, await recipientIdsOf(envelope));
  const inner = body && readInnerBody(await decryptWith(body, decrypter), await contextFor(body));
  const out = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) {
    if (!name.endsWith(ENVELOPED)) out.set(name, bytes);
    else {
      const plain = name.slice(0, -ENVELOPED.length);
      const text = await decryptWith(bytes, decrypter);
      if (out.has(plain)) throw new Malformed('zip-duplicate', `file ${plain} twice`);
      out.set(plain, await readInnerFile(text, await contextFor(bytes), plain));
    }
  }
  return { body: inner, files: out };
}
