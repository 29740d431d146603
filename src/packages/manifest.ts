/**
 * ASiCManifest (ETSI EN 319 162-1 A.4) in one fixed shape: the signature it belongs to, and one
 * reference with a SHA-256 digest for each file. It is written as text and read by comparing with
 * that text: no XML parser, so no DTD, no entity, no second opinion.
 */
import { type Bytes, fromBase64, fromUtf8, Malformed, toBase64, utf8 } from '../crypto/index.ts';

export const MANIFEST = 'META-INF/ASiCManifest001.xml';
export const SIGNATURE = 'META-INF/signature001.p7s';

export interface Reference {
  readonly uri: string;
  readonly type: string;
  /** SHA-256 of the file. */
  readonly digest: Uint8Array;
}

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n' +
  `<asic:SigReference URI="${SIGNATURE}" MimeType="application/pkcs7-signature"/>\n`;
const TAIL = '</asic:ASiCManifest>\n';
const METHOD = '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>';
const REFERENCE =
  /<asic:DataObjectReference URI="([A-Za-z0-9._/-]{1,120})" MimeType="([a-z0-9]+\/[a-zA-Z0-9.+-]{1,80})"><ds:DigestMethod Algorithm="http:\/\/www\.w3\.org\/2001\/04\/xmlenc#sha256"\/><ds:DigestValue>([A-Za-z0-9+/]{43}=)<\/ds:DigestValue><\/asic:DataObjectReference>\n/y;

export function writeManifest(references: readonly Reference[]): Bytes {
  const lines = references.map(
    ({ uri, type, digest }) =>
      `<asic:DataObjectReference URI="${uri}" MimeType="${type}">${METHOD}` +
      `<ds:DigestValue>${toBase64(digest)}</ds:DigestValue></asic:DataObjectReference>\n`,
  );
  const manifest = utf8(HEAD + lines.join('') + TAIL);
  readManifest(manifest);
  return manifest;
}

/** @throws {Malformed} `package-manifest` for any other shape. */
export function readManifest(bytes: Uint8Array): Reference[] {
  const text = fromUtf8(bytes);
  if (!text?.startsWith(HEAD)) throw new Malformed('package-manifest', 'head of the manifest');
  const out: Reference[] = [];
  let at = HEAD.length;
  for (;;) {
    REFERENCE.lastIndex = at;
    const match = REFERENCE.exec(text);
    if (!match) break;
    const digest = fromBase64(match[3] as string);
    if (!digest) throw new Malformed('package-manifest', 'digest value', at);
    out.push({ uri: match[1] as string, type: match[2] as string, digest });
    at = REFERENCE.lastIndex;
  }
  if (text.slice(at) !== TAIL) throw new Malformed('package-manifest', 'reference', at);
  return out;
}
