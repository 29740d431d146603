/** PEM (RFC 7468): the text in which certificates, requests and revocation lists travel. */
import { fromBase64, Malformed, toBase64, utf8 } from '../crypto/index.ts';

export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL';

/** Several objects in one file, in the order given. */
export function writePem(objects: readonly { label: PemLabel; der: Uint8Array }[]): Uint8Array {
  const blocks = objects.map(({ label, der }) => {
    const lines = toBase64(der).match(/.{1,64}/g) ?? [];
    return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
  });
  return utf8(blocks.join(''));
}

/**
 * Every object of a PEM file; a file without any mark is one DER object, whose label is empty.
 * @throws {Malformed} `pem-form` for a block that does not close or is not base64
 */
export function readPem(bytes: Uint8Array): { label: string; der: Uint8Array }[] {
  if (bytes.length > 1 << 20) throw new Malformed('pem-form', 'too large');
  if (bytes[0] === 0x30) return [{ label: '', der: bytes }];
  const text = new TextDecoder().decode(bytes);
  const blocks = text.matchAll(
    /-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END ([A-Z0-9 ]+)-----/g,
  );
  const found = [...blocks].map(([, label = '', body = '', end]) => {
    const der = fromBase64(body.replace(/\s+/g, ''));
    if (label !== end || !der) throw new Malformed('pem-form', 'a block is not whole');
    return { label, der };
  });
  if (found.length === 0) throw new Malformed('pem-form', 'no PEM and no DER');
  return found;
}
