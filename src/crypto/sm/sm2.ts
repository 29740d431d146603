/**
 * SM2 signatures with SM3 and the default user id (GM/T 0003, GM/T 0009), as WebCrypto has none.
 * Loaded lazily: a deployment of the international suite never fetches it. Private keys pass
 * through here as bigints, which cannot be wiped, and whose arithmetic takes its time by their size
 * (threat model); what depends on a key is multiplied by fresh randomness before it is inverted.
 */
import type { WeierstrassOpts } from '@noble/curves/abstract/weierstrass';
import { weierstrassN } from '@noble/curves/abstract/weierstrass';
import { sm2 } from 'sm-crypto-v2';
import { type Bytes, concat, copy, fromHex, latin1, toHex } from '../bytes.ts';
import { ecdsaToDer, ecdsaToRaw } from '../ecdsa-value.ts';
import { SM2_CURVE, SM2_DOMAIN } from '../explicit-curve.ts';
import { Malformed } from '../malformed.ts';
import { sm3 } from './sm3.ts';

const Point = weierstrassN<bigint>(SM2_CURVE as WeierstrassOpts<bigint>);
const { n: N } = SM2_CURVE;
const USER_ID = '1234567812345678';
/** Length of the user id in bits, the id, and the curve: what precedes the key in Z. */
const PREFIX = concat(
  new Uint8Array([0, 8 * USER_ID.length]),
  new TextEncoder().encode(USER_ID),
  fromHex(SM2_DOMAIN) as Uint8Array,
);

type PublicPoint = InstanceType<typeof Point>;

/** Public keys seen: how often, and from the third time on with multiples of the point at hand. */
const points = new Map<string, { uses: number; point: PublicPoint; z: Uint8Array }>();
const POINTS_KEPT = 64;

/** Digest of user id, curve and key (GM/T 0003.2 5.5). */
const zOf = (point: Uint8Array): Uint8Array => sm3(concat(PREFIX, point.subarray(1)));

const integer = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes)}`);

const mod = (number: bigint): bigint => ((number % N) + N) % N;

const octets = (number: bigint): Bytes => fromHex(number.toString(16).padStart(64, '0')) as Bytes;

/**
 * Everything here is public, so the multiplications may take their time by it.
 * @param point uncompressed public key, 65 octets
 * @param signature DER SEQUENCE { r, s }
 * @throws {Malformed} `key-point` for a point off the curve, `ecdsa-value` or `der-*` for r and s
 */
export function sm2Verify(point: Uint8Array, signature: Uint8Array, data: Uint8Array): boolean {
  const raw = ecdsaToRaw(signature, 32);
  const [r, s] = [integer(raw.subarray(0, 32)), integer(raw.subarray(32))];
  if (r < 1n || r >= N || s < 1n || s >= N) {
    throw new Malformed('ecdsa-value', 'r or s out of range');
  }
  const { point: key, z } = publicKeyOf(point);
  const t = mod(r + s);
  if (t === 0n) return false;
  const sum = Point.BASE.multiplyUnsafe(s).add(key.multiplyUnsafe(t));
  return !sum.is0() && mod(integer(sm3(concat(z, data))) + sum.toAffine().x) === r;
}

function publicKeyOf(bytes: Uint8Array): { point: PublicPoint; z: Uint8Array } {
  const name = latin1(bytes);
  const entry = points.get(name) ?? { uses: 0, point: pointOf(bytes), z: zOf(bytes) };
  points.delete(name);
  points.set(name, entry);
  if (points.size > POINTS_KEPT) points.delete(points.keys().next().value as string);
  entry.uses++;
  if (entry.uses === 3) entry.point.precompute(8);
  return entry;
}

/** @throws {Malformed} `key-point` */
function pointOf(bytes: Uint8Array): PublicPoint {
  try {
    if (bytes.length !== 65 || bytes[0] !== 4) throw new Error('not uncompressed');
    const point = Point.fromBytes(bytes);
    point.assertValidity();
    return point;
  } catch {
    throw new Malformed('key-point', 'SM2 point off the curve');
  }
}

/** Whether these are 65 octets of an uncompressed point on the curve. */
export function isSm2Point(bytes: Uint8Array): boolean {
  try {
    pointOf(bytes);
    return true;
  } catch {
    return false;
  }
}

/** 1 … n - 1 from the platform's randomness, without bias. */
function randomScalar(): bigint {
  for (;;) {
    const number = integer(crypto.getRandomValues(new Uint8Array(32)));
    if (number > 0n && number < N) return number;
  }
}

/** Signs with one key; holds what it needs of it, for as long as the key is unlocked. */
export type Sm2Signer = (data: Uint8Array) => Bytes;

/**
 * The inverse of 1 + d is the one step whose time tells of the key: it is computed once, of a random
 * multiple. A signature is s = (1 + d)^-1 (k + r) - r, the standard's (1 + d)^-1 (k - r d) in other
 * words.
 * @param privateKey 32 octets
 * @param publicKey uncompressed point, 65 octets
 */
export function sm2Signer(privateKey: Uint8Array, publicKey: Uint8Array): Sm2Signer {
  const d = integer(privateKey);
  if (d < 1n || d >= N - 1n) throw new Malformed('key-point', 'private key out of range');
  const blind = randomScalar();
  const inverse = mod(Point.Fn.inv(mod(blind * (1n + d))) * blind);
  const z = zOf(publicKey);
  return (data) => {
    const e = integer(sm3(concat(z, data)));
    for (;;) {
      const k = randomScalar();
      const r = mod(e + Point.BASE.multiply(k).toAffine().x);
      const s = mod(inverse * (k + r) - r);
      if (r === 0n || r + k === N || s === 0n) continue;
      return ecdsaToDer(concat(octets(r), octets(s)));
    }
  };
}

/**
 * One signature.
 * @returns DER SEQUENCE { r, s }
 */
export const sm2Sign = (privateKey: Uint8Array, data: Uint8Array, publicKey: Uint8Array): Bytes =>
  sm2Signer(privateKey, publicKey)(data);

/** A fresh key pair from the platform's randomness: 32 and 65 octets. */
export function sm2KeyPair(): { privateKey: Bytes; publicKey: Bytes } {
  const pair = sm2.generateKeyPairHex();
  return {
    privateKey: fromHex(pair.privateKey.padStart(64, '0')) as Bytes,
    publicKey: fromHex(pair.publicKey) as Bytes,
  };
}

/**
 * Diffie-Hellman on the curve of SM2, as CMS key agreement takes it.
 * @param point uncompressed, 65 octets
 * @returns the x-coordinate of the shared point, 32 octets
 * @throws {Malformed} `key-point` for a point off the curve
 */
export function sm2Agree(privateKey: Uint8Array, point: Uint8Array): Bytes {
  pointOf(point);
  const shared = sm2.ecdh(toHex(privateKey), toHex(point), false);
  return copy(shared.subarray(1, 33));
}

/** The point of a private key; SM2 keys imported from elsewhere come without it at times. */
export function sm2PublicKey(privateKey: Uint8Array): Bytes {
  return fromHex(sm2.getPublicKeyFromPrivateKey(toHex(privateKey))) as Bytes;
}

/** Both y of the points that have this x, 32 octets each; none where no point has it. */
export function sm2Ordinates(x: Uint8Array): Bytes[] {
  try {
    return [2, 3].map((sign) => {
      const { y } = Point.fromBytes(concat(new Uint8Array([sign]), x)).toAffine();
      return octets(y);
    });
  } catch {
    return [];
  }
}
