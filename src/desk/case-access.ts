/** What the person at the desk may see and do of a case: its steps, the roles held. */
import { certificateId, type Role } from '../pki/index.ts';
import type { Step } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { stepView } from './views.ts';

/** Steps of a case, and of the licence that was issued on it. */
export async function historyOf(context: DeskContext, caseId: string): Promise<Step[]> {
  const { steps, applications } = await context.state();
  const number = applications.get(caseId)?.licence;
  const all = [...(steps.get(caseId) ?? []), ...((number && steps.get(number)) || [])];
  return all.map(stepView);
}

export async function rolesHere(context: DeskContext): Promise<Set<Role>> {
  const { roster } = await context.bundle();
  const session = context.current ? context.vault.session(context.current) : null;
  const certificate = session?.certificates.signing;
  if (!certificate) return new Set();
  const id = await certificateId(certificate);
  return new Set(roster.find((entry) => entry.id === id)?.roles ?? []);
}
