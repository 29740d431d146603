import { mkdtemp, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeRecord } from '../../src/endpoint/segment-file.ts';
import { SegmentStore } from '../../src/endpoint/segment-store.ts';

const fresh = () => mkdtemp(join(tmpdir(), 'segments-'));
const payload = (n: number) => Buffer.from(`payload ${n} `.repeat(1 + (n % 7)));

const NOBODY = { onPayload() {}, onDamage() {} };

async function contents(directory: string): Promise<string[]> {
  const found: string[] = [];
  const store = await SegmentStore.open(directory, {
    onPayload(bytes) {
      found.push(bytes.toString());
    },
    onDamage({ offset, length }, bytes, place) {
      found.push(place ? `restored ${bytes}` : `damage ${offset} ${length}`);
    },
  });
  await store.close();
  return found;
}

describe('segment store', () => {
  it('gives back what it acknowledged, in order, also after reopening', async () => {
    const directory = await fresh();
    const store = await SegmentStore.open(directory, NOBODY);
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
    const store = await SegmentStore.open(directory, NOBODY);
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
    const again = await SegmentStore.open(directory, NOBODY);
    await again.append(payload(9));
    await again.close();
    expect(await contents(directory)).toEqual([0, 1, 9].map((n) => payload(n).toString()));
  });

  /** Three records; the big one in the middle is not searched for the bit that changed. */
  async function three(): Promise<{
    path: string;
    directory: string;
    texts: string[];
    whole: Buffer;
  }> {
    const directory = await fresh();
    const texts = ['first '.repeat(9), 'middle '.repeat(2000), 'last '.repeat(9)];
    const store = await SegmentStore.open(directory, NOBODY);
    for (const text of texts) await store.append(Buffer.from(text));
    await store.close();
    const path = join(directory, '000000.seg');
    return { path, directory, texts, whole: await readFile(path) };
  }

  it('loses nothing behind one flipped bit, wherever in the file it is', async () => {
    const { path, directory, texts, whole } = await three();
    const starts = [0, 40 + (texts[0] as string).length];
    starts.push((starts[1] as number) + 40 + (texts[1] as string).length);
    const spots = new Set<number>();
    for (const start of starts)
      for (const i of [0, 3, 4, 6, 7, 8, 39, 40, 43]) spots.add(start + i);
    for (let at = 0; at < whole.length; at += 2999) spots.add(at);
    spots.add(whole.length - 1);
    for (const at of spots) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ (1 << (at % 8));
      await writeFile(path, changed);
      const found = await contents(directory);
      const of = starts.filter((start) => start <= at).length - 1;
      const inBody = at >= (starts[of] as number) + 40;
      const expected: string[] = [...texts];
      expected[of] =
        of === 1 && inBody
          ? `damage ${starts[1]} ${40 + (texts[1] as string).length}`
          : `restored ${texts[of]}`;
      expect(found, `octet ${at}`).toEqual(expected);
      expect(await readFile(path)).toEqual(changed);
    }
  });

  it('finds what is whole behind a header of which nothing is left, and writes on behind it', async () => {
    const { path, directory, texts, whole } = await three();
    const start = 40 + (texts[0] as string).length;
    const end = start + 40 + (texts[1] as string).length;
    await writeFile(
      path,
      Buffer.concat([whole.subarray(0, start), Buffer.alloc(80, 7), whole.subarray(start + 80)]),
    );
    const expected = [texts[0], `damage ${start} ${end - start}`, texts[2]];
    expect(await contents(directory)).toEqual(expected);
    const store = await SegmentStore.open(directory, NOBODY);
    await store.append(Buffer.from('more'));
    await store.close();
    expect(await contents(directory)).toEqual([...expected, 'more']);
  });

  it('cuts nothing from a segment that is not the last: its end is damage', async () => {
    const { path, directory, texts, whole } = await three();
    await writeFile(path, whole.subarray(0, whole.length - 5));
    await writeFile(join(directory, '000001.seg'), encodeRecord(Buffer.from('next')));
    const start = whole.length - 40 - (texts[2] as string).length;
    const found = [texts[0], texts[1], `damage ${start} ${whole.length - 5 - start}`, 'next'];
    expect(await contents(directory)).toEqual(found);
    expect((await stat(path)).size).toBe(whole.length - 5);
  });

  it('refuses a folder in which a segment is missing', async () => {
    const { directory } = await three();
    await writeFile(join(directory, '000002.seg'), '');
    await expect(contents(directory)).rejects.toThrow('000001.seg is missing');
  });
});
