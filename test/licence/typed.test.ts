import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applicationAsMeant,
  asMeant,
  checkApplication,
  groupDigits,
  readDecimal,
  sampleApplication,
  textProblem,
} from '../../src/licence/index.ts';

describe('numbers are taken as they are meant', () => {
  test.each([
    ['1,000', '1000'],
    ['1，000', '1000'],
    ['１２３４．５', '1234.5'],
    ['12。5', '12.5'],
    ['1 234 567.25', '1234567.25'],
    ["1'234", '1234'],
    [' 70000 ', '70000'],
    ['.5', '0.5'],
    ['12.', '12'],
  ])('%j is %s', (typed, meant) => expect(asMeant('decimal', typed)).toBe(meant));

  test.each([
    '1,5',
    '1.000,50',
    '12,34',
    '1,0000',
    '1,000 000',
    '1e3',
    '二',
    '1,000.5.5',
    '-',
    '01',
  ])('%j has no single meaning and stays', (typed) => {
    expect(asMeant('decimal', typed)).toBe(typed);
    expect(readDecimal(typed)).toBeNull();
  });
  test('grouping digits and reading them again is the same number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), (n) => {
        expect(asMeant('decimal', groupDigits(`${n}`))).toBe(`${n}`);
        expect(asMeant('decimal', `${n}.25`)).toBe(`${n}.25`);
      }),
    );
  });
  test('whatever is typed becomes a strict decimal or stays what it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        const meant = asMeant('decimal', typed);
        return readDecimal(meant) !== null || meant === typed.trim();
      }),
    );
  });
});

describe('codes and text', () => {
  test.each(['8457.10.1000', '8457 1010 00', '８４５７１０１０００', '8457-10-10-00'])(
    '%s',
    (typed) => expect(asMeant('hs', typed)).toBe('8457101000'),
  );
  test('eight dotted digits are not guessed at: the check says ten, and how many there are', () => {
    const app = sampleApplication();
    app.goods = { ...app.goods, hs: '8703.23.90' };
    expect(checkApplication(applicationAsMeant(app))).toEqual([
      { field: 'goods.hs', code: 'hs-shape', severity: 'block', params: { digits: 8 } },
    ]);
  });
  test('invisible characters and line breaks of copied text go, decomposed letters are joined', () => {
    expect(asMeant('text', ' 示例\u200b公司\ufeff ')).toBe('示例公司');
    expect(asMeant('text', '第一行\r\n第二行')).toBe('第一行 第二行');
    expect(asMeant('text', 'Ku\u0308hne')).toBe('Kühne');
    expect(asMeant('phone', '０１０－５５５５')).toBe('010-5555');
  });
  test('a bidirectional control is never taken away in silence', () => {
    expect(asMeant('text', 'a\u202eb')).toBe('a\u202eb');
  });
  test('a whole application: every number of it, the contract and the agent', () => {
    const typed = sampleApplication();
    typed.lines[0]!.quantity = '52,000';
    typed.contract.amount = '７，１４２，５００．００';
    typed.agent = { name: ' 示例代理 ', code: '９１110000ma000te137' };
    const meant = applicationAsMeant(typed);
    expect(meant.lines[0]!.quantity).toBe('52000');
    expect(meant.contract.amount).toBe('7142500.00');
    expect(meant.agent).toEqual({ name: '示例代理', code: '91110000MA000TE137' });
    expect(checkApplication(meant)).toEqual([]);
    expect(typed.lines[0]!.quantity).toBe('52,000');
  });
  test('a sample is what it was', () =>
    expect(applicationAsMeant(sampleApplication())).toEqual(sampleApplication()));
});

describe('what no paper carries', () => {
  test.each(['😀', '❤️', '1️⃣', '👩‍🏭', '🇨🇳', '✅'])('%s is named as emoji', (emoji) => {
    const problem = textProblem(`示例${emoji}公司`);
    expect(problem?.code).toBe('emoji');
    const app = sampleApplication();
    app.remarks = emoji;
    expect(checkApplication(app)[0]).toMatchObject({ field: 'remarks', code: 'emoji' });
  });
  test.each(['𠮷野', '①②', '㎡', '“引号”', '№ 5 ©', 'Ω≥±℃★'])('%s is text', (text) =>
    expect(textProblem(text)).toBeNull(),
  );
});
