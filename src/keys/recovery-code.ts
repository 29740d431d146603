/**
 * Recovery codes: 150 random bits and 10 check bits as 32 characters of Crockford's base 32 in
 * groups of four. The check tells a slip of the pen from a wrong code without trying it.
 */
import { sha256, utf8 } from '../crypto/index.ts';
import { KeyRefused } from './refused.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM = 30;
const CHECK = 2;

async function checkOf(body: string): Promise<string> {
  const hash = await sha256(utf8(`cinnabar recovery code ${body}`));
  return [...hash.subarray(0, CHECK)].map((byte) => ALPHABET[byte & 31]).join('');
}

/** A fresh code as it is printed: `XXXX-XXXX-…`. */
export async function newRecoveryCode(
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(RANDOM)),
): Promise<string> {
  const body = [...random.subarray(0, RANDOM)].map((byte) => ALPHABET[byte & 31]).join('');
  const code = body + (await checkOf(body));
  return (code.match(/.{4}/g) as string[]).join('-');
}

/**
 * What is typed, with the freedoms of Crockford's alphabet (case, hyphens, spaces, O I L).
 * @returns the octets that the key derives from
 * @throws {KeyRefused} `mistyped-code`
 */
export async function readRecoveryCode(typed: string): Promise<Uint8Array> {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  const body = code.slice(0, RANDOM);
  const known = [...code].every((letter) => ALPHABET.includes(letter));
  if (!known || code.length !== RANDOM + CHECK || code.slice(RANDOM) !== (await checkOf(body))) {
    throw new KeyRefused('mistyped-code');
  }
  return utf8(body);
}
