/** PFX (RFC 7292): the integrity check first, then the bags. BER is accepted, as files carry it. */
import {
  concat,
  copy,
  type DerNode,
  equal,
  expect,
  Malformed,
  oidOf,
  readAlgorithmIdentifier,
  readBer,
  smallIntegerOf,
  TAG,
} from '../../crypto/index.ts';
import { readPkcs8 } from '../pkcs8.ts';
import {
  derivationSeconds,
  deriveKey,
  encryptionSeconds,
  hmacHash,
  pbeDecrypt,
} from './encryption.ts';
import { type HashName, hashNamed, hashOf, hmac } from './hash.ts';
import {
  newWork,
  type Password,
  type Patience,
  PURPOSE,
  pkcs12Kdf,
  USUAL_SECONDS,
  type Work,
} from './kdf.ts';

/** Octets of a whole file. */
const MAX_BYTES = 1 << 20;
const MAX_BAGS = 64;

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  pbmac1: '1.2.840.113549.1.5.14',
  x509: '1.2.840.113549.1.9.22.1',
} as const;

const BAG = {
  '1.2.840.113549.1.12.10.1.1': 'key',
  '1.2.840.113549.1.12.10.1.2': 'shroudedKey',
  '1.2.840.113549.1.12.10.1.3': 'certificate',
  '1.2.840.113549.1.12.10.1.4': 'crl',
  '1.2.840.113549.1.12.10.1.5': 'secret',
  '1.2.840.113549.1.12.10.1.6': 'safeContents',
} as const;

export interface PfxContents {
  /** In the order of the file, DER. */
  certificates: Uint8Array[];
  /** PrivateKeyInfo, DER. Wipe after use. */
  keys: Uint8Array[];
  /** A MAC under the password covers all of it. */
  sealed: boolean;
}

function ber(bytes: Uint8Array): DerNode {
  const { node, length } = readBer(bytes, { maxDepth: 24, maxNodes: 20_000 });
  if (length !== bytes.length) throw new Malformed('pfx-trailing', 'bytes after the value');
  return node;
}

const parts = (node: DerNode | undefined, what: string) =>
  expect(node, TAG.SEQUENCE, what).children;

/** What a `[0]` EXPLICIT holds. */
function explicit(node: DerNode | undefined): DerNode {
  const [child, extra] = expect(node, 0xa0, '[0]').children;
  if (!child || extra) throw new Malformed('pfx-form', '[0] holds one value', node?.at);
  return child;
}

/** ContentInfo of type data. */
function dataOf(node: DerNode | undefined): Uint8Array {
  const [type, content] = parts(node, 'ContentInfo');
  if (oidOf(type) !== OID.data) throw new Malformed('unsupported-alg', 'content type');
  return expect(explicit(content), TAG.OCTET_STRING, 'content').value;
}

/**
 * What opening a file will take, by its derivations and their kinds, as far as they stand in clear:
 * MAC, encrypted parts, and keys under encryption of their own.
 * @returns estimated seconds on a slow device
 * @throws {Malformed} for what is no PFX
 */
export function estimatedSeconds(pfx: Uint8Array): number {
  const [, authSafe, macData] = parts(ber(pfx), 'PFX');
  const mac = macData ? derivationSeconds(macData) : 0;
  return mac + contentSeconds(ber(dataOf(authSafe)), 6);
}

/** Estimated seconds of every derivation below a node; data in octet strings is looked into. */
export function contentSeconds(node: DerNode, depth: number): number {
  if (depth === 0) return 0;
  if (node.tag === TAG.OCTET_STRING && node.value[0] === 0x30) {
    try {
      return contentSeconds(ber(node.value), depth - 1);
    } catch {
      return 0;
    }
  }
  const below = node.children.reduce((sum, child) => sum + contentSeconds(child, depth), 0);
  return below + (node.tag === TAG.SEQUENCE ? encryptionSeconds(node) : 0);
}

/**
 * Opens a file with the first encoding of the password that its MAC accepts.
 * @throws {Malformed} `mac` for a wrong password or a changed file, `unsupported-alg`,
 * `pfx-iterations` for unreasonable work; every other code means a malformed file
 */
export async function readPfx(
  pfx: Uint8Array,
  passwords: readonly Password[],
  patience: Patience = {},
): Promise<PfxContents> {
  if (pfx.length > MAX_BYTES) throw new Malformed('pfx-size', 'too large');
  const [version, authSafe, macData, extra] = parts(ber(pfx), 'PFX');
  if (smallIntegerOf(expect(version, TAG.INTEGER, 'version')) !== 3 || extra)
    throw new Malformed('pfx-version', 'version 3 only');
  const content = dataOf(authSafe);
  const seconds = estimatedSeconds(pfx);
  if (seconds > (patience.seconds ?? USUAL_SECONDS)) {
    throw new Malformed('pfx-iterations', 'too much work');
  }
  const work = newWork(patience, seconds);
  if (!macData) return readUnsealed(content, passwords, work);
  const password = await firstFitting(passwords, (each) => checkMac(macData, content, each, work));
  if (!password) throw new Malformed('mac', 'password or file is wrong');
  const found: PfxContents = { certificates: [], keys: [], sealed: true };
  for (const info of parts(ber(content), 'AuthenticatedSafe')) {
    await readBags(ber(await safeOf(info, password, work)), found, password, work, 4);
  }
  return found;
}

/**
 * A file without a MAC: only what decrypts under the password speaks for it. A key in clear could be
 * anybody's, put in place of the holder's.
 */
async function readUnsealed(
  content: Uint8Array,
  passwords: readonly Password[],
  work: Work,
): Promise<PfxContents> {
  for (const password of passwords) {
    const found: PfxContents = { certificates: [], keys: [], sealed: false };
    try {
      for (const info of parts(ber(content), 'AuthenticatedSafe')) {
        await readBags(ber(await safeOf(info, password, work)), found, password, work, 4);
      }
      for (const key of found.keys) readPkcs8(key);
      if (found.keys.length === 0)
        throw new Malformed('unsupported-alg', 'nothing under a password');
      return found;
    } catch (error) {
      for (const key of found.keys) key.fill(0);
      const code = error instanceof Malformed ? error.code : '';
      if (code === '' || code === 'unsupported-alg' || code === 'pfx-iterations') throw error;
    }
  }
  throw new Malformed('mac', 'password or file is wrong');
}

async function firstFitting(
  passwords: readonly Password[],
  fits: (password: Password) => Promise<boolean>,
): Promise<Password | null> {
  for (const password of passwords) if (await fits(password)) return password;
  return null;
}

/** MacData: DigestInfo, salt, iterations DEFAULT 1; or PBMAC1 (RFC 9579) in its place. */
async function checkMac(
  macData: DerNode,
  content: Uint8Array,
  password: Password,
  work: Work,
): Promise<boolean> {
  const [info, salt, iterations, extra] = parts(macData, 'MacData');
  const [algorithm, value, more] = parts(info, 'DigestInfo');
  if (extra || more) throw new Malformed('pfx-form', 'unexpected field in MacData');
  const stated = expect(value, TAG.OCTET_STRING, 'digest').value;
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  let hash: HashName;
  let key: Uint8Array<ArrayBuffer>;
  if (oid === OID.pbmac1) {
    const [derivation, scheme] = parts(parameters, 'PBMAC1-params');
    hash = hmacHash(scheme);
    key = await deriveKey(derivation, 'stated', password, work);
  } else {
    hash = hashNamed(oid);
    if (parameters && parameters.tag !== TAG.NULL) throw new Malformed('pfx-form', 'parameters');
    const given = {
      salt: expect(salt, TAG.OCTET_STRING, 'macSalt').value,
      iterations: iterations ? smallIntegerOf(expect(iterations, TAG.INTEGER, 'iterations')) : 1,
    };
    key = await pkcs12Kdf(hash, password, given, PURPOSE.mac, hashOf(hash).size, work);
  }
  return equal(await hmac(hash, key, content), stated);
}

/** SafeContents of one ContentInfo: in clear, or under the password. */
async function safeOf(info: DerNode, password: Password, work: Work): Promise<Uint8Array> {
  const [type, content] = parts(info, 'ContentInfo');
  if (oidOf(type) === OID.data) return dataOf(info);
  if (oidOf(type) !== OID.encryptedData) throw new Malformed('unsupported-alg', 'content type');
  const [version, encrypted] = parts(explicit(content), 'EncryptedData');
  if (smallIntegerOf(expect(version, TAG.INTEGER, 'version')) !== 0)
    throw new Malformed('pfx-version', 'EncryptedData');
  const [inner, algorithm, data] = parts(encrypted, 'EncryptedContentInfo');
  if (oidOf(inner) !== OID.data) throw new Malformed('unsupported-alg', 'encrypted content type');
  return pbeDecrypt(algorithm, implicitOctets(data), password, work);
}

/** `[0] IMPLICIT OCTET STRING`, whole or in segments. */
function implicitOctets(node: DerNode | undefined): Uint8Array {
  if (node?.tag === 0x80) return node.value;
  const segments = expect(node, 0xa0, 'encryptedContent').children;
  return concat(...segments.map((each) => expect(each, TAG.OCTET_STRING, 'segment').value));
}

async function readBags(
  safe: DerNode,
  found: PfxContents,
  password: Password,
  work: Work,
  depth: number,
): Promise<void> {
  if (depth === 0) throw new Malformed('pfx-form', 'safes nested too deeply');
  for (const bag of parts(safe, 'SafeContents')) {
    const [type, wrapper] = parts(bag, 'SafeBag');
    const kind = BAG[oidOf(type) as keyof typeof BAG];
    const value = explicit(wrapper);
    if (found.keys.length + found.certificates.length >= MAX_BAGS) {
      throw new Malformed('pfx-size', 'too many bags');
    }
    if (kind === 'key') {
      if (!found.sealed) throw new Malformed('unsupported-alg', 'a key in clear, under no MAC');
      found.keys.push(copy(value.raw));
    } else if (kind === 'shroudedKey') {
      const [algorithm, data] = parts(value, 'EncryptedPrivateKeyInfo');
      const encrypted = expect(data, TAG.OCTET_STRING, 'encryptedData').value;
      found.keys.push(await pbeDecrypt(algorithm, encrypted, password, work));
    } else if (kind === 'certificate') {
      const [form, content] = parts(value, 'CertBag');
      if (oidOf(form) !== OID.x509) continue;
      found.certificates.push(expect(explicit(content), TAG.OCTET_STRING, 'certValue').value);
    } else if (kind === 'safeContents') await readBags(value, found, password, work, depth - 1);
    else if (!kind) throw new Malformed('pfx-form', 'unknown kind of bag');
  }
}
