/** Contents of the standard certificate extensions (RFC 5280 4.2.1), read strictly. */
import {
  type DerNode,
  expect,
  integerOf,
  Malformed,
  oidOf,
  readDer,
  smallIntegerOf,
  TAG,
} from '../crypto/index.ts';
import { type GeneralName, readGeneralName, readGeneralNames } from './general-name.ts';

export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  cRLNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  cRLDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCRL: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  /** Microsoft's: key purposes once more, in the form of certificatePolicies. */
  applicationPolicies: '1.3.6.1.4.1.311.21.10',
} as const;

export const ANY_POLICY = '2.5.29.32.0';
export const ANY_EKU = '2.5.29.37.0';
export const ANY_APPLICATION = '1.3.6.1.4.1.311.10.12.1';

/** Named bits of KeyUsage; `bits & KEY_USAGE.x`. */
export const KEY_USAGE = {
  digitalSignature: 1,
  nonRepudiation: 2,
  keyEncipherment: 4,
  dataEncipherment: 8,
  keyAgreement: 16,
  keyCertSign: 32,
  cRLSign: 64,
  encipherOnly: 128,
  decipherOnly: 256,
} as const;

const bad = (what: string, node?: DerNode) =>
  new Malformed('x509-extension', `${what}: wrong form`, node?.at);

function sequenceOf(value: Uint8Array, what: string): readonly DerNode[] {
  return expect(readDer(value), TAG.SEQUENCE, what).children;
}

/** A SEQUENCE SIZE (1..MAX). */
function listOf(value: Uint8Array, what: string): readonly DerNode[] {
  const list = sequenceOf(value, what);
  if (list.length === 0) throw bad(what);
  return list;
}

/** IMPLICIT [n] INTEGER, small and not negative. */
function implicitInteger(node: DerNode, what: string): number {
  const [a, b] = node.value;
  if (a === undefined || a >= 0x80 || (a === 0 && b !== undefined && b < 0x80))
    throw bad(what, node);
  let n = 0;
  for (const byte of node.value) n = Math.min(n * 256 + byte, 0x7fffffff);
  return n;
}

/**
 * Bits of a named BIT STRING value, first bit lowest; at least one is set. Trailing zero bits are
 * not DER, yet stand in certificates of the field; they mean nothing else.
 */
export function namedBits(value: Uint8Array, what: string): number {
  if (value.length < 2 || value.length > 3) throw bad(what);
  const last = value[value.length - 1] as number;
  const unused = value[0] as number;
  if (unused > 7 || last & ((1 << unused) - 1)) throw bad(what);
  let bits = 0;
  for (let i = 0; i < 8 * (value.length - 1); i++) {
    if (((value[1 + (i >> 3)] as number) >> (7 - (i & 7))) & 1) bits |= 1 << i;
  }
  if (bits === 0) throw bad(what);
  return bits;
}

export function readKeyUsage(value: Uint8Array): number {
  return namedBits(expect(readDer(value), TAG.BIT_STRING, 'KeyUsage').value, 'KeyUsage');
}

export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLen: number | null;
}

/** An explicit `cA FALSE` is not DER, yet common; it means what it says. */
export function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const parts = [...sequenceOf(value, 'BasicConstraints')];
  const ca = parts[0]?.tag === TAG.BOOLEAN && parts.shift()?.value[0] === 0xff;
  const limit = parts[0]?.tag === TAG.INTEGER ? integerOf(parts.shift()) : null;
  if (parts.length > 0 || (limit !== null && limit < 0n)) throw bad('BasicConstraints');
  return { ca, pathLen: limit === null ? null : Number(limit < 1000n ? limit : 1000n) };
}

/** Key purposes, or policies of a list of OIDs. */
export function readExtendedKeyUsage(value: Uint8Array): string[] {
  return listOf(value, 'ExtKeyUsageSyntax').map((node) => oidOf(node));
}

export interface PolicyInformation {
  readonly policy: string;
  /** OIDs of its qualifiers. */
  readonly qualifiers: readonly string[];
}

/** No policy twice (RFC 5280 4.2.1.4). */
export function readPolicies(value: Uint8Array): PolicyInformation[] {
  const list = listOf(value, 'certificatePolicies').map((node) => {
    const [id, set, extra] = expect(node, TAG.SEQUENCE, 'PolicyInformation').children;
    if (extra || (set && set.tag !== TAG.SEQUENCE)) throw bad('PolicyInformation', node);
    if (set && set.children.length === 0) throw bad('policyQualifiers', set);
    const qualifiers = (set?.children ?? []).map((qualifier) => {
      const parts = expect(qualifier, TAG.SEQUENCE, 'PolicyQualifierInfo').children;
      if (parts.length !== 2) throw bad('PolicyQualifierInfo', qualifier);
      return oidOf(parts[0]);
    });
    return { policy: oidOf(id), qualifiers };
  });
  if (new Set(list.map(({ policy }) => policy)).size !== list.length) {
    throw bad('a policy stands twice');
  }
  return list;
}

/** Pairs of issuer domain policy and subject domain policy. */
export function readPolicyMappings(value: Uint8Array): [string, string][] {
  return listOf(value, 'PolicyMappings').map((node) => {
    const [issuer, subject, extra] = expect(node, TAG.SEQUENCE, 'PolicyMapping').children;
    if (extra) throw bad('PolicyMapping', node);
    return [oidOf(issuer), oidOf(subject)];
  });
}

export interface PolicyConstraints {
  readonly requireExplicit: number | null;
  readonly inhibitMapping: number | null;
}

export function readPolicyConstraints(value: Uint8Array): PolicyConstraints {
  const parts = [...listOf(value, 'PolicyConstraints')];
  const take = (tag: number) =>
    parts[0]?.tag === tag ? implicitInteger(parts.shift() as DerNode, 'PolicyConstraints') : null;
  const constraints = { requireExplicit: take(0x80), inhibitMapping: take(0x81) };
  if (parts.length > 0) throw bad('PolicyConstraints');
  return constraints;
}

export function readInhibitAnyPolicy(value: Uint8Array): number {
  return smallIntegerOf(readDer(value));
}

export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

export function readNameConstraints(value: Uint8Array): NameConstraints {
  const parts = [...listOf(value, 'NameConstraints')];
  const take = (tag: number): GeneralName[] => {
    if (parts[0]?.tag !== tag) return [];
    const subtrees = (parts.shift() as DerNode).children;
    if (subtrees.length === 0) throw bad('GeneralSubtrees');
    return subtrees.map((node) => {
      const [base, ...bounds] = expect(node, TAG.SEQUENCE, 'GeneralSubtree').children;
      // minimum is 0 and maximum absent in this profile (RFC 5280 4.2.1.10).
      if (!base || bounds.length > 0) throw bad('GeneralSubtree', node);
      return readGeneralName(base);
    });
  };
  const constraints = { permitted: take(0xa0), excluded: take(0xa1) };
  if (parts.length > 0) throw bad('NameConstraints');
  return constraints;
}

export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | null;
  readonly issuer: readonly GeneralName[] | null;
  readonly serial: Uint8Array | null;
}

export function readAuthorityKeyIdentifier(value: Uint8Array): AuthorityKeyIdentifier {
  const parts = [...sequenceOf(value, 'AuthorityKeyIdentifier')];
  const take = (tag: number) => (parts[0]?.tag === tag ? (parts.shift() as DerNode) : null);
  const keyIdentifier = take(0x80)?.value ?? null;
  const issuer = take(0xa1);
  const serial = take(0x82)?.value ?? null;
  if (parts.length > 0 || !issuer !== !serial) throw bad('AuthorityKeyIdentifier');
  return { keyIdentifier, issuer: issuer ? readGeneralNames(issuer.children) : null, serial };
}

export function readSubjectKeyIdentifier(value: Uint8Array): Uint8Array {
  return expect(readDer(value), TAG.OCTET_STRING, 'SubjectKeyIdentifier').value;
}

export function readAuthorityInfoAccess(
  value: Uint8Array,
): { method: string; location: GeneralName }[] {
  return listOf(value, 'AuthorityInfoAccess').map((node) => {
    const [method, location, extra] = expect(node, TAG.SEQUENCE, 'AccessDescription').children;
    if (extra || !location) throw bad('AccessDescription', node);
    return { method: oidOf(method), location: readGeneralName(location) };
  });
}
