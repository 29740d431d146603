/** Status lists that issuers publish between two trust bundles. */
import { fromBase64, Malformed, toBase64 } from '../../crypto/index.ts';
import {
  acceptStatusList,
  readStatusList,
  type StatusList,
  type TrustBundle,
} from '../../pki/index.ts';
import { Refused, type RuleContext } from './rule.ts';
import type { State } from './state.ts';

/** File of a `licence/status-list` package. */
export const STATUS_FILE = 'status-list.json';

export async function publishStatusList(context: RuleContext): Promise<void> {
  const { state, entry, record, author } = context;
  const bytes = entry.pkg.files.get(STATUS_FILE);
  if (!bytes) throw new Refused('status-form', 'the package holds no status list');
  let list: StatusList;
  try {
    list = await readStatusList(bytes);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Refused('status-form', `the status list is not readable: ${error.code}`);
  }
  if (list.list !== record['list'] || list.issuer !== author.id) {
    throw new Refused('status-issuer', 'another list, or signed by somebody else');
  }
  const known = state.statusLists.get(list.list);
  if (known) {
    const answer = acceptStatusList(await readStatusList(known.bytes), list);
    if (answer !== 'ok') throw new Refused(`status-${answer}`, 'it does not continue the list');
  }
  state.statusLists.set(list.list, { seq: list.seq, bytes });
}

/** The bundle with the newer status lists and the compromised keys that came since, as verifiers should use it. */
export async function trustWithLists(given: TrustBundle, state: State): Promise<TrustBundle> {
  const { distrusted } = state;
  const bundle = distrusted.length > 0 ? { ...given, distrusted } : given;
  if (state.statusLists.size === 0) return bundle;
  const lists = new Map<string, { seq: number; text: string }>();
  for (const text of bundle.statusLists) {
    const list = await readStatusList(fromBase64(text) as Uint8Array);
    lists.set(list.list, { seq: list.seq, text });
  }
  for (const [id, { seq, bytes }] of state.statusLists) {
    if ((lists.get(id)?.seq ?? 0) <= seq) lists.set(id, { seq, text: toBase64(bytes) });
  }
  return { ...bundle, statusLists: [...lists.values()].map(({ text }) => text) };
}
