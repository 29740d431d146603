/**
 * The Merkle tree of RFC 6962 section 2.1: leaf SHA-256(00 ‖ entry), node SHA-256(01 ‖ left ‖ right).
 * A `CompactRange` is all that a client keeps of a log: appending the entries it has read must give
 * the root that the checkpoint names, so that rewinding, reordering and holes show.
 */
import { concat, sha256 } from '../../crypto/index.ts';

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

export const leafHash = (entry: Uint8Array): Promise<Uint8Array> => sha256(concat(LEAF, entry));
export const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Uint8Array> =>
  sha256(concat(NODE, left, right));

/** Roots of the perfect subtrees of the first `size` leaves, largest first. */
export interface CompactRange {
  size: number;
  hashes: Uint8Array[];
}

export const emptyRange = (): CompactRange => ({ size: 0, hashes: [] });

export async function append(range: CompactRange, leaf: Uint8Array): Promise<CompactRange> {
  const hashes = [...range.hashes];
  let hash = leaf;
  for (let size = range.size; size % 2 === 1; size = (size - 1) / 2) {
    hash = await nodeHash(hashes.pop() as Uint8Array, hash);
  }
  hashes.push(hash);
  return { size: range.size + 1, hashes };
}

/** Root of the tree; of an empty one SHA-256 of nothing. */
export async function rootOf(range: CompactRange): Promise<Uint8Array> {
  const [last, ...rest] = [...range.hashes].reverse();
  if (!last) return sha256(new Uint8Array());
  let root = last;
  for (const left of rest) root = await nodeHash(left, root);
  return root;
}

/**
 * Hash tiles as tlog-tiles serves them: tile (level, index) holds up to 256 hashes, each the root
 * of 256^level leaves.
 */
export class TileTree {
  readonly #levels: Uint8Array[][] = [[]];
  #range = emptyRange();

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
      hash = await perfectRoot(row.slice(-256));
    }
  }

  /** @returns null where the tree has no such (full or partial) tile. */
  tile(level: number, index: number, width: number): Uint8Array | null {
    const row = this.#levels[level]?.slice(256 * index, 256 * index + width);
    return row && row.length === width && width > 0 ? concat(...row) : null;
  }
}

async function perfectRoot(hashes: Uint8Array[]): Promise<Uint8Array> {
  let row = hashes;
  while (row.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < row.length; i += 2) {
      next.push(await nodeHash(row[i] as Uint8Array, row[i + 1] as Uint8Array));
    }
    row = next;
  }
  return row[0] as Uint8Array;
}
