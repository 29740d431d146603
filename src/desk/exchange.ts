/** Exchanging packages: through an endpoint, or by files that somebody carries. */
import { Malformed, type Signer } from '../crypto/index.ts';
import { readPackage, writePackageFile } from '../packages/index.ts';
import { type ExchangeOutcome, exchange } from '../sync/index.ts';
import { adoptCertificates } from './adopting.ts';
import type { DeskRefusal, ImportOutcome, SyncState } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { asRefusal, DeskError } from './refusals.ts';
import { envelopeAnew } from './role-keys/index.ts';
import { askerOf, askingCertificate, gaps, readerIds, standingHere } from './standing.ts';
import { noteRefused, refusedWaiting } from './waiting.ts';

const MAX_PACKAGE = 33 * 1024 * 1024;

/** How the last exchange went; lives as long as the desk. */
export interface ExchangeMemory {
  running: Promise<void> | null;
  problem: DeskRefusal | null;
  last: string | null;
  /** Milliseconds by which the clock here is ahead of the endpoint's. */
  clockAhead: number;
}

/** Milliseconds from which on a wrong clock matters: what is written here carries its time. */
const CLOCK_MATTERS = 5 * 60_000;

export async function syncState(context: DeskContext, memory: ExchangeMemory): Promise<SyncState> {
  const endpoint = await context.endpoint();
  const joined = await context.hasDeployment();
  const waiting = await context.store.outbox();
  const standing = await standingHere(context);
  const missing = joined ? await gaps(context) : [];
  const { problem } = memory;
  const clockAhead = Math.abs(memory.clockAhead) >= CLOCK_MATTERS ? memory.clockAhead : 0;
  const state = !endpoint
    ? 'none'
    : memory.running
      ? 'sending'
      : problem?.code === 'endpoint-offline'
        ? 'offline'
        : problem || clockAhead
          ? 'attention'
          : 'idle';
  return {
    endpoint,
    state,
    waiting: waiting.length,
    lastExchange: memory.last,
    problem,
    clockAhead,
    logSize: standing?.size ?? 0,
    complete: !standing || (standing.size > 0 && standing.readTo >= standing.size),
    missing: missing.reduce((sum, { heads, contents }) => sum + heads + contents, 0),
    refused: joined ? await refusedWaiting(context) : [],
  };
}

/** One exchange at a time; what goes wrong is remembered, what was exchanged is kept. */
export async function syncNow(context: DeskContext, memory: ExchangeMemory): Promise<void> {
  const endpoint = await context.endpoint();
  const { fetch } = context.options;
  if (!endpoint || !fetch) return;
  // What runs already may have read before what the caller waits for was there.
  await memory.running;
  memory.running ??= run(context, memory, endpoint, fetch).finally(() => {
    memory.running = null;
    context.changed();
  });
  await memory.running;
}

async function run(
  context: DeskContext,
  memory: ExchangeMemory,
  endpoint: string,
  fetcher: typeof fetch,
): Promise<void> {
  try {
    let asker: string;
    let anew = 0;
    do {
      asker = await askerOf(context);
      const { refused, clockAhead } = await exchangeAs(context, asker, endpoint, fetcher);
      memory.clockAhead = clockAhead;
      memory.last = context.now();
      // Once: what is refused again has another reason.
      anew = anew > 0 ? 0 : await envelopeAnew(context, refused);
      // What came may have made somebody of whoever asked: then there is more for him.
    } while (anew > 0 || asker !== (await askerOf(context)));
    const [refused] = await refusedWaiting(context);
    memory.problem = refused?.refusal ?? null;
  } catch (error) {
    const { code, message, params } = asRefusal(error);
    memory.problem = { code, message, params };
  }
}

async function exchangeAs(
  context: DeskContext,
  asker: string,
  endpoint: string,
  fetcher: typeof fetch,
): Promise<ExchangeOutcome> {
  const session = context.current ? context.vault.session(context.current) : null;
  const certified = session?.certificates.signing ? session : null;
  const bundle = await context.bundle();
  const outcome = await exchange({
    store: context.store,
    endpoint,
    signer: await askingSigner(context),
    encryptionCertificate: certified?.certificates.encryption ?? null,
    readerIds: await readerIds(context),
    asker,
    suite: bundle.policy.suite,
    checkpointKey: bundle.endpoints.find(({ url }) => url === endpoint)?.checkpointKey ?? null,
    fetch: fetcher,
    now: context.options.now,
  });
  await noteRefused(context, outcome.refused);
  context.changed();
  await adoptCertificates(context);
  return outcome;
}

/** Who has registered and has no certificate yet signs by the key that registered. */
async function askingSigner(context: DeskContext): Promise<Signer | null> {
  const session = context.current ? context.vault.session(context.current) : null;
  if (!session) return null;
  if (session.certificates.signing) return session.signerOf();
  const certificate = await askingCertificate(context);
  if (!certificate) return null;
  const key = session.keySigner('signing');
  const { suite } = session;
  return { certificate, chain: [], suite, sign: (data) => key.sign(data) };
}

export async function setEndpoint(context: DeskContext, url: string | null): Promise<void> {
  let value: string | undefined;
  if (url !== null) {
    try {
      const parsed = new URL(url);
      if (!['http:', 'https:'].includes(parsed.protocol)) throw new TypeError('protocol');
      value = parsed.origin;
    } catch (cause) {
      throw new DeskError('endpoint-address', 'not an address', { url }, { cause });
    }
  }
  await context.store.commit({ records: [{ namespace: 'settings', id: 'endpoint', value }] });
  context.changed();
}

export async function exportPackages(
  context: DeskContext,
  which: string[] | 'waiting' | 'all',
): Promise<{ name: string; bytes: Uint8Array }[]> {
  const stored = await context.store.packages();
  const waiting = which === 'waiting' ? new Set(await context.store.outbox()) : null;
  const state = Array.isArray(which) ? await context.state() : null;
  const ofCases = new Set(
    Array.isArray(which)
      ? which
          .flatMap((id) => [id, state?.applications.get(id)?.licence ?? []].flat())
          .flatMap((unit) => (state?.steps.get(unit) ?? []).map((step) => step.id))
      : [],
  );
  return stored
    .filter(({ id }) => which === 'all' || waiting?.has(id) || ofCases.has(id))
    .map(({ id, bytes }) => ({ name: `${id}.asice`, bytes }));
}

/** Takes in package files; each is judged by itself, one bad file holds up none of the others. */
export async function importPackages(
  context: DeskContext,
  files: { name: string; bytes: Uint8Array }[],
): Promise<ImportOutcome> {
  const outcome: ImportOutcome = { accepted: 0, known: 0, refused: [] };
  const fresh = new Map<string, string>();
  for (const { name, bytes } of files) {
    try {
      if (bytes.length > MAX_PACKAGE)
        throw new Malformed('package-size', 'larger than any package');
      const pkg = await readPackage(bytes);
      const { id } = pkg;
      const known = await context.store.package(id);
      const before = known && (await readPackage(known.bytes));
      const present = new Map([...(before?.present ?? []), ...pkg.present]);
      if (before && present.size === before.present.size) outcome.known++;
      else {
        const arrivedAt = context.now();
        await context.store.commit({
          packages: [{ id, bytes: writePackageFile(pkg, present), place: null, arrivedAt }],
          outbox: [id],
        });
        fresh.set(id, name);
        outcome.accepted++;
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      const { message, code } = error;
      const refusal = { code: 'package-unreadable', message, params: { detail: code } };
      outcome.refused.push({ name, refusal });
    }
  }
  context.changed();
  await refuseBundles(context, outcome, fresh);
  await adoptCertificates(context);
  return outcome;
}

/** A trust bundle that does not continue the trust in force is refused aloud, not only in the list. */
async function refuseBundles(
  context: DeskContext,
  outcome: ImportOutcome,
  fresh: ReadonlyMap<string, string>,
): Promise<void> {
  if (!(await context.hasDeployment())) return;
  for (const { id, type, refusal } of (await context.state()).refused) {
    const name = fresh.get(id);
    if (type !== 'trust/bundle' || name === undefined || !refusal) continue;
    outcome.accepted--;
    const { message, code } = refusal;
    outcome.refused.push({
      name,
      refusal: { code: 'bundle-refused', message, params: { detail: code } },
    });
  }
}
