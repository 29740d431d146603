/**
 * SignedData and SignerInfo (RFC 5652 section 5) as plain values. This reads the form; whether the
 * values agree with each other and with the content is decided in `verify`.
 */
import {
  compareBytes,
  type DerNode,
  expect,
  Malformed,
  oidOf,
  readBer,
  readDer,
  smallIntegerOf,
  TAG,
} from '../crypto/index.ts';
import { OID } from './oids.ts';
import { ocspAmongCrls } from './revocation-values.ts';

export interface Attribute {
  readonly raw: Uint8Array;
  readonly oid: string;
  /** Values, DER. */
  readonly values: readonly DerNode[];
}

export interface SignerInfo {
  readonly version: number;
  readonly sid:
    | { readonly kind: 'issuer-serial'; readonly issuer: Uint8Array; readonly serial: Uint8Array }
    | { readonly kind: 'key-id'; readonly keyId: Uint8Array };
  readonly digestAlgorithm: DerNode;
  /** Absent where the content itself is signed. */
  readonly signedAttributes: readonly Attribute[] | null;
  /** The signed attributes as they stand, without their header. */
  readonly signedBytes: Uint8Array;
  readonly signatureAlgorithm: DerNode;
  readonly signature: Uint8Array;
  readonly unsignedAttributes: readonly Attribute[];
}

export interface SignedData {
  /** Octets of the input that the ContentInfo took. */
  readonly length: number;
  readonly version: number;
  readonly digestAlgorithms: readonly DerNode[];
  readonly contentType: string;
  /** Attached content, or null. */
  readonly content: Uint8Array | null;
  /** X.509 certificates in their order; other kinds are left out. */
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  /** OCSP answers among the CRLs. */
  readonly ocsps: readonly Uint8Array[];
  readonly signerInfos: readonly SignerInfo[];
}

export interface FormOptions {
  /** Accept BER; otherwise DER, down to the order of sets. */
  readonly allowBer?: boolean | undefined;
  /** Ignore what follows the ContentInfo; `length` tells where it ends. */
  readonly allowTrailing?: boolean | undefined;
  /** Demand the one form that `signDetached` writes: nothing unsigned could be changed. */
  readonly canonical?: boolean | undefined;
  /**
   * Accept a signature without signed attributes, over the content itself (RFC 5652 5.4), as old
   * PDF software makes them. The content must then be bytes or ranges.
   */
  readonly allowBare?: boolean | undefined;
  /** Take an empty eContent of a detached signature for an absent one. */
  readonly allowEmpty?: boolean | undefined;
}

/** A PDF's CMS with megabytes of revocation data is known; more is none that anyone meant. */
const MAX_BYTES = 64 << 20;
const MAX_CERTIFICATES = 64;
const MAX_ATTRIBUTES = 64;

/** ContentInfo ::= SEQUENCE { contentType OID, content [0] EXPLICIT ANY }. */
export function readContentInfo(
  bytes: Uint8Array,
  { allowBer, allowTrailing }: FormOptions,
): { type: string; content: DerNode; length: number } {
  if (bytes.length > MAX_BYTES) throw new Malformed('cms-size', 'CMS too large');
  const root = allowBer ? readBer(bytes) : readStrict(bytes, allowTrailing === true);
  if (root.length !== bytes.length && !allowTrailing) {
    throw new Malformed('der-trailing', 'bytes after the ContentInfo', root.length);
  }
  const parts = expect(root.node, TAG.SEQUENCE, 'ContentInfo').children;
  const content = expect(parts[1], 0xa0, 'content').children[0];
  if (parts.length !== 2 || parts[1]?.children.length !== 1 || !content) {
    throw new Malformed('cms-form', 'ContentInfo has two parts');
  }
  return { type: oidOf(parts[0]), content, length: root.length };
}

function readStrict(bytes: Uint8Array, allowTrailing: boolean): { node: DerNode; length: number } {
  const whole = allowTrailing ? bytes.subarray(0, tlvLength(bytes)) : bytes;
  return { node: readDer(whole), length: whole.length };
}

/** Octets that the DER value at the start takes, by its header; the reader checks the rest. */
function tlvLength(bytes: Uint8Array): number {
  const first = bytes[1] ?? 0;
  if (first < 0x80) return 2 + first;
  let length = 0;
  for (let i = 0; i < (first & 0x7f); i++) length = length * 256 + (bytes[2 + i] ?? 0);
  return 2 + (first & 0x7f) + length;
}

/** @throws {Malformed} for anything but one SignedData of this form. */
export function readSignedData(bytes: Uint8Array, options: FormOptions): SignedData {
  const { type, content, length } = readContentInfo(bytes, options);
  if (type !== OID.signedData && type !== OID.gmSignedData) {
    throw new Malformed('cms-content-type', 'not signed data');
  }
  const strict = !options.allowBer;
  // RFC 3161 peers leave certificates in the order of the chain: refused where one form is demanded.
  const ordered = options.canonical === true;
  const parts = [...expect(content, TAG.SEQUENCE, 'SignedData').children];
  const version = smallIntegerOf(parts.shift());
  const digestAlgorithms = members(expect(parts.shift(), TAG.SET, 'digestAlgorithms'), ordered);
  const [contentType, inner] = readEncapsulated(parts.shift());
  const certificates = parts[0]?.tag === 0xa0 ? members(parts.shift() as DerNode, ordered) : [];
  const crls = parts[0]?.tag === 0xa1 ? members(parts.shift() as DerNode, ordered) : [];
  const signerInfos = expect(parts.shift(), TAG.SET, 'signerInfos').children;
  if (parts.length > 0) throw new Malformed('cms-form', 'unexpected field', parts[0]?.at);
  if (certificates.length > MAX_CERTIFICATES || signerInfos.length > MAX_CERTIFICATES) {
    throw new Malformed('cms-size', 'too many certificates or signers');
  }
  const x509 = (node: DerNode) => node.tag === TAG.SEQUENCE;
  if (strict && !(certificates.every(x509) && crls.every(x509))) {
    throw new Malformed('cms-form', 'certificate or revocation list of another kind');
  }
  return {
    length,
    version,
    digestAlgorithms,
    contentType,
    content: inner,
    certificates: certificates.filter(x509).map((node) => node.raw),
    crls: crls.filter(x509).map((node) => node.raw),
    ocsps: crls.flatMap((node) => ocspAmongCrls(node) ?? []),
    signerInfos: signerInfos.map((node) => readSignerInfo(node, strict)),
  };
}

function readEncapsulated(node: DerNode | undefined): [string, Uint8Array | null] {
  const parts = expect(node, TAG.SEQUENCE, 'encapContentInfo').children;
  if (parts.length > 2) throw new Malformed('cms-form', 'encapContentInfo', node?.at);
  const type = oidOf(parts[0]);
  if (!parts[1]) return [type, null];
  const [content, more] = expect(parts[1], 0xa0, 'eContent').children;
  if (more) throw new Malformed('cms-form', 'eContent', parts[1].at);
  return [type, expect(content, TAG.OCTET_STRING, 'eContent').value];
}

function readSignerInfo(node: DerNode, strict: boolean): SignerInfo {
  const parts = [...expect(node, TAG.SEQUENCE, 'SignerInfo').children];
  const version = smallIntegerOf(parts.shift());
  const sid = readSid(parts.shift());
  const digestAlgorithm = expect(parts.shift(), TAG.SEQUENCE, 'digestAlgorithm');
  const signed = parts[0]?.tag === 0xa0 ? (parts.shift() as DerNode) : null;
  const signatureAlgorithm = expect(parts.shift(), TAG.SEQUENCE, 'signatureAlgorithm');
  const signature = expect(parts.shift(), TAG.OCTET_STRING, 'signature').value;
  const unsigned = parts[0]?.tag === 0xa1 ? (parts.shift() as DerNode) : null;
  if (parts.length > 0) throw new Malformed('cms-form', 'unexpected field', parts[0]?.at);
  return {
    version,
    sid,
    digestAlgorithm,
    signedAttributes: signed && readAttributes(signed, strict),
    signedBytes: signed?.value ?? new Uint8Array(),
    signatureAlgorithm,
    signature,
    unsignedAttributes: unsigned ? readAttributes(unsigned, strict) : [],
  };
}

function readSid(node: DerNode | undefined): SignerInfo['sid'] {
  if (node?.tag === 0x80) return { kind: 'key-id', keyId: node.value };
  const { issuer, serial } = readIssuerAndSerial(node);
  return { kind: 'issuer-serial', issuer, serial };
}

/** IssuerAndSerialNumber: the issuer's Name as DER, the value octets of the serial number. */
export function readIssuerAndSerial(node: DerNode | undefined): {
  issuer: Uint8Array;
  serial: Uint8Array;
} {
  const [issuer, serial, more] = expect(node, TAG.SEQUENCE, 'issuerAndSerialNumber').children;
  if (more) throw new Malformed('cms-form', 'issuerAndSerialNumber', node?.at);
  return {
    issuer: expect(issuer, TAG.SEQUENCE, 'issuer').raw,
    serial: expect(serial, TAG.INTEGER, 'serialNumber').value,
  };
}

function readAttributes(node: DerNode, strict: boolean): Attribute[] {
  const list = members(node, strict);
  if ((strict && list.length === 0) || list.length > MAX_ATTRIBUTES) {
    throw new Malformed('cms-attributes', 'number of attributes', node.at);
  }
  return list.map((attribute) => {
    const [type, values, more] = expect(attribute, TAG.SEQUENCE, 'Attribute').children;
    if (more) throw new Malformed('cms-form', 'Attribute', attribute.at);
    return {
      raw: attribute.raw,
      oid: oidOf(type),
      values: members(expect(values, TAG.SET, 'attrValues'), strict),
    };
  });
}

/** Members of a SET OF; in DER they stand in ascending order and none stands twice. */
function members(node: DerNode, strict: boolean): readonly DerNode[] {
  for (let i = 1; strict && i < node.children.length; i++) {
    const [a, b] = [node.children[i - 1] as DerNode, node.children[i] as DerNode];
    if (compareBytes(a.raw, b.raw) >= 0) {
      throw new Malformed('der-set-order', 'members of a SET OF out of order', b.at);
    }
  }
  return node.children;
}
