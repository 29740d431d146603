/** SM2 public-key encryption (GM/T 0003.4) in the DER form of GM/T 0009 7.2: how keys are sent. */
import { sm2 } from 'sm-crypto-v2';
import { type Bytes, concat, copy, fromHex, toHex } from '../bytes.ts';
import { expect, readDer, TAG } from '../der.ts';
import { octetString, sequence, unsignedInteger } from '../der-write.ts';
import { Malformed } from '../malformed.ts';
import { isSm2Point } from './sm2.ts';

/** Order C1 ‖ C3 ‖ C2, as GM/T 0003 has it since 2012. */
const C1C3C2 = 1;

/**
 * @param point uncompressed public key, 65 octets
 * @returns SM2Cipher ::= SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING, cipherText OCTET STRING }
 * @throws {Malformed} `key-point` for a point off the curve
 */
export function sm2Encrypt(point: Uint8Array, plaintext: Uint8Array): Bytes {
  if (!isSm2Point(point)) throw new Malformed('key-point', 'SM2 point off the curve');
  const raw = fromHex(sm2.doEncrypt(plaintext, toHex(point), C1C3C2)) as Bytes;
  return sequence(
    unsignedInteger(raw.subarray(0, 32)),
    unsignedInteger(raw.subarray(32, 64)),
    octetString(raw.subarray(64, 96)),
    octetString(raw.subarray(96)),
  );
}

/**
 * @param privateKey 32 octets
 * @returns null for another form, a point off the curve, or what was not encrypted to this key:
 * nobody learns which
 */
export function sm2Decrypt(privateKey: Uint8Array, der: Uint8Array): Bytes | null {
  try {
    const raw = rawCipher(der);
    if (!isSm2Point(concat(new Uint8Array([4]), raw.subarray(0, 64)))) return null;
    const options = { output: 'array' } as const;
    const plain = sm2.doDecrypt(toHex(raw), toHex(privateKey), C1C3C2, options);
    return plain.length > 0 ? copy(plain) : null;
  } catch {
    return null;
  }
}

/** x ‖ y ‖ hash ‖ ciphertext. */
function rawCipher(der: Uint8Array): Bytes {
  const [x, y, hash, text, more] = expect(
    readDer(der, { maxDepth: 2, maxNodes: 5 }),
    TAG.SEQUENCE,
    'SM2Cipher',
  ).children;
  const c3 = expect(hash, TAG.OCTET_STRING, 'hash').value;
  const c2 = expect(text, TAG.OCTET_STRING, 'cipherText').value;
  if (more || c3.length !== 32 || c2.length === 0) throw new Malformed('cms-form', 'SM2Cipher');
  const out = new Uint8Array(64);
  [x, y].forEach((node, i) => {
    const { value } = expect(node, TAG.INTEGER, 'coordinate');
    const digits = value[0] === 0 ? value.subarray(1) : value;
    if ((value[0] as number) >= 0x80 || digits.length > 32) {
      throw new Malformed('cms-form', 'coordinate of an SM2Cipher');
    }
    out.set(digits, (i + 1) * 32 - digits.length);
  });
  return concat(out, c3, c2);
}
