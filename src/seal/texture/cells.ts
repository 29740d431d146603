/** The pattern that belongs to a document: SHA-256 in counter mode over its digest, a bit a cell. */
import { concat, sha256, utf8 } from '../../crypto/index.ts';

/** Cells along a side of the seal's box. */
export const GRID = 64;

/**
 * @param binding what the pattern is bound to: a document's digest, keyed by the caller where
 * nobody else may redraw it
 * @param purpose keeps the patterns of different uses apart
 * @returns GRID × GRID values of +1 and −1, rows from the top
 */
export async function boundCells(binding: Uint8Array, purpose: string): Promise<Int8Array> {
  const cells = new Int8Array(GRID * GRID);
  const prefix = concat(utf8(`cinnabar ${purpose}\n`), binding);
  for (let block = 0; block * 256 < cells.length; block++) {
    const bits = await sha256(concat(prefix, new Uint8Array([block >> 8, block & 0xff])));
    for (let i = 0; i < 256; i++) {
      cells[256 * block + i] = ((bits[i >> 3] as number) >> (i & 7)) & 1 ? 1 : -1;
    }
  }
  return cells;
}
