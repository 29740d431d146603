/** For whom somebody acts, and whether he may: his certificate's rights, and a mandate where it is another's. */
import type { Right } from '../records/types.ts';
import { mandateFor, mandateHolds, rightsOf, speaksFor } from './party-state.ts';
import { Refused, type RuleContext } from './rule.ts';

/**
 * The author's certificate is bound to the party, or to its successor, or to a broker whom a mandate
 * lets act for it at this time; what a certificate says of itself does not count.
 * @param right needed; null: any of them
 * @throws {Refused} `not-yours`, `right-missing`, `mandate-ended`
 */
export function actsFor(context: RuleContext, uscc: string, right: Right | null): void {
  const { author, state, time } = context;
  const binding = state.bindings.get(author.id);
  const own = binding !== undefined && speaksFor(state, binding.party, uscc);
  const mandate = binding && !own ? mandateFor(state, uscc, binding.party, time) : null;
  if (!binding || (!own && !mandate)) {
    throw new Refused('not-yours', 'the case belongs to another enterprise');
  }
  if (mandate && !mandateHolds(mandate, time)) {
    throw new Refused('mandate-ended', 'the mandate was taken back, or its time is over');
  }
  const lacks = (rights: readonly Right[]) => right !== null && !rights.includes(right);
  if (lacks(rightsOf(state, binding))) {
    throw new Refused('right-missing', `the certificate has not the right ${right}`);
  }
  if (mandate && lacks(mandate.rights)) {
    throw new Refused('right-missing', `the mandate does not give the right ${right}`);
  }
  if (mandate) context.actedFor = uscc;
}

/**
 * As {@link actsFor}, for what a party does not leave to a broker: its own data and its mandates.
 * @throws {Refused} `not-yours`, `right-missing`
 */
export function actsForOwn(context: RuleContext, uscc: string, right: Right): void {
  const binding = context.state.bindings.get(context.author.id);
  if (!binding || !speaksFor(context.state, binding.party, uscc)) {
    throw new Refused('not-yours', 'the case belongs to another enterprise');
  }
  actsFor(context, uscc, right);
}
