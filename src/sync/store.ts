/**
 * What a device keeps for one deployment: packages, the outbox, and named records (drafts, keys,
 * settings, burned licence numbers, log state). One `commit` is one transaction: all or nothing.
 */

export interface StoredPackage {
  /** Id of its head. */
  id: string;
  /** The package as a file, with the contents that are at hand. */
  bytes: Uint8Array;
  /** Place in the endpoint's log, or null while it is in none (provisional). */
  place: number | null;
  /** When it came to this device, ISO 8601. */
  arrivedAt: string;
}

/** A known package with what came anew: its place in the log, contents that were missing. */
export function completed(known: StoredPackage, added: StoredPackage): StoredPackage {
  const bytes = added.bytes.length > known.bytes.length ? added.bytes : known.bytes;
  return { ...known, bytes, place: known.place ?? added.place };
}

export interface StoreChange {
  /** Packages to add; a known id has its place filled in, and its bytes replaced by longer ones. */
  packages?: StoredPackage[];
  /** Ids that wait to be sent. */
  outbox?: string[];
  /** Ids that need not be sent any more. */
  sent?: string[];
  /** Ids of packages to forget, in the outbox too. */
  dropped?: string[];
  /** Records to write, or with `value: undefined` to delete. */
  records?: { namespace: string; id: string; value: unknown }[];
}

export interface LocalStore {
  /**
   * Writes everything or nothing, durably.
   * @throws {StoreRefusal} `quota` when the disk is full, `unavailable` when storage refuses.
   */
  commit(change: StoreChange): Promise<void>;
  /**
   * Reads one record and writes what `change` makes of it, in one transaction: of two tabs that do so
   * at once, the second reads what the first wrote. What `change` throws leaves the record as it is.
   * @param change given `undefined` where there is no record; works at once, awaits nothing
   */
  update(namespace: string, id: string, change: (value: unknown) => unknown): Promise<void>;
  package(id: string): Promise<StoredPackage | null>;
  /** Every package, in order of arrival. */
  packages(): Promise<StoredPackage[]>;
  outbox(): Promise<string[]>;
  record(namespace: string, id: string): Promise<unknown>;
  records(namespace: string): Promise<{ id: string; value: unknown }[]>;
  /** Forgets everything, in one transaction. */
  clear(): Promise<void>;
  close(): void;
}

export class StoreRefusal extends Error {
  readonly code: 'quota' | 'unavailable';
  constructor(code: 'quota' | 'unavailable', options?: ErrorOptions) {
    super(
      code === 'quota' ? 'the device has no room left' : 'the device refuses to store',
      options,
    );
    this.name = 'StoreRefusal';
    this.code = code;
  }
}
