import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Malformed } from '../../src/crypto/index.ts';
import { readHeadBatch, writeHeadBatch } from '../../src/sync/log/index.ts';

const batches = fc.record({
  next: fc.nat(1_000_000),
  heads: fc.array(
    fc.record({ index: fc.nat(1_000_000), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
    { maxLength: 8 },
  ),
});

test('a batch reads as it was written', () => {
  fc.assert(
    fc.property(batches, (batch) => {
      expect(readHeadBatch(writeHeadBatch(batch))).toEqual(batch);
    }),
  );
});

test('cut anywhere, also between two heads, it is no batch', () => {
  fc.assert(
    fc.property(batches, (batch) => {
      const bytes = writeHeadBatch(batch);
      for (let end = 0; end < bytes.length; end++) {
        expect(() => readHeadBatch(bytes.subarray(0, end))).toThrow(Malformed);
      }
    }),
  );
});
