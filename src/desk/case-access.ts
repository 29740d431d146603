/** What the person at the desk may see and do of a case: its steps, the roles held. */
import { actingEntry, certificateId, type Role, type RosterEntry } from '../pki/index.ts';
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

/** Roles of whoever is at the desk. */
export async function rolesHere(context: DeskContext): Promise<Set<Role>> {
  return new Set((await entryHere(context))?.roles ?? []);
}

/** Who is at the desk, as the roster names people whatever their certificate; null for everybody else. */
export async function personHere(context: DeskContext): Promise<string | null> {
  return (await entryHere(context))?.person ?? null;
}

async function entryHere(context: DeskContext): Promise<RosterEntry | undefined> {
  const session = context.current ? context.vault.session(context.current) : null;
  const certificate = session?.certificates.signing;
  if (!certificate) return undefined;
  return actingEntry(await context.bundle(), await certificateId(certificate));
}
