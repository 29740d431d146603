/** Sending what waits, contents before the head that names them; one that is not taken holds up none. */
import { type Package, readPackage } from '../packages/index.ts';
import type { EndpointClient } from './endpoint-client.ts';
import { type ExchangeOptions, type ExchangeOutcome, ExchangeRefusal } from './exchange-options.ts';

/**
 * Sends what waits. What was refused before a trust bundle of the same outbox got in is sent once
 * more after it: it may have lacked just that.
 * @returns whether anything was logged, so that reading on gives its places
 */
export async function drainOutbox(
  options: ExchangeOptions,
  client: EndpointClient,
  outcome: ExchangeOutcome,
): Promise<boolean> {
  let logged = false;
  let waiting = await options.store.outbox();
  while (waiting.length > 0) {
    const bundles: string[] = [];
    const others: string[] = [];
    let again = false;
    outcome.refused = [];
    for (const id of waiting) {
      const stored = await options.store.package(id);
      if (!stored) continue;
      const pkg = await readPackage(stored.bytes);
      const bundle = pkg.record.type === 'trust/bundle';
      try {
        await send(client, pkg);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        outcome.refused.push({ id, answer: error.answer, message: error.message });
        if (bundle) bundles.unshift(id);
        else others.push(id);
        continue;
      }
      logged = true;
      outcome.sent++;
      if (bundle && outcome.refused.length > 0) again = true;
    }
    waiting = again ? [...bundles, ...others] : [];
  }
  return logged;
}

/** @throws {ExchangeRefusal} `refused` also where a content that the endpoint wants is not here */
async function send(client: EndpointClient, pkg: Package): Promise<void> {
  const missing = await client.putHead(pkg.id, pkg.bytes);
  if (missing.length === 0) return;
  for (const { name, digest } of pkg.contents) {
    const bytes = missing.includes(digest) ? pkg.present.get(name) : undefined;
    if (bytes) await client.putContent(digest, bytes);
  }
  if ((await client.putHead(pkg.id, pkg.bytes)).length > 0) {
    throw new ExchangeRefusal('refused', 'contents of the package are missing here', {
      answer: 'contents-missing',
    });
  }
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

const isRefusal = (error: unknown): error is ExchangeRefusal =>
  error instanceof ExchangeRefusal && ['refused', 'too-large'].includes(error.code);
