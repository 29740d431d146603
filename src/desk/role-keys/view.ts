/** What pages say of role keys: which is in use, who lacks one, and what comes next. */
import { certificateId } from '../../pki/index.ts';
import { ROLE_GROUPS } from '../../workflow/index.ts';
import type { RoleKeyView, WaitsForKey } from '../api/index.ts';
import type { DeskContext } from '../context.ts';
import { type GroupStanding, standings } from './standing.ts';

export async function roleKeyViews(context: DeskContext): Promise<RoleKeyView[]> {
  return (await standings(await context.state())).map((of) => {
    const { group, current, keys, holders, lacking, ended } = of;
    return {
      group,
      roles: [...ROLE_GROUPS[group]],
      key: current && {
        id: current.id,
        since: current.at,
        by: current.byName,
        logged: current.place !== null,
      },
      earlier: Math.max(0, keys.length - 1),
      holders: holders.map((each) => ({
        name: each.entry.name,
        has: current !== null && !lacking.includes(each),
      })),
      ended,
      from: givers(of),
      recovery: keys.length > 0 && of.recoverable,
    };
  });
}

/** Names of the holders who have every key, and so can hand them on or make the next. */
const givers = ({ holders, lacking, current }: GroupStanding): string[] =>
  holders
    .filter((each) => current === null || !lacking.includes(each))
    .map(({ entry }) => entry.name);

/** Groups that the person at the desk belongs to and whose contents his keys do not open yet. */
export async function waitsForKeys(context: DeskContext): Promise<WaitsForKey[]> {
  const session = context.current ? context.vault.session(context.current) : null;
  const certificate = session?.certificates.signing;
  if (!certificate) return [];
  const state = await context.state();
  const own = await certificateId(certificate);
  return (await standings(state)).flatMap((of): WaitsForKey[] => {
    const holder = of.holders.find(({ entry }) => entry.id === own);
    if (!holder || !of.current) return [];
    const closed = of.keys.filter(({ id }) => !context.roleKeys.has(id));
    if (closed.length === 0) return [];
    const unfit = closed.some(({ id }) => context.roleKeys.unfit.has(id));
    const handed = closed.every(({ readers }) => readers.includes(holder.reader));
    const from = givers(of).filter((name) => name !== holder.entry.name);
    return [{ group: of.group, state: unfit ? 'unfit' : handed ? 'coming' : 'waiting', from }];
  });
}
