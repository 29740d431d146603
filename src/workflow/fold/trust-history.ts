/**
 * Which trust was in force where: the chain of bundles, the revocation lists that authorities
 * published between two of them, and the keys that are distrusted from a place of the log on.
 */
import { Malformed } from '../../crypto/index.ts';
import {
  type Distrusted,
  type IssuedCrl,
  readIssuedCrl,
  type TrustBundle,
  withCrls,
} from '../../pki/index.ts';
import { checkFields } from '../records/types.ts';
import { authorOf } from './authors.ts';
import { Refused } from './rule.ts';
import type { BundleEntry, CrlEntry, Entry } from './state.ts';

/** File of a `trust/crl` package. */
export const CRL_FILE = 'list.crl';

/** One object per bundle and lists, however often they are folded: judgements hang on it. */
const merged = new WeakMap<TrustBundle, Map<string, Promise<TrustBundle>>>();

export interface InForce {
  bundle: TrustBundle;
  /** When the last part of it was published: nothing that it judges is earlier, whatever it claims. */
  since: string;
}

export class TrustHistory {
  readonly bundles: readonly BundleEntry[];
  readonly crls: CrlEntry[] = [];
  readonly #distrusted = new Map<string, number>();

  constructor(bundles: readonly BundleEntry[]) {
    this.bundles = bundles;
    for (const { bundle } of bundles) this.distrust(bundle.distrusted ?? []);
  }

  distrust(entries: readonly Distrusted[]): void {
    for (const { certificate, from } of entries) {
      const known = this.#distrusted.get(certificate) ?? Number.POSITIVE_INFINITY;
      this.#distrusted.set(certificate, Math.min(known, from));
    }
  }

  /** Every compromised key that is known by now, by certificate. */
  get distrusted(): Distrusted[] {
    return [...this.#distrusted]
      .map(([certificate, from]) => ({ certificate, from }))
      .sort((a, b) => (a.certificate < b.certificate ? -1 : 1));
  }

  /** Whether what a key signed at a place counts no more; what is in no log yet counts in no case. */
  isDistrusted(certificate: string, place: number | null): boolean {
    const from = this.#distrusted.get(certificate);
    return from !== undefined && (place === null || place >= from);
  }

  /**
   * The trust by which a record is judged: the newest that the log held before it. A provisional record
   * comes after everything that is logged, however late its clock is; of what is provisional too, by
   * what was published by its claimed time.
   */
  async inForce(place: number | null, at: string): Promise<InForce | null> {
    const time = Date.parse(at);
    const before = (each: { place: number | null }, published: string) =>
      place === null
        ? each.place !== null || Date.parse(published) <= time
        : each.place !== null && each.place < place;
    const found = this.bundles.findLast((each) => before(each, each.bundle.issuedAt));
    const bundle = (found ?? this.bundles[0])?.bundle;
    if (!bundle) return null;
    return this.#with(
      bundle,
      this.crls.filter((each) => before(each, each.crl.thisUpdate)),
    );
  }

  /** Everything that is known by now. */
  async newest(): Promise<InForce | null> {
    const bundle = this.bundles.at(-1)?.bundle;
    return bundle ? this.#with(bundle, this.crls) : null;
  }

  async #with(bundle: TrustBundle, crls: readonly CrlEntry[]): Promise<InForce> {
    const since = crls.reduce((last, { crl }) => later(last, crl.thisUpdate), bundle.issuedAt);
    const key = crls.map(({ id }) => id).join();
    if (key === '') return { bundle, since };
    const known = merged.get(bundle) ?? new Map<string, Promise<TrustBundle>>();
    merged.set(bundle, known);
    let result = known.get(key);
    if (!result) {
      result = withCrls(
        bundle,
        crls.map(({ crl }) => crl),
      );
      known.set(key, result);
    }
    return { bundle: await result, since };
  }
}

const later = (a: string, b: string): string => (Date.parse(a) < Date.parse(b) ? b : a);

/**
 * Takes in the revocation lists of the log, before any other record is judged: a compromise reaches
 * back to the place that it names.
 * @param entries packages of type `trust/crl`, in the order of the log
 * @returns why some do not count, by package
 */
export async function takeCrls(
  history: TrustHistory,
  entries: readonly Entry[],
): Promise<Map<string, Refused | Malformed>> {
  const refusals = new Map<string, Refused | Malformed>();
  for (const entry of entries) {
    try {
      await takeCrl(history, entry);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Malformed)) throw error;
      refusals.set(entry.id, error);
    }
  }
  return refusals;
}

async function takeCrl(history: TrustHistory, entry: Entry): Promise<void> {
  const { pkg, place, id } = entry;
  const { record } = pkg;
  checkFields(record);
  const inForce = await history.inForce(place, record.at);
  if (!inForce) throw new Refused('author-untrusted', 'no trust bundle says who may revoke');
  const { bundle, since } = inForce;
  const time = place === null ? record.at : later(record.at, since);
  const author = await authorOf(
    entry,
    bundle,
    time,
    place === null ? await history.newest() : null,
  );
  if (author.as.size === 1) {
    throw new Refused('author-untrusted', `the certificate is not trusted here: ${author.code}`);
  }
  if (!author.as.has('registrar') && !author.as.has('root')) {
    throw new Refused('wrong-role', 'only the registrar or the root publishes revocation lists');
  }
  if (history.isDistrusted(author.id, place)) {
    throw new Refused('author-distrusted', 'the key was in wrong hands by then');
  }
  const crl = await crlIn(bundle, entry);
  const newer = history.crls.find((each) => sameOrNewer(each.crl, crl));
  if (newer) throw new Refused('crl-rollback', 'a list of this number, or a later one, is known');
  history.crls.push({ id, place, crl });
  history.distrust(record['distrusted'] as unknown as Distrusted[]);
}

const sameOrNewer = (known: IssuedCrl, next: IssuedCrl): boolean =>
  known.issuer === next.issuer && known.number >= next.number;

async function crlIn(bundle: TrustBundle, { pkg }: Entry): Promise<IssuedCrl> {
  const bytes = pkg.files.get(CRL_FILE);
  if (!bytes) throw new Refused('crl-form', 'the package holds no revocation list');
  try {
    return await readIssuedCrl(bundle, bytes);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const code = error.code === 'crl-issuer' ? 'crl-issuer' : 'crl-form';
    throw new Refused(code, `the revocation list is not usable: ${error.message}`);
  }
}
