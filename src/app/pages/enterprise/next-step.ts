/** What the binding of a seal asks of the enterprise next, in one line for the list of things to do. */
import type { SealBinding } from '../../../desk/index.ts';
import { daysUntil } from '../../i18n/format.ts';

/** A seal is renewed in good time. */
export const RENEW_DAYS = 30;

export type NextStep =
  | 'register'
  | 'registration-waits'
  | 'registration-returned'
  | 'bind'
  | 'letter'
  | 'letter-waits'
  | 'letter-returned'
  | 'seal-waits'
  | 'suspended'
  | 'again'
  | 'rebind'
  | 'renew';

const WAITING: readonly NextStep[] = ['registration-waits', 'letter-waits', 'seal-waits'];

/** Somebody else has to act first. */
export const waits = (step: NextStep): boolean => WAITING.includes(step);

const BY_STATE: Record<SealBinding['state'], NextStep | null> = {
  none: 'bind',
  withdrawn: 'bind',
  applied: 'letter',
  'letter-sent': 'letter-waits',
  rejected: 'letter-returned',
  approved: 'seal-waits',
  suspended: 'suspended',
  lost: 'again',
  revoked: 'again',
  expired: 'again',
  bound: null,
};

/** @returns null where the seal is bound and serves */
export function nextStep(binding: SealBinding, now = Date.now()): NextStep | null {
  if (binding.registration === 'none') return 'register';
  if (binding.registration === 'waiting') return 'registration-waits';
  if (binding.registration === 'rejected') return 'registration-returned';
  const next = BY_STATE[binding.state];
  if (next !== null) return next;
  if (binding.renewing) return null;
  if (binding.rebind) return 'rebind';
  return binding.seal && daysUntil(binding.seal.validEnd, now) <= RENEW_DAYS ? 'renew' : null;
}
