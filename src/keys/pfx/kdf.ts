/** Keys from passwords: the derivation of PKCS #12 (RFC 7292 appendix B) and PBKDF2 (RFC 8018). */
import { type Bytes, concat, Malformed, owned, utf8 } from '../../crypto/index.ts';
import { type HashName, hashOf, hmacSha224, hmacSm3 } from './hash.ts';

/** Rounds that run here before others get their turn. */
const SLICE = 1 << 14;

/** Microseconds that a round takes on a slow device: PBKDF2 by the platform, and what runs here. */
const ROUND: Record<HashName, { pbkdf2: number; pkcs12: number }> = {
  'SHA-1': { pbkdf2: 1, pkcs12: 1.5 },
  'SHA-224': { pbkdf2: 8, pkcs12: 2 },
  'SHA-256': { pbkdf2: 1, pkcs12: 2 },
  'SHA-384': { pbkdf2: 2, pkcs12: 6 },
  'SHA-512': { pbkdf2: 2, pkcs12: 6 },
  SM3: { pbkdf2: 20, pkcs12: 6 },
};

/** How long somebody waits for a key file, and how he is told. */
export interface Patience {
  /** Longest that opening may take, by its estimate on a slow device; 15 where absent. */
  seconds?: number;
  /** Told now and then which share of the estimate is done, 0 to 1. */
  onProgress?: (done: number) => void;
  /** Stops the opening. */
  signal?: AbortSignal;
}

/** Longest wait where nobody says anything else. */
export const USUAL_SECONDS = 15;

/** What one file may still spend over all of its derivations, in estimated microseconds. */
export interface Work {
  left: number;
  /** Others' turn, and word to whoever waits. @throws where the opening was stopped */
  turn(microseconds: number): Promise<void>;
}

/** @param estimated seconds that all derivations of the file take, for the progress */
export function newWork(patience: Patience = {}, estimated = USUAL_SECONDS): Work {
  const { seconds = USUAL_SECONDS, onProgress, signal } = patience;
  let done = 0;
  return {
    left: 2e6 * seconds,
    async turn(microseconds) {
      done += microseconds / 1e6;
      onProgress?.(estimated > 0 ? Math.min(1, done / estimated) : 1);
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
    },
  };
}

/** Estimated seconds of a derivation. */
export const secondsOf = (kind: 'pbkdf2' | 'pkcs12', hash: HashName, rounds: number): number =>
  (rounds * ROUND[hash][kind]) / 1e6;

/** @throws {Malformed} `pfx-iterations` */
function spend(work: Work, kind: 'pbkdf2' | 'pkcs12', hash: HashName, rounds: number): void {
  work.left -= 1e6 * secondsOf(kind, hash, rounds);
  if (rounds < 1 || work.left < 0) {
    throw new Malformed('pfx-iterations', 'too much work');
  }
}

/** A password as PKCS #12 hashes it: BMPString with a final NUL; as PBKDF2 does: UTF-8. */
export interface Password {
  readonly bmp: Uint8Array;
  readonly utf8: Bytes;
}

/** How a password may have been encoded; the empty one in two ways. */
export function encodings(password: string): Password[] {
  const bmp = new Uint8Array(2 * password.length + 2);
  for (let i = 0; i < password.length; i++) {
    const unit = password.charCodeAt(i);
    bmp[2 * i] = unit >> 8;
    bmp[2 * i + 1] = unit & 0xff;
  }
  const usual = { bmp, utf8: utf8(password) };
  return password === '' ? [usual, { bmp: new Uint8Array(0), utf8: usual.utf8 }] : [usual];
}

/** What a derived octet string is for (B.3). */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

/** RFC 7292 B.2. @throws {Malformed} `pfx-iterations` */
export async function pkcs12Kdf(
  hashName: HashName,
  password: Password,
  { salt, iterations }: { salt: Uint8Array; iterations: number },
  purpose: number,
  size: number,
  work: Work,
): Promise<Bytes> {
  const hash = hashOf(hashName);
  const { block } = hash;
  spend(work, 'pkcs12', hashName, iterations * Math.ceil(size / hash.size));
  const fill = (bytes: Uint8Array) => {
    const out = new Uint8Array(block * Math.ceil(bytes.length / block));
    for (let i = 0; i < out.length; i++) out[i] = bytes[i % bytes.length] as number;
    return out;
  };
  const diversifier = new Uint8Array(block).fill(purpose);
  const input = concat(fill(salt), fill(password.bmp));
  const out = new Uint8Array(size);
  for (let at = 0; at < size; at += hash.size) {
    const a = hash.digest(concat(diversifier, input));
    await inSlices(iterations - 1, ROUND[hashName].pkcs12, work, () => hash.digest(a, a));
    out.set(a.subarray(0, size - at), at);
    for (let j = 0; j < input.length; j += block) {
      let carry = 1;
      for (let i = block - 1; i >= 0; i--) {
        carry += (input[j + i] as number) + (a[i % hash.size] as number);
        input[j + i] = carry & 0xff;
        carry >>= 8;
      }
    }
  }
  return out;
}

/** @throws {Malformed} `pfx-iterations` */
export async function pbkdf2(
  hash: HashName,
  password: Password,
  { salt, iterations }: { salt: Uint8Array; iterations: number },
  size: number,
  work: Work,
): Promise<Bytes> {
  spend(work, 'pbkdf2', hash, iterations * Math.ceil(size / hashOf(hash).size));
  if (hash === 'SM3' || hash === 'SHA-224') {
    const prf = hash === 'SM3' ? hmacSm3(password.utf8) : hmacSha224(password.utf8);
    return pbkdf2Here(hash, prf, { salt, iterations }, size, work);
  }
  const base = await crypto.subtle.importKey('raw', password.utf8, 'PBKDF2', false, ['deriveBits']);
  const parameters = { name: 'PBKDF2', hash, salt: owned(salt), iterations };
  await work.turn(0);
  const bits = new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 8 * size));
  await work.turn(1e6 * secondsOf('pbkdf2', hash, iterations));
  return bits;
}

async function inSlices(
  rounds: number,
  microseconds: number,
  work: Work,
  round: () => void,
): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    round();
    if (i % SLICE === SLICE - 1) await work.turn(SLICE * microseconds);
  }
}

/**
 * scrypt (RFC 7914), as some tools protect PKCS #8 (RFC 8018 names it no more than allows it).
 * @throws {Malformed} `pfx-iterations` also for more memory than a phone has to give
 */
export async function scrypt(
  password: Password,
  { salt, N, r, p }: { salt: Uint8Array; N: number; r: number; p: number },
  size: number,
  work: Work,
): Promise<Bytes> {
  const microseconds = 1e6 * scryptSeconds(N, r, p);
  work.left -= microseconds;
  const sound = N > 1 && (N & (N - 1)) === 0 && r >= 1 && p >= 1;
  if (!sound || 128 * N * r > SCRYPT_BYTES || work.left < 0) {
    throw new Malformed('pfx-iterations', 'too much work');
  }
  const { scryptAsync } = await import('@noble/hashes/scrypt');
  const key = await scryptAsync(password.utf8, salt, { N, r, p, dkLen: size });
  await work.turn(microseconds);
  return owned(key);
}

const SCRYPT_BYTES = 128 << 20;

/** Estimated seconds of scrypt on a slow device. */
export const scryptSeconds = (N: number, r: number, p: number): number => (N * r * p * 3) / 1e6;

/** RFC 8018 5.2 over an HMAC that WebCrypto has not. */
async function pbkdf2Here(
  hash: 'SM3' | 'SHA-224',
  prf: (data: Uint8Array) => Uint8Array,
  { salt, iterations }: { salt: Uint8Array; iterations: number },
  size: number,
  work: Work,
): Promise<Bytes> {
  const out = new Uint8Array(size);
  const { size: step } = hashOf(hash);
  for (let at = 0, block = 1; at < size; at += step, block++) {
    let u = prf(concat(salt, new Uint8Array([0, 0, 0, block])));
    const sum = u.slice();
    await inSlices(iterations - 1, ROUND[hash].pbkdf2, work, () => {
      u = prf(u);
      for (let j = 0; j < step; j++) sum[j] = (sum[j] as number) ^ (u[j] as number);
    });
    out.set(sum.subarray(0, size - at), at);
  }
  return out;
}
