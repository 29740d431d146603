/**
 * The fold: what all packages of a device amount to. Each is read strictly, its signature and its
 * author's role are checked, then the rule of its type lets it change the state or refuses it. The
 * same packages give the same state in whatever order they arrived. A package is read and verified
 * once per array of bytes, so that folding again with one more is cheap.
 */
import { Malformed, sha256Hex, suiteDigestOf } from '../../crypto/index.ts';
import { type Package, readPackage } from '../../packages/index.ts';
import type { TrustInput } from '../../pki/index.ts';
import {
  checkFields,
  isRecordType,
  RECORD_TYPES,
  type RecordType,
  type RecordTypeName,
} from '../records/types.ts';
import { review, submit, withdraw } from './application-rules.ts';
import { type AuthorFacts, authorOf } from './authors.ts';
import { chainOf } from './bundles.ts';
import { grantContents, grantsContents } from './content-grants.ts';
import { approve, bind, register, reject, update } from './enterprise-rules.ts';
import { collect, correctUse, print, revoke, use } from './licence-life.ts';
import { grantBlock, issue, replace } from './licence-rules.ts';
import { inOrder } from './order.ts';
import { mandate, succeed } from './party-rules.ts';
import { grantRoleKeys, publishRoleKey } from './role-keys.ts';
import { Refused, type RuleContext, reasonsOf } from './rule.ts';
import {
  apply,
  decide,
  letter,
  manage,
  produce,
  produceForAuthority,
  withdraw as withdrawSeal,
} from './seal-rules.ts';
import { type Entry, emptyState, type MissingHead, type State } from './state.ts';
import { publishStatusList } from './status-lists.ts';
import { type InForce, TrustHistory, takeCrls } from './trust-history.ts';

export interface FoldOptions {
  /** The trust bundle that this device joined, or bare anchors (then nobody has a role). */
  trust: TrustInput;
  /** Package of the trust bundle, where the caller knows it. */
  trustId?: string;
  /** The log, epoch by epoch; without it, and for a head that it does not hold, all is provisional. */
  log?: readonly LogEpoch[] | undefined;
  /** Places in the log by package id, for a caller who keeps them so. */
  places?: ReadonlyMap<string, number>;
  /** Filled with every package that could be read, by id. */
  read?: Map<string, Package>;
}

/** One epoch of the log: its number, and what it holds in order. */
export interface LogEpoch {
  epoch: number;
  /** Ids of heads; times in ISO 8601, as the endpoint gave them. */
  entries: readonly { id: string; time: string }[];
}

/** Positions are compared by epoch, then by index; the first place of a head counts. */
function placesOf(log: readonly LogEpoch[]): Map<string, number> {
  const places = new Map<string, number>();
  let place = 0;
  for (const { entries } of [...log].sort((a, b) => a.epoch - b.epoch)) {
    for (const { id } of entries) {
      if (!places.has(id)) places.set(id, place);
      place++;
    }
  }
  return places;
}

const RULES: Record<
  Exclude<RecordTypeName, 'trust/bundle' | 'trust/crl'>,
  (context: RuleContext) => void | Promise<void>
> = {
  'trust/role-key': publishRoleKey,
  'trust/grant': (context) =>
    grantsContents(context) ? grantContents(context) : grantRoleKeys(context),
  'enterprise/register': register,
  'enterprise/approve': approve,
  'enterprise/bind': bind,
  'enterprise/reject': reject,
  'enterprise/update': update,
  'enterprise/mandate': mandate,
  'enterprise/succeed': succeed,
  'seal/apply': apply,
  'seal/letter': letter,
  'seal/approve': (context) => decide(context, true),
  'seal/reject': (context) => decide(context, false),
  'seal/produce': produce,
  'seal/authority': produceForAuthority,
  'seal/withdraw': withdrawSeal,
  'seal/suspend': manage,
  'seal/resume': manage,
  'seal/lost': manage,
  'seal/revoke': manage,
  'seal/renew': manage,
  'application/submit': submit,
  'application/withdraw': withdraw,
  'application/first-review': (context) => review(context, 'first'),
  'application/second-review': (context) => review(context, 'second'),
  'licence/number-block': grantBlock,
  'licence/issue': (context) => issue(context, 'electronic'),
  'licence/issue-paper': (context) => issue(context, 'paper'),
  'licence/replace': replace,
  'licence/collect': collect,
  'licence/revoke': revoke,
  'licence/print': print,
  'licence/use': use,
  'licence/use-correct': correctUse,
  'licence/status-list': publishStatusList,
};

/** @param packages heads or whole files; what cannot be read is listed, never thrown */
export async function fold(
  packages: Iterable<Uint8Array>,
  { log, ...rest }: FoldOptions,
): Promise<State> {
  const options = log ? { ...rest, places: placesOf(log) } : rest;
  const state = emptyState();
  const entries = new Map<string, Entry>();
  const all = [...packages];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    const some = all.slice(at, at + AT_ONCE);
    for (const entry of await Promise.all(some.map((bytes) => read(bytes, options, state)))) {
      if (entry) entries.set(entry.id, entry);
    }
  }
  state.unreadable.sort((a, b) => (a.id < b.id ? -1 : 1));
  const { ordered, doubles } = withoutDoubles(inOrder([...entries.values()]));
  state.doubles.push(...doubles);
  state.missing.push(...missingHeads(ordered));
  const ofType = (type: RecordTypeName) => ordered.filter(({ pkg }) => pkg.record.type === type);
  // Trust first: a record is judged by what was logged before it, whenever that arrived.
  const { trust, trustId = null } = options;
  const chain = await chainOf(ofType('trust/bundle'), trust, trustId);
  const history = new TrustHistory(chain.bundles);
  const crlRefusals = await takeCrls(history, ofType('trust/crl'));
  state.bundles.push(...chain.bundles);
  state.crls.push(...history.crls);
  state.distrusted.push(...history.distrusted);
  const newest = await history.newest();
  state.trust = newest?.bundle ?? null;
  const judge = {
    state,
    history,
    newest,
    trust,
    refusals: new Map([...chain.refusals, ...crlRefusals]),
  };
  const times = new Map<string, string>();
  for (const entry of ordered) {
    const context = await contextOf(entry, judge, times);
    const refusal = isTrust(entry)
      ? (judge.refusals.get(entry.id) ?? null)
      : await refusalOf(context, history);
    if (refusal) context.time = entry.pkg.record.at;
    else times.set(entry.id, context.time);
    enter(context, refusal);
  }
  return state;
}

/** Judged before all others. */
const isTrust = ({ pkg }: Entry): boolean =>
  pkg.record.type === 'trust/bundle' || pkg.record.type === 'trust/crl';

/** Packages read together: signatures are verified by the platform beside this thread. */
const AT_ONCE = 64;

/** Read once per array of bytes, however often it is folded. */
const readings = new WeakMap<Uint8Array, Package | { id: string; refusal: Malformed }>();

async function reading(bytes: Uint8Array, into: FoldOptions['read']) {
  let known = readings.get(bytes);
  if (!known) {
    try {
      known = await readPackage(bytes);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      known = { id: await sha256Hex(bytes), refusal: error };
    }
    readings.set(bytes, known);
  }
  if ('record' in known) into?.set(known.id, known);
  return known;
}

async function read(bytes: Uint8Array, options: FoldOptions, state: State): Promise<Entry | null> {
  const pkg = await reading(bytes, options.read);
  if ('refusal' in pkg) {
    const { id, refusal } = pkg;
    state.unreadable.push({ id, code: refusal.code, message: refusal.message });
    return null;
  }
  const { id, record } = pkg;
  const place = options.places?.get(id) ?? null;
  return { pkg, id, case: record.case ?? id, prev: record.prev, place };
}

/** What is named and not here; a case that is a licence's number is no head. */
function missingHeads(ordered: readonly Entry[]): MissingHead[] {
  const here = new Set(ordered.map(({ id }) => id));
  const found = new Map<string, MissingHead>();
  for (const { id: namedBy, case: of, prev } of ordered) {
    const heads = HEAD.test(of) ? [...prev, of] : prev;
    for (const id of heads) {
      if (!here.has(id) && !found.has(id)) found.set(id, { id, case: of, namedBy });
    }
  }
  return [...found.values()];
}

const HEAD = /^[0-9a-f]{64}$/;

/**
 * Two heads around one manifest are one act: the first counts, and either id names it in `prev`.
 * @returns the entries without doubles, and which head each double is another of
 */
function withoutDoubles(ordered: readonly Entry[]) {
  const first = new Map<string, string>();
  const same = new Map<string, string>();
  for (const { id, pkg } of ordered) {
    const known = first.get(pkg.act);
    if (known) same.set(id, known);
    else first.set(pkg.act, id);
  }
  const act = (id: string) => same.get(id) ?? id;
  const left = ordered
    .filter(({ id }) => !same.has(id))
    .map((entry) => ({ ...entry, case: act(entry.case), prev: entry.prev.map(act) }));
  return { ordered: left, doubles: [...same].map(([id, of]) => ({ id, of })) };
}

interface Judge {
  state: State;
  history: TrustHistory;
  newest: InForce | null;
  trust: TrustInput;
}

async function contextOf(
  entry: Entry,
  { state, history, newest, trust }: Judge,
  times: ReadonlyMap<string, string>,
): Promise<RuleContext> {
  const { place } = entry;
  const { record } = entry.pkg;
  const inForce = await history.inForce(place, record.at);
  const bundle = inForce?.bundle ?? null;
  const earliest = entry.prev.flatMap((id) => times.get(id) ?? []);
  if (inForce && place !== null) earliest.push(inForce.since);
  const time = earliest.reduce((a, b) => (Date.parse(a) < Date.parse(b) ? b : a), record.at);
  const author = await authorOf(entry, bundle ?? trust, time, place === null ? newest : null);
  return { state, entry, record, author, bundle, time, actedFor: null };
}

async function refusalOf(
  context: RuleContext,
  history: TrustHistory,
): Promise<Refused | Malformed | null> {
  try {
    const { bundle, entry } = context;
    if (bundle && entry.pkg.digest !== suiteDigestOf(bundle.policy.suite)) {
      throw new Refused('other-suite', 'a deployment works in one suite alone');
    }
    if (history.isDistrusted(context.author.id, context.entry.place)) {
      throw new Refused('author-distrusted', 'the key was in wrong hands by then');
    }
    await applyRule(context);
    return null;
  } catch (error) {
    if (error instanceof Refused || error instanceof Malformed) return error;
    throw error;
  }
}

function enter(context: RuleContext, refused: { code: string; message: string } | null): void {
  const { state, entry, record, author } = context;
  const refusal = refused && { code: refused.code, message: refused.message };
  const step = {
    id: entry.id,
    type: record.type,
    case: entry.case,
    at: record.at,
    by: author.id,
    byName: author.name,
    byOrganization: author.organization,
    actedFor: context.actedFor,
    place: entry.place,
    refusal,
    reasons: reasonsOf(context),
  };
  const steps = state.steps.get(entry.case);
  if (steps) steps.push(step);
  else state.steps.set(entry.case, [step]);
  if (refusal) state.refused.push(step);
  else state.accepted++;
}

async function applyRule(context: RuleContext): Promise<void> {
  const { record, author, entry } = context;
  const { type, seen } = record;
  if (!isRecordType(type) || type === 'trust/bundle' || type === 'trust/crl') {
    throw new Refused('record-type', 'no such record type');
  }
  if (seen && entry.place !== null && seen.size > entry.place) {
    throw new Refused('seen-after-place', 'it claims to know more of the log than stood before it');
  }
  if (context.state.renamed.has(author.id)) {
    throw new Refused('certificate-replaced', 'the enterprise has another name by now');
  }
  checkFields(record);
  checkCase(context);
  checkRole(type, author);
  await RULES[type](context);
}

/**
 * The head that opens a case fixes deployment and party for all that follow.
 * @throws {Refused} `wrong-deployment`, `wrong-party`
 */
function checkCase({ state, bundle, record, entry }: RuleContext): void {
  if (bundle && record.deployment !== bundle.deployment) {
    throw new Refused('wrong-deployment', 'it was made for another deployment');
  }
  if (record.case === undefined) {
    state.parties.set(entry.id, record.party ?? null);
    return;
  }
  const party = state.parties.get(entry.case);
  if (party !== undefined && party !== (record.party ?? null)) {
    throw new Refused('wrong-party', 'the case belongs to another party');
  }
}

function checkRole(type: RecordTypeName, author: AuthorFacts): void {
  const allowed: RecordType = RECORD_TYPES[type];
  if (allowed.by.some((role) => author.as.has(role))) return;
  throw author.as.size > 1
    ? new Refused('wrong-role', 'the author has no role for this step')
    : new Refused(
        'author-untrusted',
        `the author's certificate is not trusted here: ${author.code}`,
      );
}
