/** Which trust bundle is in force where: the one given, and newer ones among the packages. */
import { fromUtf8 } from '../../crypto/index.ts';
import {
  acceptFirst,
  acceptUpdate,
  readStatusList,
  readTrustBundleJson,
  type TrustBundle,
} from '../../pki/index.ts';
import { Refused, type RuleContext } from './rule.ts';
import type { Entry, State } from './state.ts';

/** File of a `trust/bundle` package. */
export const TRUST_FILE = 'trust.json';
/** File of a `licence/status-list` package. */
export const STATUS_FILE = 'status-list.json';

export function bundleIn(entry: Pick<Entry, 'pkg'>): TrustBundle {
  const bytes = entry.pkg.files.get(TRUST_FILE);
  if (!bytes || fromUtf8(bytes) === null) throw new Refused('bundle-form', 'no readable bundle');
  return readTrustBundleJson(bytes);
}

/** A newer bundle takes over; an older one is history; anything else is refused by its reason. */
export async function adopt(state: State, entry: Entry): Promise<void> {
  const bundle = bundleIn(entry);
  const received = { bundle, id: entry.id, signer: entry.pkg.signer };
  const current = state.bundles.at(-1);
  if (!current) {
    const answer = await acceptFirst(received);
    if (answer !== 'ok') throw new Refused(`bundle-${answer}`, 'the bundle is not acceptable');
  } else {
    const sameSeq = bundle.seq === current.bundle.seq;
    if (
      sameSeq &&
      current.id === null &&
      JSON.stringify(bundle) === JSON.stringify(current.bundle)
    ) {
      current.id = entry.id;
      current.place = entry.place;
      return;
    }
    if (bundle.seq < current.bundle.seq && bundle.root === current.bundle.root) {
      const answer = await acceptFirst(received);
      if (answer === 'ok' && bundle.deployment === current.bundle.deployment) return;
    }
    const answer = await acceptUpdate({ bundle: current.bundle, id: current.id ?? '' }, received);
    if (answer === 'same') return;
    if (answer !== 'ok')
      throw new Refused(`bundle-${answer}`, 'the bundle does not continue the trust data');
  }
  state.bundles.push({ id: entry.id, bundle, place: entry.place });
}

export async function statusList({ state, entry, record, author }: RuleContext): Promise<void> {
  const bytes = entry.pkg.files.get(STATUS_FILE);
  if (!bytes) throw new Refused('status-form', 'no status list in the package');
  const list = await readStatusList(bytes);
  if (list.list !== record['list'] || list.issuer !== author.id) {
    throw new Refused('status-issuer', 'the list is another one or was signed by somebody else');
  }
  const known = state.statusLists.get(list.list);
  if (known && known.seq >= list.seq) throw new Refused('status-rollback', 'a newer list is known');
  state.statusLists.set(list.list, { seq: list.seq, bytes });
}
