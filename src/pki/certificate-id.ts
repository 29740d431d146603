/**
 * How certificates and public keys are named everywhere in this house: by a digest of the suite
 * that their own key belongs to, so that the name says nothing in another suite and nobody has to
 * be told in which deployment it is asked.
 */
import { digest, keyDigest, type SuiteDigest, toHex } from '../crypto/index.ts';

/** The curve of SM2 (1.2.156.10197.1.301), DER, as it stands in a SubjectPublicKeyInfo. */
const SM2_CURVE = [0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d];

/**
 * SM3 where the curve of SM2 occurs, else SHA-256. Also for what is no certificate at all: the same
 * octets always have the same name.
 * @param der a certificate or a SubjectPublicKeyInfo
 */
export function namingDigest(der: Uint8Array): SuiteDigest {
  for (let at = der.indexOf(0x06); at >= 0; at = der.indexOf(0x06, at + 1)) {
    if (SM2_CURVE.every((octet, i) => der[at + i] === octet)) return 'SM3';
  }
  return 'SHA-256';
}

export const certificateHash = (der: Uint8Array): Promise<Uint8Array> =>
  digest(namingDigest(der), der);

/** Name of a certificate: lower-case hex. */
export async function certificateId(certificate: Uint8Array): Promise<string> {
  return toHex(await certificateHash(certificate));
}

/**
 * Name of a public key, as in `to`: lower-case hex over its SubjectPublicKeyInfo.
 * @throws {Malformed} for what is no key that is known here
 */
export async function keyId(spki: Uint8Array): Promise<string> {
  return toHex(await keyDigest(spki));
}
