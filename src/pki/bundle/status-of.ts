/** What the trust bundle in hand says of one licence. */
import { type Bytes, fromBase64, Malformed } from '../../crypto/index.ts';
import { roleAt } from '../roster.ts';
import type { Trust, TrustBundle } from '../trust.ts';
import {
  type LicenceStatus,
  readStatusList,
  SHARD_SIZE,
  type StatusList,
  statusAt,
} from './status-list.ts';

/**
 * `unknown`: no usable list for this shard, never to be shown as valid; `stale`: not listed, in a
 * list past its nextUpdate.
 */
export type StatusAnswer = LicenceStatus | 'unknown' | 'stale';

/** Lists of the bundles in hand; reading and inflating one costs milliseconds. */
const cache = new WeakMap<TrustBundle, Promise<Map<string, StatusList>>>();

/**
 * The usable status lists of a bundle, by list id: readable, signed by somebody whose role is
 * `issuer`; of several, the one with the highest number.
 */
function statusListsOf(bundle: TrustBundle): Promise<Map<string, StatusList>> {
  let lists = cache.get(bundle);
  if (!lists) {
    lists = readLists(bundle);
    cache.set(bundle, lists);
  }
  return lists;
}

async function readLists(bundle: TrustBundle): Promise<Map<string, StatusList>> {
  // The root or the log took it in when it was published; its issuer may have left since.
  const byIssuer = ({ issuer, thisUpdate: time }: StatusList) =>
    roleAt(bundle, issuer, 'issuer', { by: 'log', time }).code === 'ok';
  const found = new Map<string, StatusList>();
  for (const text of bundle.statusLists) {
    try {
      const list = await readStatusList(fromBase64(text) as Bytes);
      const known = found.get(list.list);
      if (byIssuer(list) && (!known || known.seq < list.seq)) found.set(list.list, list);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }
  return found;
}

/** What a list says of one licence. */
export interface StatusSaid {
  status: StatusAnswer;
  /** A list at hand counts the licence among those issued. */
  listed: boolean;
  /** `thisUpdate` of that list; null where there is none. */
  of: string | null;
}

/**
 * @param listId id of the shard that the licence carries
 * @param index of the licence in its shard
 * @param time ISO 8601: when it is asked
 */
export async function statusOf(
  trust: Pick<Trust, 'bundle'>,
  listId: string,
  index: number,
  time: string,
): Promise<StatusSaid> {
  const none: StatusSaid = { status: 'unknown', listed: false, of: null };
  if (!trust.bundle || !Number.isInteger(index) || index < 0 || index >= SHARD_SIZE) return none;
  const list = (await statusListsOf(trust.bundle)).get(listId);
  if (!list) return none;
  const status = statusIn(list, index, time);
  return { status, listed: index < list.upTo, of: list.thisUpdate };
}

/** As {@link statusOf} for a list in hand. What is listed stays listed, however old the list. */
function statusIn(list: StatusList, index: number, time: string): StatusAnswer {
  const status = statusAt(list.bits, index);
  return status === 'valid' && Date.parse(time) > Date.parse(list.nextUpdate) ? 'stale' : status;
}
