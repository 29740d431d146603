/**
 * What waits to be sent and the endpoint does not take: told with its reason until it is taken, and
 * dropped by hand. One of them holds up none of the others.
 */
import type { RefusedHead } from '../sync/index.ts';
import type { RefusedWaiting } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { DeskError } from './refusals.ts';

/** Namespace; id: the head. Kept, so that it is still told after a reload without a network. */
const REFUSED = 'refused';

type Note = Pick<RefusedHead, 'answer' | 'message'>;

/** What an exchange did not get rid of takes the place of what the one before did not. */
export async function noteRefused(
  { store }: DeskContext,
  refused: readonly RefusedHead[],
): Promise<void> {
  const known = await store.records(REFUSED);
  if (known.length === 0 && refused.length === 0) return;
  const gone = known.map(({ id }) => ({ namespace: REFUSED, id, value: undefined }));
  const notes = refused.map(({ id, answer, message }) => {
    const value: Note = { answer, message };
    return { namespace: REFUSED, id, value };
  });
  await store.commit({ records: [...gone, ...notes] });
}

/** In the order in which they wait. */
export async function refusedWaiting(context: DeskContext): Promise<RefusedWaiting[]> {
  const notes = new Map(
    (await context.store.records(REFUSED)).map(({ id, value }) => [id, value as Note]),
  );
  if (notes.size === 0) return [];
  const { steps } = await context.state();
  const byId = new Map([...steps.values()].flat().map((step) => [step.id, step]));
  return (await context.store.outbox()).flatMap((id): RefusedWaiting[] => {
    const note = notes.get(id);
    if (!note) return [];
    const step = byId.get(id);
    const { answer, message } = note;
    return [
      {
        id,
        type: step?.type ?? 'unreadable',
        caseId: step?.case ?? null,
        at: step?.at ?? null,
        byName: step?.byName ?? '',
        refusal: { code: 'endpoint-refused', message, params: { detail: answer || message } },
      },
    ];
  });
}

/**
 * Forgets what waits: nobody else has it, so the step was never taken, and what was built on it here
 * does not count either.
 * @throws {DeskError} `unknown-case` where it does not wait, or was taken meanwhile
 */
export async function dropWaiting(context: DeskContext, id: string): Promise<void> {
  const waits = (await context.store.outbox()).includes(id);
  const stored = await context.store.package(id);
  if (!waits || (stored && stored.place !== null)) {
    throw new DeskError('unknown-case', 'nothing of this id waits to be sent');
  }
  await context.store.commit({
    dropped: [id],
    records: [{ namespace: REFUSED, id, value: undefined }],
  });
  context.changed();
}
