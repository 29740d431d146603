/**
 * Signature AlgorithmIdentifiers (RFC 4055, RFC 5758, RFC 8410, GM/T 0006) as an allow-list: what
 * is not here is answered with `unsupported-alg`.
 */
import type { Bytes } from './bytes.ts';
import { type DerNode, expect, oidOf, readDer, smallIntegerOf, TAG } from './der.ts';
import { context, integer, nullValue, oid, sequence } from './der-write.ts';
import { DIGEST_OID, type DigestName } from './digest.ts';
import { Malformed } from './malformed.ts';
import type { KeyKind } from './signer.ts';

export type SignatureAlgorithm =
  | { readonly scheme: 'RSA' | 'ECDSA'; readonly hash: DigestName }
  | {
      readonly scheme: 'RSA-PSS';
      readonly hash: DigestName;
      /** Of MGF1. */
      readonly mask: DigestName;
      readonly saltLength: number;
    }
  | { readonly scheme: 'Ed25519'; readonly hash: null }
  | { readonly scheme: 'SM2'; readonly hash: 'SM3' };

const HASHES = new Map(
  Object.entries(DIGEST_OID).map(([name, dotted]) => [dotted, name as DigestName]),
);

const RSA: Record<string, DigestName> = {
  '1.2.840.113549.1.1.5': 'SHA-1',
  /** As NIST and old Windows named it. */
  '1.3.14.3.2.29': 'SHA-1',
  '1.2.840.113549.1.1.14': 'SHA-224',
  '1.2.840.113549.1.1.11': 'SHA-256',
  '1.2.840.113549.1.1.12': 'SHA-384',
  '1.2.840.113549.1.1.13': 'SHA-512',
  '1.2.840.113549.1.1.16': 'SHA-512/256',
  '2.16.840.1.101.3.4.3.13': 'SHA3-224',
  '2.16.840.1.101.3.4.3.14': 'SHA3-256',
  '2.16.840.1.101.3.4.3.15': 'SHA3-384',
  '2.16.840.1.101.3.4.3.16': 'SHA3-512',
  '1.3.36.3.3.1.2': 'RIPEMD-160',
  '1.2.156.10197.1.504': 'SM3',
};

const ECDSA: Record<string, DigestName> = {
  '1.2.840.10045.4.1': 'SHA-1',
  '1.2.840.10045.4.3.1': 'SHA-224',
  '1.2.840.10045.4.3.2': 'SHA-256',
  '1.2.840.10045.4.3.3': 'SHA-384',
  '1.2.840.10045.4.3.4': 'SHA-512',
  '2.16.840.1.101.3.4.3.9': 'SHA3-224',
  '2.16.840.1.101.3.4.3.10': 'SHA3-256',
  '2.16.840.1.101.3.4.3.11': 'SHA3-384',
  '2.16.840.1.101.3.4.3.12': 'SHA3-512',
};

const named = (table: Record<string, DigestName>, hash: DigestName): string | null =>
  Object.keys(table).find((dotted) => table[dotted] === hash) ?? null;

/** OID of RSASSA-PKCS1-v1_5 or ECDSA with a digest; null for a pair that has none. */
export const signatureOid = (scheme: 'RSA' | 'ECDSA', hash: DigestName): string | null =>
  named(scheme === 'RSA' ? RSA : ECDSA, hash);

/** What a signature OID stands for by itself, parameters aside; hash null where it names none. */
export function schemeOf(
  dotted: string,
): { scheme: 'RSA' | 'ECDSA' | 'SM2'; hash: DigestName | null } | null {
  if (SM2_SM3.includes(dotted) || dotted === '1.2.156.10197.1.301') {
    return { scheme: 'SM2', hash: 'SM3' };
  }
  const rsa = RSA[dotted];
  if (rsa || dotted === '1.2.840.113549.1.1.1') return { scheme: 'RSA', hash: rsa ?? null };
  const ecdsa = ECDSA[dotted];
  if (ecdsa || UNSPECIFIC_ECDSA.includes(dotted)) return { scheme: 'ECDSA', hash: ecdsa ?? null };
  return null;
}

/** id-ecPublicKey, ecdsa-with-Recommended, ecdsa-with-Specified: the digest stands elsewhere. */
const UNSPECIFIC_ECDSA = ['1.2.840.10045.2.1', '1.2.840.10045.4.2', '1.2.840.10045.4.3'];

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

/**
 * A digest AlgorithmIdentifier.
 * @param lenient take a signature's OID for its digest, and parameters that mean nothing
 * @throws {Malformed} `unsupported-alg`
 */
export function digestOf(node: DerNode | undefined, lenient = false): DigestName {
  const { oid, parameters } = readAlgorithmIdentifier(node);
  const hash = HASHES.get(oid) ?? (lenient ? schemeOf(oid)?.hash : undefined);
  if (!hash || !(lenient || absentOrNull(parameters))) throw unsupported(`digest ${oid}`);
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

/** RSASSA-PSS-params (RFC 4055 3.1). Old software writes DEFAULT fields out. */
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
  const trailer = take(0xa3);
  if (parts.length > 0 || (trailer && smallIntegerOf(trailer) !== 1)) {
    throw unsupported('PSS trailer field');
  }
  const hash = hashNode ? digestOf(hashNode) : 'SHA-1';
  let mask: DigestName = 'SHA-1';
  if (maskNode) {
    const generator = readAlgorithmIdentifier(maskNode);
    if (generator.oid !== MGF1) throw unsupported('PSS mask generation');
    mask = digestOf(generator.parameters);
  }
  const saltLength = saltNode ? smallIntegerOf(saltNode) : 20;
  if (saltLength > 512) throw unsupported('PSS salt length');
  return { scheme: 'RSA-PSS', hash, mask, saltLength };
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
