/**
 * Certificates that break the rules of their form, read as far as a signature check and a name on
 * the screen need: integrity is about the key that signed, and what is wrong with its certificate
 * costs trust. The path validator never looks here.
 */
import { type DerNode, expect, Malformed, oidOf, readBer, TAG } from '../crypto/index.ts';
import { type Certificate, type Extension, readCertificate } from './certificate.ts';
import { ContentCache } from './content-cache.ts';
import type { Name } from './name.ts';
import { readAttribute } from './name.ts';

export interface ReadLeniently {
  readonly certificate: Certificate;
  /** Rule that the strict reader found broken; null for a certificate in order. */
  readonly fault: Malformed | null;
}

const known = new ContentCache(read, 256, 16_384);

/** @throws {Malformed} for what lacks issuer, serial number, subject or key */
export function readCertificateLeniently(der: Uint8Array): ReadLeniently {
  return known.get(der);
}

function read(der: Uint8Array): ReadLeniently {
  try {
    return { certificate: readCertificate(der), fault: null };
  } catch (fault) {
    if (!(fault instanceof Malformed)) throw fault;
    return { certificate: salvaged(der), fault };
  }
}

function salvaged(der: Uint8Array): Certificate {
  const { node, length } = readBer(der);
  if (length !== der.length) throw new Malformed('der-trailing', 'bytes after the certificate');
  const [tbs, algorithm, signature] = expect(node, TAG.SEQUENCE, 'Certificate').children;
  const parts = [...expect(tbs, TAG.SEQUENCE, 'tbsCertificate').children];
  if (parts[0]?.tag === 0xa0) parts.shift();
  const [serial, , issuer, , subject, spki, ...rest] = parts;
  return {
    der,
    tbs: (tbs as DerNode).raw,
    version: 3,
    serial: expect(serial, TAG.INTEGER, 'serialNumber').value,
    signatureAlgorithm: expect(algorithm, TAG.SEQUENCE, 'signatureAlgorithm').raw,
    signature: expect(signature, TAG.BIT_STRING, 'signature').value.subarray(1),
    issuer: nameOf(issuer),
    subject: nameOf(subject),
    // Nobody may take a certificate for valid that came in by this way.
    notBefore: Number.MAX_SAFE_INTEGER,
    notAfter: Number.MIN_SAFE_INTEGER,
    spki: expect(spki, TAG.SEQUENCE, 'subjectPublicKeyInfo').raw,
    extensions: extensionsOf(rest.find(({ tag }) => tag === 0xa3)),
  };
}

function nameOf(node: DerNode | undefined): Name {
  const list = expect(node, TAG.SEQUENCE, 'Name');
  return { raw: list.raw, rdns: list.children.map(({ children }) => children.map(readAttribute)) };
}

function extensionsOf(wrapper: DerNode | undefined): Map<string, Extension> {
  const out = new Map<string, Extension>();
  for (const { children } of wrapper?.children[0]?.children ?? []) {
    const [type] = children;
    const value = children.at(-1);
    if (type?.tag !== TAG.OID || value?.tag !== TAG.OCTET_STRING) continue;
    const oid = oidOf(type);
    if (!out.has(oid)) out.set(oid, { oid, critical: children.length > 2, value: value.value });
  }
  return out;
}
