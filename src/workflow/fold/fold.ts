/**
 * The fold: what all packages of a device amount to. Each is read strictly, its signature and its
 * author's role are checked, then the rule of its type lets it change the state or refuses it. The
 * same packages give the same state in whatever order they arrived.
 */
import { type Json, Malformed, sha256Hex } from '../../crypto/index.ts';
import { type Package, readPackage } from '../../packages/index.ts';
import type { TrustBundle, TrustInput } from '../../pki/index.ts';
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
import { adopt, statusList } from './bundles.ts';
import { approve, register, reject } from './enterprise-rules.ts';
import { collect, grantBlock, issue, revoke, use } from './licence-rules.ts';
import { inOrder } from './order.ts';
import { Refused, type RuleContext, reasonsOf } from './rule.ts';
import { apply, decide, letter, manage, produce } from './seal-rules.ts';
import { type Entry, emptyState, type State } from './state.ts';

export interface FoldOptions {
  /** The trust bundle that this device joined, or bare anchors (then nobody has a role). */
  trust: TrustInput;
  /** Places in the log by package id; a package without one is provisional. */
  places?: ReadonlyMap<string, number>;
  /** Confidential body of a package, or null where this device cannot open it. */
  open?: (pkg: Package) => Promise<Json | null>;
  /** Packages read before, by id: reading and verifying is the costly part. */
  cache?: Map<string, Package>;
}

const RULES: Record<RecordTypeName, (context: RuleContext) => void | Promise<void>> = {
  'trust/bundle': ({ state, entry }) => adopt(state, entry),
  'enterprise/register': register,
  'enterprise/approve': approve,
  'enterprise/reject': reject,
  'seal/apply': apply,
  'seal/letter': letter,
  'seal/approve': (context) => decide(context, true),
  'seal/reject': (context) => decide(context, false),
  'seal/produce': produce,
  'seal/authority': ({ state, record, entry }) => {
    state.authoritySeals.set(record['holder'] as string, entry.id);
  },
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
  'licence/collect': collect,
  'licence/revoke': revoke,
  'licence/use': use,
  'licence/status-list': statusList,
};

/** @param packages whole files; what cannot be read is listed, never thrown */
export async function fold(packages: Iterable<Uint8Array>, options: FoldOptions): Promise<State> {
  const state = emptyState();
  if ('deployment' in options.trust) {
    state.bundles.push({ id: null, bundle: options.trust, place: null });
  }
  const entries = new Map<string, Entry>();
  for (const bytes of packages) {
    const entry = await read(bytes, options, state);
    if (entry) entries.set(entry.id, entry);
  }
  const ordered = inOrder([...entries.values()]);
  // Trust first: a record is judged by the newest bundle logged before it, whenever that arrived.
  for (const entry of ordered) {
    if (entry.pkg.record.type === 'trust/bundle') await judge(entry, state, options);
  }
  for (const entry of ordered) {
    if (entry.pkg.record.type !== 'trust/bundle') await judge(entry, state, options);
  }
  return state;
}

async function read(bytes: Uint8Array, options: FoldOptions, state: State): Promise<Entry | null> {
  const id = await sha256Hex(bytes);
  try {
    const pkg = options.cache?.get(id) ?? (await readPackage(bytes));
    options.cache?.set(id, pkg);
    const body = pkg.hasBody ? ((await options.open?.(pkg)) ?? null) : null;
    return { pkg, id, place: options.places?.get(id) ?? null, body };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    state.unreadable.push({ id, code: error.code, message: error.message });
    return null;
  }
}

async function judge(entry: Entry, state: State, options: FoldOptions): Promise<void> {
  const { record } = entry.pkg;
  const bundle = inForce(state, entry);
  const author = await authorOf(entry, bundle ?? options.trust);
  const context: RuleContext = { state, entry, record, author, bundle };
  let refusal: { code: string; message: string } | null = null;
  try {
    await applyRule(context);
    state.accepted++;
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Malformed)) throw error;
    refusal = { code: error.code, message: error.message };
  }
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
  state.steps.set(record.case, [...(state.steps.get(record.case) ?? []), step]);
  if (refusal) state.refused.push(step);
}

async function applyRule(context: RuleContext): Promise<void> {
  const { record, author, entry } = context;
  if (!isRecordType(record.type)) throw new Refused('record-type', 'no such record type');
  checkFields(record);
  if (entry.body !== null) checkBody(record.type, entry.body as never);
  // A bundle is judged by the chain of bundles, not by a role in one.
  if (record.type !== 'trust/bundle') checkRole(record.type, author);
  await RULES[record.type](context);
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

/** The newest bundle that stood in the log before the record; for a provisional one, the newest. */
function inForce(state: State, { place }: Entry): TrustBundle | null {
  let found = state.bundles[0];
  for (const each of state.bundles) {
    if (place === null || each.place === null || each.place < place) found = each;
  }
  return found?.bundle ?? null;
}
