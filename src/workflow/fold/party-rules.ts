/** What a party lets others do for it, and which code stands for it (design, section 4). */
import type { Right } from '../records/types.ts';
import { actsForOwn } from './acting.ts';
import { speaksFor } from './party-state.ts';
import { field, opensCase, partyOf, Refused, type RuleContext } from './rule.ts';

/**
 * `enterprise/mandate`: the last one for a broker counts; without rights, or until a time before, it ends
 * it. Whether the broker is registered is not asked: who gives a mandate does not hold his registration.
 */
export function mandate(context: RuleContext): void {
  const { state, record, entry, author } = context;
  opensCase(context);
  const party = partyOf(record);
  const broker = field(record, 'broker');
  actsForOwn(context, party, 'manage');
  if (speaksFor(state, broker, party)) {
    throw new Refused('mandate-form', 'a party needs no mandate for itself');
  }
  const rights = rightsIn(context, 'mandate-form');
  const before = state.mandates.find((each) => each.party === party && each.broker === broker);
  const { place } = entry;
  const given = { id: entry.id, party, broker, rights, place };
  if (before) state.mandates.splice(state.mandates.indexOf(before), 1);
  state.mandates.push({ ...given, until: field(record, 'until'), at: record.at, by: author.id });
}

/** `enterprise/succeed`: a code has one successor, and nobody succeeds himself. */
export function succeed(context: RuleContext): void {
  const { state, record, entry } = context;
  opensCase(context);
  const party = partyOf(record);
  const successor = field(record, 'successor');
  if (state.successors.has(party)) {
    throw new Refused('wrong-state', 'another code stands for it already');
  }
  if (speaksFor(state, party, successor)) {
    throw new Refused('successor-form', 'a code does not succeed itself');
  }
  for (const code of [party, successor]) {
    if (!state.partyNames.has(code)) {
      throw new Refused('party-unbound', 'nobody of this code is registered here');
    }
  }
  state.successors.set(party, { id: entry.id, successor, at: record.at });
}

/** @throws {Refused} `code` where a right is named twice */
export function rightsIn({ record }: RuleContext, code: 'mandate-form' | 'rights-form'): Right[] {
  const rights = field<Right[]>(record, 'rights');
  if (new Set(rights).size !== rights.length) throw new Refused(code, 'a right is named twice');
  return rights;
}
