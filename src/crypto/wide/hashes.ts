/** Digests that WebCrypto has not (FIPS 180-4, FIPS 202), loaded when a signature names one. */
import { ripemd160 } from '@noble/hashes/legacy';
import { sha224, sha512_256 } from '@noble/hashes/sha2';
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3';
import type { WideDigest } from '../digest.ts';

export const WIDE_HASHES: Record<WideDigest, (data: Uint8Array) => Uint8Array> = {
  'SHA-224': sha224,
  'SHA-512/256': sha512_256,
  'SHA3-224': sha3_224,
  'SHA3-256': sha3_256,
  'SHA3-384': sha3_384,
  'SHA3-512': sha3_512,
  'RIPEMD-160': ripemd160,
};
