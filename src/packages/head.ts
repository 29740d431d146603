/**
 * The head of a package: what everybody may judge. Four stored entries in one encoding: mimetype,
 * record, manifest and signature; its id is the digest of its bytes.
 */
import { type CmsReport, knownCertificate, verifyDetached } from '../cms/index.ts';
import {
  type DigestName,
  digest,
  equal,
  latin1,
  Malformed,
  type SuiteDigest,
  toHex,
} from '../crypto/index.ts';
import { readManifest } from './manifest.ts';
import {
  BODY,
  ENVELOPED,
  HEAD_ENTRIES,
  MIMETYPE,
  RECORD,
  TYPE_ENVELOPED,
  TYPE_JSON,
} from './names.ts';
import { type PackageRecord, readRecord } from './record.ts';
import { type Entry, readZip } from './zip.ts';

/** Octets of a head, at most. */
export const MAX_HEAD = 64 << 10;

/** A content as the signed head names it. */
export interface ContentReference {
  /** `body.p7m`, `files/<name>` or `files/<name>.p7m`. */
  readonly name: string;
  /** Octets. */
  readonly length: number;
  /** Digest in hex, which names the content as an object. */
  readonly digest: string;
  /** Media type. */
  readonly type: string;
}

export interface Head {
  /** Digest of the head's bytes, hex. */
  readonly id: string;
  readonly bytes: Uint8Array;
  /** Of its manifest, its contents, its id and what stands in its bodies. */
  readonly digest: SuiteDigest;
  readonly record: PackageRecord;
  /** In the order of the record and the manifest. */
  readonly contents: readonly ContentReference[];
  /** Digest of the manifest, hex: two heads with one manifest are one act. */
  readonly act: string;
  /** Signing certificate, DER. */
  readonly signer: Uint8Array;
  /** All embedded certificates, DER. */
  readonly certificates: readonly Uint8Array[];
  readonly cms: CmsReport;
}

/**
 * Reads a head and checks its integrity: form, digests, signature, `by`. Whom the signer's
 * certificate belongs to, and whether he may do this, is not asked here.
 * @throws {Malformed} with the code of the first rule that is broken
 */
export async function readHead(bytes: Uint8Array): Promise<Head> {
  if (bytes.length > MAX_HEAD) throw new Malformed('package-head', 'head larger than 64 kB');
  return judgeHead(bytes, readZip(bytes));
}

/** @param entries what `bytes` hold */
export async function judgeHead(bytes: Uint8Array, entries: readonly Entry[]): Promise<Head> {
  const parts = headEntries(entries);
  const { digest: name, references } = readManifest(parts.manifest);
  const record = readRecord(parts.record);
  const acted = digest(name, parts.manifest);
  const manifest = {
    digest: (asked: DigestName) => (asked === name ? acted : digest(asked, parts.manifest)),
  };
  const [id, act, recordDigest, cms] = await Promise.all([
    digest(name, bytes),
    acted,
    digest(name, parts.record),
    verifyDetached(parts.signature, manifest, { canonical: true }),
  ]);
  const [first, ...others] = references;
  if (first?.uri !== RECORD || first.type !== TYPE_JSON) {
    throw new Malformed('package-manifest', 'the record comes first');
  }
  if (!equal(first.digest, recordDigest)) {
    throw new Malformed('package-digest', `${RECORD} is not what was signed`);
  }
  if (!cms.ok || !cms.signer) {
    throw new Malformed(cms.code, cms.findings[0]?.message ?? 'signature not in order');
  }
  if (!cms.essPresent) throw new Malformed('cms-ess', 'the signing certificate is not named');
  if ((cms.digestAlgorithm === 'SM3') !== (name === 'SM3')) {
    throw new Malformed('package-suite', 'digests and signature are of two suites');
  }
  if (record.by !== toHex((await knownCertificate(cms.signer)).hash)) {
    throw new Malformed('package-by', 'the record names another signer');
  }
  return {
    id: toHex(id),
    act: toHex(act),
    bytes,
    digest: name,
    record,
    contents: contentsOf(record, others),
    signer: cms.signer,
    certificates: cms.certificates,
    cms,
  };
}

/** @throws {Malformed} `package-mimetype`, `package-layout` for other entries, or in another order. */
function headEntries(entries: readonly Entry[]) {
  const [mimetype, record, manifest, signature] = entries;
  if (!mimetype || latin1(mimetype.bytes) !== MIMETYPE || mimetype.name !== HEAD_ENTRIES[0]) {
    throw new Malformed('package-mimetype', 'not an ASiC-E package');
  }
  const named = entries.map(({ name }) => name);
  if (!record || !manifest || !signature || named.join() !== HEAD_ENTRIES.join()) {
    throw new Malformed('package-layout', 'a head has four entries in their order');
  }
  return { record: record.bytes, manifest: manifest.bytes, signature: signature.bytes };
}

/** The manifest names exactly the contents of the record, in their order. */
function contentsOf(
  { contents }: PackageRecord,
  references: readonly { uri: string; type: string; digest: Uint8Array }[],
): ContentReference[] {
  if (contents.length !== references.length) {
    throw new Malformed('package-manifest', 'record and manifest name other contents');
  }
  return contents.map(({ name, length }, i) => {
    const reference = references[i] as { uri: string; type: string; digest: Uint8Array };
    if (reference.uri !== name) {
      throw new Malformed('package-manifest', 'record and manifest name other contents');
    }
    if ((name === BODY || name.endsWith(ENVELOPED)) !== (reference.type === TYPE_ENVELOPED)) {
      throw new Malformed('package-manifest', `media type of ${name}`);
    }
    return { name, length, digest: toHex(reference.digest), type: reference.type };
  });
}
