/**
 * An issuing station: a device at which an issuer unlocks once, and which then issues all day by itself.
 * It has an idle rule of its own (open until a time that was chosen, whoever passes by), and keeps a log
 * of what it issued and what not, and why, because nobody sits there to be told.
 */
import { standingLicence } from '../workflow/index.ts';
import type { BatchOutcome, StationEntry, StationView } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { DeskError } from './refusals.ts';

/** Namespace `settings`, id `station`. */
interface StationRecord {
  /** False once it was stopped: nothing is issued here by itself then. */
  on: boolean;
  person: string;
  since: string;
  /** When it stops and locks by itself. */
  until: string;
}

const LOG = 'station-log';
const KEPT = 1000;
export const LONGEST_HOURS = 24;

const recordOf = async ({ store }: DeskContext) =>
  (await store.record('settings', 'station')) as StationRecord | undefined;

const save = ({ store }: DeskContext, value: StationRecord) =>
  store.commit({ records: [{ namespace: 'settings', id: 'station', value }] });

/** Whether this device issues by itself: it does while an issuer sits at it, unless it was stopped. */
export async function issuesByItself(context: DeskContext): Promise<boolean> {
  const record = await recordOf(context);
  return record === undefined || (record.on && context.now() < record.until);
}

/** Until when the key of the person at the desk stays open; null where the ordinary idle rule holds. */
export async function openUntil(context: DeskContext): Promise<string | null> {
  const record = await recordOf(context);
  const runs = record?.on && record.person === context.current && context.now() < record.until;
  return runs ? record.until : null;
}

/** @throws {DeskError} `not-permitted` without an issuer, `malformed` for no time of a day */
export async function startStation(context: DeskContext, hours: number): Promise<void> {
  await context.demandRole('issuer');
  if (!(hours > 0 && hours <= LONGEST_HOURS)) {
    throw new DeskError('malformed', 'hours of a day', { detail: 'hours' });
  }
  const { id } = await context.person();
  const since = context.now();
  const until = new Date(Date.parse(since) + hours * 3_600_000).toISOString();
  await save(context, { on: true, person: id, since, until });
  await note(context, [{ kind: 'started' }]);
  await context.restoreLock();
  await keepTime(context);
  context.changed();
}

/** Nothing is issued here by itself from now on; the key keeps to the ordinary idle rule. */
export async function stopStation(context: DeskContext): Promise<void> {
  const record = await recordOf(context);
  const now = context.now();
  const person = context.current ?? record?.person ?? '';
  await save(context, { person, since: now, until: now, ...record, on: false });
  await note(context, [{ kind: 'stopped' }]);
  await context.restoreLock();
  context.changed();
}

const ends = new WeakMap<DeskContext, unknown>();

/** Sees to it that the station ends when its time is over, network or not. */
export async function keepTime(context: DeskContext): Promise<void> {
  const { timer } = context.options;
  timer?.clear(ends.get(context));
  const until = await openUntil(context);
  if (!timer || until === null) return;
  const left = Date.parse(until) - Date.parse(context.now());
  ends.set(
    context,
    timer.set(() => void endStation(context).catch(() => {}), Math.max(0, left) + 1000),
  );
}

/** Ends what has run its time: stopped, and its key locked. */
export async function endStation(context: DeskContext): Promise<void> {
  const record = await recordOf(context);
  if (!record?.on || context.now() < record.until) return;
  await save(context, { ...record, on: false });
  await note(context, [{ kind: 'ended' }]);
  context.vault.lock(record.person);
  if (context.current === record.person) context.seat(null);
  await context.restoreLock();
  context.changed();
}

/** What a run came to: every licence, and every reason that is another than the last one said. */
export async function noteIssued(
  context: DeskContext,
  { done, refused }: BatchOutcome,
): Promise<void> {
  if (done.length === 0 && refused.length === 0) return;
  const state = await context.state();
  const said = new Map<string, string>();
  for (const { caseId, refusal } of (await log(context)).toReversed()) {
    if (caseId) said.set(caseId, refusal?.code ?? '');
  }
  await note(context, [
    ...done.map((caseId) => ({
      kind: 'issued' as const,
      caseId,
      number: standingLicence(state, caseId)?.number ?? null,
    })),
    ...refused
      .filter(({ caseId, refusal }) => said.get(caseId) !== refusal.code)
      .map(({ caseId, refusal }) => ({ kind: 'held' as const, caseId, refusal })),
  ]);
}

/** The waiting of a run was given up, and it was run again. */
export async function noteRestart(context: DeskContext): Promise<void> {
  if ((await recordOf(context))?.on) await note(context, [{ kind: 'restarted' }]);
}

type Noted = Pick<StationEntry, 'kind'> & Partial<StationEntry>;

async function note(context: DeskContext, entries: readonly Noted[]): Promise<void> {
  if (entries.length === 0) return;
  const at = context.now();
  const old = (await log(context)).slice(KEPT - entries.length);
  await context.store.commit({
    records: [
      ...entries.map((each, i) => {
        const id = `${at}-${String(i).padStart(4, '0')}-${crypto.randomUUID().slice(0, 8)}`;
        const value: StationEntry = { id, at, caseId: null, number: null, refusal: null, ...each };
        return { namespace: LOG, id, value };
      }),
      ...old.map(({ id }) => ({ namespace: LOG, id, value: undefined })),
    ],
  });
}

/** Newest first. */
async function log({ store }: DeskContext): Promise<StationEntry[]> {
  const all = (await store.records(LOG)).map(({ value }) => value as StationEntry);
  return all.sort((a, b) => (a.id < b.id ? 1 : -1));
}

export async function stationView(context: DeskContext): Promise<StationView> {
  const record = await recordOf(context);
  const open = record !== undefined && context.vault.session(record.person) !== null;
  const state = !record
    ? 'attended'
    : !record.on || context.now() >= record.until
      ? 'stopped'
      : open
        ? 'running'
        : 'locked';
  return {
    state,
    since: record?.since ?? null,
    until: record?.until ?? null,
    log: await log(context),
  };
}
