/** Certificates of a party in force: whom contents are enveloped to, and who may stamp. */
import { fromBase64 } from '../../crypto/index.ts';
import type { TrustBundle } from '../../pki/index.ts';
import {
  type Binding,
  bindingsOf,
  judgePair,
  mandateHolds,
  type State,
} from '../../workflow/index.ts';
import { revokedSince } from '../revoked.ts';

/** A registered pair, by the id of its signing certificate. */
export type BoundPair = Binding & { id: string };

/**
 * Proven when it was bound, and revoked by no list since. One that has expired still receives: a renewal
 * is of the same keys.
 */
export async function isInForce(pair: BoundPair, bundle: TrustBundle): Promise<boolean> {
  if ((await judgePair(pair, bundle, pair.since)) !== 'ok') return false;
  return (await revokedSince(bundle, fromBase64(pair.signing) as Uint8Array)) === null;
}

/** Pairs of a party, or of its successors, in force by the newest trust. */
export async function pairsInForce(state: State, uscc: string): Promise<BoundPair[]> {
  const { trust } = state;
  const found: BoundPair[] = [];
  for (const each of trust ? bindingsOf(state, uscc) : []) {
    if (await isInForce(each, trust as TrustBundle)) found.push(each);
  }
  return found;
}

/** Codes of the brokers who took a step of a case for its party, and whose mandate holds. */
export function brokersIn(state: State, caseId: string, now: string): string[] {
  const { applications, numbers, licences } = state;
  // What happens after its issue stands in the unit of the number.
  const issued = (numbers.get(caseId) ?? []).map((id) => licences.get(id)?.case ?? '');
  const number = applications.get(caseId)?.licence;
  const found = new Set<string>();
  for (const unit of [caseId, ...issued, ...(number ? [number] : [])]) {
    for (const { actedFor, by, refusal } of state.steps.get(unit) ?? []) {
      const broker = state.bindings.get(by)?.party;
      if (actedFor === null || refusal || !broker) continue;
      const held = state.mandates.some(
        (each) => each.party === actedFor && each.broker === broker && mandateHolds(each, now),
      );
      if (held) found.add(broker);
    }
  }
  return [...found];
}

/**
 * Encryption certificates, DER, of a party and of the brokers who act for it in a case.
 * @param own code of whoever writes, who reads what he writes; null for the authority
 */
export async function receiversOf(
  state: State,
  { party, case: caseId, own }: { party: string; case?: string | undefined; own: string | null },
  now: string,
): Promise<Uint8Array[]> {
  const brokers = caseId === undefined ? [] : brokersIn(state, caseId, now);
  const codes = [...new Set([party, ...(own === null ? [] : [own]), ...brokers])];
  const pairs = await Promise.all(codes.map((code) => pairsInForce(state, code)));
  return pairs.flat().map(({ encryption }) => fromBase64(encryption) as Uint8Array);
}
