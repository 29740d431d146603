/**
 * The SM2 key file of CFCA (`.sm2`), a form of its own with no public standard: version, the private
 * scalar under SM4-CBC, and the certificate. Key and IV are one SM3 of the password: whoever has the
 * file guesses passwords at full speed.
 */
import { concat, type DerNode, expect, Malformed, oidOf, TAG } from '../../crypto/index.ts';
import { sm3 } from '../../crypto/sm/sm3.ts';
import { pkcs8Of } from '../pkcs8.ts';
import type { PfxContents } from './read.ts';
import { sm4Cbc } from './sm4.ts';

const DATA = '1.2.156.10197.6.1.4.2.1';
const SM4 = ['1.2.156.10197.1.104', '1.2.156.10197.1.104.2'];

/**
 * @param file SEQUENCE { 1, { data, SM4, OCTET STRING }, { data, OCTET STRING certificate } }
 * @throws {Malformed} `mac` for a wrong password, `unsupported-alg`, other codes for a broken form
 */
export async function readCfca(file: DerNode, password: Uint8Array): Promise<PfxContents> {
  const [, secret, open] = file.children;
  const [type, cipher, encrypted] = expect(secret, TAG.SEQUENCE, 'key').children;
  const [kind, certificate, more] = expect(open, TAG.SEQUENCE, 'certificate').children;
  if (oidOf(type) !== DATA || oidOf(kind) !== DATA || more) {
    throw new Malformed('pfx-form', 'content type of a CFCA key file');
  }
  if (!SM4.includes(oidOf(cipher))) throw new Malformed('unsupported-alg', 'cipher');
  const octets = expect(encrypted, TAG.OCTET_STRING, 'encrypted key').value;
  const der = expect(certificate, TAG.OCTET_STRING, 'certificate').value;
  // SM3 as the key derivation of GM/T 0003.4 5.4.3, of 32 octets.
  const derived = sm3(concat(password, new Uint8Array([0, 0, 0, 1])));
  const scalar = scalarIn(octets, derived);
  const { sm2PublicKey } = await import('../../crypto/sm/sm2.ts');
  const key = pkcs8Of('SM2', scalar, sm2PublicKey(scalar));
  scalar.fill(0);
  return { certificates: [der], keys: [key], sealed: false };
}

/** 32 octets; the writer drops leading zeros. @throws {Malformed} `mac` */
function scalarIn(octets: Uint8Array, derived: Uint8Array): Uint8Array {
  const wrong = () => new Malformed('mac', 'password or file is wrong');
  let plain: Uint8Array;
  try {
    plain = sm4Cbc(derived.subarray(16), derived.subarray(0, 16), octets);
  } catch {
    throw wrong();
  }
  if (plain.length > 32 || plain.every((octet) => octet === 0)) throw wrong();
  const scalar = new Uint8Array(32);
  scalar.set(plain, 32 - plain.length);
  plain.fill(0);
  return scalar;
}
