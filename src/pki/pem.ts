/** PEM (RFC 7468): the text in which certificates, requests and revocation lists travel. */
import { fromBase64, Malformed, readBer, toBase64, utf8 } from '../crypto/index.ts';

export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'PRIVATE KEY';

/** Several objects in one file, in the order given. */
export function writePem(objects: readonly { label: PemLabel; der: Uint8Array }[]): Uint8Array {
  const blocks = objects.map(({ label, der }) => {
    const lines = toBase64(der).match(/.{1,64}/g) ?? [];
    return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
  });
  return utf8(blocks.join(''));
}

/**
 * Every object of a PEM file, as tools of the field write them: any line ends, a byte-order mark,
 * headers, text around the blocks. A file without any mark is one object in DER, with white space
 * after it at most, or its base64 alone; its label is empty.
 * @throws {Malformed} `pem-form` for a block that does not close or is not base64
 */
export function readPem(bytes: Uint8Array): { label: string; der: Uint8Array }[] {
  if (bytes.length > 1 << 20) throw new Malformed('pem-form', 'too large');
  if (bytes[0] === 0x30) return [{ label: '', der: withoutEnd(bytes) }];
  const text = textOf(bytes);
  const found: { label: string; der: Uint8Array }[] = [];
  let at = 0;
  for (;;) {
    const open = /-----BEGIN ([A-Z0-9 ]{1,40})-----/g;
    open.lastIndex = at;
    const [mark, label = ''] = open.exec(text) ?? [];
    if (mark === undefined) break;
    const end = `-----END ${label}-----`;
    const stop = text.indexOf('-----END ', open.lastIndex);
    const der = stop < 0 ? null : fromBase64(bodyOf(text.slice(open.lastIndex, stop)));
    if (!der || !text.startsWith(end, stop)) {
      throw new Malformed('pem-form', 'a block is not whole');
    }
    found.push({ label, der });
    at = stop + end.length;
  }
  if (found.length > 0) return found;
  const bare = fromBase64(bodyOf(text));
  if (bare?.[0] !== 0x30) throw new Malformed('pem-form', 'no PEM and no DER');
  return [{ label: '', der: bare }];
}

/** UTF-8, or UTF-16 as Windows saves it. */
function textOf(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

/** Base64 of a block, without the headers that RFC 1421 puts before it. */
const bodyOf = (text: string): string =>
  text.replace(/^\s*(?:[A-Za-z0-9-]+:[^\n]*\n(?:[ \t]+[^\n]*\n)*)+/, '').replace(/\s+/g, '');

/** The value without the line end that an editor or a transfer put behind it. */
function withoutEnd(bytes: Uint8Array): Uint8Array {
  try {
    const { length } = readBer(bytes);
    const blank = bytes.subarray(length).every((byte) => [0, 9, 10, 13, 32].includes(byte));
    return blank ? bytes.subarray(0, length) : bytes;
  } catch {
    return bytes;
  }
}
