/**
 * RSA verification where WebCrypto cannot express it (RFC 8017): digests that it has not, PSS whose
 * mask hash is another than the digest, DigestInfo without parameters. The encoded message is
 * always compared whole, never parsed: nothing can hide in it.
 */
import type { SignatureAlgorithm } from '../algorithm.ts';
import { concat, equal } from '../bytes.ts';
import { nullValue, octetString, oid, sequence } from '../der-write.ts';
import { DIGEST_OID, type DigestName, digest } from '../digest.ts';

export interface RsaNumbers {
  /** Big-endian, without leading zeros. */
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** The encoded message of a signature (5.2.2); null where it is no number below the modulus. */
function recovered({ modulus, exponent }: RsaNumbers, signature: Uint8Array): Uint8Array | null {
  if (signature.length !== modulus.length) return null;
  const n = integer(modulus);
  const s = integer(signature);
  if (s >= n) return null;
  let power = 1n;
  for (const bit of integer(exponent).toString(2)) {
    power = (power * power) % n;
    if (bit === '1') power = (power * s) % n;
  }
  const out = new Uint8Array(modulus.length);
  for (let i = out.length - 1; i >= 0; i--, power >>= 8n) out[i] = Number(power & 0xffn);
  return out;
}

/** RSASSA-PKCS1-v1_5 (8.2.2); A.2.4 lets the hash's parameters be NULL or absent. */
export async function pkcs1Verify(
  key: RsaNumbers,
  hash: DigestName,
  signature: Uint8Array,
  data: Uint8Array,
): Promise<boolean> {
  const message = recovered(key, signature);
  if (!message) return false;
  const value = await digest(hash, data);
  return [[nullValue()], []].some((parameters) => {
    const named = sequence(oid(DIGEST_OID[hash]), ...parameters);
    const info = sequence(named, octetString(value));
    const padding = message.length - info.length - 3;
    if (padding < 8) return false;
    const ones = new Uint8Array(padding).fill(0xff);
    return equal(message, concat(new Uint8Array([0, 1]), ones, new Uint8Array([0]), info));
  });
}

/** RSASSA-PSS (8.1.2, 9.1.2) with MGF1. */
export async function pssVerify(
  key: RsaNumbers,
  { hash, mask, saltLength }: SignatureAlgorithm & { scheme: 'RSA-PSS' },
  signature: Uint8Array,
  data: Uint8Array,
): Promise<boolean> {
  let message = recovered(key, signature);
  if (!message) return false;
  const bits = 8 * key.modulus.length - Math.clz32(key.modulus[0] as number) + 24 - 1;
  // A modulus of 8k + 1 bits leaves an octet in front that must be 0.
  if (bits % 8 === 0) {
    if (message[0] !== 0) return false;
    message = message.subarray(1);
  }
  const value = await digest(hash, data);
  const split = message.length - value.length - 1;
  if (split < saltLength + 1 || message[message.length - 1] !== 0xbc) return false;
  const db = message.slice(0, split);
  const h = message.subarray(split, split + value.length);
  const top = 0xff >> (8 * message.length - bits);
  if (((db[0] as number) & ~top & 0xff) !== 0) return false;
  const stream = await mgf1(mask, h, split);
  for (let i = 0; i < split; i++) db[i] = (db[i] as number) ^ (stream[i] as number);
  db[0] = (db[0] as number) & top;
  const one = split - saltLength - 1;
  if (db[one] !== 1 || db.subarray(0, one).some((byte) => byte !== 0)) return false;
  const salt = db.subarray(one + 1);
  return equal(h, await digest(hash, concat(new Uint8Array(8), value, salt)));
}

/** B.2.1. */
async function mgf1(hash: DigestName, seed: Uint8Array, length: number): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  for (let i = 0, size = 0; size < length; i++) {
    const block = await digest(hash, concat(seed, new Uint8Array([i >> 24, i >> 16, i >> 8, i])));
    blocks.push(block);
    size += block.length;
  }
  return concat(...blocks);
}

function integer(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}
