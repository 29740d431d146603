/** What can be decided in a seal case, by its kind and state. */
import type { SealCase } from '../../../desk/index.ts';
import { desk } from '../../workers/desk-client.ts';

export type SealActName =
  | 'approveRegistration'
  | 'rejectRegistration'
  | 'approve'
  | 'reject'
  | 'produce'
  | 'suspend'
  | 'resume'
  | 'revoke';

/** The one that is expected comes first. */
export function actsOf({ kind, state, renewing }: SealCase): SealActName[] {
  if (kind === 'registration') {
    return state === 'waiting' ? ['approveRegistration', 'rejectRegistration'] : [];
  }
  if (state === 'letter-sent') return ['approve', 'reject'];
  if (kind === 'authority') return [];
  if (state === 'approved') return ['produce'];
  if (state === 'suspended') return ['resume', 'revoke'];
  if (state === 'lost') return ['revoke'];
  if (state !== 'bound' && state !== 'expired') return [];
  // Who makes the new seal is another person than who suspends and revokes.
  return renewing ? ['produce', 'revoke'] : state === 'bound' ? ['suspend', 'revoke'] : [];
}

const REASONED: SealActName[] = ['reject', 'rejectRegistration', 'suspend', 'resume', 'revoke'];

/** Acts that the other side reads reasons of. */
export const needsReasons = (act: SealActName): boolean => REASONED.includes(act);

/** Stable name for every act, whatever it decides on. */
export const actionOf = (act: SealActName): string => act.replace('Registration', '');

export function carryOut(act: SealActName, caseId: string, reasons: string[]): Promise<void> {
  switch (act) {
    case 'approveRegistration':
      return desk.decideRegistration(caseId, true, []);
    case 'rejectRegistration':
      return desk.decideRegistration(caseId, false, reasons);
    case 'approve':
      return desk.decideSeal(caseId, true, []);
    case 'reject':
      return desk.decideSeal(caseId, false, reasons);
    case 'produce':
      return desk.produceSeal(caseId);
    case 'suspend':
    case 'resume':
      return desk.superviseSeal(caseId, act, reasons.join(' '));
    case 'revoke':
      return desk.revokeSeal(caseId, reasons.join(' '));
  }
}
