import { completed, type LocalStore, type StoreChange, type StoredPackage } from './store.ts';

/** A store that lives as long as its process: tests, and the headless sample. */
export function memoryStore(): LocalStore {
  const packages = new Map<string, StoredPackage>();
  const outbox = new Set<string>();
  const records = new Map<string, Map<string, unknown>>();
  return {
    async commit(change: StoreChange) {
      for (const added of change.packages ?? []) {
        const known = packages.get(added.id);
        if (!known) packages.set(added.id, { ...added });
        else packages.set(added.id, completed(known, added));
      }
      for (const id of change.outbox ?? []) outbox.add(id);
      for (const id of change.sent ?? []) outbox.delete(id);
      for (const id of change.dropped ?? []) {
        packages.delete(id);
        outbox.delete(id);
      }
      for (const { namespace, id, value } of change.records ?? []) {
        const space = records.get(namespace) ?? new Map<string, unknown>();
        records.set(namespace, space);
        if (value === undefined) space.delete(id);
        else space.set(id, structuredClone(value));
      }
    },
    async update(namespace, id, change) {
      const space = records.get(namespace) ?? new Map<string, unknown>();
      const value = change(structuredClone(space.get(id)));
      records.set(namespace, space.set(id, structuredClone(value)));
    },
    async package(id) {
      const found = packages.get(id);
      return found ? { ...found } : null;
    },
    async packages() {
      return [...packages.values()].map((each) => ({ ...each }));
    },
    async outbox() {
      return [...outbox];
    },
    async record(namespace, id) {
      return structuredClone(records.get(namespace)?.get(id));
    },
    async records(namespace) {
      return [...(records.get(namespace) ?? [])].map(([id, value]) => ({
        id,
        value: structuredClone(value),
      }));
    },
    async clear() {
      packages.clear();
      outbox.clear();
      records.clear();
    },
    close() {},
  };
}
