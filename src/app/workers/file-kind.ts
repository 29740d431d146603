/** What a file is, by its first bytes; the name helps only where those say nothing. */
import type { CheckedFile } from './checked-file.ts';

/** Longer than any licence token as text. */
const MAX_TOKEN = 8192;

export function kindOf(name: string, bytes: Uint8Array): CheckedFile['kind'] {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  if (head.includes('%PDF-')) return 'pdf';
  if (isImage(bytes, head)) return 'image';
  if (head.startsWith('PK\u0003\u0004')) {
    return head.includes('asic-e+zip') || /\.asice$/i.test(name) ? 'package' : 'ofd';
  }
  // Transports put bytes before the archive; what it holds is for its reader to say.
  if (/\.ofd$/i.test(name)) return 'ofd';
  if (/-----BEGIN (X509 )?(TRUSTED )?CERTIFICATE-----|-----BEGIN PKCS7-----/.test(head)) {
    return 'certificate';
  }
  if (head.includes('-----BEGIN X509 CRL-----')) return 'crl';
  if (/^\s*EL1:/.test(head) && bytes.length < MAX_TOKEN) return 'token';
  if (bytes[0] !== 0x30) return isCertificateText(name, head) ? 'certificate' : 'unknown';
  if (isPfx(bytes)) return 'pfx';
  if (/\.(cer|crt|p7b|p7c|der)$/i.test(name) && !isSeal(head)) return 'certificate';
  if (/\.crl$/i.test(name)) return 'crl';
  if (isSeal(head) || /\.(esl|seal)$/i.test(name)) return 'seal';
  return 'certificate';
}

/** Base64 without marks; under a certificate's name also UTF-16, and marks behind much other text. */
const isCertificateText = (name: string, head: string): boolean =>
  /^\s*MI[I-K][A-Za-z0-9+/\s]{60,}=*\s*$/.test(head) ||
  (/\.(cer|crt|pem|p7b|p7c|der)$/i.test(name) &&
    /^(\xff\xfe|\xfe\xff|Bag Attributes|Certificate:)/.test(head));

/** PNG, JPEG, GIF, WebP or BMP: what every browser draws. */
const isImage = (bytes: Uint8Array, head: string): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) ||
  /^(.PNG\r\n|GIF8|RIFF.{4}WEBP|BM.{4}\0{4})/s.test(head);

/** Version 3, then an AuthenticatedSafe in the data or signed-data type (RFC 7292). */
function isPfx(bytes: Uint8Array): boolean {
  const head = [...bytes.subarray(0, 40)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return (
    /^30(80|[0-7].|81..|82....|83.{6}|84.{8})02010330/.test(head) &&
    /06092a864886f70d01070[12]/.test(head)
  );
}

/** The header of an SESeal, or of a signature that holds one, names itself `ES`. */
const isSeal = (head: string): boolean => head.slice(0, 64).includes('\u0016\u0002ES');
