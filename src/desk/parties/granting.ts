/**
 * Handing on the keys of contents: whoever was bound to a party later opens what it was sent before. Done
 * by the device of an earlier person of the party; where none of them is left, by a holder of a role key.
 */
import { fromBase64, toBase64 } from '../../crypto/index.ts';
import type { Package } from '../../packages/index.ts';
import { type State, speaksFor } from '../../workflow/index.ts';
import type { DeskContext } from '../context.ts';
import { receiversOfKin } from './content-keys.ts';
import { type BoundPair, pairsInForce } from './in-force.ts';
import { ownRegistration } from './own.ts';

/** A record names so many heads, and holds so many keys. */
const MOST_HEADS = 128;
const MOST_KEYS = 1024;

/** What a certificate does not open yet, though its party was sent it. */
interface Lacking {
  pair: BoundPair;
  packages: Package[];
}

/**
 * Packages with contents for a party that name none of a person's certificates and were not handed to
 * him.
 */
export function lackedBy(
  state: State,
  pair: Pick<BoundPair, 'receiver' | 'party' | 'case'>,
  read: ReadonlyMap<string, Package>,
): Package[] {
  const kin = receiversOfKin(state, pair.party);
  const own = new Set(
    [...state.bindings.values()].filter((each) => each.case === pair.case).map((b) => b.receiver),
  );
  const granted = state.contentGrants.get(pair.receiver) ?? new Set();
  if (own.size === kin.size) return [];
  return [...read.values()].filter(
    ({ id, record }) =>
      !granted.has(id) &&
      record.type !== 'trust/grant' &&
      record.to.some((each) => kin.has(each)) &&
      !record.to.some((each) => own.has(each)),
  );
}

/**
 * Hands on what the person at the desk opens, to those of his party who were bound later; of the
 * authority, to those whose party has nobody left who could.
 */
export async function handContentsOn(context: DeskContext): Promise<void> {
  const session = context.current ? context.vault.session(context.current) : null;
  if (!session?.certificates.signing) return;
  const { uscc } = await context.person();
  await hand(
    context,
    uscc === null ? await lackingEverywhere(context) : await lackingHere(context),
  );
}

/** People of the party at the desk, and of its successors, who lack something. */
async function lackingHere(seat: DeskContext): Promise<Lacking[]> {
  const own = await ownRegistration(seat);
  if (!own?.certificate) return [];
  const state = await seat.state();
  const read = await seat.readings();
  const others = (await pairsInForce(state, own.uscc)).filter((each) => each.case !== own.case);
  return others
    .map((pair) => ({ pair, packages: lackedBy(state, pair, read) }))
    .filter(({ packages }) => packages.length > 0);
}

/** People of any party who lack something that nobody of theirs can hand on any more. */
async function lackingEverywhere(seat: DeskContext): Promise<Lacking[]> {
  const state = await seat.state();
  const read = await seat.readings();
  const found: Lacking[] = [];
  for (const uscc of severalIn(state)) {
    const pairs = (await pairsInForce(state, uscc)).filter((each) => each.party === uscc);
    for (const pair of pairs) {
      const packages = lackedBy(state, pair, read).filter(
        ({ record }) =>
          !pairs.some((each) => each.case !== pair.case && record.to.includes(each.receiver)),
      );
      if (packages.length > 0) found.push({ pair, packages });
    }
  }
  return found;
}

/** Parties that more than one registration was bound to, or that succeeded another. */
function severalIn(state: State): Set<string> {
  const cases = new Map<string, Set<string>>();
  for (const { party, case: of } of state.bindings.values()) {
    for (const code of state.partyNames.keys()) {
      if (!speaksFor(state, code, party)) continue;
      cases.set(code, (cases.get(code) ?? new Set()).add(of));
    }
  }
  return new Set([...cases].filter(([, of]) => of.size > 1).map(([code]) => code));
}

async function hand(seat: DeskContext, lacking: readonly Lacking[]): Promise<void> {
  for (const { pair, packages } of lacking) {
    const receiver = fromBase64(pair.encryption) as Uint8Array;
    let heads: string[] = [];
    let contents: { content: string; key: string }[] = [];
    const flush = async () => {
      if (heads.length > 0) {
        await seat.write({
          type: 'trust/grant',
          prev: [],
          fields: { certificate: pair.receiver, heads },
          body: { contents },
          recipients: [receiver],
        });
      }
      [heads, contents] = [[], []];
    };
    for (const pkg of packages) {
      const keys = [...(await seat.contentKeysOf(pkg.id))];
      if (keys.length === 0 || keys.length > MOST_KEYS) continue;
      if (heads.length === MOST_HEADS || contents.length + keys.length > MOST_KEYS) await flush();
      heads.push(pkg.id);
      contents.push(...keys.map(([content, key]) => ({ content, key: toBase64(key) })));
      for (const [, key] of keys) key.fill(0);
    }
    await flush();
  }
}
