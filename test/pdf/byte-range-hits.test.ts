import { describe, expect, test } from 'vitest';
import { byteRangeHits } from '../../src/pdf/verify/signature-values.ts';

const plain = (bytes: Uint8Array): number[] => {
  const out: number[] = [];
  const buffer = Buffer.from(bytes);
  for (let at = buffer.indexOf('/ByteRange'); at >= 0; at = buffer.indexOf('/ByteRange', at + 1)) {
    out.push(at);
  }
  return out;
};

describe('every /ByteRange of a file is found (check 2)', () => {
  test.each([
    ['nothing', ''],
    ['the word alone', '/ByteRange'],
    ['cut at the end', 'x/ByteRang'],
    ['at both ends', '/ByteRange [0 1 2 3] /ByteRange'],
    ['one begun within another', '/Byte/ByteRange/ByteByteRange'],
    ['R before there is room for the word', 'RangeR/ByteRange'],
  ])('%s', (_, text) => {
    const bytes = new Uint8Array(Buffer.from(text, 'latin1'));
    expect(byteRangeHits(bytes)).toEqual(plain(bytes));
  });

  test('a file that is full of the letter searched for is no way to hide one', () => {
    const bytes = new Uint8Array(300_000).fill(0x52);
    for (const at of [7, 100_000, bytes.length - 10]) bytes.set(Buffer.from('/ByteRange'), at);
    expect(byteRangeHits(bytes)).toEqual([7, 100_000, bytes.length - 10]);
  });
});
