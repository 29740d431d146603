/** Certificates as they come by file: PEM, one DER certificate, or a PKCS #7 bundle of either kind. */
import { readBer } from '../crypto/index.ts';
import { readPem } from './pem.ts';

const MOST = 200;

/**
 * DER of everything in the file that may be a certificate, in its order, 200 at most; whether it is
 * one is for the reader to say.
 * @throws {Malformed} `pem-form` for what is neither PEM nor DER
 */
export function certificatesIn(file: Uint8Array): Uint8Array[] {
  const ders = readPem(file).flatMap(({ der }) => insidePkcs7(der) ?? [der]);
  return ders.slice(0, MOST);
}

/** `[0]` of the SignedData (RFC 2315 9.1), in BER as Windows exports it; null for what is no PKCS #7. */
function insidePkcs7(der: Uint8Array): Uint8Array[] | null {
  try {
    const [type, content] = readBer(der).node.children;
    if (type?.tag !== 0x06 || content?.tag !== 0xa0) return null;
    const set = content.children[0]?.children.find(({ tag }) => tag === 0xa0);
    return set?.children.map(({ raw }) => raw) ?? [];
  } catch {
    return null;
  }
}
