import { describe, expect, test } from 'vitest';
import {
  type Application,
  ATTACHMENTS,
  checkApplication,
  LICENCE_TYPE_NAMES,
  placeOf,
  placesNamedIn,
  sampleApplication,
} from '../../src/licence/index.ts';

/** Every path of the value, in both notations. */
function paths(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, item]) =>
    Array.isArray(value)
      ? [...paths(item, `${path}[${key}]`), ...paths(item, `${path}.${key}`)]
      : paths(item, path ? `${path}.${key}` : key),
  );
  return path ? [path, ...inner] : inner;
}

describe.each(LICENCE_TYPE_NAMES)('%s', (type) => {
  test('every place of an application has words in both languages, never its path', () => {
    const whole: Application = { ...sampleApplication(type), agent: { name: '', code: '' } };
    for (const path of paths(whole)) {
      const { zh, en } = placeOf(type, path);
      if (path !== 'v') expect(zh, path).not.toBe('申请表');
      expect(zh, path).toMatch(/\p{Script=Han}/u);
      expect(en, path).not.toMatch(/[[\].]\d|[a-z][A-Z]|^[a-z]/);
    }
    for (const { key, zh } of ATTACHMENTS[type])
      expect(placeOf(type, `attachments.${key}`).zh).toBe(zh);
  });
});

test('a line says which', () => {
  expect(placeOf('import', 'lines[2].amount')).toMatchObject({ box: 16, line: 3, zh: '总值' });
  expect(placeOf('import', 'lines.0.unit.zh')).toMatchObject({ box: 13, line: 1, zh: '单位' });
  expect(placeOf('import', 'tradeCountry.code')).toMatchObject({ box: 8, zh: '出口国（地区）' });
});

test('a product that no paper has room for is told at its quantity, not as a total', () => {
  const app = sampleApplication();
  app.lines[0]!.quantity = '999999999999999999';
  app.lines[0]!.unitPrice = '9999';
  const found = checkApplication(app).filter(({ severity }) => severity === 'block');
  expect(found.map(({ field, code }) => `${field} ${code}`)).toContain(
    'lines[0].quantity too-large',
  );
});

describe('reasons of a return name their places', () => {
  test.each([
    ['商品名称或编码有误，请核对。', ['goods.name']],
    ['数量或金额与合同不一致。', ['lines', 'contract']],
    ['合同号不清', ['contract.number']],
    ['缺少必需的附件。', ['attachments']],
    ['进口合同缺签字页', ['attachments.contract']],
    ['联系方式有误。', ['contact']],
    ['第 7 栏请填一个口岸', ['ports']],
    ['申请单位不符', []],
    ['The port in box 7 is wrong', ['ports']],
    ['The contact details are wrong.', ['contact']],
    ['Please resend the united list', []],
  ])('%s', (reason, places) => expect(placesNamedIn('auto-import', reason)).toEqual(places));
});
