/** Contents for whoever asks, six at a time; what is not to be had now is asked for again. */
import {
  isContent,
  isEnveloped,
  type Package,
  readPackage,
  writePackageFile,
} from '../packages/index.ts';
import type { EndpointClient } from './endpoint-client.ts';
import type { ExchangeOptions, ExchangeOutcome } from './exchange-options.ts';
import { type LogMemory, saveLog } from './log-memory.ts';

/** So many requests at once are what a browser gives one host over HTTP/1.1. */
const AT_A_TIME = 6;

export async function fetchContents(
  options: ExchangeOptions,
  client: EndpointClient,
  memory: LogMemory,
  outcome: ExchangeOutcome,
): Promise<void> {
  const anew = new Set(memory.ids.slice(memory.contentsTo));
  const again = new Set(memory.missing.filter(({ damaged }) => damaged).map(({ id }) => id));
  memory.missing = memory.missing.filter(({ id }) => !again.has(id) && !anew.has(id));
  const some = (ids: string[]) =>
    Promise.all(ids.map((id) => complete(options, client, memory, outcome, id)));
  const damaged = [...again].filter((id) => !anew.has(id));
  for (let at = 0; at < damaged.length; at += AT_A_TIME) {
    await some(damaged.slice(at, at + AT_A_TIME));
  }
  while (memory.contentsTo < memory.size) {
    const ids = memory.ids.slice(memory.contentsTo, memory.contentsTo + AT_A_TIME);
    const before = outcome.received;
    await some(ids);
    memory.contentsTo += ids.length;
    if (outcome.received > before) await saveLog(options, memory);
  }
  await saveLog(options, memory);
}

async function complete(
  options: ExchangeOptions,
  client: EndpointClient,
  memory: LogMemory,
  outcome: ExchangeOutcome,
  id: string,
): Promise<void> {
  const stored = await options.store.package(id);
  if (!stored) return;
  const pkg = await readPackage(stored.bytes);
  const present = new Map(pkg.present);
  for (const reference of wantedOf(pkg, options)) {
    if (present.has(reference.name)) continue;
    const given = await client.content(reference.digest);
    if (typeof given !== 'string' && (await isContent(pkg, reference, given))) {
      present.set(reference.name, given);
      continue;
    }
    const { digest } = reference;
    memory.missing.push({ id, digest, damaged: given !== 'withheld' });
  }
  if (present.size === pkg.present.size) return;
  const bytes = writePackageFile(pkg, present);
  await options.store.commit({ packages: [{ ...stored, bytes }] });
  outcome.received++;
}

/** Public contents, and all of a package that is enveloped to whoever asks or written by him. */
function wantedOf(pkg: Package, { readerIds }: ExchangeOptions) {
  const { to, by } = pkg.record;
  const mine = readerIds.some((id) => to.includes(id) || id === by);
  return pkg.contents.filter((content) => mine || !isEnveloped(content));
}
