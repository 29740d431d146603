/**
 * Attachments are opened before they are sent, and again where they are reviewed: an empty,
 * damaged or disguised file is told with its reason, and never gets to somebody as a surprise.
 */
import { Malformed, sha256Hex } from '../../crypto/index.ts';
import type { AttachmentProblem } from '../api/index.ts';
import { type AttachmentType, EXTENSIONS, extensionOf, typeOf } from './kind.ts';
import { isWholeJpeg, isWholePng } from './pictures.ts';

type Code = AttachmentProblem['code'];

const KNOWN = 64;
/** What was found out about contents before: drafts are checked after every keystroke. */
const found = new Map<string, Promise<Code | null>>();

/** @returns null where the file can be opened and is what its name says */
export async function attachmentProblem(
  name: string,
  bytes: Uint8Array,
): Promise<AttachmentProblem | null> {
  if (bytes.length === 0) return { code: 'attachment-empty', params: { name } };
  const type = typeOf(bytes);
  const extension = extensionOf(name);
  const named = (Object.keys(EXTENSIONS) as AttachmentType[]).find((each) =>
    EXTENSIONS[each].includes(extension),
  );
  if (!type) {
    return { code: named ? 'attachment-damaged' : 'attachment-type', params: { name } };
  }
  if (extension !== '' && !EXTENSIONS[type].includes(extension)) {
    const code = named || type !== 'TXT' ? 'attachment-disguised' : 'attachment-type';
    return { code, params: { name, is: type } };
  }
  const code = await remembered(type, bytes);
  return code && { code, params: { name } };
}

async function remembered(type: AttachmentType, bytes: Uint8Array): Promise<Code | null> {
  const key = await sha256Hex(bytes);
  const known = found.get(key) ?? opened(type, bytes);
  found.delete(key);
  found.set(key, known);
  for (const oldest of found.keys()) {
    if (found.size <= KNOWN) break;
    found.delete(oldest);
  }
  return known;
}

async function opened(type: AttachmentType, bytes: Uint8Array): Promise<Code | null> {
  if (type === 'PNG') return isWholePng(bytes) ? null : 'attachment-damaged';
  if (type === 'JPEG') return isWholeJpeg(bytes) ? null : 'attachment-damaged';
  if (type === 'TXT') return null;
  try {
    if (type === 'OFD') {
      const { verifyOfd } = await import('../../ofd/index.ts');
      await verifyOfd(bytes);
      return null;
    }
    const { pageCount } = await import('../../pdf/index.ts');
    return (await pageCount(bytes)) > 0 ? null : 'attachment-pages';
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return error.code === 'password-needed' ? 'attachment-password' : 'attachment-damaged';
  }
}
