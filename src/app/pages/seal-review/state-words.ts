/** States of registrations and seals: one code, another meaning for each kind. */
import type { SealCaseSummary } from '../../../desk/index.ts';
import { type Tone, toneOf } from '../../components/state-tones.ts';
import { word } from '../../i18n/codes/index.ts';
import { sealWords } from './words.ts';

type Subject = Pick<SealCaseSummary, 'kind' | 'state'>;

export const stateText = ({ kind, state }: Subject): string =>
  kind === 'registration' && state === 'approved'
    ? sealWords.registered
    : word('sealStates', state);

/** An approved seal still waits for its maker. */
export const stateTone = ({ kind, state }: Subject): Tone =>
  kind === 'seal' && state === 'approved' ? 'neutral' : toneOf(state);
