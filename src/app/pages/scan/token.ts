/** What the reader of tokens answers, as the page shows it. */
import type { Tone } from '../../workers/checked-file.ts';
import { checkToken } from '../../workers/verify-client.ts';
import { tokensOfAddress } from './token-address.ts';

type Report = Awaited<ReturnType<typeof checkToken>>;

export interface ScannedToken {
  text: string;
  verdict: Report['verdict'];
  /** Signed by somebody whom this device knows. */
  licence: Report['licence'] | null;
  /** What the code says of itself where nobody known signed it. */
  claimed: Report['claimed'] | null;
  findings: Report['findings'];
  /** What says when it was signed; null where nobody known signed it. */
  provenBy: Report['provenBy'] | null;
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

export const NO_CODE: ScannedToken = {
  text: '',
  verdict: 'no-code',
  licence: null,
  claimed: null,
  findings: [],
  provenBy: null,
};

export async function readToken(text: string): Promise<ScannedToken> {
  const { verdict, licence, claimed, findings, provenBy } = await checkToken(text);
  const content = { licence: licence ?? null, claimed: claimed ?? null };
  return { text, verdict, ...content, findings, provenBy: provenBy ?? null };
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
