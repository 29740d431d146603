/**
 * Why a licence that should be issued by itself was not: nobody sits there to be told, so the device
 * remembers what its last attempt came to, as long as it runs.
 */
import type { LocalStore } from '../sync/index.ts';
import type { ApplicationCaseState } from '../workflow/index.ts';
import type { BatchOutcome, DeskRefusal } from './api/index.ts';
import type { DeskContext } from './context.ts';

/** By the store of the device, which all who sit at it share; by case. */
const held = new WeakMap<LocalStore, Map<string, DeskRefusal>>();

/** What the attempts just made came to takes the place of what those before came to. */
export function noteHeld({ store }: DeskContext, refused: BatchOutcome['refused']): void {
  held.set(store, new Map(refused.map(({ caseId, refusal }) => [caseId, refusal])));
}

export function heldBack({ store }: DeskContext, caseId: string): DeskRefusal | null {
  return held.get(store)?.get(caseId) ?? null;
}

/** For whoever looks at the case: on a device that issues nothing it waits for one that does. */
export async function whyNotIssued(
  context: DeskContext,
  { case: caseId, state, flow }: ApplicationCaseState,
): Promise<DeskRefusal | null> {
  if (state !== 'second-passed' || flow !== 'electronic') return null;
  const { policy } = await context.bundle();
  if (policy.issuing !== 'automatic') return null;
  const elsewhere = { code: 'issuer-elsewhere', message: 'waits for the device of an issuer' };
  return heldBack(context, caseId) ?? elsewhere;
}
