/**
 * Licences that were issued by themselves without the time stamp that the policy wants. Nobody sat
 * there to be told, so the device keeps a note until somebody who issues has seen it.
 */

import { standingLicence } from '../workflow/index.ts';
import type { BatchOutcome, UnstampedLicence } from './api/index.ts';
import type { DeskContext } from './context.ts';

/** Namespace; id: the case. */
const NOTES = 'unstamped';

type Note = Pick<UnstampedLicence, 'at' | 'reason'>;

export async function noteUnstamped(
  context: DeskContext,
  { notes = [] }: BatchOutcome,
): Promise<void> {
  if (notes.length === 0) return;
  const at = context.now();
  const records = notes.map(({ caseId, note }) => {
    const value: Note = { at, reason: note };
    return { namespace: NOTES, id: caseId, value };
  });
  await context.store.commit({ records });
}

/** @returns earliest first */
export async function unstampedLicences(context: DeskContext): Promise<UnstampedLicence[]> {
  const state = await context.state();
  const found = (await context.store.records(NOTES)).flatMap(({ id, value }) => {
    const licence = standingLicence(state, id);
    return licence ? [{ caseId: id, number: licence.number, ...(value as Note) }] : [];
  });
  return found.sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** @param cases those that were shown: what came meanwhile stays */
export async function unstampedSeen(context: DeskContext, cases: readonly string[]): Promise<void> {
  await context.demandRole('issuer');
  const records = cases.map((id) => ({ namespace: NOTES, id, value: undefined }));
  await context.store.commit({ records });
  context.changed();
}
