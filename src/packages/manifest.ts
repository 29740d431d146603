/**
 * ASiCManifest (ETSI EN 319 162-1 A.4) in one fixed shape: the signature it belongs to, and one
 * reference with a digest for the record and for each content. It is written as text and read by
 * comparing with that text: no XML parser, so no DTD, no entity, no second opinion. One digest
 * algorithm serves the whole package: SHA-256, or SM3 in the Chinese suite.
 */
import {
  type Bytes,
  fromBase64,
  fromUtf8,
  Malformed,
  type SuiteDigest,
  toBase64,
  utf8,
} from '../crypto/index.ts';
import { SIGNATURE } from './names.ts';

export interface Reference {
  readonly uri: string;
  readonly type: string;
  /** Digest of the entry or content. */
  readonly digest: Uint8Array;
}

export interface Manifest {
  readonly digest: SuiteDigest;
  readonly references: readonly Reference[];
}

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n' +
  `<asic:SigReference URI="${SIGNATURE}" MimeType="application/pkcs7-signature"/>\n`;
const TAIL = '</asic:ASiCManifest>\n';
const ALGORITHM: Record<SuiteDigest, string> = {
  'SHA-256': 'http://www.w3.org/2001/04/xmlenc#sha256',
  SM3: 'urn:oid:1.2.156.10197.1.401',
};
const REFERENCE =
  /<asic:DataObjectReference URI="([A-Za-z0-9._/-]{1,120})" MimeType="([a-z0-9]+\/[a-zA-Z0-9.+-]{1,80})"><ds:DigestMethod Algorithm="([^"<>&]{1,60})"\/><ds:DigestValue>([A-Za-z0-9+/]{43}=)<\/ds:DigestValue><\/asic:DataObjectReference>\n/y;

export function writeManifest({ digest: name, references }: Manifest): Bytes {
  const lines = references.map(
    ({ uri, type, digest }) =>
      `<asic:DataObjectReference URI="${uri}" MimeType="${type}">` +
      `<ds:DigestMethod Algorithm="${ALGORITHM[name]}"/>` +
      `<ds:DigestValue>${toBase64(digest)}</ds:DigestValue></asic:DataObjectReference>\n`,
  );
  const manifest = utf8(HEAD + lines.join('') + TAIL);
  readManifest(manifest);
  return manifest;
}

/** @throws {Malformed} `package-manifest` for any other shape, or two digest algorithms. */
export function readManifest(bytes: Uint8Array): Manifest {
  const text = fromUtf8(bytes);
  if (!text?.startsWith(HEAD)) throw new Malformed('package-manifest', 'head of the manifest');
  const references: Reference[] = [];
  const algorithms = new Set<string>();
  let at = HEAD.length;
  for (;;) {
    REFERENCE.lastIndex = at;
    const match = REFERENCE.exec(text);
    if (!match) break;
    const [, uri, type, algorithm, value] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    const digest = fromBase64(value);
    if (!digest) throw new Malformed('package-manifest', 'digest value', at);
    algorithms.add(algorithm);
    references.push({ uri, type, digest });
    at = REFERENCE.lastIndex;
  }
  if (text.slice(at) !== TAIL) throw new Malformed('package-manifest', 'reference', at);
  const name = (Object.keys(ALGORITHM) as SuiteDigest[]).find(
    (each) => algorithms.size === 1 && algorithms.has(ALGORITHM[each]),
  );
  if (!name) throw new Malformed('package-manifest', 'digest algorithm');
  return { digest: name, references };
}
