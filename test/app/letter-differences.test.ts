import { expect, it } from 'vitest';
import { differences } from '../../src/app/pages/seal-review/differences.ts';
import { drawnOver } from '../../src/app/pages/seal-review/drawn-over.ts';

const CASE = '474c2a55b96dda9649025ddf4b93db46';
const good = { accept: true, reasons: [], letterCase: CASE };
const own = (accept: boolean, reasons: string[], letterCase: string | null) => ({
  report: { accept, reasons },
  letterCase,
});

it('holds the findings that an applicant sent against what the reviewer sees', () => {
  expect(differences(good, own(true, [], CASE))).toEqual([]);
  expect(differences(good, own(false, ['blurred'], CASE))).toEqual(['accept']);
  expect(differences(good, own(true, [], null))).toEqual(['letter']);
  expect(differences(good, own(false, ['no-seal'], 'other'))).toEqual(['accept', 'letter']);
});

it('takes reasons in another order for the same', () => {
  const claim = { accept: false, reasons: ['faint', 'blurred'], letterCase: null };
  expect(differences(claim, own(false, ['blurred', 'faint'], null))).toEqual([]);
  expect(differences(claim, own(false, ['blurred'], null))).toEqual(['reasons']);
});

it('lays a drawn seal over the scanned one by the circle around both', () => {
  const svg = (w: number, h: number) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}mm" height="${h}mm" viewBox="0 0 ${w} ${h}"></svg>`;
  expect(drawnOver(svg(40, 40), 'round', 1.25)).toEqual({ width: 80, height: 80, mm: 40 });
  expect(drawnOver(svg(40, 30), 'oval', 1)).toEqual({ width: 100, height: 75, mm: 40 });
  expect(drawnOver(svg(22, 22), 'square', 1)?.width).toBeCloseTo(70.71, 2);
  expect(drawnOver('<svg></svg>', 'round', 1)).toBeNull();
});
