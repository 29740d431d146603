import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  type Json,
  Malformed,
  readCanonicalJson,
  readStrictJson,
  utf8,
} from '../../src/crypto/index.ts';

const codeOf = (run: () => unknown) => {
  try {
    run();
    return 'ok';
  } catch (error) {
    return error instanceof Malformed ? error.code : `threw ${error}`;
  }
};
const read = (text: string) => codeOf(() => readStrictJson(utf8(text)));

const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger().map((n) => (Object.is(n, -0) ? 0 : n)),
    fc.string({ unit: 'grapheme' }).map((text) => text.normalize('NFC')),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ unit: 'grapheme' }).map((text) => `k${text}`.normalize('NFC')),
      tie('value'),
      { maxKeys: 4 },
    ),
  ) as fc.Arbitrary<Json>,
})).value;

describe('strict JSON', () => {
  it.each([
    ['{"a":1,"a":1}', 'json-key'],
    ['{"a":1,"\\u0061":2}', 'json-key'],
    ['{"__proto__":1}', 'json-key'],
    ['1.0', 'json-number'],
    ['1e3', 'json-number'],
    ['-0', 'json-number'],
    ['01', 'json-number'],
    ['9007199254740992', 'json-number'],
    ['NaN', 'json-number'],
    ['"\\ud800"', 'json-string'],
    ['"e\u0301"', 'json-string'],
    ['"\\x41"', 'json-syntax'],
    ['"tab\there"', 'json-syntax'],
    ['"open', 'json-syntax'],
    ['"open\\"', 'json-syntax'],
    ['[1,]', 'json-syntax'],
    ['{"a":1,}', 'json-syntax'],
    ['{a:1}', 'json-syntax'],
    ['[1 2]', 'json-syntax'],
    ['1 2', 'json-syntax'],
    ['', 'json-syntax'],
    ['\ufeff1', 'json-syntax'],
    ['\u00a01', 'json-syntax'],
    ['truefalse', 'json-syntax'],
    [`${'['.repeat(40)}${']'.repeat(40)}`, 'json-depth'],
    ['['.repeat(100_000), 'json-depth'],
  ])('refuses %j', (text, expected) => expect(read(text)).toBe(expected));

  it('refuses bytes that are not UTF-8, and too many of them', () => {
    expect(codeOf(() => readStrictJson(new Uint8Array([0x22, 0xff, 0x22])))).toBe('json-utf8');
    expect(codeOf(() => readStrictJson(utf8('"123"'), { maxBytes: 4 }))).toBe('json-size');
  });

  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(readStrictJson(utf8(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('never throws anything but Malformed, and accepts nothing that JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,0-1e.\\u tn') }), (text) => {
        if (read(text) === 'ok') JSON.parse(text);
        else expect(read(text)).toMatch(/^json-/);
      }),
    );
  });
});

describe('canonical JSON (RFC 8785)', () => {
  it('sorts members by UTF-16 code units (3.2.3)', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const value = Object.fromEntries(keys.map((key, i) => [key.normalize('NFC'), i]));
    expect(Object.keys(JSON.parse(canonicalJson(value)) as object)).toHaveLength(7);
    expect(canonicalJson({ b: 1, a: [null, true, 'x'], '€': '\u000f\n"' })).toBe(
      '{"a":[null,true,"x"],"b":1,"€":"\\u000f\\n\\""}',
    );
    expect(canonicalJson({ '\ud83d\ude00': 1, '\uffee': 2 })).toBe('{"😀":1,"￮":2}');
  });

  it.each([
    [1.5],
    [Number.NaN],
    [-0],
    [undefined],
    [{ a: undefined }],
    ['\ud800'],
    [new Date(0)],
    [1n],
  ])('has no form for %s', (value) => expect(codeOf(() => canonicalJson(value))).toMatch(/^json-/));

  it('is a fixed point, and the only form that is read as canonical', () => {
    fc.assert(
      fc.property(json, (value) => {
        const bytes = utf8(canonicalJson(value));
        expect(canonicalJson(readCanonicalJson(bytes))).toBe(canonicalJson(value));
      }),
    );
    expect(codeOf(() => readCanonicalJson(utf8('{"b":1,"a":2}')))).toBe('json-not-canonical');
    expect(codeOf(() => readCanonicalJson(utf8('"\\u0041"')))).toBe('json-not-canonical');
    expect(codeOf(() => readCanonicalJson(utf8('1 ')))).toBe('json-not-canonical');
  });
});

describe('the shorter way to a canonical value', () => {
  const outcome = (read: () => unknown): string => {
    try {
      return JSON.stringify(read());
    } catch (error) {
      return (error as { code?: string }).code ?? 'threw';
    }
  };
  /** As it was before: read strictly, written again, compared. */
  const theLongWay = (bytes: Uint8Array) => {
    const value = readStrictJson(bytes);
    if (canonicalJson(value) !== new TextDecoder().decode(bytes))
      throw { code: 'json-not-canonical' };
    return value;
  };
  it.each([
    '{"a":1,"a":1}',
    '{"__proto__":1}',
    '{"b":1,"a":1}',
    '[1.0]',
    '[1e2]',
    '[-0]',
    '[9007199254740993]',
    '["\\ud800"]',
    '["e\u0301"]',
    '["\\u0041"]',
    '["\\n\u0301"]',
    '["\\\\ud800"]',
    '{"9":1,"10":2}',
    '{"10":1,"9":2}',
    '{"é":1,"z":2}',
    '{"a":{"b":1,"a":2}}',
    `${'['.repeat(33)}${']'.repeat(33)}`,
    `${'['.repeat(32)}${']'.repeat(32)}`,
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    ' {}',
    '\ufeff{}',
  ])('takes and refuses what the long way does: %.20s', (text) => {
    const bytes = new TextEncoder().encode(text);
    expect(outcome(() => readCanonicalJson(bytes))).toBe(outcome(() => theLongWay(bytes)));
  });
});
