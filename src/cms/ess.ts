/** signingCertificate (RFC 2634) and signingCertificateV2 (RFC 5035): which certificate signed. */
import {
  type Bytes,
  type DerNode,
  DIGEST_OID,
  type DigestName,
  derWrite,
  digest,
  digestOf,
  equal,
  expect,
  Malformed,
  TAG,
} from '../crypto/index.ts';
import { type Certificate, namingDigest } from '../pki/index.ts';
import { sameName } from './certificates.ts';

const { sequence, octetString, oid } = derWrite;

/** A certificate by its digest. */
export interface EssHash {
  readonly hash: DigestName;
  readonly value: Uint8Array;
}

/** An ESSCertID or ESSCertIDv2. */
export interface EssCertificate extends EssHash {
  readonly issuerSerial: DerNode | undefined;
}

/** SigningCertificate(V2) ::= SEQUENCE { certs SEQUENCE OF ESSCertID(v2), policies OPTIONAL }. */
export function readSigningCertificate(node: DerNode, version: 1 | 2): EssCertificate[] {
  const parts = expect(node, TAG.SEQUENCE, 'SigningCertificate').children;
  const list = expect(parts[0], TAG.SEQUENCE, 'certs').children;
  if (list.length === 0 || parts.length > 2) throw new Malformed('cms-ess', 'form', node.at);
  return list.map((id) => {
    const fields = [...expect(id, TAG.SEQUENCE, 'ESSCertID').children];
    const named = version === 2 && fields[0]?.tag === TAG.SEQUENCE;
    const hash = named ? digestOf(fields.shift()) : version === 2 ? 'SHA-256' : 'SHA-1';
    const value = expect(fields.shift(), TAG.OCTET_STRING, 'certHash').value;
    const issuerSerial = fields.shift();
    if (fields.length > 0) throw new Malformed('cms-ess', 'unexpected field', id.at);
    return { hash, value, issuerSerial };
  });
}

/** Whether an entry names this certificate: its hash, and issuer and serial number if given. */
export async function namesCertificate(
  { hash, value, issuerSerial }: EssCertificate,
  certificate: Certificate,
  lenient: boolean,
): Promise<boolean> {
  if (!equal(await digest(hash, certificate.der), value)) return false;
  if (!issuerSerial) return true;
  const [names, serial, more] = expect(issuerSerial, TAG.SEQUENCE, 'issuerSerial').children;
  const directory = expect(names, TAG.SEQUENCE, 'GeneralNames').children;
  const name = directory[0];
  return (
    !more &&
    directory.length === 1 &&
    name?.tag === 0xa4 &&
    name.children.length === 1 &&
    sameName(name.children[0]?.raw ?? new Uint8Array(), certificate, lenient) &&
    equal(expect(serial, TAG.INTEGER, 'serialNumber').value, certificate.serial)
  );
}

/**
 * The attribute value for these certificates, signer first, each by the digest that names it: SM3,
 * or SHA-256, which is the default and left out.
 */
export async function writeSigningCertificateV2(
  certificates: readonly Uint8Array[],
): Promise<Bytes> {
  const ids: Bytes[] = [];
  for (const der of certificates) {
    const name = namingDigest(der);
    const algorithm = name === 'SHA-256' ? [] : [sequence(oid(DIGEST_OID[name]))];
    ids.push(sequence(...algorithm, octetString(await digest(name, der))));
  }
  return sequence(sequence(...ids));
}
