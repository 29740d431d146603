/** The second reviewer's device verifies by itself, whatever the first one let pass. */
import { beforeAll, expect, test, vi } from 'vitest';
import { bindSeal, type Device, NAMES, pilot, submitted } from './device.ts';

/** Cases whose seal this device finds wrong. */
const wrong = new Set<string>();
vi.mock(import('../../src/desk/report.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    async automaticReport(context, caseId) {
      const report = await actual.automaticReport(context, caseId);
      if (!report || !wrong.has(caseId)) return report;
      const seal = { code: 'seal-valid', severity: 'bad' as const, params: { name: '某章' } };
      return { ...report, checks: [...report.checks, seal], verdict: 'TOTAL-FAILED' as const };
    },
  };
});

let it: Device;
let bad: string;
let good: string;
beforeAll(async () => {
  it = await pilot();
  await bindSeal(it);
  bad = await submitted(it);
  good = await submitted(it);
  await it.as(NAMES.first);
  await it.desk.review('first', [bad, good], 'pass', []);
  wrong.add(bad);
}, 60_000);

test('what does not verify here is not passed with a batch, and said by name; the others are', async () => {
  await it.as(NAMES.second);
  const heard: number[] = [];
  const outcome = await it.desk.review('second', [bad, good], 'pass', [], (_, done) => {
    heard.push(done);
  });
  expect(heard.slice(0, 2)).toEqual([0, 0.5]);
  expect(outcome.done).toEqual([good]);
  expect(outcome.refused).toMatchObject([
    {
      caseId: bad,
      refusal: { code: 'report-failed', params: { detail: 'seal-valid', name: '某章' } },
    },
  ]);
  expect((await it.desk.reviewQueue('second')).map(({ caseId }) => caseId)).toEqual([bad]);
});

test('it can be returned all the same', async () => {
  await it.as(NAMES.second);
  const outcome = await it.desk.review('second', [bad], 'return', ['印章未通过验证']);
  expect(outcome).toEqual({ done: [bad], refused: [] });
});
