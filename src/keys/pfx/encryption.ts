/** Password-based encryption schemes of PKCS #12: PBES2 (RFC 8018) and the old ones of RFC 7292. */
import {
  type DerNode,
  expect,
  Malformed,
  oidOf,
  owned,
  readAlgorithmIdentifier,
  smallIntegerOf,
  TAG,
} from '../../crypto/index.ts';
import { type HashName, hashNamed } from './hash.ts';
import {
  type Password,
  PURPOSE,
  pbkdf2,
  pkcs12Kdf,
  scrypt,
  scryptSeconds,
  secondsOf,
  type Work,
} from './kdf.ts';
import { rc2Cbc } from './rc2.ts';
import { sm4Cbc } from './sm4.ts';
import { tripleDesCbc } from './triple-des.ts';

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';

const PRFS: Record<string, HashName> = {
  '1.2.840.113549.2.7': 'SHA-1',
  '1.2.840.113549.2.8': 'SHA-224',
  '1.2.840.113549.2.9': 'SHA-256',
  '1.2.840.113549.2.10': 'SHA-384',
  '1.2.840.113549.2.11': 'SHA-512',
  '1.2.156.10197.1.401.2': 'SM3',
};

type Cipher = (
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
) => Promise<Uint8Array> | Uint8Array;

/** Octets of key and IV, and the cipher. */
interface Scheme {
  key: number;
  iv: number;
  decrypt: Cipher;
}

const PBES2_CIPHERS: Record<string, Scheme> = {
  '2.16.840.1.101.3.4.1.2': { key: 16, iv: 16, decrypt: aesCbc },
  '2.16.840.1.101.3.4.1.22': { key: 24, iv: 16, decrypt: aesCbc },
  '2.16.840.1.101.3.4.1.42': { key: 32, iv: 16, decrypt: aesCbc },
  '1.2.156.10197.1.104.2': { key: 16, iv: 16, decrypt: sm4Cbc },
  '1.2.840.113549.3.7': { key: 24, iv: 8, decrypt: tripleDesCbc },
};

/** pbeWithSHAAnd… of RFC 7292 appendix C. */
const OLD_SCHEMES: Record<string, Scheme> = {
  '1.2.840.113549.1.12.1.3': { key: 24, iv: 8, decrypt: tripleDesCbc },
  '1.2.840.113549.1.12.1.4': {
    key: 16,
    iv: 8,
    decrypt: (key, iv, data) => {
      const three = new Uint8Array(24);
      three.set(key);
      three.set(key.subarray(0, 8), 16);
      return tripleDesCbc(three, iv, data);
    },
  },
  '1.2.840.113549.1.12.1.5': { key: 16, iv: 8, decrypt: rc2Cbc },
  '1.2.840.113549.1.12.1.6': { key: 5, iv: 8, decrypt: rc2Cbc },
};

async function aesCbc(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
  const aes = await crypto.subtle.importKey('raw', owned(key), 'AES-CBC', false, ['decrypt']);
  const parameters = { name: 'AES-CBC', iv: owned(iv) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, aes, owned(data)));
  } catch {
    throw new Malformed('pfx-padding', 'padding');
  }
}

const unsupported = (what: string) => new Malformed('unsupported-alg', what);

/** A child node that must be there. */
function parts(node: DerNode | undefined, what: string): readonly DerNode[] {
  return expect(node, TAG.SEQUENCE, what).children;
}

/**
 * Decrypts what an AlgorithmIdentifier says how to.
 * @throws {Malformed} `unsupported-alg`, `pfx-iterations`, `pfx-padding`, `der-*`
 */
export async function pbeDecrypt(
  algorithm: DerNode | undefined,
  data: Uint8Array,
  password: Password,
  work: Work,
): Promise<Uint8Array> {
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  if (oid === PBES2) return pbes2(parameters, data, password, work);
  const scheme = OLD_SCHEMES[oid];
  if (!scheme) throw unsupported(`encryption ${oid}`);
  const [salt, iterations] = parts(parameters, 'pkcs-12PbeParams');
  const given = {
    salt: expect(salt, TAG.OCTET_STRING, 'salt').value,
    iterations: smallIntegerOf(iterations),
  };
  const key = await pkcs12Kdf('SHA-1', password, given, PURPOSE.key, scheme.key, work);
  const iv = await pkcs12Kdf('SHA-1', password, given, PURPOSE.iv, scheme.iv, work);
  return scheme.decrypt(key, iv, data);
}

async function pbes2(
  parameters: DerNode | undefined,
  data: Uint8Array,
  password: Password,
  work: Work,
): Promise<Uint8Array> {
  const [derivation, encryption] = parts(parameters, 'PBES2-params');
  const { oid: cipher, parameters: iv } = readAlgorithmIdentifier(encryption);
  const scheme = PBES2_CIPHERS[cipher];
  if (!scheme) throw unsupported(`cipher ${cipher}`);
  const initial = expect(iv, TAG.OCTET_STRING, 'IV').value;
  if (initial.length !== scheme.iv) throw new Malformed('pfx-form', 'IV length');
  const scrypted =
    derivation?.children[0]?.tag === TAG.OID && oidOf(derivation.children[0]) === SCRYPT;
  const key = scrypted
    ? await scryptKey(derivation, scheme.key, password, work)
    : await deriveKey(derivation, scheme.key, password, work);
  return scheme.decrypt(key, initial, data);
}

/** RFC 7914 7.1: scrypt-params { salt, N, r, p, keyLength OPTIONAL }. */
async function scryptKey(
  algorithm: DerNode | undefined,
  size: number,
  password: Password,
  work: Work,
): Promise<Uint8Array<ArrayBuffer>> {
  const { parameters } = readAlgorithmIdentifier(algorithm);
  const [salt, ...numbers] = parts(parameters, 'scrypt-params');
  const [N, r, p, stated] = numbers.map(smallIntegerOf) as [number, number, number, number?];
  if (numbers.length < 3 || numbers.length > 4 || (stated ?? size) !== size) {
    throw new Malformed('pfx-form', 'scrypt-params');
  }
  const given = { salt: expect(salt, TAG.OCTET_STRING, 'salt').value, N, r, p };
  return scrypt(password, given, size, work);
}

/**
 * A key from a PBKDF2 AlgorithmIdentifier, as PBES2 and PBMAC1 carry it.
 * @param size octets the cipher needs; `'stated'`: as many as the parameters say, which for PBMAC1
 * must say so, and not fewer than 20 (RFC 9579 5)
 * @throws {Malformed} as {@link pbeDecrypt}
 */
export async function deriveKey(
  algorithm: DerNode | undefined,
  size: number | 'stated',
  password: Password,
  work: Work,
): Promise<Uint8Array<ArrayBuffer>> {
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  if (oid !== PBKDF2) throw unsupported(`key derivation ${oid}`);
  const fields = [...parts(parameters, 'PBKDF2-params')];
  const salt = fields.shift();
  if (salt?.tag !== TAG.OCTET_STRING) throw unsupported('salt source');
  const iterations = smallIntegerOf(fields.shift());
  const stated = fields[0]?.tag === TAG.INTEGER ? smallIntegerOf(fields.shift()) : null;
  const length = size === 'stated' ? stated : size;
  const fits = size === 'stated' ? macKeyFits(stated) : stated === null || stated === size;
  if (length === null || !fits) throw new Malformed('pfx-form', 'key length');
  if (fields.length > 1) throw new Malformed('pfx-form', 'unexpected field in PBKDF2-params');
  const hash = fields[0] ? hmacHash(fields[0]) : 'SHA-1';
  return pbkdf2(hash, password, { salt: salt.value, iterations }, length, work);
}

/** RFC 9579 5 sets the least; more than a block of SHA-512 adds nothing. */
const macKeyFits = (length: number | null) => length !== null && length >= 20 && length <= 128;

/** The hash of an HMAC, as PBMAC1 and PBKDF2 name it: parameters NULL or absent (RFC 8018 B.1). */
export function hmacHash(node: DerNode | undefined): HashName {
  const { oid, parameters } = readAlgorithmIdentifier(node);
  const hash = PRFS[oid];
  if (!hash) throw unsupported(`HMAC ${oid}`);
  if (parameters && (parameters.tag !== TAG.NULL || parameters.value.length > 0)) {
    throw new Malformed('pfx-form', 'HMAC parameters');
  }
  return hash;
}

/** Estimated seconds of what a MacData derives; 0 where it cannot be read. */
export function derivationSeconds(macData: DerNode): number {
  const [info, , iterations] = macData.children;
  const { oid, parameters } = readAlgorithmIdentifier(info?.children[0]);
  if (parameters?.tag === TAG.SEQUENCE) return derivedSeconds(parameters.children[0]);
  return secondsOf('pkcs12', hashNamed(oid), iterations ? smallIntegerOf(iterations) : 1);
}

/** Estimated seconds of what an AlgorithmIdentifier of an encryption derives; 0 for any other node. */
export function encryptionSeconds(node: DerNode): number {
  const [type, parameters] = node.children;
  if (type?.tag !== TAG.OID || parameters?.tag !== TAG.SEQUENCE) return 0;
  const oid = oidOf(type);
  if (oid === PBES2) return derivedSeconds(parameters.children[0]);
  const scheme = OLD_SCHEMES[oid];
  if (!scheme) return 0;
  const blocks = Math.ceil(scheme.key / 20) + 1;
  return secondsOf('pkcs12', 'SHA-1', blocks * smallIntegerOf(parameters.children[1]));
}

function derivedSeconds(derivation: DerNode | undefined): number {
  const [type, parameters] = derivation?.children ?? [];
  const fields = parameters?.children ?? [];
  if (type?.tag === TAG.OID && oidOf(type) === SCRYPT) {
    const [, N = 0, r = 0, p = 0] = fields.map((f) =>
      f.tag === TAG.INTEGER ? smallIntegerOf(f) : 0,
    );
    return scryptSeconds(N, r, p);
  }
  const named = fields.find(({ tag }) => tag === TAG.SEQUENCE)?.children[0];
  const hash = (named && PRFS[oidOf(named)]) ?? 'SHA-1';
  return fields[1] ? secondsOf('pbkdf2', hash, smallIntegerOf(fields[1])) : 0;
}
