/**
 * ECDSA signatures come in pairs: with (r, s) also (r, n - s) verifies. Whoever signs here writes
 * the smaller s, so that a signed file can be asked to exist in one form only.
 */
import { type DerNode, derWrite, integerOf, readDer } from '../crypto/index.ts';

type EcdsaCurve = 'P-256' | 'P-384' | 'P-521';

/** Orders of the curves (SP 800-186). */
const ORDERS: Record<EcdsaCurve, bigint> = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384':
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'P-521':
    0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
};

export const isEcdsa = (kind: string): kind is EcdsaCurve => Object.hasOwn(ORDERS, kind);

/** The same signature with the smaller s. */
export function lowS(signature: Uint8Array, curve: EcdsaCurve = 'P-256'): Uint8Array {
  const [r, s] = readDer(signature).children as [DerNode, DerNode];
  if (isLowS(signature, curve)) return signature;
  return derWrite.sequence(r.raw, derWrite.integer(ORDERS[curve] - integerOf(s)));
}

/** @throws {Malformed} where the value is no DER SEQUENCE of integers. */
export function isLowS(signature: Uint8Array, curve: EcdsaCurve = 'P-256'): boolean {
  return integerOf(readDer(signature).children[1]) <= ORDERS[curve] >> 1n;
}
