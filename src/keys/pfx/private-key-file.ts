/** Private keys that come in a file of their own: PKCS #8, encrypted or not, and what is older. */
import { type DerNode, derWrite, expect, Malformed, TAG } from '../../crypto/index.ts';
import { readPkcs8 } from '../pkcs8.ts';
import { pbeDecrypt } from './encryption.ts';
import type { Password, Work } from './kdf.ts';

const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const RSA = '1.2.840.113549.1.1.1';

/**
 * EncryptedPrivateKeyInfo (RFC 5958 3). No MAC tells a wrong password from a changed file, nor from
 * octets that decrypt by chance: only a private key is the right answer.
 * @returns PrivateKeyInfo, DER; wipe it
 * @throws {Malformed} `mac`, `unsupported-alg`, `pfx-iterations`
 */
export async function decryptPkcs8(
  { children: [algorithm, data] }: DerNode,
  passwords: readonly Password[],
  work: Work,
): Promise<Uint8Array> {
  const encrypted = expect(data, TAG.OCTET_STRING, 'encryptedData').value;
  for (const password of passwords) {
    let plain: Uint8Array | null = null;
    try {
      plain = await pbeDecrypt(algorithm, encrypted, password, work);
      readPkcs8(plain);
      return plain;
    } catch (error) {
      if (!(error instanceof Malformed) || KEPT.has(error.code)) throw error;
      plain?.fill(0);
    }
  }
  throw new Malformed('mac', 'password or file is wrong');
}

/** What says nothing about the password. */
const KEPT = new Set(['unsupported-alg', 'pfx-iterations', 'pfx-form']);

/** ECPrivateKey (RFC 5915) that names its curve, as PrivateKeyInfo. @throws {Malformed} `unsupported-alg` */
export function fromEcPrivateKey(node: DerNode): Uint8Array {
  const curve = node.children.find(({ tag }) => tag === 0xa0)?.children[0];
  if (!curve) throw new Malformed('unsupported-alg', 'a key that does not name its curve');
  return info(derWrite.sequence(derWrite.oid(EC_PUBLIC_KEY), curve.raw), node.raw);
}

/** RSAPrivateKey (RFC 8017 A.1.2) as PrivateKeyInfo. */
export const fromRsaPrivateKey = ({ raw }: DerNode): Uint8Array =>
  info(derWrite.sequence(derWrite.oid(RSA), derWrite.nullValue()), raw);

const info = (algorithm: Uint8Array, key: Uint8Array) =>
  derWrite.sequence(derWrite.integer(0), algorithm, derWrite.octetString(key));
