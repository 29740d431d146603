/**
 * Parties: which certificates act for an enterprise and what they may do, whom it lets act for it, and
 * which code stands for it. Only a registrar's record makes a certificate a party's.
 */
import type { Right } from '../records/types.ts';
import type { State } from './state.ts';

/** A pair of certificates that a record bound to a party. */
export interface Binding {
  /** Credit code. */
  party: string;
  /** Package that bound it. */
  from: string;
  /** Registration in whose case it was bound: its rights stand there. */
  case: string;
  /** Base64 of DER. */
  signing: string;
  encryption: string;
  chain: string[];
  /** SHA-256 hex of the encryption certificate, as `to` has it. */
  receiver: string;
  since: string;
  place: number | null;
}

export interface Mandate {
  /** Package that says so. */
  id: string;
  party: string;
  broker: string;
  rights: Right[];
  until: string;
  at: string;
  by: string;
  place: number | null;
}

export interface Succession {
  id: string;
  successor: string;
  at: string;
}

type Parties = Pick<State, 'bindings' | 'enterprises' | 'mandates' | 'successors' | 'renamed'>;

/** Whether a code speaks for a party: it is the party's, or that of a successor of it. */
export function speaksFor(
  { successors }: Pick<State, 'successors'>,
  code: string,
  uscc: string,
): boolean {
  for (let each: string | undefined = uscc; each; each = successors.get(each)?.successor) {
    if (each === code) return true;
  }
  return false;
}

/** What a certificate may do: what stands in the case where it was bound. */
export const rightsOf = ({ enterprises }: Pick<State, 'enterprises'>, binding: Binding): Right[] =>
  enterprises.get(binding.case)?.rights ?? [];

/** A mandate that was taken back, or whose time is over, lets nobody do anything. */
export const mandateHolds = ({ rights, until }: Mandate, time: string): boolean =>
  rights.length > 0 && Date.parse(time) <= Date.parse(until);

/**
 * The mandate by which one party acts for another, or for one that it succeeded: one that holds before
 * one that is over; null where there is none.
 */
export function mandateFor(
  state: Parties,
  uscc: string,
  broker: string,
  time: string,
): Mandate | null {
  const given = state.mandates.filter(
    (each) => speaksFor(state, each.party, uscc) && speaksFor(state, broker, each.broker),
  );
  return given.findLast((each) => mandateHolds(each, time)) ?? given.at(-1) ?? null;
}

/** The present pair of each person of a party, or of its successors; replaced ones are not among them. */
export function bindingsOf(state: Parties, uscc: string): (Binding & { id: string })[] {
  return [...state.bindings]
    .filter(([id, { party, case: of }]) => {
      const present = state.enterprises.get(of)?.certificate === id;
      return present && !state.renamed.has(id) && speaksFor(state, party, uscc);
    })
    .map(([id, binding]) => ({ id, ...binding }));
}

/** Name of a party in force, or its code where it has none. */
export const partyName = ({ partyNames }: Pick<State, 'partyNames'>, uscc: string): string =>
  partyNames.get(uscc) ?? uscc;

/** The present pairs that may do something for a party at a time: its own, and its brokers'. */
export function bindingsWithRight(
  state: Parties,
  uscc: string,
  right: Right,
  time: string,
): (Binding & { id: string })[] {
  const brokers = state.mandates
    .filter((each) => speaksFor(state, each.party, uscc) && each.rights.includes(right))
    .filter((each) => mandateHolds(each, time))
    .map(({ broker }) => broker);
  return [uscc, ...brokers]
    .flatMap((code) => bindingsOf(state, code))
    .filter((binding) => rightsOf(state, binding).includes(right));
}
