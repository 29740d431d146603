/** Mandates: whom an enterprise lets act for it, and for whom it acts. */
import { mandateHolds, type Right, rightsOf, speaksFor } from '../../workflow/index.ts';
import type { Client } from '../api/index.ts';
import type { DeskContext } from '../context.ts';
import { DeskError } from '../refusals.ts';
import { demandUscc } from '../registration-texts.ts';
import { ownRegistration } from './own.ts';

/** @throws {DeskError} `mandate-empty`, `mandate-until`, `uscc-shape`, `record-refused` */
export async function giveMandate(
  context: DeskContext,
  broker: string,
  rights: readonly Right[],
  until: string,
): Promise<void> {
  if (rights.length === 0) throw new DeskError('mandate-empty', 'choose what the broker may do');
  const end = Date.parse(until);
  if (Number.isNaN(end) || end <= Date.parse(context.now())) {
    throw new DeskError('mandate-until', 'the mandate ends before it begins');
  }
  const code = demandUscc(broker, true);
  await write(context, code, rights, new Date(end).toISOString());
}

/** A later mandate without rights takes it back. */
export const endMandate = (context: DeskContext, broker: string): Promise<void> =>
  write(context, broker, [], context.now());

async function write(
  context: DeskContext,
  broker: string,
  rights: readonly Right[],
  until: string,
): Promise<void> {
  const own = await ownRegistration(context);
  if (!own?.certificate) throw new DeskError('not-registered', 'the enterprise is not registered');
  await context.write({
    type: 'enterprise/mandate',
    party: own.uscc,
    prev: [],
    fields: { broker, rights: [...rights], until },
  });
}

/** For whom the person at the desk may fill in: his own enterprise, those it succeeded, its clients. */
export async function clients(context: DeskContext): Promise<Client[]> {
  const state = await context.state();
  const own = await ownRegistration(context);
  const person = await context.person();
  if (!own?.certificate) {
    const { organization, uscc } = person;
    return uscc === null ? [] : [{ uscc, name: organization, own: true, rights: [], until: null }];
  }
  const binding = state.bindings.get(own.certificate);
  const rights = binding ? rightsOf(state, binding) : [];
  const given = state.mandates.filter(
    (each) => speaksFor(state, own.uscc, each.broker) && mandateHolds(each, context.now()),
  );
  return [
    { uscc: own.uscc, name: own.name, own: true, rights, until: null },
    ...given.map(({ party, rights: allowed, until }) => ({
      uscc: party,
      name: state.partyNames.get(party) ?? party,
      own: false,
      rights: allowed.filter((each) => rights.includes(each)),
      until,
    })),
  ];
}
