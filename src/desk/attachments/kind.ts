/** What an attachment may be, told by its content; the name must agree. */
import { fromUtf8, latin1 } from '../../crypto/index.ts';

export type AttachmentType = 'PDF' | 'OFD' | 'PNG' | 'JPEG' | 'TXT';

/** Extensions that go with a content. */
export const EXTENSIONS: Readonly<Record<AttachmentType, readonly string[]>> = {
  PDF: ['pdf'],
  OFD: ['ofd'],
  PNG: ['png'],
  JPEG: ['jpg', 'jpeg', 'jfif'],
  TXT: ['txt', 'csv'],
};

/** @returns null where the content is nothing that reviewers can open */
export function typeOf(bytes: Uint8Array): AttachmentType | null {
  const head = latin1(bytes, 0, Math.min(1024, bytes.length));
  if (head.includes('%PDF-')) return 'PDF';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'PNG';
  if (head.startsWith('\xff\xd8\xff')) return 'JPEG';
  if (head.startsWith('PK\x03\x04')) return holds(bytes, 'OFD.xml') ? 'OFD' : null;
  return isText(bytes) ? 'TXT' : null;
}

/** Lower case, without the dot; empty where the name has none: `合同 2026.0417` names no type. */
export function extensionOf(name: string): string {
  const found = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return /[a-z]/.test(found) ? found : '';
}

/** A file of this name in the central directory at the end of a ZIP. */
function holds(bytes: Uint8Array, name: string): boolean {
  const from = Math.max(0, bytes.length - 2 ** 20);
  return latin1(bytes, from, bytes.length).includes(name);
}

const CONTROLS = /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/;

/** UTF-8, or GB 18030 as older programs write it, without control characters. */
function isText(bytes: Uint8Array): boolean {
  const text = fromUtf8(bytes) ?? fromGb18030(bytes);
  return text !== null && !CONTROLS.test(text) && text.trim() !== '';
}

function fromGb18030(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
