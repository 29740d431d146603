import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Cbor,
  CborTag,
  fromBase45,
  fromHex,
  readCbor,
  toBase45,
  toHex,
  utf8,
  writeCbor,
} from '../../src/crypto/index.ts';

const hex = (text: string) => fromHex(text) as Uint8Array;
const codeOf = (bytes: Uint8Array, relaxed = false): string => {
  try {
    readCbor(bytes, { relaxed });
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('RFC 8949 appendix A', () => {
  test.each<[Cbor, string]>([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [1000, '1903e8'],
    [1000000, '1a000f4240'],
    [1000000000000, '1b000000e8d4a51000'],
    [18446744073709551615n, '1bffffffffffffffff'],
    [-1, '20'],
    [-1000, '3903e7'],
    [-18446744073709551616n, '3bffffffffffffffff'],
    [false, 'f4'],
    [true, 'f5'],
    [null, 'f6'],
    [new Uint8Array([1, 2, 3, 4]), '4401020304'],
    ['IETF', '6449455446'],
    ['水', '63e6b0b4'],
    [[], '80'],
    [[1, [2, 3], [4, 5]], '8301820203820405'],
    [new Map(), 'a0'],
    [
      new Map<Cbor, Cbor>([
        ['a', 1],
        ['b', [2, 3]],
      ]),
      'a26161016162820203',
    ],
    [new CborTag(1, 1363896240), 'c11a514b67b0'],
  ])('example %#', (value, encoded) => {
    expect(toHex(writeCbor(value))).toBe(encoded);
    expect(readCbor(hex(encoded))).toEqual(value);
  });

  test.each([
    ['longer integer', '1817', 'cbor-shortest'],
    ['longer length', '580100', 'cbor-shortest'],
    ['longer by two', '190018', 'cbor-shortest'],
    ['indefinite array', '9f01ff', 'cbor-indefinite'],
    ['indefinite bytes', '5f4101ff', 'cbor-indefinite'],
    ['float', 'f93c00', 'cbor-simple'],
    ['undefined', 'f7', 'cbor-simple'],
    ['keys out of order', 'a2616202616101', 'cbor-order'],
    ['a key twice', 'a2616101616102', 'cbor-order'],
    ['bytes after', '0000', 'cbor-trailing'],
    ['too short', '4401', 'cbor-truncated'],
    ['huge array', '9bffffffffffffffff', 'cbor-truncated'],
    ['reserved length', '1c', 'cbor-reserved'],
    ['not UTF-8', '61ff', 'cbor-utf8'],
    ['surrogate', '63eda080', 'cbor-utf8'],
    ['a tag past 2^53', 'dbffffffffffffffff00', 'cbor-tag'],
    ['nesting', `${'81'.repeat(40)}00`, 'cbor-depth'],
    ['break alone', 'ff', 'cbor-simple'],
  ])('refuses %s', (_, encoded, code) => expect(codeOf(hex(encoded))).toBe(code));

  test('relaxed reading takes foreign forms and still no key twice', () => {
    expect(readCbor(hex('bf61610161629f0203ffff'), { relaxed: true })).toEqual(
      new Map<Cbor, Cbor>([
        ['a', 1],
        ['b', [2, 3]],
      ]),
    );
    expect(readCbor(hex('f93e00'), { relaxed: true })).toBe(1.5);
    expect(codeOf(hex('a2616101616102'), true)).toBe('cbor-key');
  });
});

const anyCbor: fc.Arbitrary<Cbor> = fc.letrec<{ value: Cbor }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .uniqueArray(fc.tuple(fc.integer(), tie('value')), { selector: ([key]) => key, maxLength: 5 })
      .map((entries) => new Map<Cbor, Cbor>(entries)),
  ) as fc.Arbitrary<Cbor>,
})).value;

describe('one encoding', () => {
  test('what is written reads back, and what reads was written so', () => {
    fc.assert(
      fc.property(anyCbor, (value) => {
        const bytes = writeCbor(value);
        expect(writeCbor(readCbor(bytes))).toEqual(bytes);
      }),
    );
  });
  test('any bytes: refused with a code, or the one encoding of what they say', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const code = codeOf(bytes);
        if (code === 'ok') expect(writeCbor(readCbor(bytes))).toEqual(bytes);
        else expect(code).toMatch(/^cbor-/);
      }),
      { numRuns: 5000 },
    );
  });
  test('every truncation is refused', () => {
    const bytes = writeCbor([1, 'abc', new Uint8Array(30), new Map<Cbor, Cbor>([[1, [2]]])]);
    for (let n = 0; n < bytes.length; n++) expect(codeOf(bytes.subarray(0, n))).not.toBe('ok');
  });
});

describe('RFC 9285 base45', () => {
  test.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
  ])('%s', (text, encoded) => {
    expect(toBase45(utf8(text))).toBe(encoded);
    expect(fromBase45(encoded)).toEqual(utf8(text));
  });
  test.each(['GGW', ':::', '::', 'A', 'ABCD', 'ab8', 'BB8\n', 'BB_', 'ÀB8'])(
    '%j is refused',
    (text) => expect(fromBase45(text)).toBeNull(),
  );
  test('FFFF is the largest triple', () => expect(fromBase45('FGW')).toEqual(hex('ffff')));
  test('round trip; another text is other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase45(toBase45(bytes))).toEqual(bytes);
      }),
    );
    const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'];
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 }), (text) => {
        const bytes = fromBase45(text);
        if (bytes) expect(toBase45(bytes)).toBe(text);
      }),
    );
  });
});
