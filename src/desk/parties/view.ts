/** What the page of people and certificates shows. */
import { fromBase64 } from '../../crypto/index.ts';
import { attributeOf, readCertificate } from '../../pki/index.ts';
import {
  bindingsOf,
  boundSeal,
  type Mandate,
  mandateHolds,
  rightsOf,
  type State,
  speaksFor,
} from '../../workflow/index.ts';
import type {
  MandateView,
  NewPerson,
  PartyPerson,
  PartyView,
  WaitsForContents,
} from '../api/index.ts';
import type { DeskContext } from '../context.ts';
import { DeskError } from '../refusals.ts';
import { revokedSince } from '../revoked.ts';
import { lackedBy } from './granting.ts';
import { type BoundPair, pairsInForce } from './in-force.ts';
import { ownRegistration } from './own.ts';

const COMMON_NAME = '2.5.4.3';
/** Namespace of the people whom the holder of this device has seen. */
const SEEN = 'people-seen';

/** As the certificate of a pair names its holder. */
export function holderName({ signing }: Pick<BoundPair, 'signing'>): string {
  return attributeOf(readCertificate(fromBase64(signing) as Uint8Array).subject, COMMON_NAME) ?? '';
}

export async function partyView(context: DeskContext): Promise<PartyView> {
  const own = await ownRegistration(context);
  if (!own?.certificate) throw new DeskError('not-registered', 'the enterprise is not registered');
  const state = await context.state();
  const { uscc } = own;
  const view = mandateView(state, context.now());
  const successor = state.successors.get(uscc)?.successor;
  return {
    uscc,
    name: own.name,
    rights: own.rights,
    people: await peopleOf(context, uscc, own.certificate),
    given: state.mandates.filter(({ party }) => party === uscc).map((each) => view(each, 'broker')),
    received: state.mandates
      .filter(({ broker }) => speaksFor(state, uscc, broker))
      .map((each) => view(each, 'party')),
    successor: successor
      ? { uscc: successor, name: state.partyNames.get(successor) ?? successor }
      : null,
    waits: await waitsForContents(context),
  };
}

const mandateView =
  (state: State, now: string) =>
  (mandate: Mandate, other: 'party' | 'broker'): MandateView => ({
    id: mandate.id,
    uscc: mandate[other],
    name: state.partyNames.get(mandate[other]) ?? mandate[other],
    rights: mandate.rights,
    until: mandate.until,
    holds: mandateHolds(mandate, now),
  });

async function peopleOf(context: DeskContext, uscc: string, own: string): Promise<PartyPerson[]> {
  const state = await context.state();
  const bundle = await context.bundle();
  const now = context.now();
  const seal = boundSeal(state.seals.values(), uscc, now);
  const pairs = bindingsOf(state, uscc).filter(({ party }) => party === uscc);
  return Promise.all(
    pairs.map(async (pair): Promise<PartyPerson> => {
      const der = fromBase64(pair.signing) as Uint8Array;
      const { notAfter } = readCertificate(der);
      const revoked = await revokedSince(bundle, der);
      const expired = notAfter < Date.parse(now);
      return {
        certificate: pair.id,
        caseId: pair.case,
        name: holderName(pair),
        rights: rightsOf(state, pair),
        since: pair.since,
        notAfter: new Date(notAfter).toISOString(),
        state: revoked ? 'revoked' : expired ? 'expired' : 'in-force',
        own: pair.id === own,
        inSeal: seal?.seal?.holders.includes(pair.id) ?? false,
      };
    }),
  );
}

/** What the person at the desk does not open of the time before he was bound; null: nothing. */
export async function waitsForContents(context: DeskContext): Promise<WaitsForContents | null> {
  const own = await ownRegistration(context);
  const state = await context.state();
  const pair = own?.certificate ? state.bindings.get(own.certificate) : undefined;
  if (!pair) return null;
  const packages = lackedBy(state, pair, await context.readings());
  if (packages.length === 0) return null;
  const to = new Set(packages.flatMap(({ record }) => record.to));
  const others = (await pairsInForce(state, pair.party)).filter(
    (each) => each.case !== pair.case && to.has(each.receiver),
  );
  return { packages: packages.length, from: others.map(holderName) };
}

/** Those who were bound to the enterprise after the person at the desk, until he has seen it. */
export async function newPeople(context: DeskContext): Promise<NewPerson[]> {
  if (!context.current || (await context.person()).uscc === null) return [];
  const own = await ownRegistration(context);
  if (!own?.certificate) return [];
  const state = await context.state();
  const seen = new Set((await context.store.records(SEEN)).map(({ id }) => id));
  const order = [...state.bindings.values()].map((each) => each.case);
  return bindingsOf(state, own.uscc)
    .filter((each) => each.case !== own.case && !seen.has(each.id))
    .filter((each) => order.indexOf(each.case) > order.indexOf(own.case))
    .map((each) => ({
      certificate: each.id,
      name: holderName(each),
      rights: rightsOf(state, each),
      since: each.since,
    }));
}

export async function newPeopleSeen(
  context: DeskContext,
  certificates: readonly string[],
): Promise<void> {
  const records = certificates.map((id) => ({ namespace: SEEN, id, value: true }));
  await context.store.commit({ records });
  context.changed();
}
