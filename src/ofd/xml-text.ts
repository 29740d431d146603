/** The text of an XML file: UTF-8, UTF-16 with a byte order mark, or the GB encodings. */
import { fromUtf8, latin1, Malformed } from '../crypto/index.ts';
import { gb18030 } from './entry-name.ts';

const GB = new Set(['gbk', 'gb2312', 'gb18030', 'x-gbk', 'cp936', 'ms936']);
const UTF8 = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** Without byte order mark and XML declaration. @throws {Malformed} `xml` */
export function xmlText(bytes: Uint8Array): string {
  const text = decoded(bytes);
  if (text === null) throw new Malformed('xml', 'the encoding is not read here, or is broken');
  return text.replace(/^\uFEFF/, '').replace(/^\s*<\?xml\s[^?>]*\?>/, '');
}

function decoded(bytes: Uint8Array): string | null {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return utf16(bytes, 'utf-16le');
  if (a === 0xfe && b === 0xff) return utf16(bytes, 'utf-16be');
  const head = latin1(bytes, 0, Math.min(200, bytes.length));
  const told = /^(?:\u00ef\u00bb\u00bf)?\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(
    head,
  );
  const name = told?.[1]?.toLowerCase() ?? 'utf-8';
  if (GB.has(name)) return gb18030(bytes);
  // Software on Chinese Windows writes GBK under this name, too.
  return UTF8.has(name) ? (fromUtf8(bytes) ?? gb18030(bytes)) : null;
}

function utf16(bytes: Uint8Array, name: string): string | null {
  try {
    return new TextDecoder(name, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
