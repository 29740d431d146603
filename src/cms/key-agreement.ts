/** ECDH with the X9.63 key derivation over SHA-256 and AES key wrap, as RFC 5753 puts them in CMS. */
import {
  type Bytes,
  type Curve,
  concat,
  derWrite,
  Malformed,
  owned,
  type PublicKey,
  sha256,
} from '../crypto/index.ts';
import { OID } from './oids.ts';

const { context, octetString, oid, sequence } = derWrite;

/** AlgorithmIdentifier of aes256-wrap: no parameters (RFC 3565 2.3.2). */
export const AES_WRAP = sequence(oid(OID.aes256Wrap));

/** The wrapping key for a shared secret Z (RFC 5753 7.2: ECC-CMS-SharedInfo without ukm). */
export async function wrappingKey(z: Uint8Array): Promise<CryptoKey> {
  const sharedInfo = sequence(
    AES_WRAP,
    context(2, octetString(new Uint8Array([0, 0, 1, 0]))), // 256 bits
  );
  const key = await sha256(concat(z, new Uint8Array([0, 0, 0, 1]), sharedInfo));
  return crypto.subtle.importKey('raw', owned(key), 'AES-KW', false, ['wrapKey', 'unwrapKey']);
}

/** A fresh key pair on the recipient's curve: its public point, and Z with the recipient. */
export async function ephemeral(
  recipient: PublicKey & { kind: 'EC' },
): Promise<{ point: Bytes; z: Uint8Array }> {
  const algorithm = { name: 'ECDH', namedCurve: recipient.curve };
  const { subtle } = crypto;
  try {
    const peer = await subtle.importKey('raw', owned(recipient.point), algorithm, false, []);
    const pair = await subtle.generateKey(algorithm, false, ['deriveBits']);
    const size = Math.ceil(recipient.bits / 8);
    const agreed = await subtle.deriveBits(
      { name: 'ECDH', public: peer },
      pair.privateKey,
      8 * size,
    );
    const point = new Uint8Array(await subtle.exportKey('raw', pair.publicKey));
    return { point, z: new Uint8Array(agreed) };
  } catch {
    throw new Malformed('key-point', 'the recipient has no usable key');
  }
}

/**
 * Before a point goes near a private key: it lies on the curve.
 * @throws {Malformed} `key-point`
 */
export async function checkPoint(curve: Curve, point: Uint8Array): Promise<void> {
  try {
    const algorithm = { name: 'ECDH', namedCurve: curve };
    await crypto.subtle.importKey('raw', owned(point), algorithm, false, []);
  } catch {
    throw new Malformed('key-point', 'point off the curve');
  }
}
