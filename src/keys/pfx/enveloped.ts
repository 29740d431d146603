/**
 * SM2EnvelopedKey (GB/T 35276 7.4): the encryption key that a key-management centre made, under a
 * session key, which only the holder's signing key opens. It comes with the encryption certificate.
 */
import {
  type Bytes,
  bitStringOf,
  concat,
  type DerNode,
  equal,
  expect,
  fromHex,
  integerOf,
  Malformed,
  oidOf,
  readBer,
  TAG,
} from '../../crypto/index.ts';
import { sm3 } from '../../crypto/sm/sm3.ts';
import { pkcs8Of } from '../pkcs8.ts';
import { sm4Ecb } from './sm4.ts';

const SM4_ECB = ['1.2.156.10197.1.104', '1.2.156.10197.1.104.1'];

/** The x-coordinate that a private key and a point share. */
export type Agree = (point: Uint8Array) => Promise<Uint8Array>;

/** SEQUENCE { cipher, SM2Cipher, BIT STRING public key, BIT STRING private key } */
export function isEnvelopedKey({ tag, children }: DerNode): boolean {
  const [cipher, key, point, secret, more] = children;
  return (
    tag === TAG.SEQUENCE &&
    (cipher?.tag === TAG.OID || cipher?.children[0]?.tag === TAG.OID) &&
    key?.children.map((each) => each.tag).join() === SM2_CIPHER &&
    point?.tag === TAG.BIT_STRING &&
    secret?.tag === TAG.BIT_STRING &&
    !more
  );
}

const SM2_CIPHER = [TAG.INTEGER, TAG.INTEGER, TAG.OCTET_STRING, TAG.OCTET_STRING].join();

/**
 * @param agree what the signing key does with a point
 * @returns PrivateKeyInfo, DER; wipe it
 * @throws {Malformed} `enveloped-recipient` where it was not made for this signing key,
 * `unsupported-alg` for other ciphers, `pkcs8-point` where private and public part differ, other
 * codes for a broken form. What `agree` throws passes through.
 */
export async function openEnvelopedKey(der: Uint8Array, agree: Agree): Promise<Bytes> {
  const { node } = readBer(der, { maxDepth: 8, maxNodes: 100 });
  if (!isEnvelopedKey(node)) throw new Malformed('pfx-form', 'no SM2EnvelopedKey');
  const [cipher, sealed, publicKey, secret] = node.children as [DerNode, DerNode, DerNode, DerNode];
  const named = cipher.tag === TAG.OID ? cipher : cipher.children[0];
  if (!SM4_ECB.includes(oidOf(named))) throw new Malformed('unsupported-alg', 'cipher');
  const point = bitStringOf(publicKey);
  const octets = bitStringOf(secret);
  // Tokens keep 64 octets, the scalar in the latter half (GB/T 35291 7.3).
  if (octets.length !== 32 && octets.length !== 64) throw new Malformed('pfx-form', 'key length');
  const session = await sm2Decrypt(sealed, agree);
  if (session.length !== 16) throw new Malformed('unsupported-alg', 'length of the session key');
  const plain = sm4Ecb(session, octets);
  session.fill(0);
  const scalar = plain.subarray(plain.length - 32);
  const { sm2PublicKey } = await import('../../crypto/sm/sm2.ts');
  if (scalar.every((octet) => octet === 0) || !equal(sm2PublicKey(scalar), point)) {
    throw new Malformed('pkcs8-point', 'private and public part differ');
  }
  const key = pkcs8Of('SM2', scalar, point);
  plain.fill(0);
  return key;
}

/** SM2Cipher { x, y, SM3, ciphertext } (GM/T 0003.4 7). The agreement gives x; of both y one fits. */
async function sm2Decrypt({ children }: DerNode, agree: Agree): Promise<Uint8Array> {
  const [x, y, check, data] = children;
  const hash = expect(check, TAG.OCTET_STRING, 'hash').value;
  const ciphertext = expect(data, TAG.OCTET_STRING, 'ciphertext').value;
  if (ciphertext.length === 0 || ciphertext.length > 32) {
    throw new Malformed('pfx-form', 'length of the ciphertext');
  }
  const x2 = await agree(concat(new Uint8Array([4]), coordinate(x), coordinate(y)));
  const { sm2Ordinates } = await import('../../crypto/sm/sm2.ts');
  for (const y2 of sm2Ordinates(x2)) {
    const mask = sm3(concat(x2, y2, new Uint8Array([0, 0, 0, 1])));
    const plain = ciphertext.map((octet, i) => octet ^ (mask[i] as number));
    if (equal(sm3(concat(x2, plain, y2)), hash)) return plain;
  }
  throw new Malformed('enveloped-recipient', 'not made for this signing key');
}

function coordinate(node: DerNode | undefined): Uint8Array {
  const number = integerOf(expect(node, TAG.INTEGER, 'coordinate'));
  const octets = number < 0n ? null : fromHex(number.toString(16).padStart(64, '0'));
  if (octets?.length !== 32) throw new Malformed('pfx-form', 'coordinate');
  return octets;
}
