/** Sending what waits: heads in batches, the contents that they name, and the heads again. */
import { type Package, readPackage } from '../packages/index.ts';
import type { EndpointClient } from './endpoint-client.ts';
import { type ExchangeOptions, type ExchangeOutcome, ExchangeRefusal } from './exchange-options.ts';
import { BATCH_SIZE, MAX_BATCH } from './log/index.ts';

/**
 * Sends what waits, in its order; what is not taken holds up nothing else. What was refused before a
 * trust bundle of the same outbox got in is sent once more after it: it may have lacked just that.
 * @returns whether anything was logged, so that reading on gives its places
 * @throws {ExchangeRefusal} where the endpoint does not answer; what it acknowledged before stays so
 */
export async function drainOutbox(
  options: ExchangeOptions,
  client: EndpointClient,
  outcome: ExchangeOutcome,
): Promise<boolean> {
  let logged = false;
  let waiting = await options.store.outbox();
  while (waiting.length > 0) {
    outcome.refused = [];
    const refused = new Map<string, { bundle: boolean }>();
    let again = false;
    for await (const batch of batches(options, waiting)) {
      for (const { pkg, refusal } of await sendBatch(client, batch)) {
        const bundle = pkg.record.type === 'trust/bundle';
        if (refusal) {
          const { answer, message } = refusal;
          outcome.refused.push({ id: pkg.id, answer, message });
          refused.set(pkg.id, { bundle });
          continue;
        }
        logged = true;
        outcome.sent++;
        if (bundle && refused.size > 0) again = true;
      }
    }
    // Bundles in the order in which they follow each other, which a device that was offline may not know.
    const bundles = [...refused].filter(([, { bundle }]) => bundle).map(([id]) => id);
    const others = [...refused].filter(([, { bundle }]) => !bundle).map(([id]) => id);
    waiting = again ? [...bundles.reverse(), ...others] : [];
  }
  return logged;
}

/** What one request carries; a package that is not here any more is passed over. */
async function* batches(
  { store }: ExchangeOptions,
  waiting: readonly string[],
): AsyncGenerator<Package[]> {
  let batch: Package[] = [];
  let size = 0;
  for (const id of waiting) {
    const stored = await store.package(id);
    if (!stored) continue;
    const pkg = await readPackage(stored.bytes);
    const length = 8 + pkg.bytes.length;
    if (batch.length === BATCH_SIZE || (batch.length > 0 && size + length > MAX_BATCH - 8)) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(pkg);
    size += length;
  }
  if (batch.length > 0) yield batch;
}

/** What became of a package: logged where there is no refusal. */
interface Sent {
  pkg: Package;
  refusal: ExchangeRefusal | null;
}

/** Each round logs or refuses the first that waits, and mostly all of them at once. */
async function sendBatch(client: EndpointClient, batch: readonly Package[]): Promise<Sent[]> {
  const done: Sent[] = [];
  let rest = batch;
  while (rest.length > 0) {
    const offered = await client.postHeads(rest.map(({ bytes }) => bytes));
    const again: { pkg: Package; missing: string[] }[] = [];
    for (const [i, pkg] of rest.entries()) {
      const said = offered[i];
      if (!said || said.logged) done.push({ pkg, refusal: null });
      else if ('missing' in said) again.push({ pkg, missing: said.missing });
      else if (said.refusal.code === 'full') throw said.refusal;
      else done.push({ pkg, refusal: said.refusal });
    }
    const progress = again.length < rest.length;
    const next: Package[] = [];
    for (const { pkg, missing } of again) {
      const refusal = await putContents(client, pkg, missing);
      // An endpoint that wants nothing and logs nothing is asked no third time.
      const stuck = missing.length === 0 && !progress && again[0]?.pkg === pkg;
      if (refusal || stuck) done.push({ pkg, refusal: refusal ?? contentsMissing() });
      else next.push(pkg);
    }
    rest = next;
  }
  return done;
}

/** @returns why the package cannot be sent; null where all that was wanted is stored */
async function putContents(
  client: EndpointClient,
  { contents, present }: Package,
  missing: readonly string[],
): Promise<ExchangeRefusal | null> {
  const wanted = contents.filter(({ digest }) => missing.includes(digest));
  if (wanted.length < missing.length || wanted.some(({ name }) => !present.has(name))) {
    return contentsMissing();
  }
  try {
    for (const { name, digest } of wanted) {
      await client.putContent(digest, present.get(name) as Uint8Array);
    }
    return null;
  } catch (error) {
    if (error instanceof ExchangeRefusal) return ownOf(error);
    throw error;
  }
}

const contentsMissing = () =>
  new ExchangeRefusal('refused', 'contents of the package are missing here', {
    answer: 'contents-missing',
  });

/** @throws {ExchangeRefusal} for what says nothing of the package: no answer, a full or busy endpoint */
function ownOf(refusal: ExchangeRefusal): ExchangeRefusal {
  if (['refused', 'too-large'].includes(refusal.code)) return refusal;
  throw refusal;
}

/** Stores again what the endpoint has lost to damage and this device holds. */
export async function restore(options: ExchangeOptions, client: EndpointClient): Promise<void> {
  const { damage } = await client.health();
  const lost = new Set<string>();
  for (const each of Array.isArray(damage) ? damage.slice(0, 100) : []) {
    const { id, restored } = (each ?? {}) as { id?: unknown; restored?: unknown };
    if (typeof id === 'string' && !restored) lost.add(id);
  }
  if (lost.size === 0) return;
  for (const { bytes } of await options.store.packages()) {
    const pkg = await readPackage(bytes);
    const work: Promise<unknown>[] = [];
    if (lost.has(pkg.id)) work.push(client.putHead(pkg.id, pkg.bytes));
    for (const { name, digest } of pkg.contents) {
      const content = lost.has(digest) ? pkg.present.get(name) : undefined;
      if (content) work.push(client.putContent(digest, content));
    }
    for (const each of work) {
      await each.catch((error: unknown) => {
        if (!(error instanceof ExchangeRefusal)) throw error;
      });
    }
  }
}
