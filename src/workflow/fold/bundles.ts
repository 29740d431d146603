/**
 * Which trust bundle was in force where. The chain is built around the bundle that the device
 * pinned: backwards by the hashes that each names, forwards by the rules of succession.
 */
import { canonicalJson, equal, Malformed } from '../../crypto/index.ts';
import type { Package } from '../../packages/index.ts';
import {
  acceptFirst,
  acceptUpdate,
  normaliseTrust,
  type ReceivedBundle,
  readTrustBundleJson,
  type TrustBundle,
  type TrustInput,
} from '../../pki/index.ts';
import { Refused } from './rule.ts';
import type { BundleEntry, Entry } from './state.ts';

/** File of a `trust/bundle` package. */
export const TRUST_FILE = 'trust.json';

/** Read once per package: what was judged by a bundle is remembered with it. */
const contents = new WeakMap<Package, TrustBundle>();

/** @throws {Refused} `bundle-form` */
export function bundleIn({ pkg }: Pick<Entry, 'pkg'>): TrustBundle {
  let bundle = contents.get(pkg);
  if (!bundle) {
    bundle = readBundle(pkg);
    contents.set(pkg, bundle);
  }
  return bundle;
}

function readBundle(pkg: Package): TrustBundle {
  const bytes = pkg.files.get(TRUST_FILE);
  if (!bytes) throw new Refused('bundle-form', 'the package holds no trust data');
  try {
    return readTrustBundleJson(bytes);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Refused('bundle-form', `the trust data are not readable: ${error.code}`);
  }
}

export interface BundleChain {
  /** By number; the last is the newest. */
  bundles: BundleEntry[];
  refusals: Map<string, Refused>;
}

type Received = ReceivedBundle & { place: number | null };

/**
 * @param entries packages of type `trust/bundle`, in the order of the log
 * @param pinnedId package of the pinned bundle, where the caller knows it
 */
export async function chainOf(
  entries: readonly Entry[],
  trust: TrustInput,
  pinnedId: string | null,
): Promise<BundleChain> {
  const refusals = new Map<string, Refused>();
  const known = new Map<string, Received>();
  for (const entry of entries) {
    const { id, place, pkg } = entry;
    try {
      known.set(id, { bundle: bundleIn(entry), id, place, signer: pkg.signer });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusals.set(id, error);
    }
  }
  const first = await pinned(trust, pinnedId, known);
  if (!first) {
    for (const id of known.keys()) {
      refusals.set(id, new Refused('bundle-untrusted', 'its root is not trusted here'));
    }
    return { bundles: [], refusals };
  }
  const bundles = [...(await before(first.bundle, known)), first];
  const rest = [...known.values()].filter(({ id }) => bundles.every((each) => each.id !== id));
  // A stable sort: of one number, the earlier in the log comes first and wins.
  for (const next of rest.sort((a, b) => a.bundle.seq - b.bundle.seq)) {
    const last = bundles.at(-1) as BundleEntry;
    const answer = await acceptUpdate({ bundle: last.bundle, id: last.id ?? '' }, next);
    if (answer === 'ok') bundles.push({ id: next.id, bundle: next.bundle, place: next.place });
    else refusals.set(next.id, new Refused(`bundle-${answer}`, 'it does not continue the trust'));
  }
  return { bundles, refusals };
}

/** The bundle that the caller trusts; under bare anchors, the first one that an anchor signed. */
async function pinned(
  input: TrustInput,
  id: string | null,
  known: ReadonlyMap<string, Received>,
): Promise<BundleEntry | null> {
  const all = [...known.values()].sort((a, b) => a.bundle.seq - b.bundle.seq);
  if ('deployment' in input) {
    const text = canonicalJson(input);
    const own = all.find((each) =>
      id ? each.id === id : each.bundle.seq === input.seq && canonicalJson(each.bundle) === text,
    );
    return { id: own?.id ?? id, bundle: own?.bundle ?? input, place: own?.place ?? null };
  }
  const { anchors } = normaliseTrust(input);
  for (const each of all) {
    if (!anchors.some(({ certificate }) => equal(certificate, each.signer))) continue;
    if ((await acceptFirst(each)) === 'ok') return each;
  }
  return null;
}

/** Earlier bundles: each is named by the hash that its successor signed. */
async function before(
  pinned: TrustBundle,
  known: ReadonlyMap<string, Received>,
): Promise<BundleEntry[]> {
  const chain: BundleEntry[] = [];
  let next = pinned;
  for (;;) {
    const found = next.previous === undefined ? undefined : known.get(next.previous);
    if (!found || found.bundle.seq >= next.seq || (await acceptFirst(found)) !== 'ok') return chain;
    chain.unshift({ id: found.id, bundle: found.bundle, place: found.place });
    next = found.bundle;
  }
}
