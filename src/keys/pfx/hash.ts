/**
 * Digests without promises: the key derivation of PKCS #12 hashes a few octets hundreds of thousands
 * of times, where WebCrypto's call costs more than the hash. Nothing else uses these.
 */
import { hmac as hmacHere } from '@noble/hashes/hmac';
import { sha1 } from '@noble/hashes/legacy';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2';
import type { CHash } from '@noble/hashes/utils';
import { type Bytes, concat, Malformed, owned } from '../../crypto/index.ts';
import { sm3 as sm3Digest } from '../../crypto/sm/sm3.ts';

export type HashName = 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512' | 'SM3';

export interface Hash {
  /** Octets of a block (v) and of a digest (u). */
  readonly block: number;
  readonly size: number;
  /** @param out where the digest goes; may be `message` itself */
  digest(message: Uint8Array, out?: Uint8Array): Uint8Array;
}

/** One state is used again and again: making it anew would double what a round costs. */
function inSteps(algorithm: CHash): Hash {
  const start = algorithm.create();
  const state = algorithm.create();
  const { blockLen: block, outputLen: size } = algorithm;
  return {
    block,
    size,
    digest(message, out = new Uint8Array(size)) {
      start._cloneInto(state);
      state.update(message).digestInto(out);
      return out;
    },
  };
}

const SM3: Hash = {
  block: 64,
  size: 32,
  digest(message, out = new Uint8Array(32)) {
    out.set(sm3Digest(message));
    return out;
  },
};

const ALGORITHMS: Record<HashName, Hash> = {
  'SHA-1': inSteps(sha1),
  'SHA-224': inSteps(sha224),
  'SHA-256': inSteps(sha256),
  'SHA-384': inSteps(sha384),
  'SHA-512': inSteps(sha512),
  SM3,
};

export const hashOf = (name: HashName): Hash => ALGORITHMS[name];

const HASHES: Record<string, HashName> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.4': 'SHA-224',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
  '1.2.156.10197.1.401': 'SM3',
};

/** @throws {Malformed} `unsupported-alg` */
export function hashNamed(oid: string): HashName {
  const name = HASHES[oid];
  if (!name) throw new Malformed('unsupported-alg', `digest ${oid}`);
  return name;
}

/** HMAC (RFC 2104); of SM3 and SHA-224 here, as WebCrypto has none. */
export async function hmac(name: HashName, key: Uint8Array, data: Uint8Array): Promise<Bytes> {
  if (name === 'SHA-224') return hmacSha224(key)(data);
  if (name !== 'SM3') {
    const parameters = { name: 'HMAC', hash: name };
    const own = await crypto.subtle.importKey('raw', owned(key), parameters, false, ['sign']);
    return new Uint8Array(await crypto.subtle.sign('HMAC', own, owned(data)));
  }
  return hmacSm3(key)(data);
}

/** HMAC-SM3 under one key. */
export function hmacSm3(key: Uint8Array): (data: Uint8Array) => Bytes {
  const padded = new Uint8Array(64);
  padded.set(key.length > 64 ? sm3Digest(key) : key);
  const inner = padded.map((byte) => byte ^ 0x36);
  const outer = padded.map((byte) => byte ^ 0x5c);
  return (data) => owned(sm3Digest(concat(outer, sm3Digest(concat(inner, data)))));
}

/** HMAC-SHA-224 under one key. */
export const hmacSha224 =
  (key: Uint8Array) =>
  (data: Uint8Array): Bytes =>
    owned(hmacHere(sha224, key, data));
