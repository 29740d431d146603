/**
 * Heads in batches (design, section 9): the index in the log up to which the asker knows everything
 * that he may read and how many heads follow, then each head after its index and its length, in four
 * octets each. Without their number a batch cut between two heads would read as a whole one.
 */
import { concat, Malformed } from '../../crypto/index.ts';

/** Heads of one batch, at most. */
export const BATCH_SIZE = 256;
/** Octets of one batch, at most; one head always fits. */
export const MAX_BATCH = 4 << 20;

export interface HeadBatch {
  /** Index from which to go on. */
  next: number;
  heads: { index: number; bytes: Uint8Array }[];
}

export function writeHeadBatch({ next, heads }: HeadBatch): Uint8Array {
  return concat(
    octets(next),
    octets(heads.length),
    ...heads.flatMap(({ index, bytes }) => [octets(index), octets(bytes.length), bytes]),
  );
}

/** @throws {Malformed} `head-batch` */
export function readHeadBatch(bytes: Uint8Array): HeadBatch {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const refuse = () => new Malformed('head-batch', 'not a batch of heads');
  if (bytes.length < 8) throw refuse();
  const batch: HeadBatch = { next: view.getUint32(0), heads: [] };
  const count = view.getUint32(4);
  for (let at = 8; at < bytes.length; ) {
    if (at + 8 > bytes.length || batch.heads.length === BATCH_SIZE) throw refuse();
    const [index, length] = [view.getUint32(at), view.getUint32(at + 4)];
    if (length === 0 || at + 8 + length > bytes.length) throw refuse();
    batch.heads.push({ index, bytes: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length;
  }
  if (batch.heads.length !== count) throw refuse();
  return batch;
}

function octets(value: number): Uint8Array {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}
