/** The files that a signature of an OFD protects, and those that nothing protects. */
import { type DigestName, equal, Malformed } from '../crypto/index.ts';
import type { SealReport } from '../seal/index.ts';
import type { OfdDocument } from './ofd-document.ts';
import type { ListedSignature, OfdSignature } from './ofd-signature.ts';

const DIGESTS: Record<string, DigestName> = {
  SM3: 'SM3',
  '1.2.156.10197.1.401': 'SM3',
  SHA256: 'SHA-256',
  'SHA-256': 'SHA-256',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
};

/** Step `files`: every file that the signature lists is as it was, and no other one is there. */
export async function checkFiles(
  document: OfdDocument,
  entry: ListedSignature,
  { checkMethod, references, seal, signedValue }: OfdSignature,
  report: SealReport,
): Promise<void> {
  const name = DIGESTS[checkMethod.toUpperCase()];
  if (!name) {
    report.open('files', 'OFD_DIGEST_UNKNOWN', `Digest ${checkMethod} is not known`, {
      name: checkMethod,
    });
    return;
  }
  const before = report.findings.length;
  for (const { path, value } of references) {
    const found = await document.digestOf(path, name);
    if (!found) report.fail('files', 'OFD_FILE_MISSING', `${path} is missing`, { path });
    else if (value && equal(value, found)) continue;
    else if (path === entry.list && (await coveredLater(document, entry))) {
      const message = `${path} was changed by a later signature, which is in order`;
      report.note('OFD_LATER_SIGNATURE', message, { path });
    } else report.fail('files', 'OFD_FILE_CHANGED', `${path} is not what was signed`, { path });
  }
  const exempt = new Set([entry.path, signedValue, seal, entry.list]);
  for (const other of document.listed) {
    for (const path of filesOf(document, other)) exempt.add(path);
  }
  const covered = new Set(references.map(({ path }) => path));
  const open = [...document.files.keys()].filter((path) => !covered.has(path) && !exempt.has(path));
  if (open.length > 0) {
    const message = `Not protected by the signature: ${open.slice(0, 5).join(', ')}`;
    const params = { list: open.slice(0, 5).join(', ') };
    report.open('files', 'OFD_FILE_UNPROTECTED', message, params);
  }
  const noted = report.findings.slice(before).every(({ code }) => code === 'OFD_LATER_SIGNATURE');
  if (noted && report.findings.length === before) report.pass('files');
}

/** Files that a signature itself consists of. */
function filesOf(document: OfdDocument, { path }: ListedSignature): string[] {
  try {
    const { signedValue, seal } = document.signature(path);
    return [path, signedValue, ...(seal ? [seal] : [])];
  } catch {
    return [path];
  }
}

/** Whether a later signature lists this one's Signature.xml as it stands. */
async function coveredLater(document: OfdDocument, entry: ListedSignature): Promise<boolean> {
  const { listed } = document;
  for (const later of listed.slice(listed.indexOf(entry) + 1)) {
    try {
      const { checkMethod, references } = document.signature(later.path);
      const name = DIGESTS[checkMethod.toUpperCase()];
      const value = references.find(({ path }) => path === entry.path)?.value;
      const found = name && (await document.digestOf(entry.path, name));
      if (found && value && equal(value, found)) return true;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }
  return false;
}
