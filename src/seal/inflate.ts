/** Inflating foreign data with a cap on what may come out. */
import { Inflate, Unzlib } from 'fflate';
import { type Bytes, concat, Malformed } from '../crypto/index.ts';

/** Octets handed to the decoder at once: bounds how far a bomb overshoots the cap. */
const STEP = 4096;

/**
 * @param format `zlib` (RFC 1950, as PNG has it) or `raw` deflate (RFC 1951, as ZIP has it)
 * @param limit most octets of output
 * @throws {Malformed} `inflate-limit` above the cap, `inflate` for broken or unfinished data
 */
export function inflateCapped(data: Uint8Array, format: 'zlib' | 'raw', limit: number): Bytes {
  const chunks: Uint8Array[] = [];
  let total = 0;
  let finished = false;
  const take = (chunk: Uint8Array, final: boolean) => {
    total += chunk.length;
    if (total > limit) throw new Malformed('inflate-limit', 'more data than allowed');
    chunks.push(chunk);
    finished = final;
  };
  const stream = format === 'zlib' ? new Unzlib(take) : new Inflate(take);
  try {
    for (let at = 0; at < data.length; at += STEP) {
      stream.push(data.subarray(at, at + STEP), at + STEP >= data.length);
    }
  } catch (error) {
    if (error instanceof Malformed) throw error;
    throw new Malformed('inflate', 'broken compressed data');
  }
  if (!finished) throw new Malformed('inflate', 'compressed data ends early');
  return concat(...chunks);
}
