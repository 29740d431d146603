/** Where a pilot stands: the next step of its enterprise, read from its cases and nowhere else. */
import { boundSeal } from '../workflow/index.ts';
import type { PilotStage, PilotStep } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { people } from './people.ts';
import { PILOT_ENTERPRISE } from './pilot-enterprise.ts';
import { licenceState } from './views.ts';

type Role = Awaited<ReturnType<typeof people>>[number]['roles'][number];

const TURN: Record<PilotStep, Role> = {
  'apply-seal': 'enterprise',
  'send-letter': 'enterprise',
  'review-seal': 'seal-reviewer',
  'make-seal': 'seal-maker',
  apply: 'enterprise',
  correct: 'enterprise',
  'first-review': 'first-review',
  'second-review': 'second-review',
  issue: 'issuer',
  verify: 'enterprise',
};

/** @returns null outside a pilot, and where the person whose turn it is has no key on this device */
export async function pilotStage(context: DeskContext): Promise<PilotStage | null> {
  if (!(await context.hasDeployment()) || !(await context.bundle()).pilot) return null;
  const [step, caseId] = await nextStep(context);
  const role = TURN[step];
  const { uscc } = PILOT_ENTERPRISE;
  const able = (await people(context))
    .filter((each) => (role === 'enterprise' ? each.uscc === uscc : each.roles.includes(role)))
    // Who has no other task comes first: first and second review are two persons'.
    .sort((a, b) => a.roles.length - b.roles.length);
  const [person] = able;
  return person ? { step, person: person.id, caseId } : null;
}

async function nextStep(context: DeskContext): Promise<[PilotStep, string | null]> {
  const state = await context.state();
  const { uscc } = PILOT_ENTERPRISE;
  const now = context.now();
  const own = <T extends { uscc: string }>(cases: Map<string, T>) =>
    [...cases.values()].filter((each) => each.uscc === uscc);
  const licence = own(state.licences)
    .filter((each) => each.flow === 'electronic')
    .find((each) => ['in-force', 'partially-used'].includes(licenceState(each, now)));
  if (licence) return ['verify', licence.case];

  const application = own(state.applications)
    .filter(({ flow }) => flow === 'electronic')
    .sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1))[0];
  switch (application?.state) {
    case 'submitted':
      return ['first-review', application.case];
    case 'first-passed':
      return ['second-review', application.case];
    case 'second-passed':
      return ['issue', application.case];
    case 'returned':
      return ['correct', application.case];
  }

  const seals = own(state.seals);
  if (boundSeal(seals, uscc, now)) return ['apply', null];
  const seal = seals.at(-1);
  switch (seal?.state) {
    case 'applied':
    case 'rejected':
      return ['send-letter', seal.case];
    case 'letter-sent':
      return ['review-seal', seal.case];
    case 'approved':
      return ['make-seal', seal.case];
    default:
      return ['apply-seal', null];
  }
}
