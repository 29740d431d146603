import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDecimal, typedDecimal, writeDecimal } from '../../src/licence/index.ts';
import { decimal } from '../../src/workflow/records/shape.ts';

describe('one notation of a number', () => {
  test.each([
    ['0999999', '999999'],
    ['000', '0'],
    ['00.50', '0.50'],
    ['1,000', '1000'],
    ['12,345,678.90', '12345678.90'],
    ['1 000', '1000'],
    ['１２３．５', '123.5'],
    ['１，０００', '1000'],
    ['\u3000 7 ', '7'],
  ])('%o is meant as %s', (typed, plain) => {
    expect(typedDecimal(typed)).toBe(plain);
  });

  test.each([
    '',
    '1,5',
    '1.000,00',
    '10,00',
    ',100',
    '1..2',
    '.5',
    '5.',
    '5²',
    '½',
    '1e3',
    '-1',
    '五',
  ])('%o is nothing that could be meant', (typed) => {
    expect(typedDecimal(typed)).toBeNull();
  });

  test('what is typed is read, and whatever was read is written the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.,- ０９') }), (text) => {
        const plain = typedDecimal(text);
        if (plain === null) return;
        const value = readDecimal(plain);
        expect(value && writeDecimal(value)).toBe(plain);
      }),
    );
  });

  test('a record holds what the licence can read, nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.-') }), (text) => {
        const value = readDecimal(text);
        const refused = () => decimal(text, 'quantity');
        if (value && value.mantissa >= 0n) expect(refused).not.toThrow();
        else expect(refused).toThrow('quantity');
      }),
    );
  });
});
