import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Application,
  ATTACHMENTS,
  BOXES,
  boxWords,
  checkApplication,
  checkOrganisationCode,
  checkSealCode,
  checkUscc,
  computeTotals,
  emptyApplication,
  expiryDate,
  FIELDS,
  fieldsOf,
  formatNumber,
  groupDigits,
  isExpired,
  LICENCE_TYPE_NAMES,
  LISTS,
  licenceFromApplication,
  missingAttachments,
  parseNumber,
  sampleApplication,
  withTotals,
} from '../../src/licence/index.ts';
import { AUTHORITY } from './authority.ts';

const codes = (app: Application, severity?: string) =>
  checkApplication(app)
    .filter((issue) => !severity || issue.severity === severity)
    .map((issue) => `${issue.field} ${issue.code}`);

describe('GB 32100 unified social credit code', () => {
  test.each([
    '91110000MA000TE137',
    '91310000MA1FL0T285',
    '91440300MA5DTE3T0C',
    '91120116MA05QQ4Y8K',
    '9144030071526726XG',
    '911100007178306183',
  ])('%s', (code) => expect(checkUscc(code)).toEqual({ ok: true, code: 'ok', normalised: code }));

  test('full-width, lower-case and spaced input is normalised', () => {
    expect(checkUscc(' ９１１１００００ma000te137 ').normalised).toBe('91110000MA000TE137');
  });
  test('an impossible character is named with its place', () => {
    expect(checkUscc('91110000MAO00TE137')).toMatchObject({
      code: 'impossible-character',
      detail: { character: 'O', position: 11 },
    });
  });
  test('every single wrong character fails the check digit', () => {
    const good = '91110000MA000TE137';
    for (let i = 0; i < 18; i++) {
      for (const c of '0123456789ABCDEFGHJKLMNPQRTUWXY') {
        if (c !== good[i])
          expect(checkUscc(good.slice(0, i) + c + good.slice(i + 1)).ok).toBe(false);
      }
    }
  });
  test('lengths 17 and 19 are a shape', () => {
    expect(checkUscc('91110000MA000TE13').code).toBe('shape');
    expect(checkUscc('91110000MA000TE1377').code).toBe('shape');
  });
  test.each(['MA000TE13', 'MA5DTE3T0', '71526726X', '71783061-8'])('organisation %s', (code) =>
    expect(checkOrganisationCode(code).ok).toBe(true),
  );
  test('organisation code with a wrong check names the right one', () => {
    expect(checkOrganisationCode('715267260').detail).toEqual({ expected: 'X' });
  });
  test('seal code: 13 or 14 digits', () => {
    expect([12, 13, 14, 15].map((n) => checkSealCode('1'.repeat(n)).ok)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('totals are exact', () => {
  test('sample: line amounts, sums and dollars', () => {
    expect(sampleApplication().totals).toEqual({
      quantity: '70000',
      amount: '7142500.00',
      amountUsd: '7142500.00',
    });
    expect(sampleApplication('auto-import-o').totals.amountUsd).toBe('668734.56');
  });
  test('half cents go away from zero, yen have no decimals', () => {
    const line = { ...sampleApplication().lines[0]!, quantity: '3', unitPrice: '0.335' };
    const usd = { lines: [line], currency: LISTS.currencies.entries[1]!, usdRate: '1' };
    expect(computeTotals(usd).totals.amount).toBe('1.01');
    const yen = { ...usd, currency: LISTS.currencies.entries[3]!, usdRate: '0.0067' };
    expect(computeTotals(yen).totals).toEqual({ quantity: '3', amount: '1', amountUsd: '0.01' });
  });
  test('different units have no total quantity; unreadable numbers give empty totals', () => {
    const app = sampleApplication();
    app.lines[1]!.unit = LISTS.units.entries[0]!;
    expect(computeTotals(app).totals.quantity).toBe('');
    app.lines[1]!.quantity = '1e3';
    expect(computeTotals(app).totals.amount).toBe('');
  });
  test('sums of random cents equal BigInt sums', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1 }), (cents) => {
        const base = sampleApplication();
        const lines = cents.map((c) => ({
          ...base.lines[0]!,
          quantity: '1',
          unitPrice: `${Math.floor(c / 100)}.${String(c % 100).padStart(2, '0')}`,
        }));
        const total = cents.reduce((s, c) => s + BigInt(c), 0n);
        const got = computeTotals({ ...base, lines }).totals.amount;
        return BigInt(got.replace('.', '')) === total;
      }),
    );
  });
  test('grouping', () => {
    expect(groupDigits('1234567.5', 2)).toBe('1,234,567.50');
    expect(groupDigits('999')).toBe('999');
    expect(groupDigits('about 3')).toBe('about 3');
  });
});

describe('checks of the form', () => {
  test.each(LICENCE_TYPE_NAMES)('the sample of %s passes without remark', (type) => {
    expect(checkApplication(sampleApplication(type))).toEqual([]);
  });
  test('an empty form blocks every required box once', () => {
    const found = codes(emptyApplication('auto-import-o'), 'block');
    for (const field of fieldsOf('auto-import-o')) {
      const path = field.path.replace('[]', '[0]');
      expect(found.includes(`${path} required`)).toBe(field.required);
    }
  });
  test('status of goods belongs to the mechanical and electrical variant alone', () => {
    const app = { ...sampleApplication('auto-import-o'), goods: sampleApplication().goods };
    expect(codes(app, 'block')).toEqual(['goods.status required']);
  });
  test('three ports are one too many', () => {
    const app = sampleApplication();
    app.ports = LISTS.ports.entries.slice(0, 3);
    expect(codes(app)).toEqual(['ports too-many']);
  });
  test('a total that differs from the lines is refused', () => {
    const app = sampleApplication();
    app.totals.amount = '7142500.01';
    expect(codes(app, 'block')).toEqual(['totals.amount total-differs']);
  });
  test('a name that is not the name of its code is refused', () => {
    const app = sampleApplication();
    app.tradeCountry = { ...app.tradeCountry, zh: '奥地利' };
    expect(codes(app, 'block')).toEqual(['tradeCountry name-differs']);
  });
  test('a wrong check digit warns and does not block', () => {
    const app = sampleApplication();
    app.importer = { ...app.importer, code: '91110000MA000TE138' };
    expect(codes(app)).toEqual(['importer.code uscc-check-digit']);
    expect(codes(app, 'block')).toEqual([]);
  });
  test('HS codes have ten digits', () => {
    const app = sampleApplication();
    app.goods = { ...app.goods, hs: '260111' };
    expect(codes(app)).toEqual(['goods.hs hs-shape']);
  });
  test('contract data that differ warn', () => {
    const app = sampleApplication();
    app.contract = { ...app.contract, buyer: '某某公司', amount: '7000000', currency: 'EUR' };
    expect(codes(app)).toEqual([
      'importer.name contract-buyer',
      'totals.amount contract-amount',
      'currency contract-currency',
    ]);
  });
  test.each(['\u202e', '\u0000', '\u200b', '\ud83d', '\ufeff'])('character %j is refused', (c) => {
    const app = sampleApplication();
    app.remarks = `正常${c}文字`;
    expect(codes(app)).toEqual(['remarks character']);
  });
  test('a glyph that the font lacks is named', () => {
    const app = sampleApplication();
    app.importer = { ...app.importer, name: '示例𠮷贸易' };
    const issues = checkApplication(app, { fontHas: (c) => c !== '𠮷' });
    expect(issues.find((issue) => issue.code === 'glyph-missing')).toEqual({
      field: 'importer.name',
      code: 'glyph-missing',
      severity: 'block',
      params: { characters: '𠮷' },
    });
  });
  test('zero, negative and exponent quantities are refused', () => {
    for (const quantity of ['0', '-1', '1e3', '01', '1,000', ' 1', '.5']) {
      const app = withTotals(sampleApplication());
      app.lines[0]!.quantity = quantity;
      expect(codes(app, 'block').some((c) => c.startsWith('lines[0].quantity'))).toBe(true);
    }
  });
});

describe('attachments', () => {
  test('always, first in year, represented, by commodity', () => {
    const app = { ...sampleApplication(), attachments: [] };
    const keys = (situation = {}) => missingAttachments(app, situation).map((kind) => kind.key);
    expect(keys()).toEqual(['contract']);
    expect(keys({ firstInYear: true })).toEqual(['qualification', 'contract']);
    expect(keys({ demanded: ['commodity'] })).toEqual(['contract', 'commodity']);
    app.agent = { name: '示例代理有限公司', code: '' };
    expect(keys()).toEqual(['contract', 'agency']);
    expect(ATTACHMENTS.import.length).toBeGreaterThan(0);
  });
});

describe('numbers by pattern', () => {
  const pattern = '{yy}-{issuer}-{serial:6}';
  test('format and parse are inverse', () => {
    const text = formatNumber(pattern, { year: 2026, issuer: 'AB', serial: 417 });
    expect(text).toBe('26-AB-000417');
    expect(parseNumber(pattern, text)).toEqual({ year: 2026, issuer: 'AB', serial: 417 });
  });
  test.each(['26-AB-00417', '26-ab-000417', '26-AB-000417 ', 'X26-AB-000417'])(
    '%j does not fit',
    (t) => expect(parseNumber(pattern, t)).toBeNull(),
  );
  test('a serial that needs more digits is refused', () => {
    expect(() => formatNumber(pattern, { year: 2026, issuer: 'A', serial: 1e6 })).toThrow(
      RangeError,
    );
  });
  test('characters of the pattern stand for themselves', () => {
    expect(parseNumber('({yyyy}).{serial:3}', '(2026).001')?.serial).toBe(1);
    expect(parseNumber('({yyyy}).{serial:3}', '(2026)x001')).toBeNull();
  });
});

describe('validity', () => {
  test('six months, within the calendar year', () => {
    expect(expiryDate('auto-import', '2026-03-02')).toBe('2026-09-02');
    expect(expiryDate('auto-import', '2026-08-31')).toBe('2026-12-31');
    expect(expiryDate('auto-import', '2026-03-31')).toBe('2026-09-30');
  });
  test('one year for mechanical and electrical', () => {
    expect(expiryDate('auto-import-o', '2026-11-30')).toBe('2027-11-30');
    expect(expiryDate('auto-import-o', '2028-02-29')).toBe('2029-02-28');
  });
  test('in force through the last second of the day in China', () => {
    expect(isExpired('2026-09-02', '2026-09-02T15:59:59Z')).toBe(false);
    expect(isExpired('2026-09-02', '2026-09-02T16:00:00Z')).toBe(true);
  });
});

describe('field table', () => {
  test('every box has words for every type, every list exists, demo lists say so', () => {
    for (const type of LICENCE_TYPE_NAMES) {
      for (const { box } of BOXES) expect(boxWords(type, box).zh).not.toBe('');
    }
    for (const field of FIELDS)
      if (field.list) expect(LISTS[field.list].entries.length).toBeGreaterThan(1);
    expect(LISTS.ports.demo && LISTS.units.demo && LISTS.commodities.demo).toBe(true);
    for (const list of Object.values(LISTS)) {
      const all = list.entries.map((entry) => entry.code);
      expect(new Set(all).size).toBe(all.length);
      for (const entry of list.entries) expect([entry.zh, entry.en]).not.toContain('');
    }
  });
  test('a licence takes over the application and prints 非一批一证', () => {
    const licence = licenceFromApplication(sampleApplication(), {
      number: '26-AB-000417',
      authority: AUTHORITY,
      issuedOn: '2026-03-10',
      statusList: { id: '1', index: 7 },
      pilot: true,
    });
    expect(licence.remarks).toBe('非一批一证；合同号 SL-2026-0417');
    expect(licence.maxUses).toBe(6);
    expect(licence.validUntil).toBe('2026-09-10');
  });
});
