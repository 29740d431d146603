/**
 * The trust bundles that an endpoint stands by: a chain without gaps, accepted by the rule of every
 * device. What is in it never depends on who sent what first to a running process: at start it is
 * built again from what is stored.
 */
import { type Bytes, fromBase64, Malformed } from '../crypto/index.ts';
import type { Package } from '../packages/index.ts';
import {
  acceptFirst,
  acceptUpdate,
  type BundleAnswer,
  certificateId,
  type ReceivedBundle,
  readTrustBundleJson,
  type TrustBundle,
} from '../pki/index.ts';

export type ChainAnswer =
  | BundleAnswer
  /** In order, but bundles before it have not come yet. */
  | 'gap'
  /** Signed by another root than the one that the operator named. */
  | 'not-ours'
  /** No deployment lives here yet, and whoever sent this may not settle which. */
  | 'unsettled';

export class BundleChain {
  readonly #root: string | null;
  #bundles: ReceivedBundle[] = [];

  /** @param root SHA-256 hex of a root certificate of the deployment; null: the first to come settles it */
  constructor(root: string | null) {
    this.#root = root;
  }

  get newest(): TrustBundle | null {
    return this.#bundles.at(-1)?.bundle ?? null;
  }

  /**
   * The bundle in force at a position: who left since was in office then.
   * @param placeOf index in the log of the head with an id
   */
  inForceAt(index: number, placeOf: (id: string) => number | null): TrustBundle | null {
    const before = this.#bundles.findLast(({ id }) => {
      const place = placeOf(id);
      return place !== null && place < index;
    });
    return (before ?? this.#bundles[0])?.bundle ?? null;
  }

  /** @param settles whether the sender may say whose endpoint this is, where nobody has said so yet */
  async answer(next: ReceivedBundle, settles: boolean): Promise<ChainAnswer> {
    const last = this.#bundles.at(-1);
    if (!last) return this.#answerFirst(next, settles);
    if (this.#bundles.some(({ id }) => id === next.id)) return 'same';
    if (this.#successorOf(next)) return acceptFirst(next);
    const answer = await acceptUpdate(last, next);
    return answer === 'ok' && next.bundle.seq !== last.bundle.seq + 1 ? 'gap' : answer;
  }

  /** Takes what was answered `ok`. */
  take(next: ReceivedBundle): void {
    const successor = this.#successorOf(next);
    if (successor) this.#bundles.splice(this.#bundles.indexOf(successor), 0, next);
    else this.#bundles.push(next);
  }

  /**
   * Builds the chain from stored bundles, in the order in which they were stored. One that follows a
   * gap counts as well, as on a device: what is missing was damaged since.
   * @returns those that do not belong to it
   */
  async rebuild(stored: readonly ReceivedBundle[]): Promise<ReceivedBundle[]> {
    const left = new Set(stored);
    for (const wanted of ['ok', 'gap']) {
      for (let found = true; found; ) {
        found = false;
        for (const next of [...left].sort((a, b) => (wanted === 'ok' ? 0 : seqOf(a) - seqOf(b)))) {
          if ((await this.answer(next, true)) !== wanted) continue;
          this.take(next);
          found = left.delete(next);
          break;
        }
      }
    }
    return [...left];
  }

  /** Who signed the hash of this one as its predecessor. */
  #successorOf({ id, bundle }: ReceivedBundle): ReceivedBundle | undefined {
    return this.#bundles.find(
      (each) =>
        each.bundle.previous === id &&
        bundle.seq < each.bundle.seq &&
        bundle.deployment === each.bundle.deployment &&
        bundle.pilot === each.bundle.pilot,
    );
  }

  async #answerFirst(next: ReceivedBundle, settles: boolean): Promise<ChainAnswer> {
    const answer = await acceptFirst(next);
    if (answer !== 'ok') return answer;
    if (this.#root === null) return settles ? 'ok' : 'unsettled';
    const root = await certificateId(fromBase64(next.bundle.root) as Bytes);
    return root === this.#root ? 'ok' : 'not-ours';
  }
}

const seqOf = ({ bundle }: ReceivedBundle): number => bundle.seq;

/** @returns null where the package holds no readable trust bundle */
export function bundleIn({ id, signer, files }: Package): ReceivedBundle | null {
  const bytes = files.get('trust.json');
  try {
    return bytes ? { bundle: readTrustBundleJson(bytes), id, signer } : null;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
