/** Heads of the log that concern whoever asks: in batches, each verified before it is kept. */
import { Malformed } from '../crypto/index.ts';
import { readHead } from '../packages/index.ts';
import type { EndpointClient } from './endpoint-client.ts';
import { type ExchangeOptions, type ExchangeOutcome, ExchangeRefusal } from './exchange-options.ts';
import { type LogMemory, saveLog } from './log-memory.ts';
import type { StoredPackage } from './store.ts';

/** @throws {ExchangeRefusal} `bad-answer` for a head that is not the one that the log names there */
export async function fetchHeads(
  options: ExchangeOptions,
  client: EndpointClient,
  memory: LogMemory,
  outcome: ExchangeOutcome,
): Promise<void> {
  while (memory.headsTo < memory.size) {
    const batch = await client.heads(memory.headsTo);
    if (batch.next <= memory.headsTo) {
      throw new ExchangeRefusal('bad-answer', 'the endpoint gives no further heads');
    }
    const arrivedAt = options.now().toISOString();
    const packages: StoredPackage[] = [];
    for (const { index, bytes } of batch.heads) {
      // What was logged since the checkpoint comes with the next one.
      if (index >= memory.size) continue;
      const id = memory.ids[index] as string;
      if (await options.store.package(id)) continue;
      if ((await idOf(bytes)) !== id) {
        throw new ExchangeRefusal(
          'bad-answer',
          'the endpoint gave another head than the log names',
        );
      }
      packages.push({ id, bytes: Uint8Array.from(bytes), place: index, arrivedAt });
    }
    outcome.received += packages.length;
    memory.headsTo = Math.min(batch.next, memory.size);
    await options.store.commit({
      packages,
      records: [{ namespace: 'log', id: options.endpoint, value: memory }],
    });
  }
  await saveLog(options, memory);
}

async function idOf(bytes: Uint8Array): Promise<string | null> {
  try {
    return (await readHead(bytes)).id;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return null;
  }
}
