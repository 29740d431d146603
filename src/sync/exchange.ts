/**
 * Exchanging packages with an endpoint. The log is read first and checked against what was seen
 * before; then what waits is sent. Every step is stored as it happens: an exchange may stop anywhere.
 */
import { equal, fromBase64, Malformed, sha256Hex, toBase64, toHex } from '../crypto/index.ts';
import { readPackage } from '../packages/index.ts';
import { EndpointClient } from './endpoint-client.ts';
import { type ExchangeOptions, type ExchangeOutcome, ExchangeRefusal } from './exchange-options.ts';
import {
  append,
  type Checkpoint,
  type CompactRange,
  emptyRange,
  type LogEntry,
  leafHash,
  readCheckpoint,
  readEntryBundle,
  readLogEntry,
  rootOf,
  tilePath,
} from './log/index.ts';
import type { LocalStore } from './store.ts';

/** Logged, and not to be had; a damaged one may be restored at any time. */
interface Missing {
  id: string;
  place: number;
  damaged?: boolean;
}

/** What a device remembers of an endpoint's log: records of namespace `log`, id = endpoint. */
interface LogMemory {
  key: string;
  size: number;
  /** Roots of the perfect subtrees, base64. */
  hashes: string[];
  checkpointTime: string;
  /** Logged, but given only to recipients: asked for again when somebody else sits here. */
  withheld: Missing[];
  askedAs: string;
}

export async function exchange(options: ExchangeOptions): Promise<ExchangeOutcome> {
  const client = new EndpointClient(options);
  const memory = await remember(options, client);
  const outcome: ExchangeOutcome = { sent: 0, received: 0, logSize: 0, withheld: 0, refused: [] };
  await askAgain(options, client, memory, outcome);
  await readLog(options, client, memory, outcome);
  await restore(options, client);
  if (await drainOutbox(options, client, outcome)) {
    await readLog(options, client, memory, outcome);
  }
  outcome.logSize = memory.size;
  outcome.withheld = memory.withheld.length;
  return outcome;
}

/** What the device knows of this log: size and time of the last checkpoint. */
export async function lastSeen(
  store: LocalStore,
  endpoint: string,
): Promise<{ size: number; root: string; time: string } | null> {
  const memory = (await store.record('log', endpoint)) as LogMemory | undefined;
  if (!memory || memory.size === 0) return null;
  const root = await rootOf(rangeOf(memory));
  return { size: memory.size, root: toHex(root), time: memory.checkpointTime };
}

async function remember(options: ExchangeOptions, client: EndpointClient): Promise<LogMemory> {
  const known = (await options.store.record('log', options.endpoint)) as LogMemory | undefined;
  const pinned = options.checkpointKey;
  if (known) {
    if (pinned && pinned !== known.key) {
      throw new ExchangeRefusal('wrong-key', 'the trust data names another log key than seen here');
    }
    return known;
  }
  let key = pinned;
  if (!key) {
    const said = (await client.health()).key;
    if (typeof said !== 'string' || fromBase64(said)?.length !== 32) {
      throw new ExchangeRefusal('bad-answer', 'this is no endpoint');
    }
    key = said;
  }
  const askedAs = await askerOf(options);
  return { key, size: 0, hashes: [], checkpointTime: '', withheld: [], askedAs };
}

const askerOf = (options: ExchangeOptions): Promise<string> =>
  options.signer ? sha256Hex(options.signer.certificate) : Promise.resolve('');

const rangeOf = (memory: LogMemory): CompactRange => ({
  size: memory.size,
  hashes: memory.hashes.map((text) => fromBase64(text) as Uint8Array),
});

async function readLog(
  options: ExchangeOptions,
  client: EndpointClient,
  memory: LogMemory,
  outcome: ExchangeOutcome,
): Promise<void> {
  const checkpoint = await fetchCheckpoint(client, memory);
  if (checkpoint.size < memory.size) {
    throw new ExchangeRefusal('rollback', 'the endpoint shows a shorter log than before');
  }
  let range = memory.size === 0 ? emptyRange() : rangeOf(memory);
  const fresh: { entry: LogEntry; place: number }[] = [];
  for (let at = memory.size; at < checkpoint.size; ) {
    const bundle = Math.floor(at / 256);
    const width = Math.min(256, checkpoint.size - 256 * bundle);
    const suffix = width < 256 ? `.p/${width}` : '';
    const entries = parseBundle(
      await client.bytes(`/v1/tile/entries/${tilePath(bundle)}${suffix}`),
      width,
    );
    for (const { bytes, entry } of entries.slice(at - 256 * bundle)) {
      range = await append(range, await leafHash(bytes));
      fresh.push({ entry, place: at++ });
    }
  }
  if (!equal(await rootOf(range), checkpoint.root)) {
    throw new ExchangeRefusal('split-view', 'the log does not continue the one seen before');
  }
  for (const { entry, place } of fresh)
    await take(options, client, memory, outcome, entry.sha256, place);
  memory.size = checkpoint.size;
  memory.hashes = range.hashes.map(toBase64);
  memory.checkpointTime = checkpoint.time;
  await save(options, memory);
}

async function fetchCheckpoint(client: EndpointClient, memory: LogMemory): Promise<Checkpoint> {
  const note = await client.bytes('/v1/checkpoint');
  try {
    return await readCheckpoint(note, fromBase64(memory.key) as Uint8Array);
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause;
    const code = cause.code === 'checkpoint-signature' ? 'wrong-key' : 'bad-answer';
    throw new ExchangeRefusal(code, cause.message, { cause });
  }
}

function parseBundle(bytes: Uint8Array, width: number): { bytes: Uint8Array; entry: LogEntry }[] {
  try {
    const entries = readEntryBundle(bytes);
    if (entries.length !== width) throw new Malformed('log-bundle', 'bundle of another width');
    return entries.map((each) => ({ bytes: each, entry: readLogEntry(each) }));
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause;
    throw new ExchangeRefusal('bad-answer', cause.message, { cause });
  }
}

/** Stores a logged package, or only its place where the package is known already. */
async function take(
  options: ExchangeOptions,
  client: EndpointClient,
  memory: LogMemory,
  outcome: ExchangeOutcome,
  id: string,
  place: number,
): Promise<void> {
  const known = await options.store.package(id);
  let bytes = known?.bytes ?? null;
  if (!bytes) {
    const given = await client.object(id);
    if (typeof given === 'string') {
      memory.withheld.push({ id, place, ...(given === 'damaged' ? { damaged: true } : {}) });
      return;
    }
    bytes = given;
    if ((await sha256Hex(bytes)) !== id) {
      throw new ExchangeRefusal('bad-answer', 'the endpoint gave other bytes than the log names');
    }
    outcome.received++;
  }
  const arrivedAt = known?.arrivedAt ?? options.now().toISOString();
  await options.store.commit({ packages: [{ id, bytes, place, arrivedAt }], sent: [id] });
}

/** What was withheld is asked for again by another person; what came by file meanwhile has its place. */
async function askAgain(
  options: ExchangeOptions,
  client: EndpointClient,
  memory: LogMemory,
  outcome: ExchangeOutcome,
): Promise<void> {
  const asker = await askerOf(options);
  if (memory.withheld.length === 0) return;
  const again = memory.withheld;
  memory.withheld = [];
  for (const each of again) {
    const came =
      each.damaged || memory.askedAs !== asker || (await options.store.package(each.id)) !== null;
    if (came) await take(options, client, memory, outcome, each.id, each.place);
    else memory.withheld.push(each);
  }
  memory.askedAs = asker;
  await save(options, memory);
}

/** Stores again what the endpoint has lost to damage and this device holds. */
async function restore(options: ExchangeOptions, client: EndpointClient): Promise<void> {
  const { damage } = await client.health();
  for (const each of Array.isArray(damage) ? damage.slice(0, 100) : []) {
    const { id, restored } = (each ?? {}) as { id?: unknown; restored?: unknown };
    const held = typeof id === 'string' && !restored ? await options.store.package(id) : null;
    if (!held) continue;
    await client.put(held.id, held.bytes).catch((error: unknown) => {
      if (!(error instanceof ExchangeRefusal)) throw error;
    });
  }
}

/**
 * Sends what waits. What was refused before a trust bundle of the same outbox got in is sent once
 * more after it: it may have lacked just that.
 * @returns whether anything was logged, so that reading on gives its places
 */
async function drainOutbox(
  options: ExchangeOptions,
  client: EndpointClient,
  outcome: ExchangeOutcome,
): Promise<boolean> {
  const entries: LogEntry[] = [];
  let waiting = await options.store.outbox();
  while (waiting.length > 0) {
    const bundles: string[] = [];
    const others: string[] = [];
    let again = false;
    outcome.refused = [];
    for (const id of waiting) {
      const stored = await options.store.package(id);
      if (!stored) continue;
      const { type, by, prev } = (await readPackage(stored.bytes)).record;
      try {
        await client.put(id, stored.bytes);
      } catch (error) {
        // One package that is not taken must not hold up the others.
        if (error instanceof ExchangeRefusal && ['refused', 'too-large'].includes(error.code)) {
          outcome.refused.push({ id, message: error.message });
          if (type === 'trust/bundle') bundles.unshift(id);
          else others.push(id);
          continue;
        }
        throw error;
      }
      entries.push({ sha256: id, size: stored.bytes.length, type, signer: by, prev });
      outcome.sent++;
      if (type === 'trust/bundle' && outcome.refused.length > 0) again = true;
    }
    waiting = again ? [...bundles, ...others] : [];
  }
  for (let at = 0; at < entries.length; at += 256) await client.log(entries.slice(at, at + 256));
  return entries.length > 0;
}

function save(options: ExchangeOptions, memory: LogMemory): Promise<void> {
  return options.store.commit({
    records: [{ namespace: 'log', id: options.endpoint, value: memory }],
  });
}
