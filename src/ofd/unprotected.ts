/** What an OFD shows and no good signature protects. */
import { latin1, Malformed } from '../crypto/index.ts';
import type { OfdFindings } from './codes.ts';
import type { OfdFiles } from './ofd-files.ts';
import { reach } from './reach.ts';
import { isOfd, readXml } from './xml.ts';

export interface Shown {
  /** Every file that the document reaches. */
  readonly parts: readonly string[];
  /** Those of them that nothing protects. */
  readonly unprotected: string[];
}

/** What archivers and desktops leave behind. */
const LITTER = /^__MACOSX\/|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/i;

/**
 * @param covered the files that each good signature stands for; of a bad one none are
 */
export function unprotectedParts(
  files: OfdFiles,
  covered: readonly ReadonlySet<string>[],
  found: OfdFindings,
): Shown {
  const { reached, missing, dangling, unsafe } = reach(files);
  const ring = integrityRing(files);
  const open = [...files.all.keys()].filter(
    (path) => !covered.some((set) => set.has(path)) && !ring.has(path),
  );
  const unprotected = open.filter((path) => reached.has(path));
  const extra = open.filter((path) => !reached.has(path) && !LITTER.test(path));
  // Where no signature is good, nothing is protected, and that is said by each of them.
  if (unprotected.length > 0 && covered.length > 0) {
    const list = some(unprotected);
    found.fail('OFD_FILE_UNPROTECTED', `Shown, and not protected: ${list}`, { list });
  }
  if (extra.length > 0 && covered.length > 0) {
    const list = some(extra);
    found.warn('OFD_FILE_EXTRA', `Not shown, and not protected: ${list}`, { list });
  }
  if (missing.length > 0) {
    const list = some(missing);
    found.fail('OFD_PART_MISSING', `Parts that are named are missing: ${list}`, { list });
  }
  if (dangling.length > 0) {
    const list = some(dangling);
    found.note('OFD_PART_ABSENT', `Resources that are named are not there: ${list}`, { list });
  }
  if (unsafe.length > 0) {
    const list = some(unsafe);
    found.fail('OFD_PART_UNREADABLE', `Parts with a document type: ${list}`, { list });
  }
  return { parts: [...reached].filter((path) => !ring.has(path)), unprotected };
}

const some = (paths: readonly string[]): string =>
  paths.slice(0, 5).join(', ') + (paths.length > 5 ? ' …' : '');

/** The list of files of GM/T 0099 D.1 and its signature value: made last, and shown by nobody. */
function integrityRing(files: OfdFiles): ReadonlySet<string> {
  const path = files.locate('', 'OFDEntries.xml');
  if (path === null) return new Set();
  try {
    const root = readXml(files.get(path) as Uint8Array);
    const location = root.children.find(({ name }) => name === 'SignedValueLoc')?.text ?? '';
    const value = files.locate(path, location);
    if (!isOfd(root, 'DocEntries')) return new Set();
    const der = value !== null && latin1(files.get(value) as Uint8Array, 0, 1) === '0';
    return new Set(der ? [path, value] : [path]);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return new Set();
  }
}
