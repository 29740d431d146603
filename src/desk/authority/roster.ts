/** Who may do what from the next trust bundle on: changes wait on this device until it is published. */
import type { FormerEntry, Role, RosterEntry, TrustBundle } from '../../pki/index.ts';
import type { RosterConcern, RosterLine } from '../api/index.ts';
import type { DeskContext } from '../context.ts';
import { DeskError } from '../refusals.ts';

/** Namespace `authority`, id `roster`: by id of the certificate. */
interface RosterDraft {
  added: RosterEntry[];
  /** No roles: the person leaves. */
  roles: Record<string, Role[]>;
}

const NAMESPACE = 'authority';
const ID = 'roster';

async function draft(context: DeskContext): Promise<RosterDraft> {
  const stored = await context.store.record(NAMESPACE, ID);
  return (stored as RosterDraft | undefined) ?? { added: [], roles: {} };
}

/** To be stored with whatever belongs to the same act; undefined forgets the changes. */
export const draftChange = (value: RosterDraft | undefined) => ({
  namespace: NAMESPACE,
  id: ID,
  value,
});

interface DraftEntry {
  entry: RosterEntry;
  change: RosterLine['change'];
}

/** The roster in force with the changes that wait. */
export async function draftRoster(context: DeskContext): Promise<DraftEntry[]> {
  const { roster } = await context.bundle();
  const { added, roles } = await draft(context);
  const known = new Set(roster.map(({ id }) => id));
  const all = [
    ...roster.map((entry) => ({ entry, change: 'same' as RosterLine['change'] })),
    ...added
      .filter(({ id }) => !known.has(id))
      .map((entry) => ({ entry, change: 'added' as RosterLine['change'] })),
  ];
  return all.flatMap(({ entry, change }): DraftEntry[] => {
    const wanted = roles[entry.id];
    if (!wanted || wanted.join() === [...entry.roles].sort().join()) return [{ entry, change }];
    if (wanted.length === 0) return change === 'added' ? [] : [{ entry, change: 'removed' }];
    return [
      { entry: { ...entry, roles: wanted }, change: change === 'added' ? change : 'changed' },
    ];
  });
}

/** The roster with the changes that wait, for the hints about duties. */
export async function plannedRoster(context: DeskContext): Promise<RosterEntry[]> {
  const all = await draftRoster(context);
  return all.filter(({ change }) => change !== 'removed').map(({ entry }) => entry);
}

/**
 * The roster that the next bundle carries, and with it everything that ends now or has ended.
 * @param now `issuedAt` of that bundle: what begins begins there, and what ends ends there
 */
export async function nextRoster(
  context: DeskContext,
  now: string,
): Promise<Pick<TrustBundle, 'roster' | 'former'>> {
  const before = await context.bundle();
  const known = new Map(before.roster.map((entry) => [entry.id, entry]));
  const roster = (await plannedRoster(context)).map((entry) => {
    const old = known.get(entry.id);
    return old && sameRoles(old, entry) ? entry : { ...entry, since: now };
  });
  const former = [...before.former];
  for (const old of before.roster) {
    const next = roster.find(({ id }) => id === old.id);
    if (next && sameRoles(old, next)) continue;
    const instead = roster.find(({ person }) => person === old.person);
    const ended = !instead ? 'left' : sameRoles(old, instead) ? 'renewed' : 'role-changed';
    former.push({ ...old, ended, until: now });
  }
  return { roster, former: await withCompromised(context, former, roster, now) };
}

const sameRoles = (a: RosterEntry, b: RosterEntry): boolean =>
  [...a.roles].sort().join() === [...b.roles].sort().join();

/** A key that turned out to be in wrong hands counts from an earlier time on, however its entry ended. */
async function withCompromised(
  context: DeskContext,
  former: readonly FormerEntry[],
  roster: readonly RosterEntry[],
  now: string,
): Promise<FormerEntry[]> {
  const { distrusted, steps } = await context.state();
  const from = new Map(distrusted.map((each) => [each.certificate, each.from]));
  const all = [...steps.values()].flat();
  /** The first step of anybody from that place on tells when that was. */
  const timeOf = (place: number): string => {
    const later = all.filter((step) => step.place !== null && step.place >= place);
    const first = later.sort((a, b) => (a.place as number) - (b.place as number))[0];
    return first && Date.parse(first.at) < Date.parse(now) ? first.at : now;
  };
  const present = roster.filter(({ id }) => from.has(id) && !former.some((each) => each.id === id));
  return [...former, ...present.map((entry) => ({ ...entry, until: now }))].map((entry) => {
    const place = from.get(entry.id);
    if (place === undefined) return entry as FormerEntry;
    return { ...entry, ended: 'compromised', until: timeOf(place) };
  });
}

/** @throws {DeskError} `unknown-person`, `not-permitted` */
export async function setRoles(context: DeskContext, id: string, roles: Role[]): Promise<void> {
  await context.demandRole('root', 'registrar');
  const known = await draftRoster(context);
  if (!known.some(({ entry }) => entry.id === id)) {
    throw new DeskError('unknown-person', 'nobody of this certificate is in the roster');
  }
  const before = await draft(context);
  const next = { ...before, roles: { ...before.roles, [id]: [...new Set(roles)].sort() } };
  await context.store.commit({ records: [draftChange(next)] });
  context.changed();
}

/** Somebody joins, or a renewed certificate takes the place of `instead`. */
export async function addToRoster(
  context: DeskContext,
  entry: RosterEntry,
  instead?: string,
): Promise<void> {
  const { added, roles } = await draft(context);
  const next = {
    added: [...added.filter(({ id }) => id !== entry.id), entry],
    roles: instead ? { ...roles, [instead]: [] } : roles,
  };
  await context.store.commit({ records: [draftChange(next)] });
  context.changed();
}

const NEEDED: Role[] = [
  'registrar',
  'seal-reviewer',
  'seal-maker',
  'first-review',
  'second-review',
  'issuer',
  'inspector',
];

/** Separation of duties, as far as a roster shows it. */
export function concernsOf(roster: readonly RosterEntry[]): RosterConcern[] {
  const holding = (role: Role) => roster.filter(({ roles }) => roles.includes(role));
  const concerns: RosterConcern[] = NEEDED.filter((role) => holding(role).length === 0).map(
    (role) => ({ code: 'role-empty', params: { role } }),
  );
  const [first] = holding('first-review');
  const onlyFirst = holding('first-review').length === 1 && first;
  const second = holding('second-review');
  if (onlyFirst && second.length > 0 && second.every(({ id }) => id === onlyFirst.id)) {
    concerns.push({ code: 'one-reviewer', params: { name: onlyFirst.name } });
  }
  const both = (code: string, one: Role, other: Role) => {
    for (const { name, roles } of roster) {
      if (roles.includes(one) && roles.includes(other)) concerns.push({ code, params: { name } });
    }
  };
  both('reviews-both', 'first-review', 'second-review');
  both('reviews-and-makes-seals', 'seal-reviewer', 'seal-maker');
  both('reviews-and-issues', 'second-review', 'issuer');
  return concerns;
}
