import { mkdtemp, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SegmentStore } from '../../src/endpoint/segment-store.ts';

const fresh = () => mkdtemp(join(tmpdir(), 'segments-'));
const payload = (n: number) => Buffer.from(`payload ${n} `.repeat(1 + (n % 7)));

async function contents(directory: string): Promise<string[]> {
  const found: string[] = [];
  const store = await SegmentStore.open(directory, (bytes) => {
    found.push(bytes.toString());
  });
  await store.close();
  return found;
}

describe('segment store', () => {
  it('gives back what it acknowledged, in order, also after reopening', async () => {
    const directory = await fresh();
    const store = await SegmentStore.open(directory, () => {});
    const places = await Promise.all(
      Array.from({ length: 50 }, (_, n) => store.append(payload(n))),
    );
    for (const [n, place] of places.entries()) expect(await store.read(place)).toEqual(payload(n));
    await store.close();
    expect(await contents(directory)).toEqual(
      Array.from({ length: 50 }, (_, n) => payload(n).toString()),
    );
  });

  it('cuts a torn tail at every byte, keeps what is whole, and writes on', async () => {
    const directory = await fresh();
    const store = await SegmentStore.open(directory, () => {});
    for (let n = 0; n < 3; n++) await store.append(payload(n));
    await store.close();
    const path = join(directory, (await readdir(directory))[0] as string);
    const whole = await readFile(path);
    const last = 40 + payload(2).length;
    for (let cut = 1; cut <= last; cut++) {
      await writeFile(path, whole);
      await truncate(path, whole.length - cut);
      expect(await contents(directory)).toEqual([payload(0).toString(), payload(1).toString()]);
      expect((await stat(path)).size).toBe(whole.length - last);
    }
    const again = await SegmentStore.open(directory, () => {});
    await again.append(payload(9));
    await again.close();
    expect(await contents(directory)).toEqual([0, 1, 9].map((n) => payload(n).toString()));
  });

  it('stops at a record whose bytes changed', async () => {
    const directory = await fresh();
    const store = await SegmentStore.open(directory, () => {});
    for (let n = 0; n < 3; n++) await store.append(payload(n));
    await store.close();
    const path = join(directory, (await readdir(directory))[0] as string);
    const file = await open(path, 'r+');
    await file.write(Buffer.from('X'), 0, 1, 40 + payload(0).length + 40 + 2);
    await file.close();
    expect(await contents(directory)).toEqual([payload(0).toString()]);
  });
});
