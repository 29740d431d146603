/**
 * The fold: what all packages of a device amount to. Each is read strictly, its signature and its
 * author's role are checked, then the rule of its type lets it change the state or refuses it. The
 * same packages give the same state in whatever order they arrived. A package is read and verified
 * once per array of bytes, so that folding again with one more is cheap.
 */
import { type Json, Malformed, sha256Hex } from '../../crypto/index.ts';
import { type Package, readPackage } from '../../packages/index.ts';
import type { TrustInput } from '../../pki/index.ts';
import {
  checkBody,
  checkFields,
  isRecordType,
  RECORD_TYPES,
  type RecordType,
  type RecordTypeName,
} from '../records/types.ts';
import { amend, review, submit, withdraw } from './application-rules.ts';
import { type AuthorFacts, authorOf } from './authors.ts';
import { chainOf } from './bundles.ts';
import { approve, register, reject, update } from './enterprise-rules.ts';
import { collect, grantBlock, issue, print, replace, revoke, use } from './licence-rules.ts';
import { inOrder } from './order.ts';
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
import { type Entry, emptyState, type State } from './state.ts';
import { publishStatusList } from './status-lists.ts';
import { type InForce, TrustHistory, takeCrls } from './trust-history.ts';

export interface FoldOptions {
  /** The trust bundle that this device joined, or bare anchors (then nobody has a role). */
  trust: TrustInput;
  /** Package of the trust bundle, where the caller knows it. */
  trustId?: string;
  /** Places in the log by package id; a package without one is provisional. */
  places?: ReadonlyMap<string, number>;
  /** Confidential body of a package, or null where this device cannot open it. */
  open?: (pkg: Package) => Promise<Json | null>;
  /** Packages read before, by id, for callers that do not keep their arrays of bytes. */
  cache?: Map<string, Package>;
}

const RULES: Record<
  Exclude<RecordTypeName, 'trust/bundle' | 'trust/crl'>,
  (context: RuleContext) => void | Promise<void>
> = {
  'enterprise/register': register,
  'enterprise/approve': approve,
  'enterprise/reject': reject,
  'enterprise/update': update,
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
  'application/amend': amend,
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
  'licence/status-list': publishStatusList,
};

/** @param packages whole files; what cannot be read is listed, never thrown */
export async function fold(packages: Iterable<Uint8Array>, options: FoldOptions): Promise<State> {
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
  const ordered = inOrder([...entries.values()]);
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
const readings = new WeakMap<Uint8Array, { id: string; pkg: Package | Malformed }>();

async function reading(
  bytes: Uint8Array,
  cache: FoldOptions['cache'],
): Promise<{ id: string; pkg: Package | Malformed }> {
  let known = readings.get(bytes);
  if (!known) {
    const id = await sha256Hex(bytes);
    try {
      known = { id, pkg: cache?.get(id) ?? (await readPackage(bytes)) };
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      known = { id, pkg: error };
    }
    readings.set(bytes, known);
  }
  if (!(known.pkg instanceof Malformed)) cache?.set(known.id, known.pkg);
  return known;
}

async function read(bytes: Uint8Array, options: FoldOptions, state: State): Promise<Entry | null> {
  const { id, pkg } = await reading(bytes, options.cache);
  if (pkg instanceof Malformed) {
    state.unreadable.push({ id, code: pkg.code, message: pkg.message });
    return null;
  }
  const body = pkg.hasBody ? ((await options.open?.(pkg)) ?? null) : null;
  return { pkg, id, place: options.places?.get(id) ?? null, body };
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
  const earliest = record.prev.flatMap((id) => times.get(id) ?? []);
  if (inForce && place !== null) earliest.push(inForce.since);
  const time = earliest.reduce((a, b) => (Date.parse(a) < Date.parse(b) ? b : a), record.at);
  const author = await authorOf(entry, bundle ?? trust, time, place === null ? newest : null);
  return { state, entry, record, author, bundle, time };
}

async function refusalOf(
  context: RuleContext,
  history: TrustHistory,
): Promise<Refused | Malformed | null> {
  try {
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
    case: record.case,
    at: record.at,
    by: author.id,
    byName: author.name,
    byOrganization: author.organization,
    place: entry.place,
    refusal,
    reasons: reasonsOf(context),
  };
  const steps = state.steps.get(record.case);
  if (steps) steps.push(step);
  else state.steps.set(record.case, [step]);
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
  if (entry.body !== null) checkBody(type, entry.body as never);
  checkRole(type, author);
  await RULES[type](context);
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
