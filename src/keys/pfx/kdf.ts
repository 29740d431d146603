/** Keys from passwords: the derivation of PKCS #12 (RFC 7292 appendix B) and PBKDF2 (RFC 8018). */
import { type Bytes, concat, Malformed, owned, utf8 } from '../../crypto/index.ts';
import { type HashName, hashOf, hmacSm3 } from './hash.ts';

/** Most rounds that one derivation may ask for; real files stay below a million. */
const MAX_ITERATIONS = 4_000_000;

/** Microseconds that a round takes on a slow device: PBKDF2 by the platform, and what runs here. */
const ROUND: Record<HashName, { pbkdf2: number; pkcs12: number }> = {
  'SHA-1': { pbkdf2: 1, pkcs12: 1.5 },
  'SHA-256': { pbkdf2: 1, pkcs12: 2 },
  'SHA-384': { pbkdf2: 2, pkcs12: 6 },
  'SHA-512': { pbkdf2: 2, pkcs12: 6 },
  SM3: { pbkdf2: 20, pkcs12: 6 },
};

/** What one file may still spend over all of its derivations, in estimated microseconds. */
export interface Work {
  left: number;
}

/** @param seconds longest that anybody wants to wait */
export const newWork = (seconds = 30): Work => ({ left: 1e6 * seconds });

/** Estimated seconds of a derivation. */
export const secondsOf = (kind: 'pbkdf2' | 'pkcs12', hash: HashName, rounds: number): number =>
  (rounds * ROUND[hash][kind]) / 1e6;

/** @throws {Malformed} `pfx-iterations` */
function spend(work: Work, kind: 'pbkdf2' | 'pkcs12', hash: HashName, rounds: number): void {
  work.left -= 1e6 * secondsOf(kind, hash, rounds);
  if (rounds < 1 || rounds > MAX_ITERATIONS || work.left < 0) {
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
export function pkcs12Kdf(
  hashName: HashName,
  password: Password,
  { salt, iterations }: { salt: Uint8Array; iterations: number },
  purpose: number,
  size: number,
  work: Work,
): Bytes {
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
    for (let i = 1; i < iterations; i++) hash.digest(a, a);
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
  if (hash === 'SM3') return pbkdf2Sm3(password.utf8, salt, iterations, size);
  const base = await crypto.subtle.importKey('raw', password.utf8, 'PBKDF2', false, ['deriveBits']);
  const parameters = { name: 'PBKDF2', hash, salt: owned(salt), iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 8 * size));
}

/** RFC 8018 5.2 with HMAC-SM3. */
function pbkdf2Sm3(password: Bytes, salt: Uint8Array, iterations: number, size: number): Bytes {
  const prf = hmacSm3(password);
  const out = new Uint8Array(size);
  for (let at = 0, block = 1; at < size; at += 32, block++) {
    let u = prf(concat(salt, new Uint8Array([0, 0, 0, block])));
    const sum = u.slice();
    for (let i = 1; i < iterations; i++) {
      u = prf(u);
      for (let j = 0; j < 32; j++) sum[j] = (sum[j] as number) ^ (u[j] as number);
    }
    out.set(sum.subarray(0, size - at), at);
  }
  return out;
}
