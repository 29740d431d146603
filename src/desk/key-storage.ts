import type { KeyStorage } from '../keys/index.ts';
import type { LocalStore } from '../sync/index.ts';

/** The electronic keys rest in the deployment's own store: namespace `keys`. */
export function keyStorage(store: LocalStore): KeyStorage {
  const namespace = 'keys';
  return {
    get: (id) => store.record(namespace, id),
    put: (id, value) => store.commit({ records: [{ namespace, id, value }] }),
    update: (id, change) => store.update(namespace, id, change),
    list: async () => (await store.records(namespace)).map(({ id }) => id),
    delete: (id) => store.commit({ records: [{ namespace, id, value: undefined }] }),
  };
}
