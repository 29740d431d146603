/** What a device remembers of an endpoint's log, and how the log is read on from there. */
import {
  equal,
  fromBase64,
  Malformed,
  type SuiteDigest,
  toBase64,
  toHex,
} from '../crypto/index.ts';
import type { EndpointClient } from './endpoint-client.ts';
import { type ExchangeOptions, ExchangeRefusal } from './exchange-options.ts';
import {
  append,
  type Checkpoint,
  type CompactRange,
  type LogEntry,
  leafHash,
  logDigest,
  readCheckpoint,
  readEntryBundle,
  readLogEntry,
  rootOf,
  tilePath,
} from './log/index.ts';
import type { LocalStore } from './store.ts';

/** Records of namespace `log`, id = endpoint. */
export interface LogMemory {
  key: string;
  size: number;
  /** Roots of the perfect subtrees, base64. */
  hashes: string[];
  checkpointTime: string;
  /** Ids of all heads of the log and their times in seconds, by index. */
  ids: string[];
  times: number[];
  /** Index up to which whoever asked last holds every head that he may read. */
  headsTo: number;
  /** Contents that were wanted and not to be had, by head; damaged ones may be restored. */
  missing: { id: string; digest: string; damaged: boolean }[];
  /** Index up to which contents were asked for on behalf of whoever asked last. */
  contentsTo: number;
  /** Who asked last, see `ExchangeOptions.asker`. */
  askedAs: string;
  /** How far others had come who asked here before. */
  others: Pick<LogMemory, 'askedAs' | 'headsTo' | 'contentsTo'>[];
}

/** How far a device has come with a log. */
export interface LogStanding {
  size: number;
  /** Places below which whoever asks has every head that he may read. */
  readTo: number;
  /** Contents that he wanted and could not get, by head. */
  missing: LogMemory['missing'];
}

/** @param asker see `ExchangeOptions.asker` */
export async function logStanding(
  store: LocalStore,
  endpoint: string,
  asker: string,
): Promise<LogStanding> {
  const memory = (await store.record('log', endpoint)) as LogMemory | undefined;
  if (!memory) return { size: 0, readTo: 0, missing: [] };
  const { size, missing, askedAs, headsTo, others } = memory;
  const own = others.find((each) => each.askedAs === asker);
  const readTo = askedAs === asker ? headsTo : (own?.headsTo ?? 0);
  return { size, readTo, missing };
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

/** @throws {ExchangeRefusal} `wrong-key`, `bad-answer` */
export async function rememberLog(
  options: ExchangeOptions,
  client: EndpointClient,
): Promise<LogMemory> {
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
    const said = (await client.health()).keys?.[options.suite];
    const length = typeof said === 'string' ? fromBase64(said)?.length : undefined;
    if (typeof said !== 'string' || (length !== 32 && length !== 65)) {
      throw new ExchangeRefusal('bad-answer', 'this is no endpoint');
    }
    key = said;
  }
  return {
    key,
    size: 0,
    hashes: [],
    checkpointTime: '',
    ids: [],
    times: [],
    headsTo: 0,
    missing: [],
    contentsTo: 0,
    askedAs: '',
    others: [],
  };
}

export function saveLog(options: ExchangeOptions, memory: LogMemory): Promise<void> {
  return options.store.commit({
    records: [{ namespace: 'log', id: options.endpoint, value: memory }],
  });
}

const rangeOf = (memory: LogMemory): CompactRange => ({
  digest: digestOf(memory),
  size: memory.size,
  hashes: memory.hashes.map((text) => fromBase64(text) as Uint8Array),
});

/** @throws {ExchangeRefusal} `rollback`, `split-view`, `bad-answer`, `wrong-key` */
export async function readLog(
  options: ExchangeOptions,
  client: EndpointClient,
  memory: LogMemory,
): Promise<void> {
  const checkpoint = await fetchCheckpoint(client, memory);
  if (checkpoint.size < memory.size) {
    throw new ExchangeRefusal('rollback', 'the endpoint shows a shorter log than before');
  }
  let range = rangeOf(memory);
  const fresh: LogEntry[] = [];
  for (let at = memory.size; at < checkpoint.size; ) {
    const bundle = Math.floor(at / 256);
    const width = Math.min(256, checkpoint.size - 256 * bundle);
    const suffix = width < 256 ? `.p/${width}` : '';
    const entries = parseBundle(
      await client.bytes(`/v1/tile/entries/${tilePath(bundle)}${suffix}`),
      width,
    );
    for (const { bytes, entry } of entries.slice(at - 256 * bundle)) {
      range = await append(range, await leafHash(range.digest, bytes));
      fresh.push(entry);
      at++;
    }
  }
  if (!equal(await rootOf(range), checkpoint.root)) {
    throw new ExchangeRefusal('split-view', 'the log does not continue the one seen before');
  }
  memory.ids.push(...fresh.map(({ id }) => id));
  memory.times.push(...fresh.map(({ time }) => time));
  memory.size = checkpoint.size;
  memory.hashes = range.hashes.map(toBase64);
  memory.checkpointTime = checkpoint.time;
  await takePlaces(options, memory, memory.size - fresh.length);
}

/**
 * Heads that are here already have their places by now: what was written here, and what came as a
 * file, whether the log has it since yesterday or was read long ago.
 */
async function takePlaces(
  options: ExchangeOptions,
  memory: LogMemory,
  from: number,
): Promise<void> {
  const waiting = new Set(await options.store.outbox());
  const placed = [];
  for (let place = 0; place < memory.size; place++) {
    const id = memory.ids[place] as string;
    if (place < from && !waiting.has(id)) continue;
    const known = await options.store.package(id);
    if (known) placed.push({ ...known, place });
  }
  const sent = placed.map(({ id }) => id);
  await options.store.commit({
    packages: placed,
    sent,
    records: [{ namespace: 'log', id: options.endpoint, value: memory }],
  });
}

const digestOf = (memory: LogMemory): SuiteDigest =>
  logDigest(fromBase64(memory.key) as Uint8Array);

async function fetchCheckpoint(client: EndpointClient, memory: LogMemory): Promise<Checkpoint> {
  // An empty log belongs to no suite yet.
  const asked = digestOf(memory) === 'SM3' ? '?suite=SM2' : '';
  const note = await client.bytes(`/v1/checkpoint${asked}`);
  try {
    const checkpoint = await readCheckpoint(note, fromBase64(memory.key) as Uint8Array);
    client.noteTime(checkpoint.time);
    return checkpoint;
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
