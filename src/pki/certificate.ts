/**
 * X.509 certificates (RFC 5280 section 4), read strictly into plain values. Reading says nothing
 * about trust: that is the business of the path validator.
 */
import {
  bitStringOf,
  type DerNode,
  equal,
  expect,
  Malformed,
  oidOf,
  readDer,
  smallIntegerOf,
  TAG,
} from '../crypto/index.ts';
import { type Name, readName } from './name.ts';
import { readTime } from './time.ts';

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** Content of extnValue. */
  readonly value: Uint8Array;
}

export interface Certificate {
  readonly der: Uint8Array;
  /** The signed part, as it stands in `der`. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 2 | 3;
  /** Value octets of serialNumber. */
  readonly serial: Uint8Array;
  /** AlgorithmIdentifier of the outer signatureAlgorithm, DER; equal to the inner one. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
  readonly issuer: Name;
  readonly subject: Name;
  /** Milliseconds since 1970; both bounds inclusive. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly extensions: ReadonlyMap<string, Extension>;
}

/**
 * @throws {Malformed} for anything but one strict DER certificate of version 1 to 3 without
 * duplicate extensions and with equal inner and outer signature algorithms.
 */
export function readCertificate(der: Uint8Array): Certificate {
  const root = expect(readDer(der), TAG.SEQUENCE, 'Certificate');
  if (root.children.length !== 3) throw new Malformed('x509-form', 'Certificate has three parts');
  const [tbs, algorithm, signature] = root.children as [DerNode, DerNode, DerNode];
  expect(tbs, TAG.SEQUENCE, 'tbsCertificate');
  expect(algorithm, TAG.SEQUENCE, 'signatureAlgorithm');
  const parts = [...tbs.children];
  const version = readVersion(parts);
  const serial = expect(parts.shift(), TAG.INTEGER, 'serialNumber').value;
  const inner = expect(parts.shift(), TAG.SEQUENCE, 'signature');
  if (!equal(inner.raw, algorithm.raw)) {
    throw new Malformed('x509-algorithm', 'inner and outer signature algorithms differ');
  }
  const issuer = readName(parts.shift());
  const validity = expect(parts.shift(), TAG.SEQUENCE, 'validity');
  if (validity.children.length !== 2) throw new Malformed('x509-validity', 'two dates expected');
  const subject = readName(parts.shift());
  const spki = expect(parts.shift(), TAG.SEQUENCE, 'subjectPublicKeyInfo');
  const extensions = readTail(parts, version);
  return {
    der,
    tbs: tbs.raw,
    version,
    serial,
    signatureAlgorithm: algorithm.raw,
    signature: bitStringOf(signature),
    issuer,
    subject,
    notBefore: readTime(validity.children[0]),
    notAfter: readTime(validity.children[1]),
    spki: spki.raw,
    extensions,
  };
}

function readVersion(parts: DerNode[]): 1 | 2 | 3 {
  if (parts[0]?.tag !== 0xa0) return 1;
  const wrapper = parts.shift() as DerNode;
  const value = smallIntegerOf(wrapper.children[0]);
  if (wrapper.children.length !== 1 || value < 1 || value > 2) {
    throw new Malformed('x509-version', 'version is 2 or 3 where it is given');
  }
  return (value + 1) as 2 | 3;
}

/** issuerUniqueID, subjectUniqueID and extensions, in this order. */
function readTail(parts: DerNode[], version: number): ReadonlyMap<string, Extension> {
  for (const tag of [0x81, 0x82]) {
    if (parts[0]?.tag === tag) {
      if (version < 2) throw new Malformed('x509-version', 'unique identifier in version 1');
      parts.shift();
    }
  }
  const wrapper = parts[0]?.tag === 0xa3 ? parts.shift() : undefined;
  if (parts.length > 0) throw new Malformed('x509-form', 'unexpected field', parts[0]?.at);
  if (!wrapper) return new Map();
  if (version !== 3) throw new Malformed('x509-version', 'extensions need version 3', wrapper.at);
  if (wrapper.children.length !== 1) throw new Malformed('x509-form', 'extensions', wrapper.at);
  return readExtensions(wrapper.children[0]);
}

/** Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension; no OID twice (RFC 5280 4.2). */
export function readExtensions(node: DerNode | undefined): ReadonlyMap<string, Extension> {
  const list = expect(node, TAG.SEQUENCE, 'Extensions');
  if (list.children.length === 0) throw new Malformed('x509-extensions', 'empty', list.at);
  const out = new Map<string, Extension>();
  for (const child of list.children) {
    expect(child, TAG.SEQUENCE, 'Extension');
    const parts = [...child.children];
    const oid = oidOf(parts.shift());
    let critical = false;
    if (parts[0]?.tag === TAG.BOOLEAN) {
      critical = (parts.shift() as DerNode).value[0] === 0xff;
      if (!critical) throw new Malformed('der-default', 'DEFAULT FALSE is not encoded', child.at);
    }
    const value = expect(parts.shift(), TAG.OCTET_STRING, 'extnValue').value;
    if (parts.length > 0) throw new Malformed('x509-extensions', 'unexpected field', child.at);
    if (out.has(oid)) throw new Malformed('x509-extensions', `extension ${oid} twice`, child.at);
    out.set(oid, { oid, critical, value });
  }
  return out;
}
