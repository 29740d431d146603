/** Keys of contents that were handed to the person at a desk, for as long as the electronic key is open. */
import { fromBase64, type Json, Malformed } from '../../crypto/index.ts';
import type { GrantedKeys, Package } from '../../packages/index.ts';
import { checkBody, type State, speaksFor } from '../../workflow/index.ts';

/** Opens the body of a package with the person's own certificates; null where they do not fit. */
type OpenBody = (pkg: Package) => Promise<Json | null>;

export class ContentKeyRing {
  readonly #keys = new Map<string, Uint8Array>();
  readonly #looked = new Set<string>();
  /** Encryption certificates of the person's party and of those that it succeeded. */
  #kin: ReadonlySet<string> = new Set();

  forget(): void {
    for (const key of this.#keys.values()) key.fill(0);
    this.#keys.clear();
    this.#looked.clear();
    this.#kin = new Set();
  }

  /**
   * Opens what is new.
   * @param party code of the person's party, by the record that bound him; null: nobody's
   * @returns whether any key was added
   */
  async take(
    state: State,
    party: string | null,
    read: ReadonlyMap<string, Package>,
    open: OpenBody,
  ): Promise<boolean> {
    this.#kin = receiversOfKin(state, party);
    let added = false;
    for (const pkg of party === null ? [] : read.values()) {
      if (pkg.record.type !== 'trust/grant' || !pkg.body || this.#looked.has(pkg.id)) continue;
      if (!('heads' in pkg.record)) continue;
      const body = (await open(pkg)) as Granted | null;
      if (!body) continue;
      this.#looked.add(pkg.id);
      try {
        checkBody('trust/grant', body as never);
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        continue;
      }
      for (const { content, key } of body.contents ?? []) {
        if (this.#keys.has(content)) continue;
        this.#keys.set(content, fromBase64(key) as Uint8Array);
        added = true;
      }
    }
    return added;
  }

  /** Keys for a package of the person's party; null for any other: nobody hands those on. */
  keysFor({ record }: Pick<Package, 'record'>): GrantedKeys | null {
    return record.to.some((id) => this.#kin.has(id)) ? this.#keys : null;
  }
}

interface Granted {
  contents?: { content: string; key: string }[];
}

/** Encryption certificates of a party and of those that it succeeded, SHA-256 hex. */
export function receiversOfKin(state: State, party: string | null): Set<string> {
  if (party === null) return new Set();
  const own = [...state.bindings.values()].filter((each) => speaksFor(state, party, each.party));
  return new Set(own.map(({ receiver }) => receiver));
}
