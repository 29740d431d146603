/** Heads as a forger writes them: around contents that somebody else enveloped, or signed once more. */
import { signDetached } from '../../src/cms/index.ts';
import { digest, fromHex, type Signer, toHex, utf8 } from '../../src/crypto/index.ts';
import { type Package, type PackageRecord, writePackageFile } from '../../src/packages/index.ts';
import { writeManifest } from '../../src/packages/manifest.ts';
import { writeRecord } from '../../src/packages/record.ts';
import { readZip, writeZip } from '../../src/packages/zip.ts';
import { certificateId } from '../../src/pki/index.ts';

interface Made {
  id: string;
  bytes: Uint8Array;
}

const NAMES = [
  'mimetype',
  'record.json',
  'META-INF/ASiCManifest001.xml',
  'META-INF/signature001.p7s',
];

/** The record under another's signature, naming the contents of `victim` as its own. */
export async function headAround(
  record: PackageRecord,
  victim: Package,
  by: Signer,
): Promise<Made> {
  const bytes = writeRecord({ ...record, by: await certificateId(by.certificate) });
  const references = [
    { uri: 'record.json', type: 'application/json', digest: await digest(victim.digest, bytes) },
    ...victim.contents.map(({ name, type, digest: named }) => ({
      uri: name,
      type,
      digest: fromHex(named) as Uint8Array,
    })),
  ];
  return signed(victim, bytes, writeManifest({ digest: victim.digest, references }), by);
}

/** Another head around the manifest of one's own: one act under two ids. */
export async function signedAgain(pkg: Package, by: Signer): Promise<Made> {
  const [, record, manifest] = readZip(pkg.bytes);
  return signed(pkg, record?.bytes as Uint8Array, manifest?.bytes as Uint8Array, by);
}

async function signed(
  pkg: Package,
  record: Uint8Array,
  manifest: Uint8Array,
  signer: Signer,
): Promise<Made> {
  const signature = await signDetached({
    content: manifest,
    signer,
    signingTime: pkg.record.at,
  });
  const parts = [utf8('application/vnd.etsi.asic-e+zip'), record, manifest, signature];
  const head = writeZip(NAMES.map((name, i) => ({ name, bytes: parts[i] as Uint8Array })));
  const id = toHex(await digest(pkg.digest, head));
  return { id, bytes: writePackageFile({ bytes: head, contents: pkg.contents }, pkg.present) };
}
