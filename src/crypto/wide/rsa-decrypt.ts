/**
 * RSAES-PKCS1-v1_5 decryption (RFC 8017 7.2.2), which WebCrypto has not and old software still
 * encrypts content keys with. Whoever learns whether a padding was right decrypts everything that
 * was ever sent to the key (Bleichenbacher 1998): so nothing here tells. A wrong padding, a wrong
 * length and a fault of computing all give a key that follows from ciphertext and private key
 * alone, the same each time, and fails later as any wrong key does.
 *
 * Big integers of script take time that depends on their values; the number that is raised to the
 * private exponent is blinded, so that the time says nothing about the ciphertext.
 */
import { copy, utf8 } from '../bytes.ts';

/** The numbers of an RSA private key (RFC 8017 3.2), as a JSON Web Key spells them. */
export type RsaJwk = Pick<JsonWebKey, 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi'>;

/**
 * @param size octets of the content key that is expected, at most 32
 * @returns always `size` octets
 */
export async function pkcs1Decrypt(
  jwk: RsaJwk,
  ciphertext: Uint8Array,
  size: number,
): Promise<Uint8Array> {
  const substitute = await substituteFor(jwk, ciphertext, size);
  const message = rawDecrypt(jwk, ciphertext);
  const separator = message.length - size - 1;
  // 00 02, at least eight octets other than zero, 00, the key: any difference sets a bit.
  let wrong =
    (message[0] as number) | ((message[1] as number) ^ 2) | (message[separator] as number);
  wrong |= separator < 10 ? 1 : 0;
  for (let i = 2; i < separator; i++) wrong |= ((message[i] as number) - 1) >>> 31;
  // All ones where nothing is wrong, else zero.
  const right = (wrong - 1) >> 31;
  const out = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const [own, other] = [message[separator + 1 + i] as number, substitute[i] as number];
    out[i] = (own & right) | (other & ~right);
  }
  message.fill(0);
  return out;
}

/** HMAC-SHA-256 of the ciphertext under a key that follows from the private exponent. */
async function substituteFor(
  { d }: RsaJwk,
  ciphertext: Uint8Array,
  size: number,
): Promise<Uint8Array> {
  const { subtle } = crypto;
  const seed = await subtle.digest('SHA-256', utf8(`implicit rejection ${d}`));
  const usage: KeyUsage[] = ['sign'];
  const key = await subtle.importKey('raw', seed, { name: 'HMAC', hash: 'SHA-256' }, false, usage);
  return new Uint8Array(await subtle.sign('HMAC', key, copy(ciphertext))).subarray(0, size);
}

/** RSADP (5.1.2) with blinding and two primes; zeros for what is out of range or does not compute. */
function rawDecrypt(jwk: RsaJwk, ciphertext: Uint8Array): Uint8Array {
  const number = (name: keyof RsaJwk) => integer(fromBase64Url(jwk[name] ?? ''));
  const [n, e, p, q] = [number('n'), number('e'), number('p'), number('q')];
  const length = fromBase64Url(jwk.n ?? '').length;
  const c = integer(ciphertext);
  const fits = ciphertext.length === length && c < n;
  const [blind, unblind] = blinding(n);
  const blinded = ((fits ? c : 1n) * power(blind, e, n)) % n;
  const first = power(blinded % p, number('dp'), p);
  const second = power(blinded % q, number('dq'), q);
  const h = ((((first - second) * number('qi')) % p) + p) % p;
  const message = ((second + h * q) * unblind) % n;
  // A fault in one of the two halves would give the factors away to whoever sees the result.
  const computed = power(message, e, n) === (fits ? c : 1n);
  return octets(fits && computed ? message : 0n, length);
}

/** A random number and its inverse. */
function blinding(n: bigint): [bigint, bigint] {
  for (;;) {
    const random = crypto.getRandomValues(new Uint8Array((n.toString(16).length >> 1) + 8));
    const blind = integer(random) % n;
    const inverse = blind > 1n ? inverseOf(blind, n) : null;
    if (inverse !== null) return [blind, inverse];
  }
}

/** Extended Euclid; of random numbers only. @returns null where there is none */
function inverseOf(a: bigint, n: bigint): bigint | null {
  let [r, next, s, following] = [n, a, 0n, 1n];
  while (next > 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [s, following] = [following, s - quotient * following];
  }
  return r === 1n ? ((s % n) + n) % n : null;
}

/** Both products at each bit, so that the exponent's bits do not show in which are computed. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [low, high] = [1n, base % modulus];
  for (const bit of exponent.toString(2)) {
    const product = (low * high) % modulus;
    if (bit === '1') [low, high] = [product, (high * high) % modulus];
    else [low, high] = [(low * low) % modulus, product];
  }
  return low;
}

function integer(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

function octets(value: bigint, length: number): Uint8Array {
  const hex = value.toString(16).padStart(2 * length, '0');
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

function fromBase64Url(text: string): Uint8Array {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
