/** What waits in an outbox, sent through a real endpoint: in few requests, in order, and over cut lines. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Endpoint, openEndpoint } from '../../src/endpoint/index.ts';
import { readPackage, writePackageFile } from '../../src/packages/index.ts';
import { exchange, type LocalStore, memoryStore } from '../../src/sync/index.ts';
import { pass, submit } from '../workflow/case.ts';
import { type Made, World } from '../workflow/world.ts';

const NOW = new Date('2026-03-02T06:00:00Z');

let world: World;
let submissions: Made[];
let reviews: Made[];
let endpoint: Endpoint;
let server: Server;
let url: string;
let directory: string;
let store: LocalStore;
let asked: string[];

beforeAll(async () => {
  world = await World.create();
  submissions = [];
  for (let i = 0; i < 12; i++) submissions.push(await submit(world, `case-${i}`));
  reviews = [];
  // Heads without contents, as many as a busy reviewer has after a day without a network.
  for (let i = 0; i < 600; i++) {
    const of = submissions[i % 12] as Made;
    const step = [world.by('first'), 'application/first-review', `case-${i % 12}`] as const;
    reviews.push(await world.step(...step, [of], { fields: pass.fields }));
  }
}, 120_000);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'outbox-'));
  endpoint = await openEndpoint({ directory, now: () => NOW });
  server = createServer((request, response) => void endpoint.handle(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  store = memoryStore();
  asked = [];
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await endpoint.close();
  await rm(directory, { recursive: true, force: true });
});

async function waits(...made: { id: string; bytes: Uint8Array }[]): Promise<void> {
  await store.commit({
    packages: made.map(({ id, bytes }) => ({
      ...{ id, bytes, place: null, arrivedAt: NOW.toISOString() },
    })),
    outbox: made.map(({ id }) => id),
  });
}

/** @param through what becomes of an answer, and when */
function send(through: typeof fetch = fetch) {
  const counting: typeof fetch = (input, init) => {
    const { pathname } = new URL(String(input));
    asked.push(`${init?.method ?? 'GET'} ${pathname.split('/').slice(0, 3).join('/')}`);
    return through(input, init);
  };
  return exchange({
    ...{ store, endpoint: url, signer: world.by('first'), readerIds: [], asker: 'first' },
    ...{ checkpointKey: null, suite: 'P-256', fetch: counting, now: () => NOW },
  });
}

const logged = async (): Promise<string[]> =>
  (await store.packages())
    .filter(({ place }) => place !== null)
    .sort((a, b) => (a.place as number) - (b.place as number))
    .map(({ id }) => id);
const ids = (made: readonly { id: string }[]) => made.map(({ id }) => id);
const sent = () => asked.filter((each) => !each.startsWith('GET'));

test('six hundred heads need three requests, and the log has them in their order', async () => {
  await waits(world.bundlePackage, ...world.bound, ...submissions);
  await send();
  asked = [];
  await waits(...reviews);
  const outcome = await send();
  expect(outcome).toMatchObject({ sent: 600, refused: [] });
  expect(sent()).toEqual(['POST /v1/heads', 'POST /v1/heads', 'POST /v1/heads']);
  const all = [world.bundlePackage, ...world.bound, ...submissions, ...reviews];
  expect(await logged()).toEqual(ids(all));
  expect(await store.outbox()).toEqual([]);
}, 60_000);

test('contents go between two offers of their heads, and nothing overtakes what waits for them', async () => {
  await waits(world.bundlePackage, ...world.bound);
  await send();
  asked = [];
  const mixed = submissions.flatMap((each, i) => [each, reviews[i] as Made]);
  await waits(...mixed);
  expect(await send()).toMatchObject({ sent: 24, refused: [] });
  const heads = sent().filter((each) => each === 'POST /v1/heads');
  expect(heads.length).toBe(2);
  const place = await logged();
  expect(place.slice(-24)).toEqual(ids(mixed));
});

test('one that is not taken, and one whose contents are not here, hold up nothing', async () => {
  await waits(world.bundlePackage, ...world.bound);
  await send();
  const [whole, hollow, last] = submissions as [Made, Made, Made];
  const head = await readPackage(hollow.bytes);
  const elsewhere = await World.create();
  const foreign = await submit(elsewhere, 'case-x');
  await waits(foreign, { id: hollow.id, bytes: writePackageFile(head, new Map()) }, whole, last);
  const outcome = await send();
  expect(outcome.sent).toBe(2);
  expect(outcome.refused.map(({ id, answer }) => [id, answer])).toEqual([
    [foreign.id, 'deployment'],
    [hollow.id, 'contents-missing'],
  ]);
  expect(await store.outbox()).toEqual([foreign.id, hollow.id]);
  expect((await logged()).slice(-2)).toEqual(ids([whole, last]));
});

test.each([0, 1, 2, 3, 4, 5])(
  'the line is cut at the answer to request %i: nothing is lost, nothing is logged twice',
  async (at) => {
    await waits(world.bundlePackage, ...world.bound);
    await send();
    const some = [...submissions.slice(0, 3), ...reviews.slice(0, 3)];
    await waits(...some);
    let count = 0;
    const cut: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (init?.method === 'GET' || init?.method === undefined) return answer;
      if (count++ !== at) return answer;
      await answer.arrayBuffer();
      throw new TypeError('terminated');
    };
    await send(cut).catch((error: { code: string }) => expect(error.code).toBe('offline'));
    await send();
    expect(await store.outbox()).toEqual([]);
    const place = await logged();
    expect(new Set(place).size).toBe(place.length);
    expect(place.slice(-6)).toEqual(ids(some));
  },
);

test('an answer that is no answer to each head is refused, and all of it waits on', async () => {
  await waits(world.bundlePackage);
  const portal: typeof fetch = async (input, init) =>
    init?.method === 'POST' ? new Response('<html>please sign in</html>') : fetch(input, init);
  await expect(send(portal)).rejects.toMatchObject({ code: 'bad-answer' });
  expect(await store.outbox()).toEqual([world.bundlePackage.id]);
});
