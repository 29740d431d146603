/**
 * The Merkle tree of RFC 6962 section 2.1: leaf H(00 ‖ entry), node H(01 ‖ left ‖ right), where H is
 * SHA-256 or, for the log of a deployment of the Chinese suite, SM3.
 * A `CompactRange` is all that a client keeps of a log: appending the entries it has read must give
 * the root that the checkpoint names, so that rewinding, reordering and holes show.
 */
import { concat, digest, type SuiteDigest } from '../../crypto/index.ts';

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

export const leafHash = (hash: SuiteDigest, entry: Uint8Array): Promise<Uint8Array> =>
  digest(hash, concat(LEAF, entry));
export const nodeHash = (
  hash: SuiteDigest,
  left: Uint8Array,
  right: Uint8Array,
): Promise<Uint8Array> => digest(hash, concat(NODE, left, right));

/** Roots of the perfect subtrees of the first `size` leaves, largest first. */
export interface CompactRange {
  digest: SuiteDigest;
  size: number;
  hashes: Uint8Array[];
}

export const emptyRange = (name: SuiteDigest): CompactRange => ({
  digest: name,
  size: 0,
  hashes: [],
});

export async function append(range: CompactRange, leaf: Uint8Array): Promise<CompactRange> {
  const hashes = [...range.hashes];
  let hash = leaf;
  for (let size = range.size; size % 2 === 1; size = (size - 1) / 2) {
    hash = await nodeHash(range.digest, hashes.pop() as Uint8Array, hash);
  }
  hashes.push(hash);
  return { ...range, size: range.size + 1, hashes };
}

/** Root of the tree; of an empty one the digest of nothing. */
export async function rootOf(range: CompactRange): Promise<Uint8Array> {
  const [last, ...rest] = [...range.hashes].reverse();
  if (!last) return digest(range.digest, new Uint8Array());
  let root = last;
  for (const left of rest) root = await nodeHash(range.digest, left, root);
  return root;
}

/**
 * Hash tiles as tlog-tiles serves them: tile (level, index) holds up to 256 hashes, each the root
 * of 256^level leaves.
 */
export class TileTree {
  readonly #levels: Uint8Array[][] = [[]];
  #range: CompactRange;

  constructor(name: SuiteDigest) {
    this.#range = emptyRange(name);
  }

  get digest(): SuiteDigest {
    return this.#range.digest;
  }

  get size(): number {
    return (this.#levels[0] as Uint8Array[]).length;
  }

  root(): Promise<Uint8Array> {
    return rootOf(this.#range);
  }

  async append(leaf: Uint8Array): Promise<void> {
    this.#range = await append(this.#range, leaf);
    let hash = leaf;
    for (let level = 0; ; level++) {
      const row = this.#levels[level] ?? [];
      this.#levels[level] = row;
      row.push(hash);
      if (row.length % 256 !== 0) return;
      hash = await perfectRoot(this.digest, row.slice(-256));
    }
  }

  /** @returns null where the tree has no such (full or partial) tile. */
  tile(level: number, index: number, width: number): Uint8Array | null {
    const row = this.#levels[level]?.slice(256 * index, 256 * index + width);
    return row && row.length === width && width > 0 ? concat(...row) : null;
  }
}

async function perfectRoot(name: SuiteDigest, hashes: Uint8Array[]): Promise<Uint8Array> {
  let row = hashes;
  while (row.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < row.length; i += 2) {
      next.push(await nodeHash(name, row[i] as Uint8Array, row[i + 1] as Uint8Array));
    }
    row = next;
  }
  return row[0] as Uint8Array;
}
