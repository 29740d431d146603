/** Which tone a state has: what needs somebody is amber, what is final and good is green. */
export type Tone = 'ok' | 'warn' | 'bad' | 'unknown' | 'neutral';

const TONES: Record<string, Tone> = {
  bound: 'ok',
  approved: 'ok',
  issued: 'ok',
  'issued-paper': 'ok',
  collected: 'ok',
  'in-force': 'ok',
  'partially-used': 'ok',
  returned: 'warn',
  rejected: 'warn',
  suspended: 'warn',
  expired: 'warn',
  exhausted: 'neutral',
  refused: 'bad',
  revoked: 'bad',
  lost: 'bad',
  conflict: 'bad',
};

export const toneOf = (state: string): Tone => TONES[state] ?? 'neutral';
