/** zlib (RFC 1950) through the platform's streams, never inflating past a bound. */
import { type Bytes, concat, Malformed, owned } from '../../crypto/index.ts';

export async function deflate(bytes: Uint8Array): Promise<Bytes> {
  return collect(bytes, new CompressionStream('deflate'), Number.POSITIVE_INFINITY);
}

/** @throws {Malformed} `zlib-size` as soon as the output passes `size` or falls short, `zlib-data` */
export async function inflateExactly(bytes: Uint8Array, size: number): Promise<Bytes> {
  const out = await collect(bytes, new DecompressionStream('deflate'), size);
  if (out.length !== size) throw new Malformed('zlib-size', 'shorter than stated');
  return out;
}

async function collect(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  max: number,
): Promise<Bytes> {
  const writer = stream.writable.getWriter();
  // A fault shows on the reading side; here it would only be reported twice.
  writer.write(owned(bytes)).catch(() => {});
  writer.close().catch(() => {});
  const reader = (stream.readable as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return concat(...parts);
      length += value.length;
      if (length > max) throw new Malformed('zlib-size', 'longer than stated');
      parts.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    if (error instanceof Malformed) throw error;
    throw new Malformed('zlib-data', 'not a zlib stream');
  }
}
