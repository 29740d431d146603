/**
 * Where an electronic key's records rest between sessions. Records are plain and
 * structured-cloneable (device keys hold a CryptoKey, which IndexedDB stores). What exists already is
 * changed by `update` only: several tabs share one storage.
 */
export interface KeyStorage {
  get(id: string): Promise<unknown>;
  put(id: string, record: unknown): Promise<void>;
  /** Writes what `change` makes of the record as it is then, in one transaction; it awaits nothing. */
  update(id: string, change: (record: unknown) => unknown): Promise<void>;
  list(): Promise<string[]>;
  delete(id: string): Promise<void>;
}

/** Storage that forgets, for Node and for sessions without a device of their own. */
export function memoryKeyStorage(): KeyStorage {
  const records = new Map<string, unknown>();
  return {
    get: async (id) => records.get(id),
    put: async (id, record) => void records.set(id, structuredClone(record)),
    update: async (id, change) =>
      void records.set(id, structuredClone(change(structuredClone(records.get(id))))),
    list: async () => [...records.keys()],
    delete: async (id) => void records.delete(id),
  };
}
