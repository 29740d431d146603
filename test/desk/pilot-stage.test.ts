import { beforeAll, expect, test } from 'vitest';
import { type Device, findings, NAMES, pilot, SCAN, submitted } from './device.ts';

let it: Device;
beforeAll(async () => {
  it = await pilot();
}, 60_000);

/** The step and the name of whose turn it is. */
async function stage(): Promise<[string | undefined, string | undefined]> {
  const found = await it.desk.pilotStage();
  const { people } = await it.desk.overview();
  return [found?.step, people.find(({ id }) => id === found?.person)?.name];
}

test('a pilot knows its next step by its cases, whoever sits at the desk', async () => {
  expect(await stage()).toEqual(['apply-seal', NAMES.enterprise]);
  await it.as(NAMES.enterprise);
  const form = { kind: 'round' as const, name: NAMES.enterprise, lower: '', code: '' };
  const seal = await it.desk.applyForSeal(form);
  expect(await stage()).toEqual(['send-letter', NAMES.enterprise]);
  await it.desk.sendLetter(seal, SCAN, findings(seal));
  await it.as(NAMES.inspector);
  expect(await stage()).toEqual(['review-seal', NAMES.sealReviewer]);
  await it.as(NAMES.sealReviewer);
  await it.desk.decideSeal(seal, true, []);
  expect(await stage()).toEqual(['make-seal', NAMES.sealMaker]);
  await it.as(NAMES.sealMaker);
  await it.desk.produceSeal(seal);
  expect(await stage()).toEqual(['apply', NAMES.enterprise]);
});

test('a returned application is corrected; one withdrawn is made anew; locked it is the same', async () => {
  const returned = await submitted(it);
  expect(await stage()).toEqual(['first-review', NAMES.first]);
  await it.as(NAMES.first);
  await it.desk.review('first', [returned], 'return', ['合同号不清']);
  await it.desk.lock();
  expect(await stage()).toEqual(['correct', NAMES.enterprise]);
  await it.as(NAMES.enterprise);
  await it.desk.withdraw(returned, '不再申请');
  expect(await stage()).toEqual(['apply', NAMES.enterprise]);
});

test('first and second review are the turn of two persons; the licence ends it', async () => {
  const caseId = await submitted(it);
  await it.as(NAMES.first);
  await it.desk.review('first', [caseId], 'pass', []);
  expect(await stage()).toEqual(['second-review', NAMES.second]);
  await it.as(NAMES.second);
  await it.desk.review('second', [caseId], 'pass', []);
  expect(await stage()).toEqual(['verify', NAMES.enterprise]);
  await it.desk.lock();

  expect((await it.desk.pilotStage())?.caseId).toBe(caseId);
});
