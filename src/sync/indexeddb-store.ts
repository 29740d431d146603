import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import {
  completed,
  type LocalStore,
  type StoreChange,
  type StoredPackage,
  StoreRefusal,
} from './store.ts';

interface Schema extends DBSchema {
  packages: {
    key: string;
    value: StoredPackage & { order: number };
    indexes: { order: number };
  };
  outbox: { key: string; value: { id: string; order: number } };
  records: { key: [string, string]; value: { namespace: string; id: string; value: unknown } };
}

/**
 * The store of a browser. Every commit is one strict transaction, so that what a person was told is
 * saved survives a crash of the page or the process.
 * @throws {StoreRefusal} `unavailable` when the browser gives no database (private mode, policy).
 */
export async function openIndexedDbStore(name: string): Promise<LocalStore> {
  const db = await refusing(() =>
    openDB<Schema>(name, 1, {
      upgrade(fresh) {
        const packages = fresh.createObjectStore('packages', { keyPath: 'id' });
        packages.createIndex('order', 'order');
        fresh.createObjectStore('outbox', { keyPath: 'id' });
        fresh.createObjectStore('records', { keyPath: ['namespace', 'id'] });
      },
    }),
  );
  let order = Date.now() * 1000;
  return {
    commit: (change) => refusing(() => write(db, change, () => order++)),
    update: (namespace, id, change) => update(db, [namespace, id], change),
    package: (id) => refusing(async () => stored(await db.get('packages', id))),
    packages: () =>
      refusing(async () =>
        (await db.getAllFromIndex('packages', 'order')).map(
          (each) => stored(each) as StoredPackage,
        ),
      ),
    outbox: () =>
      refusing(async () =>
        (await db.getAll('outbox')).sort((a, b) => a.order - b.order).map((each) => each.id),
      ),
    record: (namespace, id) =>
      refusing(async () => (await db.get('records', [namespace, id]))?.value),
    records: (namespace) =>
      refusing(async () =>
        (await db.getAll('records', IDBKeyRange.bound([namespace], [namespace, []]))).map(
          ({ id, value }) => ({ id, value }),
        ),
      ),
    clear: () =>
      refusing(async () => {
        const stores = ['packages', 'outbox', 'records'] as const;
        const tx = db.transaction(stores, 'readwrite', { durability: 'strict' });
        await Promise.all([...stores.map((store) => tx.objectStore(store).clear()), tx.done]);
      }),
    close: () => db.close(),
  };
}

async function write(
  db: IDBPDatabase<Schema>,
  change: StoreChange,
  nextOrder: () => number,
): Promise<void> {
  const tx = db.transaction(['packages', 'outbox', 'records'], 'readwrite', {
    durability: 'strict',
  });
  const work: Promise<unknown>[] = [];
  try {
    const packages = tx.objectStore('packages');
    for (const added of change.packages ?? []) {
      const known = await packages.get(added.id);
      if (!known) work.push(packages.put({ ...added, order: nextOrder() }));
      else work.push(packages.put({ ...completed(known, added), order: known.order }));
    }
    for (const id of change.outbox ?? []) {
      work.push(tx.objectStore('outbox').put({ id, order: nextOrder() }));
    }
    for (const id of change.sent ?? []) work.push(tx.objectStore('outbox').delete(id));
    for (const id of change.dropped ?? []) {
      work.push(packages.delete(id), tx.objectStore('outbox').delete(id));
    }
    for (const { namespace, id, value } of change.records ?? []) {
      const records = tx.objectStore('records');
      work.push(
        value === undefined
          ? records.delete([namespace, id])
          : records.put({ namespace, id, value }),
      );
    }
    await Promise.all([...work, tx.done]);
  } catch (error) {
    // A part that cannot be stored takes everything back; nothing is left half written.
    tx.done.catch(() => {});
    for (const each of work) each.catch(() => {});
    try {
      tx.abort();
    } catch {
      // The transaction has ended by itself.
    }
    throw error;
  }
}

async function update(
  db: IDBPDatabase<Schema>,
  [namespace, id]: [string, string],
  change: (value: unknown) => unknown,
): Promise<void> {
  let refusal: unknown = null;
  await refusing(async () => {
    const tx = db.transaction('records', 'readwrite', { durability: 'strict' });
    const found = await tx.store.get([namespace, id]);
    let value: unknown;
    try {
      value = change(found?.value);
    } catch (error) {
      // Nothing is written; whoever asked is told in his own words.
      refusal = error;
    }
    if (refusal === null) await tx.store.put({ namespace, id, value });
    await tx.done;
  });
  if (refusal !== null) throw refusal;
}

function stored(value: (StoredPackage & { order: number }) | undefined): StoredPackage | null {
  if (!value) return null;
  const { id, bytes, place, arrivedAt } = value;
  return { id, bytes, place, arrivedAt };
}

async function refusing<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const name = cause instanceof DOMException ? cause.name : '';
    throw new StoreRefusal(name === 'QuotaExceededError' ? 'quota' : 'unavailable', { cause });
  }
}
