/** What the reader of tokens answers, as the page shows it. */
import type { Tone } from '../../workers/checked-file.ts';
import { checkToken } from '../../workers/verify-client.ts';
import { tokensOfAddress } from './token-address.ts';

type Report = Awaited<ReturnType<typeof checkToken>>;

export interface ScannedToken {
  text: string;
  verdict: Report['verdict'];
  licence: Report['licence'] | null;
  findings: Report['findings'];
}

export const TOKEN_TONES: Record<ScannedToken['verdict'], Tone> = {
  valid: 'ok',
  invalid: 'bad',
  expired: 'warn',
  revoked: 'bad',
  suspended: 'warn',
  used: 'warn',
  'unknown-issuer': 'unknown',
  stale: 'warn',
  'not-a-licence': 'unknown',
  'no-code': 'unknown',
};

export const NO_CODE: ScannedToken = { text: '', verdict: 'no-code', licence: null, findings: [] };

export async function readToken(text: string): Promise<ScannedToken> {
  const { verdict, licence, findings } = await checkToken(text);
  return { text, verdict, licence: licence ?? null, findings };
}

/** The token in the address `#/v/…`: the first reading of it whose signature holds, or the likeliest. */
export async function readAddress(hash: string): Promise<ScannedToken> {
  const [likeliest = '', ...others] = tokensOfAddress(hash);
  const first = await readToken(likeliest);
  for (const text of others) {
    if (first.verdict !== 'not-a-licence' && first.verdict !== 'invalid') break;
    const other = await readToken(text);
    if (other.verdict !== 'not-a-licence' && other.verdict !== 'invalid') return other;
  }
  return first;
}
