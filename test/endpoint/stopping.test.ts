/** What is asked of an endpoint that ends says nothing of what it stores. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEndpoint } from '../../src/endpoint/index.ts';
import { DamagedObject, Objects } from '../../src/endpoint/objects.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stopping-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('reading while the store is closed is an error, not damage', async () => {
  const objects = await Objects.open(join(directory, 'segments'));
  const bytes = new TextEncoder().encode('a content');
  const id = createHash('sha256').update(bytes).digest('hex');
  const description = { kind: 'content', digest: 'SHA-256', type: 'content', of: id } as const;
  await objects.put(id, bytes, { ...description, enveloped: false });
  const stored = objects.get(id);
  if (!stored) throw new Error('not stored');
  await objects.close();
  const outcome = await objects.read(stored).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(Error);
  expect(outcome).not.toBeInstanceOf(DamagedObject);
  expect([objects.isDamaged(id), objects.damageNow()]).toEqual([false, []]);
});

test('a request that comes while the endpoint stops is answered 503, to be asked again', async () => {
  const warnings: string[] = [];
  const endpoint = await openEndpoint({ directory, warn: (line) => warnings.push(line) });
  const server = createServer((request, response) => void endpoint.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await endpoint.close();
  const answer = await fetch(`http://127.0.0.1:${port}/v1/heads?from=0`);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await answer.json()).toMatchObject({ code: 'stopping' });
  expect(warnings).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
});
