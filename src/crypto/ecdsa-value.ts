/** ECDSA-Sig-Value (RFC 3279 2.2.3), also SM2's: SEQUENCE { r INTEGER, s INTEGER }, in DER and nothing else. */
import type { Bytes } from './bytes.ts';
import { expect, readDer, TAG } from './der.ts';
import { sequence, unsignedInteger } from './der-write.ts';
import { Malformed } from './malformed.ts';

/**
 * DER to the fixed-width r ‖ s that WebCrypto takes.
 * @param size octets of one number: 32, 48 or 66
 * @throws {Malformed} for anything but the one encoding of two positive numbers of that width
 */
export function ecdsaToRaw(der: Uint8Array, size: number): Bytes {
  const root = expect(readDer(der, { maxDepth: 2, maxNodes: 3 }), TAG.SEQUENCE, 'ECDSA-Sig-Value');
  if (root.children.length !== 2) throw new Malformed('ecdsa-value', 'two numbers expected');
  const raw = new Uint8Array(2 * size);
  root.children.forEach((node, i) => {
    const { value } = expect(node, TAG.INTEGER, 'r or s');
    const digits = value[0] === 0 ? value.subarray(1) : value;
    if ((value[0] as number) >= 0x80 || digits.length === 0 || digits.length > size) {
      throw new Malformed('ecdsa-value', 'r or s out of range', node.at);
    }
    raw.set(digits, (i + 1) * size - digits.length);
  });
  return raw;
}

/** Fixed-width r ‖ s, as WebCrypto signs, to the DER that X.509, CMS and SESeal carry. */
export function ecdsaToDer(raw: Uint8Array): Bytes {
  const half = raw.length / 2;
  return sequence(unsignedInteger(raw.subarray(0, half)), unsignedInteger(raw.subarray(half)));
}
