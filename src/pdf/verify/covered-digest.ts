/** Digests of the covered bytes: each computed once, and within a budget over all signatures. */
import {
  concat,
  type DigestName,
  digest,
  digestHere,
  isNative,
  Malformed,
} from '../../crypto/index.ts';
import { type Coverage, coveredRanges } from './byte-range.ts';

/** Bytes digested for one file, all signatures together. */
const MAX_DIGESTED = 2 ** 30;
/** How much longer a digest takes that no platform has. */
const SLOW = 6;
/** From this size on the two ranges are not joined, which would cost their memory once more. */
const LARGE = 16 * 2 ** 20;
/** From this size on nothing is digested on suspicion. */
const CHEAP = 4 * 2 ** 20;

export class DigestBudget {
  #left = MAX_DIGESTED;

  spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new Malformed('pdf-budget', 'too many bytes to digest');
  }
}

/** Content for the CMS room: it asks for the digest that the signature names. */
export interface CoveredContent {
  readonly ranges: readonly Uint8Array[];
  digest(name: DigestName): Promise<Uint8Array>;
  /** Begins what will probably be asked for; of no consequence where it is not. */
  expect(name: DigestName): void;
}

export function coveredContent(
  file: Uint8Array,
  coverage: Coverage,
  budget: DigestBudget,
): CoveredContent {
  const ranges = coveredRanges(file, coverage);
  const size = ranges[0].length + ranges[1].length;
  const known = new Map<DigestName, Promise<Uint8Array>>();
  const compute = async (name: DigestName): Promise<Uint8Array> => {
    budget.spend(isNative(name) ? size : size * SLOW);
    const here = isNative(name) ? digestHere(name, ranges) : null;
    if (here) return here;
    return size > LARGE && isNative(name) && file.buffer instanceof ArrayBuffer
      ? digestInPlace(name, file, coverage)
      : digest(name, concat(...ranges));
  };
  const begin = (name: DigestName): Promise<Uint8Array> => {
    let answer = known.get(name);
    if (!answer) {
      answer = compute(name);
      known.set(name, answer);
    }
    return answer;
  };
  return {
    ranges,
    digest: begin,
    expect(name) {
      if (size < CHEAP) begin(name).catch(() => undefined);
    },
  };
}

/**
 * Digests a large file's two ranges without a copy of them: the shorter one is moved up to the
 * other for as long as the call takes, then everything is put back. WebCrypto takes its own copy
 * of the data before it returns ("get a copy of the bytes"), and nothing else runs meanwhile.
 */
function digestInPlace(
  name: DigestName,
  file: Uint8Array,
  { gap: [b, c], end }: Coverage,
): Promise<Uint8Array> {
  const tail = end - c;
  const [start, stop] = b < tail ? [c - b, c] : [b, b + tail];
  const kept = file.slice(start, stop);
  let answer: Promise<ArrayBuffer>;
  try {
    if (b < tail) file.copyWithin(start, 0, b);
    else file.copyWithin(start, c, end);
    const joined = b < tail ? file.subarray(start, end) : file.subarray(0, stop);
    answer = crypto.subtle.digest(name, joined as Uint8Array<ArrayBuffer>);
  } finally {
    file.set(kept, start);
  }
  return answer.then((value) => new Uint8Array(value));
}
