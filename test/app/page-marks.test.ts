/** Marks on the pages of a file that is verified. */
import { expect, test } from 'vitest';
import { seamMarks } from '../../src/app/pages/verify/page-marks.ts';
import type { PdfReport } from '../../src/pdf/index.ts';

const labels = { misplaced: 'of another page', altered: 'altered' };

test('every strip of a seam seal is marked on its page, and what is wrong with it named', () => {
  const strip = (page: number, state: 'whole' | 'misplaced' | 'altered') =>
    ({ page, state, rect: [570, 364, 595, 477] }) as const;
  const signature = {
    ...{ field: 'Seam', kind: 'approval', integrity: 'intact', verdict: 'TOTAL-PASSED', path: [] },
    ...{ coverage: 'file', changes: 'none', findings: [], timeStamps: [], changesList: [] },
    seal: {
      name: '示例公司',
      pictureMatches: true,
      strips: [strip(1, 'whole'), strip(2, 'whole')],
    },
  } as unknown as PdfReport['signatures'][number];
  expect(
    seamMarks([signature], labels).map(({ page, tone, label }) => [page, tone, label]),
  ).toEqual([
    [1, 'ok', '✓ 示例公司'],
    [2, 'ok', '✓ 示例公司'],
  ]);
  const seal = {
    ...(signature.seal as NonNullable<typeof signature.seal>),
    pictureMatches: false,
    strips: [strip(1, 'whole'), strip(2, 'misplaced'), strip(4, 'altered')],
  };
  const bad = seamMarks([{ ...signature, seal, verdict: 'TOTAL-FAILED' }], labels);
  expect(bad.map(({ page, tone, label }) => [page, tone, label])).toEqual([
    [1, 'bad', '✕ 示例公司'],
    [2, 'bad', '✕ of another page'],
    [4, 'bad', '✕ altered'],
  ]);
});
