import type { CertificateState } from '../../../desk/index.ts';

/** Tone of a certificate's state. */
export const certificateTone = (state: CertificateState): 'ok' | 'warn' | 'bad' | 'neutral' =>
  state === 'valid' ? 'ok' : state === 'revoked' ? 'bad' : state === 'on-hold' ? 'warn' : 'neutral';
