/**
 * ECDSA signatures come in pairs: with (r, s) also (r, n - s) verifies. Whoever signs here writes
 * the smaller s, so that a signed file can be asked to exist in one form only.
 */
import { type DerNode, derWrite, integerOf, readDer } from '../crypto/index.ts';

/** Order of P-256. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The same signature with the smaller s. */
export function lowS(signature: Uint8Array): Uint8Array {
  const [r, s] = readDer(signature).children as [DerNode, DerNode];
  if (isLowS(signature)) return signature;
  return derWrite.sequence(r.raw, derWrite.integer(N - integerOf(s)));
}

/** @throws {Malformed} where the value is no DER SEQUENCE of integers. */
export function isLowS(signature: Uint8Array): boolean {
  return integerOf(readDer(signature).children[1]) <= N >> 1n;
}
