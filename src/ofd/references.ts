/** The files that a signature of an OFD lists, compared with what is there. */
import { type DigestName, equal } from '../crypto/index.ts';
import type { OfdFindings } from './codes.ts';
import type { OfdFiles } from './ofd-files.ts';
import type { ListedSignature, OfdSignature } from './ofd-signature.ts';

const DIGESTS: Record<string, DigestName> = {
  SM3: 'SM3',
  '1.2.156.10197.1.401': 'SM3',
  '1.2.156.10197.1.401.1': 'SM3',
  SHA256: 'SHA-256',
  'SHA-256': 'SHA-256',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
};

export interface CheckedReferences {
  /** Files that are what the signature says. */
  readonly same: ReadonlySet<string>;
  /** Files that are there and are something else. */
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  /** False where the digest is none that is computed here: nothing above says anything then. */
  readonly known: boolean;
}

/**
 * Compares every listed file. A method that is not known, or broken, is tried as SM3, which some
 * software computes under another name: values that fit prove as much under any name.
 */
export async function compareReferences(
  files: OfdFiles,
  { checkMethod, references }: OfdSignature,
): Promise<CheckedReferences> {
  const named = DIGESTS[checkMethod.trim().toUpperCase()];
  const same = new Set<string>();
  const changed: string[] = [];
  const missing: string[] = [];
  for (const { path, value } of references) {
    const found = await files.digestOf(path, named ?? 'SM3');
    if (!found) missing.push(path);
    else if (value && equal(value, found)) same.add(path);
    else changed.push(path);
  }
  return { same, changed, missing, known: named !== undefined || changed.length === 0 };
}

/** Says what was compared. @param later whether a later, good signature explains the new list */
export function reportReferences(
  { changed, missing, known }: CheckedReferences,
  { list }: ListedSignature,
  { checkMethod: name }: OfdSignature,
  later: boolean,
  report: OfdFindings,
): void {
  for (const path of missing) report.fail('OFD_FILE_MISSING', `${path} is missing`, { path });
  if (!known) {
    report.fail('OFD_DIGEST_UNKNOWN', `Digest ${name} is not known`, { name });
    return;
  }
  for (const path of changed) {
    if (path === list && later) {
      const message = `${path} was changed by a later signature, which is in order`;
      report.note('OFD_LATER_SIGNATURE', message, { path });
    } else report.fail('OFD_FILE_CHANGED', `${path} is not what was signed`, { path });
  }
}
