/**
 * SM2 signatures with SM3 and the default user id (GM/T 0003, GM/T 0009), as WebCrypto has none.
 * Loaded lazily: a deployment of the international suite never fetches it. Private keys pass
 * through here as hexadecimal text and bigints, which cannot be wiped (threat model).
 */
import { sm2 } from 'sm-crypto-v2';
import { type Bytes, copy, fromHex, latin1, toHex } from '../bytes.ts';
import { ecdsaToDer, ecdsaToRaw } from '../ecdsa-value.ts';
import { Malformed } from '../malformed.ts';

const OPTIONS = { hash: true, userId: '1234567812345678' };
const N = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123';
const ZERO = '0'.repeat(64);

type Point = ReturnType<typeof sm2.precomputePublicKey>;

/** Public keys seen: how often, and from the third time on the precomputed point. */
const points = new Map<string, { uses: number; point: Point | null }>();
const POINTS_KEPT = 64;

/**
 * @param point uncompressed public key, 65 octets
 * @param signature DER SEQUENCE { r, s }
 * @throws {Malformed} `key-point` for a point off the curve, `ecdsa-value` or `der-*` for r and s
 */
export function sm2Verify(point: Uint8Array, signature: Uint8Array, data: Uint8Array): boolean {
  const hex = toHex(ecdsaToRaw(signature, 32));
  for (const part of [hex.slice(0, 64), hex.slice(64)]) {
    if (part === ZERO || part >= N) throw new Malformed('ecdsa-value', 'r or s out of range');
  }
  try {
    return sm2.doVerifySignature(data, hex, publicKeyOf(point), { ...OPTIONS, der: false });
  } catch (error) {
    if (error instanceof Malformed) throw error;
    return false;
  }
}

function publicKeyOf(point: Uint8Array): string | Point {
  const name = latin1(point);
  const entry = points.get(name) ?? { uses: 0, point: null };
  const hex = toHex(point);
  if (entry.uses === 0 && !onCurve(hex))
    throw new Malformed('key-point', 'SM2 point off the curve');
  points.delete(name);
  points.set(name, entry);
  if (points.size > POINTS_KEPT) points.delete(points.keys().next().value as string);
  entry.uses++;
  if (entry.uses === 3) entry.point = sm2.precomputePublicKey(hex);
  return entry.point ?? hex;
}

function onCurve(hex: string): boolean {
  try {
    return /^04[0-9a-f]{128}$/.test(hex) && sm2.verifyPublicKey(hex);
  } catch {
    return false;
  }
}

/**
 * @param privateKey 32 octets
 * @param publicKey uncompressed point, 65 octets
 * @returns DER SEQUENCE { r, s }
 */
export function sm2Sign(privateKey: Uint8Array, data: Uint8Array, publicKey: Uint8Array): Bytes {
  const hex = sm2.doSignature(data, toHex(privateKey), {
    ...OPTIONS,
    der: false,
    publicKey: toHex(publicKey),
  });
  return ecdsaToDer(fromHex(hex.padStart(128, '0')) as Bytes);
}

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
  const hex = toHex(point);
  if (!onCurve(hex)) throw new Malformed('key-point', 'SM2 point off the curve');
  const shared = sm2.ecdh(toHex(privateKey), hex, false);
  return copy(shared.subarray(1, 33));
}

/** The point of a private key; SM2 keys imported from elsewhere come without it at times. */
export function sm2PublicKey(privateKey: Uint8Array): Bytes {
  return fromHex(sm2.getPublicKeyFromPrivateKey(toHex(privateKey))) as Bytes;
}
