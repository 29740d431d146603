/** Digests of the covered bytes: each computed once, and within a budget over all signatures. */
import { concat, type DigestName, digest, Malformed } from '../../crypto/index.ts';
import { Sha256 } from './sha256.ts';

/** Bytes digested for one file, all signatures together. */
const MAX_DIGESTED = 1.5 * 2 ** 30;
/** From this size on the two ranges are not joined, which would cost twice their memory. */
const LARGE = 24 * 2 ** 20;

export class DigestBudget {
  #left = MAX_DIGESTED;

  spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new Malformed('pdf-budget', 'too many bytes to digest');
  }
}

/** Content for the CMS room: it asks for the digest that the signature names. */
export function coveredContent(
  ranges: readonly Uint8Array[],
  budget: DigestBudget,
): { ranges: readonly Uint8Array[]; digest(name: DigestName): Promise<Uint8Array> } {
  const known = new Map<DigestName, Promise<Uint8Array>>();
  return {
    ranges,
    digest(name) {
      let answer = known.get(name);
      if (!answer) {
        answer = compute(name, ranges, budget);
        known.set(name, answer);
      }
      return answer;
    },
  };
}

async function compute(
  name: DigestName,
  ranges: readonly Uint8Array[],
  budget: DigestBudget,
): Promise<Uint8Array> {
  const size = ranges.reduce((sum, range) => sum + range.length, 0);
  budget.spend(size);
  if (name === 'SHA-256' && size > LARGE) {
    const hash = new Sha256();
    for (const range of ranges) hash.update(range);
    return hash.finish();
  }
  return digest(name, concat(...ranges));
}
