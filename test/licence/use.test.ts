import { describe, expect, test } from 'vitest';
import { checkUse, leftOf, type UseTerms } from '../../src/licence/index.ts';

const terms: UseTerms = {
  ports: [{ code: '4200' }, { code: '2248' }],
  issuedOn: '2026-03-02',
  validUntil: '2026-09-02',
  tolerance: '5',
  quantity: '1000',
  used: '0',
};
const good = {
  declaration: '420020261000000001',
  customs: '4200',
  date: '2026-03-05',
  quantity: '100',
};
const codes = (change: Partial<typeof good>, of: Partial<UseTerms> = {}, today = '2026-03-05') =>
  checkUse({ ...terms, ...of }, { ...good, ...change }, today).map(
    ({ field, code }) => `${field} ${code}`,
  );

describe('a use counts only as the licence says', () => {
  test('what fits has no fault', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ declaration: '42002026I000000001', customs: '2248' })).toEqual([]);
  });

  test.each([
    'abc',
    '',
    '42002026100000001',
    '4200202610000000011',
    '420020260000000001',
    '42002026E000000001',
    '42002026１000000001',
    '42002026-00000001',
    '420099991000000001',
  ])('declaration %o is no import declaration', (declaration) => {
    expect(codes({ declaration })).toEqual(['declaration declaration-form']);
  });

  test('a port that the licence does not name', () => {
    expect(codes({ customs: '5300' })).toEqual(['customs port-not-named']);
    expect(codes({ customs: '' })).toEqual(['customs port-not-named']);
  });

  test.each([
    ['2026-03-01', 'use-before-issue'],
    ['2026-03-06', 'use-in-future'],
    ['2026-02-30', 'use-date-form'],
    ['', 'use-date-form'],
  ])('on %o: %s', (date, code) => {
    expect(codes({ date })).toEqual([`date ${code}`]);
  });

  test('the days of issue and of expiry count, the day after does not', () => {
    expect(codes({ date: '2026-03-02' })).toEqual([]);
    expect(codes({ date: '2026-09-02' }, {}, '2026-12-01')).toEqual([]);
    expect(codes({ date: '2026-09-03' }, {}, '2026-12-01')).toEqual(['date licence-expired']);
  });

  test.each(['0999999', '0', '0.000', '-1', '', 'x', '1e3', '1,000', '１００'])(
    'quantity %o is none',
    (quantity) => {
      expect(codes({ quantity })).toEqual(['quantity quantity-form']);
    },
  );

  test('the remainder and a share of the total, not a gram more', () => {
    const used = { used: '990.5' };
    expect(codes({ quantity: '59.5' }, used)).toEqual([]);
    expect(codes({ quantity: '59.500000001' }, used)).toEqual(['quantity quantity-exceeded']);
  });

  test('what is left and the most that one more use may take are told exactly', () => {
    expect(leftOf({ ...terms, used: '990.5' })).toEqual({ remaining: '9.5', most: '59.5' });
    expect(leftOf({ ...terms, used: '1020', tolerance: '3' })).toEqual({
      remaining: '0',
      most: '10',
    });
    expect(leftOf({ ...terms, quantity: '' })).toBeNull();
  });
});
