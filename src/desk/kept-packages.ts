/**
 * Packages of the store, as the fold wants them: the bytes stay the same arrays between two folds, so
 * that each package is read and verified once.
 */
import type { Package } from '../packages/index.ts';
import type { LocalStore, StoredPackage } from '../sync/index.ts';
import { fold, type State } from '../workflow/index.ts';
import type { DeploymentRecord } from './device-records.ts';

export class KeptPackages {
  readonly #store: LocalStore;
  readonly #kept = new Map<string, StoredPackage>();
  /** As they were read by the last fold. */
  readonly read = new Map<string, Package>();
  #stale = true;

  constructor(store: LocalStore) {
    this.#store = store;
  }

  /** Something in the store is new. */
  changed(): void {
    this.#stale = true;
  }

  clear(): void {
    this.#kept.clear();
    this.read.clear();
  }

  async all(): Promise<Map<string, StoredPackage>> {
    if (this.#stale) {
      this.#stale = false;
      const stored = await this.#store.packages();
      const left = new Set(stored.map(({ id }) => id));
      for (const id of this.#kept.keys()) {
        if (left.has(id)) continue;
        this.#kept.delete(id);
        this.read.delete(id);
      }
      for (const fresh of stored) {
        const known = this.#kept.get(fresh.id);
        const same = known?.bytes.length === fresh.bytes.length;
        this.#kept.set(fresh.id, known && same ? { ...fresh, bytes: known.bytes } : fresh);
      }
    }
    return this.#kept;
  }

  /** The state of every case. @param extra packages that are not stored, judged with the rest */
  async fold(
    deployment: DeploymentRecord,
    extra: readonly { bytes: Uint8Array }[] = [],
  ): Promise<State> {
    const stored = [...(await this.all()).values()];
    const log = new Map<string, number>();
    for (const { id, place } of stored) if (place !== null) log.set(id, place);
    return fold(
      [...stored, ...extra].map(({ bytes }) => bytes),
      { trust: deployment.bundle, trustId: deployment.package, places: log, read: this.read },
    );
  }
}
