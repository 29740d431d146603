/**
 * The store of one simulated device: the project's own memory store, which can die between any two
 * writes, be copied, and be put back to an older state.
 */
import { createHash } from 'node:crypto';
import { type LocalStore, memoryStore, type StoreChange } from '../../src/sync/index.ts';

/** Everything that a store holds. */
export type StoreImage = Required<Omit<StoreChange, 'sent' | 'dropped'>>;

export const emptyImage = (): StoreImage => ({ packages: [], outbox: [], records: [] });

/**
 * Equal bytes are one array on all devices of a run, so that a package is read and verified once and
 * not once per device; what is done with it stays each device's own.
 */
export class SharedBytes {
  readonly #known: Map<string, Uint8Array>;

  constructor(before?: SharedBytes) {
    this.#known = new Map(before ? before.#known : []);
  }

  shared(bytes: Uint8Array): Uint8Array {
    const key = createHash('sha256').update(bytes).digest('base64');
    const known = this.#known.get(key);
    if (known) return known;
    this.#known.set(key, bytes);
    return bytes;
  }
}

export class DeviceStore implements LocalStore {
  readonly #inner = memoryStore();
  readonly #bytes: SharedBytes;
  readonly #namespaces = new Set<string>();
  /** So many writes succeed before the device dies; null: it lives. */
  diesAfter: number | null = null;
  dead = false;
  commits = 0;

  private constructor(bytes: SharedBytes) {
    this.#bytes = bytes;
  }

  static async of(image: StoreImage, bytes: SharedBytes): Promise<DeviceStore> {
    const store = new DeviceStore(bytes);
    await store.commit(image);
    return store;
  }

  /** A copy that is good whatever happens to this store later, dead or alive. */
  async image(): Promise<StoreImage> {
    const records: StoreImage['records'] = [];
    for (const namespace of this.#namespaces) {
      for (const { id, value } of await this.#inner.records(namespace)) {
        records.push({ namespace, id, value });
      }
    }
    const [packages, outbox] = [await this.#inner.packages(), await this.#inner.outbox()];
    return { packages, outbox, records };
  }

  async commit(change: StoreChange): Promise<void> {
    this.#live();
    if (this.diesAfter === 0) {
      this.dead = true;
      this.#live();
    }
    if (this.diesAfter !== null) this.diesAfter--;
    this.commits++;
    for (const { namespace } of change.records ?? []) this.#namespaces.add(namespace);
    const { packages = [], ...rest } = change;
    await this.#inner.commit({
      ...rest,
      packages: packages.map((each) => ({ ...each, bytes: this.#bytes.shared(each.bytes) })),
    });
  }

  async update(namespace: string, id: string, change: (value: unknown) => unknown) {
    this.#live();
    this.#namespaces.add(namespace);
    await this.#inner.update(namespace, id, change);
  }

  async package(id: string) {
    this.#live();
    return this.#inner.package(id);
  }

  async packages() {
    this.#live();
    return this.#inner.packages();
  }

  async outbox() {
    this.#live();
    return this.#inner.outbox();
  }

  async record(namespace: string, id: string) {
    this.#live();
    return this.#inner.record(namespace, id);
  }

  async records(namespace: string) {
    this.#live();
    return this.#inner.records(namespace);
  }

  async clear() {
    this.#live();
    await this.#inner.clear();
  }

  close() {}

  #live(): void {
    if (this.dead) throw new Error('the device has crashed');
  }
}
