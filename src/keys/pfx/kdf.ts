/** Keys from passwords: the derivation of PKCS #12 (RFC 7292 appendix B) and PBKDF2 (RFC 8018). */
import { type Bytes, concat, Malformed, owned, utf8 } from '../../crypto/index.ts';
import { type HashName, hashOf } from './hash.ts';

/** Most rounds that one derivation may ask for; real files stay below a million. */
const MAX_ITERATIONS = 4_000_000;

/** What one file may still spend: rounds over all of its derivations. */
export interface Work {
  rounds: number;
}

export const newWork = (): Work => ({ rounds: 2 * MAX_ITERATIONS });

/** @throws {Malformed} `pfx-iterations` */
function spend(work: Work, rounds: number): void {
  work.rounds -= rounds;
  if (rounds < 1 || rounds > MAX_ITERATIONS || work.rounds < 0) {
    throw new Malformed('pfx-iterations', 'too many rounds');
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
  spend(work, iterations * Math.ceil(size / hash.size));
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
  spend(work, iterations);
  const base = await crypto.subtle.importKey('raw', password.utf8, 'PBKDF2', false, ['deriveBits']);
  const parameters = { name: 'PBKDF2', hash, salt: owned(salt), iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 8 * size));
}
