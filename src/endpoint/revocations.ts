/** Revocation lists that came between two bundles: whoever stands on one asks as a stranger does. */
import { Malformed } from '../crypto/index.ts';
import { type IssuedCrl, readIssuedCrl, type TrustBundle, withCrls } from '../pki/index.ts';
import type { Objects, StoredHead } from './objects.ts';

export class Revocations {
  readonly #lists: IssuedCrl[] = [];
  #merged: { bundle: TrustBundle; lists: number; trust: Promise<TrustBundle> } | null = null;

  /** Takes notice of a logged `trust/crl`, by a registrar or the root. */
  async take(objects: Objects, head: StoredHead, bundle: TrustBundle): Promise<void> {
    for (const { digest } of head.contents) {
      const stored = objects.get(digest);
      if (!stored) continue;
      try {
        this.#lists.push(await readIssuedCrl(bundle, await objects.read(stored)));
      } catch (error) {
        // Signed by no authority of the bundle, or no list at all: it revokes nobody.
        if (!(error instanceof Malformed)) throw error;
      }
    }
  }

  /** A bundle with the lists that came since. */
  over(bundle: TrustBundle): Promise<TrustBundle> {
    const lists = this.#lists.length;
    if (this.#merged?.bundle !== bundle || this.#merged.lists !== lists) {
      this.#merged = { bundle, lists, trust: withCrls(bundle, this.#lists) };
    }
    return this.#merged.trust;
  }
}
