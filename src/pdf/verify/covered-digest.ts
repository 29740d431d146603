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

export interface CoveredContent {
  readonly ranges: readonly Uint8Array[];
  digest(name: DigestName): Promise<Uint8Array>;
  /** Begins what will probably be asked for; of no consequence where it is not. */
  expect(name: DigestName): void;
}

/** From this size on nothing is digested on suspicion. */
const CHEAP = 4 * 2 ** 20;

/** Content for the CMS room: it asks for the digest that the signature names. */
export function coveredContent(
  ranges: readonly Uint8Array[],
  budget: DigestBudget,
): CoveredContent {
  const known = new Map<DigestName, Promise<Uint8Array>>();
  const begin = (name: DigestName): Promise<Uint8Array> => {
    let answer = known.get(name);
    if (!answer) {
      answer = compute(name, ranges, budget);
      known.set(name, answer);
    }
    return answer;
  };
  return {
    ranges,
    digest: begin,
    expect(name) {
      if (sizeOf(ranges) < CHEAP) begin(name).catch(() => undefined);
    },
  };
}

function sizeOf(ranges: readonly Uint8Array[]): number {
  return ranges.reduce((sum, range) => sum + range.length, 0);
}

async function compute(
  name: DigestName,
  ranges: readonly Uint8Array[],
  budget: DigestBudget,
): Promise<Uint8Array> {
  const size = sizeOf(ranges);
  budget.spend(size);
  if (name === 'SHA-256' && size > LARGE) {
    const hash = new Sha256();
    for (const range of ranges) hash.update(range);
    return hash.finish();
  }
  return digest(name, concat(...ranges));
}
