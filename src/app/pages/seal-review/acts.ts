/** What can be decided in a seal case, by its kind and state. */
import type { SealCaseSummary } from '../../../desk/index.ts';
import type { Role } from '../../../pki/index.ts';
import type { Right } from '../../../workflow/index.ts';
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

type Subject = Pick<SealCaseSummary, 'kind' | 'state' | 'renewing'>;

/** The one that is expected comes first. */
function actsOf({ kind, state, renewing }: Subject): SealActName[] {
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

/** Who may do it, as the desk demands. */
const ROLES: Record<SealActName, readonly Role[]> = {
  approveRegistration: ['registrar'],
  rejectRegistration: ['registrar'],
  approve: ['seal-reviewer'],
  reject: ['seal-reviewer'],
  produce: ['seal-maker'],
  suspend: ['seal-reviewer'],
  resume: ['seal-reviewer'],
  revoke: ['seal-reviewer', 'seal-maker'],
};

/** Acts that a case waits for; the others may be done at any time. */
const AWAITED: readonly SealActName[] = ['approveRegistration', 'approve', 'produce'];

export interface SealDecisions {
  /** What the person here may decide. */
  acts: SealActName[];
  /** Whose turn it is where it is not this person's; null where the case waits for nobody else. */
  waitsFor: Role | null;
}

export function decisionsOf(found: Subject, roles: readonly string[]): SealDecisions {
  const all = actsOf(found);
  const mine = (act: SealActName) => ROLES[act].some((role) => roles.includes(role));
  const awaited = all.find((act) => AWAITED.includes(act));
  return {
    acts: all.filter(mine),
    waitsFor: awaited && !mine(awaited) ? (ROLES[awaited][0] ?? null) : null,
  };
}

const REASONED: SealActName[] = ['reject', 'rejectRegistration', 'suspend', 'resume', 'revoke'];

/** Acts that the other side reads reasons of. */
export const needsReasons = (act: SealActName): boolean => REASONED.includes(act);

/** Stable name for every act, whatever it decides on. */
export const actionOf = (act: SealActName): string => act.replace('Registration', '');

export function carryOut(
  act: SealActName,
  caseId: string,
  reasons: string[],
  how: { codeConfirmed?: boolean; rights?: Right[] } = {},
): Promise<void> {
  switch (act) {
    case 'approveRegistration':
      return desk.decideRegistration(caseId, true, [], how);
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
