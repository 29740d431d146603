/**
 * Private keys as PrivateKeyInfo (RFC 5208): elliptic curves around ECPrivateKey (RFC 5915), RSA
 * around RSAPrivateKey (RFC 8017), Ed25519 (RFC 8410).
 */
import {
  type Bytes,
  bitStringOf,
  type DerNode,
  derWrite,
  expect,
  isExplicitSm2,
  type KeyKind,
  Malformed,
  oidOf,
  readDer,
  smallIntegerOf,
  TAG,
} from '../crypto/index.ts';

const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const RSA = '1.2.840.113549.1.1.1';
const RSA_PSS = '1.2.840.113549.1.1.10';
const ED25519 = '1.3.101.112';

type CurveKind = Exclude<KeyKind, 'RSA' | 'RSA-PSS' | 'Ed25519'>;

/** Octets of a scalar, and the curve's name. */
const CURVES: Record<CurveKind, { oid: string; size: number }> = {
  'P-256': { oid: '1.2.840.10045.3.1.7', size: 32 },
  'P-384': { oid: '1.3.132.0.34', size: 48 },
  'P-521': { oid: '1.3.132.0.35', size: 66 },
  SM2: { oid: '1.2.156.10197.1.301', size: 32 },
};

const algorithm = (curve: CurveKind) =>
  derWrite.sequence(derWrite.oid(EC_PUBLIC_KEY), derWrite.oid(CURVES[curve].oid));

const info = (algorithmIdentifier: Uint8Array, key: Uint8Array): Bytes =>
  derWrite.sequence(derWrite.integer(0), algorithmIdentifier, derWrite.octetString(key));

/** SubjectPublicKeyInfo of an uncompressed point. */
export const spkiOf = (curve: CurveKind, point: Uint8Array): Bytes =>
  derWrite.sequence(algorithm(curve), derWrite.bitString(point));

/** PrivateKeyInfo with the public key inside, which Safari's WebCrypto insists on. */
export function pkcs8Of(curve: CurveKind, scalar: Uint8Array, point: Uint8Array): Bytes {
  const ecPrivateKey = derWrite.sequence(
    derWrite.integer(1),
    derWrite.octetString(scalar),
    derWrite.context(1, derWrite.bitString(point)),
  );
  return info(algorithm(curve), ecPrivateKey);
}

export interface EcPrivateKey {
  kind: CurveKind;
  /** As long as the curve's field, a view of the input where that was so. */
  scalar: Uint8Array;
  /** Uncompressed point where the file states it. */
  point: Uint8Array | null;
}

export interface OtherPrivateKey {
  kind: 'RSA' | 'RSA-PSS' | 'Ed25519';
  /** PrivateKeyInfo in the one form that WebCrypto reads: RSA under rsaEncryption. */
  pkcs8: Bytes;
  /** SubjectPublicKeyInfo under the key's own AlgorithmIdentifier; null where only computing tells. */
  spki: Bytes | null;
}

/**
 * @throws {Malformed} `unsupported-alg` for other key kinds and other curves, `pkcs8-*` and `der-*`
 * for broken structures. That the point belongs to the scalar is checked by whoever computes with
 * them.
 */
export function readPkcs8(der: Uint8Array): EcPrivateKey | OtherPrivateKey {
  const [version, kind, key, ...rest] = children(readDer(der), 'PrivateKeyInfo');
  if (smallIntegerOf(version) > 1) throw new Malformed('pkcs8-version', 'version 0 or 1');
  if (rest.some((node) => node.tag !== 0xa0 && node.tag !== 0x81)) {
    throw new Malformed('pkcs8-form', 'unexpected field');
  }
  const [type, parameters] = children(kind, 'privateKeyAlgorithm');
  const octets = expect(key, TAG.OCTET_STRING, 'privateKey').value;
  switch (oidOf(type)) {
    case EC_PUBLIC_KEY:
      return readEcPrivateKey(parameters, octets);
    case CURVES.SM2.oid:
      // Written so by some Chinese software: the curve as the algorithm.
      return readEcPrivateKey(kind?.children[0], octets);
    case RSA:
      if (parameters?.tag !== TAG.NULL) throw new Malformed('pkcs8-form', 'RSA parameters');
      return readRsa('RSA', kind as DerNode, octets);
    case RSA_PSS:
      return readRsa('RSA-PSS', kind as DerNode, octets);
    case ED25519:
      return readEd25519(octets);
    default:
      throw new Malformed('unsupported-alg', `private key ${oidOf(type)}`);
  }
}

function readEcPrivateKey(parameters: DerNode | undefined, der: Uint8Array): EcPrivateKey {
  const spelled = parameters?.tag === TAG.SEQUENCE && isExplicitSm2(parameters);
  const name = parameters?.tag === TAG.OID ? oidOf(parameters) : spelled ? CURVES.SM2.oid : '';
  const kind = (Object.keys(CURVES) as CurveKind[]).find((each) => CURVES[each].oid === name);
  if (!kind) throw new Malformed('unsupported-alg', `curve ${name}`);
  const { size } = CURVES[kind];
  const [version, octets, ...rest] = children(readDer(der), 'ECPrivateKey');
  if (smallIntegerOf(version) !== 1) throw new Malformed('pkcs8-version', 'ECPrivateKey version');
  let scalar = expect(octets, TAG.OCTET_STRING, 'privateKey').value;
  // Some writers keep the sign octet of an INTEGER, or drop leading zeros.
  if (scalar.length === size + 1 && scalar[0] === 0) scalar = scalar.subarray(1);
  if (scalar.length > size || scalar.every((byte) => byte === 0)) {
    throw new Malformed('pkcs8-scalar', 'private key out of range');
  }
  if (scalar.length < size) {
    const padded = new Uint8Array(size);
    padded.set(scalar, size - scalar.length);
    scalar = padded;
  }
  const wrapper = rest.find((node) => node.tag === 0xa1);
  if (!wrapper) return { kind, scalar, point: null };
  const point = bitStringOf(wrapper.children[0]);
  if (point.length !== 1 + 2 * size || point[0] !== 4) {
    throw new Malformed('unsupported-alg', 'compressed point');
  }
  return { kind, scalar, point };
}

/** Two primes; modulus and public exponent are part of the private key. */
function readRsa(kind: 'RSA' | 'RSA-PSS', named: DerNode, der: Uint8Array): OtherPrivateKey {
  const parts = children(readDer(der), 'RSAPrivateKey');
  const [version, modulus, exponent] = parts;
  if (smallIntegerOf(version) !== 0) throw new Malformed('unsupported-alg', 'more than two primes');
  if (parts.length !== 9 || parts.some(({ tag }) => tag !== TAG.INTEGER)) {
    throw new Malformed('pkcs8-form', 'RSAPrivateKey has nine numbers');
  }
  const publicKey = derWrite.sequence((modulus as DerNode).raw, (exponent as DerNode).raw);
  return {
    kind,
    pkcs8: info(derWrite.sequence(derWrite.oid(RSA), derWrite.nullValue()), der),
    spki: derWrite.sequence(named.raw, derWrite.bitString(publicKey)),
  };
}

/** The same RSA key under the name its certificate gives it: WebCrypto exports id-RSASSA-PSS keys as rsaEncryption. */
export function renamed(pkcs8: Uint8Array, spki: Uint8Array): Bytes {
  const [, , key] = children(readDer(pkcs8), 'PrivateKeyInfo');
  const [name] = children(readDer(spki), 'SubjectPublicKeyInfo');
  return info((name as DerNode).raw, expect(key, TAG.OCTET_STRING, 'privateKey').value);
}

function readEd25519(der: Uint8Array): OtherPrivateKey {
  const seed = expect(readDer(der), TAG.OCTET_STRING, 'CurvePrivateKey').value;
  if (seed.length !== 32) throw new Malformed('pkcs8-scalar', 'Ed25519 seed of 32 octets');
  return {
    kind: 'Ed25519',
    pkcs8: info(derWrite.sequence(derWrite.oid(ED25519)), derWrite.octetString(seed)),
    spki: null,
  };
}

const children = (node: DerNode | undefined, what: string) =>
  expect(node, TAG.SEQUENCE, what).children;
