/** Digests by their names in this house; what WebCrypto has not is loaded only when asked for. */
import { sha256 as sha256Here } from '@noble/hashes/sha2';
import { owned, toHex } from './bytes.ts';

export type NativeDigest = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

/** Verified where others used them; nothing here signs with these. */
export type WideDigest =
  | 'SHA-224'
  | 'SHA-512/256'
  | 'SHA3-224'
  | 'SHA3-256'
  | 'SHA3-384'
  | 'SHA3-512'
  | 'RIPEMD-160';

export type DigestName = NativeDigest | 'SM3' | WideDigest;

/** What protects integrity in the two suites, 32 octets both. */
export type SuiteDigest = 'SHA-256' | 'SM3';

export const DIGEST_OID: Record<DigestName, string> = {
  'SHA-1': '1.3.14.3.2.26',
  'SHA-224': '2.16.840.1.101.3.4.2.4',
  'SHA-256': '2.16.840.1.101.3.4.2.1',
  'SHA-384': '2.16.840.1.101.3.4.2.2',
  'SHA-512': '2.16.840.1.101.3.4.2.3',
  'SHA-512/256': '2.16.840.1.101.3.4.2.6',
  'SHA3-224': '2.16.840.1.101.3.4.2.7',
  'SHA3-256': '2.16.840.1.101.3.4.2.8',
  'SHA3-384': '2.16.840.1.101.3.4.2.9',
  'SHA3-512': '2.16.840.1.101.3.4.2.10',
  'RIPEMD-160': '1.3.36.3.2.1',
  SM3: '1.2.156.10197.1.401',
};

/** Octets of a digest. */
export const DIGEST_SIZE: Record<DigestName, number> = {
  'SHA-1': 20,
  'SHA-224': 28,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
  'SHA-512/256': 32,
  'SHA3-224': 28,
  'SHA3-256': 32,
  'SHA3-384': 48,
  'SHA3-512': 64,
  'RIPEMD-160': 20,
  SM3: 32,
};

const NATIVE: readonly string[] = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

/** Collisions are in reach: what it signs cannot be relied on. */
export const isWeakDigest = (name: DigestName | null): boolean =>
  name === 'SHA-1' || name === 'RIPEMD-160';

/** Whether WebCrypto has it. */
export const isNative = (name: DigestName): name is NativeDigest => NATIVE.includes(name);

interface StepwiseHash {
  update(data: Uint8Array): StepwiseHash;
  digest(): Uint8Array;
}

/** Node's digest works in steps, on this thread and without a copy; WebCrypto has none of that. */
const nodeHash = (
  globalThis as {
    process?: { getBuiltinModule?(id: string): { createHash?: NodeHash } | undefined };
  }
).process?.getBuiltinModule?.('node:crypto')?.createHash;

type NodeHash = (name: string) => StepwiseHash;
const NODE_NAMES: Record<NativeDigest, string> = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** Up to here a trip to the platform's digest, on another thread, costs more than one in script. */
const SMALL = 4096;
/** The same for Node's digest on this thread. */
const NEAR = 64 << 10;

export async function digest(name: DigestName, data: Uint8Array): Promise<Uint8Array> {
  if (name === 'SM3') return (await import('./sm/sm3.ts')).sm3(data);
  if (!isNative(name)) return (await import('./wide/hashes.ts')).WIDE_HASHES[name](data);
  if (data.length <= NEAR) {
    const here = digestHere(name, [data]);
    if (here) return here;
  }
  if (name === 'SHA-256' && data.length <= SMALL) return sha256Here(data);
  return new Uint8Array(await crypto.subtle.digest(name, owned(data)));
}

/**
 * The digest of parts that follow one another, at once and without joining them.
 * @returns null where the platform cannot
 */
export function digestHere(name: NativeDigest, parts: readonly Uint8Array[]): Uint8Array | null {
  if (!nodeHash) return null;
  const hash = nodeHash(NODE_NAMES[name]);
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

export async function sha256(data: Uint8Array): Promise<Uint8Array> {
  return digest('SHA-256', data);
}

export async function digestHex(name: DigestName, data: Uint8Array): Promise<string> {
  return toHex(await digest(name, data));
}

export async function sha256Hex(data: Uint8Array): Promise<string> {
  return toHex(await sha256(data));
}

/** SHA-256 in steps, for what would have to be copied together first. */
export function sha256InSteps(parts: Iterable<Uint8Array>): Uint8Array {
  const steps = sha256Here.create();
  for (const part of parts) steps.update(part);
  return steps.digest();
}
