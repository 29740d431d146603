/** SubjectPublicKeyInfo (RFC 5280 4.1.2.7), read strictly: known curves, bounded RSA, Ed25519, SM2. */
import { readAlgorithmIdentifier, readPss, type SignatureAlgorithm } from './algorithm.ts';
import { bitStringOf, type DerNode, expect, oidOf, readDer, TAG } from './der.ts';
import { bitString, nullValue, oid, sequence, unsignedInteger } from './der-write.ts';
import { digest } from './digest.ts';
import { isExplicitSm2 } from './explicit-curve.ts';
import { Malformed } from './malformed.ts';

/** Curves that WebCrypto has not. */
export type WideCurve =
  | 'P-224'
  | 'secp256k1'
  | 'brainpoolP256r1'
  | 'brainpoolP320r1'
  | 'brainpoolP384r1'
  | 'brainpoolP512r1';

export type NativeCurve = 'P-256' | 'P-384' | 'P-521';

export type Curve = NativeCurve | 'SM2' | WideCurve;

export const isNativeCurve = (curve: Curve): curve is NativeCurve =>
  /^P-(256|384|521)$/.test(curve);

export type PublicKey =
  | {
      readonly kind: 'EC';
      readonly curve: Curve;
      readonly bits: number;
      readonly point: Uint8Array;
    }
  | {
      readonly kind: 'RSA';
      readonly bits: number;
      /** Big-endian, without leading zeros. */
      readonly modulus: Uint8Array;
      readonly exponent: Uint8Array;
      /** SubjectPublicKeyInfo under rsaEncryption, whatever OID the certificate used. */
      readonly spki: Uint8Array;
      /** Parameters that an id-RSASSA-PSS key binds its signatures to (RFC 4055 3.3). */
      readonly pss: (SignatureAlgorithm & { scheme: 'RSA-PSS' }) | 'any' | null;
    }
  | { readonly kind: 'Ed25519'; readonly bits: 256; readonly point: Uint8Array };

const EC = '1.2.840.10045.2.1';
const RSA = '1.2.840.113549.1.1.1';
const RSA_PSS = '1.2.840.113549.1.1.10';
const ED25519 = '1.3.101.112';
/** The curve, and in some certificates of Chinese CAs the algorithm, too. */
const SM2 = '1.2.156.10197.1.301';

const CURVES: Record<string, { curve: Curve; bits: number }> = {
  '1.2.840.10045.3.1.7': { curve: 'P-256', bits: 256 },
  '1.3.132.0.34': { curve: 'P-384', bits: 384 },
  '1.3.132.0.35': { curve: 'P-521', bits: 521 },
  [SM2]: { curve: 'SM2', bits: 256 },
  '1.3.132.0.33': { curve: 'P-224', bits: 224 },
  '1.3.132.0.10': { curve: 'secp256k1', bits: 256 },
  '1.3.36.3.3.2.8.1.1.7': { curve: 'brainpoolP256r1', bits: 256 },
  '1.3.36.3.3.2.8.1.1.9': { curve: 'brainpoolP320r1', bits: 320 },
  '1.3.36.3.3.2.8.1.1.11': { curve: 'brainpoolP384r1', bits: 384 },
  '1.3.36.3.3.2.8.1.1.13': { curve: 'brainpoolP512r1', bits: 512 },
};

/** RSA moduli outside these bounds are refused everywhere; the path validator asks for more. */
const RSA_BITS = { min: 1024, max: 8192 };

export interface KeyOptions {
  /**
   * Read what old smart cards wrote: a modulus without the leading zero, RSA without parameters.
   * Whoever decides on trust reads strictly.
   */
  readonly lenient?: boolean;
}

/**
 * @throws {Malformed} `unsupported-alg` for kinds, curves and sizes outside the allow-list, else a
 * code for what is broken. That a point lies on its curve is checked by whoever computes with it.
 */
export function readPublicKey(spki: Uint8Array, { lenient = false }: KeyOptions = {}): PublicKey {
  const [algorithm, key, extra] = expect(readDer(spki), TAG.SEQUENCE, 'SPKI').children;
  if (extra) throw new Malformed('key-form', 'SubjectPublicKeyInfo has two parts', extra.at);
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  const bits = bitStringOf(key);
  if (oid === EC || oid === SM2) {
    const known = curveOf(parameters, oid);
    if (!known) throw new Malformed('unsupported-alg', 'elliptic curve');
    const size = Math.ceil(known.bits / 8);
    if (bits[0] !== 4) throw new Malformed('unsupported-alg', 'compressed point');
    if (bits.length !== 1 + 2 * size) throw new Malformed('key-point', 'point length');
    return { kind: 'EC', ...known, point: bits };
  }
  if (oid === RSA && (parameters ? parameters.tag === TAG.NULL : lenient)) {
    return readRsa(bits, null, lenient);
  }
  if (oid === RSA_PSS) return readRsa(bits, parameters ? readPss(parameters) : 'any', lenient);
  if (oid === ED25519 && !parameters) {
    if (bits.length !== 32) throw new Malformed('key-point', 'Ed25519 key length');
    return { kind: 'Ed25519', bits: 256, point: bits };
  }
  throw new Malformed('unsupported-alg', `public key ${oid}`);
}

/**
 * Names a key that has no certificate: the digest of its SubjectPublicKeyInfo, SM3 for a key on
 * SM2, SHA-256 otherwise.
 */
export async function keyDigest(spki: Uint8Array): Promise<Uint8Array> {
  const key = readPublicKey(spki);
  return digest(key.kind === 'EC' && key.curve === 'SM2' ? 'SM3' : 'SHA-256', spki);
}

/** A named curve; SM2 also by its parameters written out, equal to the standard's to the octet. */
function curveOf(parameters: DerNode | undefined, algorithm: string) {
  const named = parameters?.tag === TAG.OID ? CURVES[oidOf(parameters)] : undefined;
  if (algorithm === SM2) {
    return !parameters || parameters.tag === TAG.NULL || named?.curve === 'SM2'
      ? CURVES[SM2]
      : undefined;
  }
  return named ?? (parameters && isExplicitSm2(parameters) ? CURVES[SM2] : undefined);
}

function readRsa(
  der: Uint8Array,
  pss: (PublicKey & { kind: 'RSA' })['pss'],
  lenient: boolean,
): PublicKey {
  const parts = expect(readDer(der), TAG.SEQUENCE, 'RSAPublicKey').children;
  const [modulus, exponent] = parts.map((node) => positive(node, lenient));
  if (parts.length !== 2 || !modulus || !exponent) {
    throw new Malformed('key-rsa', 'RSAPublicKey has two parts');
  }
  const bits = 8 * modulus.length - Math.clz32(modulus[0] as number) + 24;
  const odd = (digits: Uint8Array) => ((digits[digits.length - 1] as number) & 1) === 1;
  const small = exponent.length === 1 && (exponent[0] as number) < 3;
  if (!odd(modulus) || !odd(exponent) || small) throw new Malformed('key-rsa', 'RSA values');
  if (bits < RSA_BITS.min || bits > RSA_BITS.max || exponent.length > 8) {
    throw new Malformed('unsupported-alg', 'RSA key size');
  }
  const numbers = sequence(unsignedInteger(modulus), unsignedInteger(exponent));
  const spki = sequence(sequence(oid(RSA), nullValue()), bitString(numbers));
  return { kind: 'RSA', bits, modulus, exponent, spki, pss };
}

/** Digits of a positive INTEGER without its sign octet; leniently, of one that lacks it. */
function positive(node: DerNode, lenient: boolean): Uint8Array {
  const { value } = expect(node, TAG.INTEGER, 'RSA integer');
  const negative = (value[0] as number) >= 0x80 && !lenient;
  if (negative || (value.length === 1 && value[0] === 0)) {
    throw new Malformed('key-rsa', 'RSA integer is not positive', node.at);
  }
  return value[0] === 0 ? value.subarray(1) : value;
}
