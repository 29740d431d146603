/** The way to a seal: what is done, where it stands, and whose turn it is. */
import type { SealBinding } from '../../../desk/index.ts';

export const STEPS = ['register', 'letter', 'scan', 'review', 'made', 'bound'] as const;

/** `off`: it was done, and does not serve at present. */
export type StepState = 'done' | 'now' | 'ahead' | 'off';
export type Turn = 'you' | 'authority' | 'maker';

export interface SealPath {
  /** One for each of `STEPS`. */
  states: StepState[];
  /** Index of the step that is on; past the end where the seal is bound. */
  at: number;
  turn: Turn;
}

type Situation = Pick<SealBinding, 'registration' | 'state' | 'rebind'>;

/**
 * Steps done, by state of the seal. A letter counts once its scan came back: only that shows that it
 * was printed. A seal that is lost, revoked, expired or withdrawn leaves nothing but the registration.
 */
const AT: Partial<Record<SealBinding['state'], number>> = {
  applied: 1,
  rejected: 2,
  'letter-sent': 3,
  approved: 4,
  bound: 6,
  suspended: 6,
};

export function sealPath({ registration, state, rebind }: Situation): SealPath {
  const at = registration === 'approved' ? (AT[state] ?? 1) : 0;
  const off = at === STEPS.length && (state === 'suspended' || rebind);
  const states = STEPS.map((_, i): StepState => {
    if (off && i === STEPS.length - 1) return 'off';
    return i < at ? 'done' : i === at ? 'now' : 'ahead';
  });
  const turn = at === 3 || registration === 'waiting' ? 'authority' : at === 4 ? 'maker' : 'you';
  return { states, at, turn };
}
