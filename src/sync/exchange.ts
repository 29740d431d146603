/**
 * Exchanging packages with an endpoint. The log is read first and checked against what was seen
 * before; then come the heads that concern whoever asks, then contents for him; then what waits is
 * sent. Every step is stored as it happens: an exchange may stop anywhere.
 */
import { fetchContents } from './contents.ts';
import { EndpointClient } from './endpoint-client.ts';
import type { ExchangeOptions, ExchangeOutcome } from './exchange-options.ts';
import { fetchHeads } from './heads.ts';
import { type LogMemory, readLog, rememberLog, saveLog } from './log-memory.ts';
import { drainOutbox, restore } from './outbox.ts';

export async function exchange(options: ExchangeOptions): Promise<ExchangeOutcome> {
  const client = new EndpointClient(options);
  const memory = await rememberLog(options, client);
  const outcome: ExchangeOutcome = {
    ...{ sent: 0, received: 0, logSize: 0, clockAhead: 0, withheld: 0 },
    refused: [],
  };
  await askAnew(options, memory);
  await receive(options, client, memory, outcome);
  await restore(options, client);
  if (await drainOutbox(options, client, outcome)) {
    await receive(options, client, memory, outcome);
  }
  outcome.clockAhead = client.ahead;
  outcome.logSize = memory.size;
  outcome.withheld = memory.missing.length;
  return outcome;
}

async function receive(
  options: ExchangeOptions,
  client: EndpointClient,
  memory: LogMemory,
  outcome: ExchangeOutcome,
): Promise<void> {
  await readLog(options, client, memory);
  await fetchHeads(options, client, memory, outcome);
  await fetchContents(options, client, memory, outcome);
}

/** Whoever else asked here before: how far he had come is kept for a while. */
const KEPT = 3;

/** Another person may read other heads and contents: what was passed over is asked for again. */
async function askAnew(options: ExchangeOptions, memory: LogMemory): Promise<void> {
  const { asker } = options;
  if (memory.askedAs === asker) return;
  const { askedAs, headsTo, contentsTo, others } = memory;
  const before = others.find((each) => each.askedAs === asker);
  const kept = others.filter((each) => each.askedAs !== asker);
  memory.others = [{ askedAs, headsTo, contentsTo }, ...kept].slice(0, KEPT);
  Object.assign(memory, before ?? { askedAs: asker, headsTo: 0, contentsTo: 0 });
  await saveLog(options, memory);
}
