/**
 * Signature AlgorithmIdentifiers (RFC 4055, RFC 5758, RFC 8410, GM/T 0006) as an allow-list: what
 * is not here is answered with `unsupported-alg`.
 */
import type { Bytes } from './bytes.ts';
import { type DerNode, expect, oidOf, readDer, smallIntegerOf, TAG } from './der.ts';
import { context, integer, nullValue, oid, sequence } from './der-write.ts';
import type { DigestName } from './digest.ts';
import { Malformed } from './malformed.ts';
import type { KeyKind } from './signer.ts';

export type SignatureAlgorithm =
  | { readonly scheme: 'RSA' | 'ECDSA'; readonly hash: DigestName }
  | { readonly scheme: 'RSA-PSS'; readonly hash: DigestName; readonly saltLength: number }
  | { readonly scheme: 'Ed25519'; readonly hash: null }
  | { readonly scheme: 'SM2'; readonly hash: 'SM3' };

const HASHES: Record<string, DigestName> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
  '1.2.156.10197.1.401': 'SM3',
};

const RSA: Record<string, DigestName> = {
  '1.2.840.113549.1.1.5': 'SHA-1',
  '1.2.840.113549.1.1.11': 'SHA-256',
  '1.2.840.113549.1.1.12': 'SHA-384',
  '1.2.840.113549.1.1.13': 'SHA-512',
};

const ECDSA: Record<string, DigestName> = {
  '1.2.840.10045.4.1': 'SHA-1',
  '1.2.840.10045.4.3.2': 'SHA-256',
  '1.2.840.10045.4.3.3': 'SHA-384',
  '1.2.840.10045.4.3.4': 'SHA-512',
};

const PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';
const ED25519 = '1.3.101.112';
/** SM2 with SM3 (GM/T 0006); the second is how GM/T 0010 messages name it. */
const SM2_SM3 = ['1.2.156.10197.1.501', '1.2.156.10197.1.301.1'];

const unsupported = (message: string) => new Malformed('unsupported-alg', message);

/** AlgorithmIdentifier ::= SEQUENCE { algorithm OID, parameters ANY OPTIONAL }. */
export function readAlgorithmIdentifier(node: DerNode | undefined): {
  oid: string;
  parameters: DerNode | undefined;
} {
  const parts = expect(node, TAG.SEQUENCE, 'AlgorithmIdentifier').children;
  if (parts.length < 1 || parts.length > 2) {
    throw new Malformed('algorithm-form', 'AlgorithmIdentifier has one or two parts', node?.at);
  }
  return { oid: oidOf(parts[0]), parameters: parts[1] };
}

const absentOrNull = (parameters: DerNode | undefined) =>
  parameters === undefined || parameters.tag === TAG.NULL;

/** A digest AlgorithmIdentifier. @throws {Malformed} `unsupported-alg` */
export function digestOf(node: DerNode | undefined): DigestName {
  const { oid, parameters } = readAlgorithmIdentifier(node);
  const hash = HASHES[oid];
  if (!hash || !absentOrNull(parameters)) throw unsupported(`digest ${oid}`);
  return hash;
}

/**
 * A signature AlgorithmIdentifier with the parameters that its algorithm demands.
 * @throws {Malformed} `unsupported-alg` for an algorithm or parameters outside the allow-list, other
 * codes for broken DER.
 */
export function readSignatureAlgorithm(der: Uint8Array): SignatureAlgorithm {
  const { oid, parameters } = readAlgorithmIdentifier(readDer(der));
  const rsa = RSA[oid];
  if (rsa && absentOrNull(parameters)) return { scheme: 'RSA', hash: rsa };
  const ecdsa = ECDSA[oid];
  if (ecdsa && !parameters) return { scheme: 'ECDSA', hash: ecdsa };
  if (oid === PSS && parameters) return readPss(parameters);
  if (oid === ED25519 && !parameters) return { scheme: 'Ed25519', hash: null };
  if (SM2_SM3.includes(oid) && absentOrNull(parameters)) return { scheme: 'SM2', hash: 'SM3' };
  throw unsupported(`signature algorithm ${oid}`);
}

/** RSASSA-PSS-params (RFC 4055 3.1). DEFAULT fields are absent in DER; the mask hash is the digest. */
export function readPss(node: DerNode): SignatureAlgorithm & { scheme: 'RSA-PSS' } {
  const parts = [...expect(node, TAG.SEQUENCE, 'RSASSA-PSS-params').children];
  const take = (tag: number) => {
    if (parts[0]?.tag !== tag) return undefined;
    const wrapper = parts.shift() as DerNode;
    if (wrapper.children.length !== 1) throw new Malformed('algorithm-form', 'PSS', wrapper.at);
    return wrapper.children[0];
  };
  const hashNode = take(0xa0);
  const maskNode = take(0xa1);
  const saltNode = take(0xa2);
  if (parts.length > 0) throw unsupported('PSS trailer field');
  const hash = hashNode ? digestOf(hashNode) : 'SHA-1';
  let mask: DigestName = 'SHA-1';
  if (maskNode) {
    const generator = readAlgorithmIdentifier(maskNode);
    if (generator.oid !== MGF1) throw unsupported('PSS mask generation');
    mask = digestOf(generator.parameters);
  }
  if (mask !== hash || hash === 'SM3') throw unsupported('PSS mask hash differs from the digest');
  const saltLength = saltNode ? smallIntegerOf(saltNode) : 20;
  if (saltLength > 512) throw unsupported('PSS salt length');
  return { scheme: 'RSA-PSS', hash, saltLength };
}

/** What a kind of key digests a message with; Ed25519 in CMS (RFC 8419 3.1). */
export function digestNameOf(kind: KeyKind): DigestName {
  if (kind === 'SM2') return 'SM3';
  if (kind === 'P-384') return 'SHA-384';
  return kind === 'P-521' || kind === 'Ed25519' ? 'SHA-512' : 'SHA-256';
}

/** Octets of salt in the RSA-PSS signatures made here. */
export const PSS_SALT = 32;

const SIGNS_WITH: Record<Exclude<KeyKind, 'RSA' | 'RSA-PSS'>, string> = {
  SM2: '1.2.156.10197.1.501',
  'P-256': '1.2.840.10045.4.3.2',
  'P-384': '1.2.840.10045.4.3.3',
  'P-521': '1.2.840.10045.4.3.4',
  Ed25519: ED25519,
};

/** AlgorithmIdentifier, DER, of what a kind of key signs with. */
export function signatureAlgorithmOf(kind: KeyKind): Bytes {
  if (kind === 'RSA') return sequence(oid('1.2.840.113549.1.1.11'), nullValue());
  if (kind !== 'RSA-PSS') return sequence(oid(SIGNS_WITH[kind]));
  const sha = sequence(oid('2.16.840.1.101.3.4.2.1'), nullValue());
  const parameters = [sha, sequence(oid(MGF1), sha), integer(PSS_SALT)];
  return sequence(oid(PSS), sequence(...parameters.map((each, i) => context(i, each))));
}
