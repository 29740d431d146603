/** Certificates and revocation lists, in PEM, DER or PKCS #7, for looking at. */
import { fromBase64, readDer } from '../../../crypto/index.ts';
import { type CertificateDescription, describeCertificate } from '../../../pki/index.ts';
import type { Check } from '../verify.worker.ts';

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g;
const MOST = 50;

export const check: Check = async ({ name, bytes }) => {
  const blocks = ders(bytes);
  const certificates: CertificateDescription[] = [];
  for (const der of blocks.slice(0, MOST)) {
    for (const each of [der, ...insidePkcs7(der)]) {
      const described = await describeCertificate(each);
      if (described.ok) certificates.push(described);
    }
  }
  const first = certificates[0];
  if (!first) {
    const list =
      /\.crl$/i.test(name) || new TextDecoder().decode(bytes.subarray(0, 40)).includes('CRL');
    return { situation: list ? 'list' : 'unreadable' };
  }
  const expired = Date.parse(first.notAfter) < Date.now();
  return {
    certificates,
    situation: expired ? 'certificate-expired' : 'certificate',
    integrity: 'unsigned',
    params: { who: first.organization ?? first.subject.text },
  };
};

function ders(bytes: Uint8Array): Uint8Array[] {
  if (bytes[0] === 0x30) return [bytes];
  const text = new TextDecoder('latin1').decode(bytes);
  return [...text.matchAll(PEM)].flatMap(
    ([, , body]) => fromBase64((body ?? '').replace(/\s/g, '')) ?? [],
  );
}

/** Certificates of a PKCS #7 bundle: `[0]` of its SignedData. */
function insidePkcs7(der: Uint8Array): Uint8Array[] {
  try {
    const signed = readDer(der).children[1]?.children[0];
    const set = signed?.children.find(({ tag }) => tag === 0xa0);
    return set ? set.children.map((child) => child.raw) : [];
  } catch {
    return [];
  }
}
