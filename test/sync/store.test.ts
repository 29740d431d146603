import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { memoryStore, openIndexedDbStore, StoreRefusal } from '../../src/sync/index.ts';

const pkg = (id: string, place: number | null = null) => ({
  id,
  bytes: new Uint8Array([1, 2, 3]),
  place,
  arrivedAt: '2026-11-23T00:00:00.000Z',
});

describe.each([
  ['memory', async () => memoryStore()],
  ['IndexedDB', () => openIndexedDbStore(`store-${Math.random()}`)],
])('%s store', (_, open) => {
  it('keeps packages in order of arrival and fills in a place once', async () => {
    const store = await open();
    await store.commit({ packages: [pkg('b'), pkg('a')], outbox: ['b', 'a'] });
    await store.commit({ packages: [pkg('b', 4)], sent: ['b'] });
    await store.commit({ packages: [pkg('b', 9)] });
    expect((await store.packages()).map(({ id, place }) => [id, place])).toEqual([
      ['b', 4],
      ['a', null],
    ]);
    expect(await store.outbox()).toEqual(['a']);
  });

  it('forgets what is dropped, in the outbox too', async () => {
    const store = await open();
    await store.commit({ packages: [pkg('b'), pkg('a')], outbox: ['b', 'a'] });
    await store.commit({ dropped: ['b'] });
    expect((await store.packages()).map(({ id }) => id)).toEqual(['a']);
    expect(await store.outbox()).toEqual(['a']);
  });

  it('keeps records by namespace, and forgets those set to undefined', async () => {
    const store = await open();
    await store.commit({
      records: [
        { namespace: 'draft', id: '1', value: { a: 1 } },
        { namespace: 'draft', id: '2', value: { a: 2 } },
        { namespace: 'drafts', id: '1', value: 'other' },
      ],
    });
    await store.commit({ records: [{ namespace: 'draft', id: '1', value: undefined }] });
    expect(await store.records('draft')).toEqual([{ id: '2', value: { a: 2 } }]);
    expect(await store.record('drafts', '1')).toBe('other');
    expect(await store.record('draft', '1')).toBeUndefined();
  });
});

it('loses none of what two tabs add to one record at once', async () => {
  const tabs = await Promise.all(['', ''].map(() => openIndexedDbStore('tabs')));
  const add = (value: unknown) => [...((value as number[] | undefined) ?? []), 1];
  await Promise.all([0, 1, 0, 1].map((i) => tabs[i]?.update('keys', 'a', add)));
  expect(await tabs[0]?.record('keys', 'a')).toEqual([1, 1, 1, 1]);
  const refusing = () => {
    throw new RangeError('no');
  };
  await expect(tabs[1]?.update('keys', 'a', refusing)).rejects.toBeInstanceOf(RangeError);
  expect(await tabs[0]?.record('keys', 'a')).toHaveLength(4);
});

describe('IndexedDB store', () => {
  it('writes all of a commit or nothing', async () => {
    const store = await openIndexedDbStore('atomic');
    const bad = { namespace: 'x', id: 'y', value: () => {} };
    await expect(
      store.commit({ packages: [pkg('a')], outbox: ['a'], records: [bad] }),
    ).rejects.toBeInstanceOf(StoreRefusal);
    expect(await store.packages()).toEqual([]);
    expect(await store.outbox()).toEqual([]);
  });
});
