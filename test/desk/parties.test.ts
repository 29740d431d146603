/** Two people of one enterprise and a broker, each on a device of his own, through the endpoint. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Desk } from '../../src/desk/index.ts';
import { Clock, device, filledDraft } from './device.ts';
import { byEndpoint, Deployment, FIRMS, PASSWORD, serve } from './nine-devices.ts';

const clock = new Clock();
const server = await serve(await mkdtemp(join(tmpdir(), 'parties-')), clock);
afterAll(() => server.close());

const it = new Deployment(byEndpoint(server), () => device({ clock, fetch }));
/** Submitted before the second person came. */
let before = '';

beforeAll(async () => {
  await it.found();
  await it.enrol(['one', 'two']);
  before = await it.apply('one');
  await it.exchange();
}, 120_000);

/** Another person of the first enterprise on a device of his own. */
async function join2(seat: string, contact: string): Promise<Desk> {
  const made = await device({ clock, fetch });
  it.seats.set(seat, made);
  const { desk } = made;
  await desk.join(it.invite);
  const { name, uscc } = FIRMS.one;
  const { person } = await desk.createEnterprise({ name, uscc, password: PASSWORD });
  await desk.sitDown(person, { password: PASSWORD });
  await desk.register({
    name,
    uscc,
    nameEn: 'Sample Trading Co., Ltd.',
    address: '上海市示例路 2 号',
    contact,
    phone: '021-55550001',
    email: 'c@example.com',
  });
  await it.exchange();
  return desk;
}

const desk = (seat: string) => it.seats.get(seat)?.desk as Desk;

async function bind(contact: string, rights: ('fill-in' | 'stamp' | 'manage')[]): Promise<void> {
  const office = await it.office('registrar');
  const waiting = (await office.sealQueue()).filter(({ kind }) => kind === 'registration');
  expect(waiting).toHaveLength(1);
  await office.decideRegistration(waiting[0]?.caseId ?? '', true, [], { person: contact, rights });
}

const submit = async (seat: string, how: 'seal' | 'plain', client?: string): Promise<string> => {
  const draft = await filledDraft(desk(seat), {}, client);
  return desk(seat).submitDraft(draft.id, how);
};

const refusal = (detail: string) => ({ code: 'record-refused', params: { detail } });

test('second certificate of one enterprise: bound with rights, told to the first, and no seal stamps for it', async () => {
  await join2('second', '钱示例');
  await bind('钱示例', ['fill-in', 'stamp']);
  await it.at('root').syncNow();
  await it.office('root');
  await desk('second').syncNow();
  const view = await desk('second').party();
  expect(view.rights).toEqual(['fill-in', 'stamp']);
  expect(view.people.map(({ name, own, inSeal }) => [name, own, inSeal])).toEqual([
    [FIRMS.one.name, false, true],
    ['钱示例', true, false],
  ]);
  await expect(submit('second', 'seal')).rejects.toMatchObject({ code: 'seal-not-bound' });
});

test('until somebody earlier comes online it is told whom it waits for; then it opens what was sent before', async () => {
  // The first person was not online since.
  await desk('second').syncNow();
  const { waitsForContents } = await desk('second').overview();
  expect(waitsForContents).toMatchObject({ from: [FIRMS.one.name] });
  expect((await desk('second').application(before)).unread).toBe(true);
  await it.exchange();
  await it.exchange();
  expect((await desk('second').overview()).waitsForContents).toBeNull();
  const read = await desk('second').application(before);
  expect(read.unread).toBe(false);
  expect(read.pdf).not.toBeNull();
  expect(read.attachments.every(({ bytes }) => bytes.length > 0)).toBe(true);
  expect((await desk('second').overview()).sync).toMatchObject({ missing: 0, complete: true });
});

test('the present holder is told of the new one, until he has seen it', async () => {
  const [found, ...others] = (await desk('one').overview()).newPeople;
  expect(others).toEqual([]);
  expect(found).toMatchObject({ name: '钱示例', rights: ['fill-in', 'stamp'] });
  await desk('one').newPeopleSeen([found?.certificate ?? '']);
  expect((await desk('one').overview()).newPeople).toEqual([]);
  expect((await desk('second').overview()).newPeople).toEqual([]);
});

test('a seal made anew names both, and both stamp with it', async () => {
  expect((await desk('second').binding()).rebind).toBe(true);
  await desk('one').sealAct('renew', '新增盖章人');
  await it.exchange();
  const [waiting] = await it.at('sealMaker').sealQueue();
  await it.at('sealMaker').produceSeal(waiting?.caseId ?? '');
  await it.exchange();
  const cases = [await submit('one', 'seal'), await submit('second', 'seal')];
  await it.exchange();
  for (const caseId of cases) {
    const { report } = await it.at('first').application(caseId);
    expect(report?.checks.filter(({ severity }) => severity === 'bad')).toEqual([]);
  }
  await it.at('first').review('first', cases, 'return', ['请补充合同']);
  await it.exchange();
  expect(await desk('second').application(cases[0] ?? '')).toMatchObject({
    reasons: ['请补充合同'],
  });
});

test('the second person manages neither the seal nor mandates: she has not the right', async () => {
  await expect(desk('second').sealAct('suspend', '试')).rejects.toMatchObject(
    refusal('right-missing'),
  );
  await expect(
    desk('second').giveMandate(FIRMS.two.uscc, ['fill-in'], '2027-01-01T00:00:00Z'),
  ).rejects.toMatchObject(refusal('right-missing'));
});

test('fill-in right stamps: refused on her own device once the registrar takes the right', async () => {
  const { people } = await desk('second').party();
  const office = await it.office('registrar');
  await office.changeRights(people.find(({ own }) => own)?.caseId ?? '', ['fill-in']);
  await it.office('root');
  await it.exchange();
  expect((await desk('second').party()).rights).toEqual(['fill-in']);
  await expect(submit('second', 'plain')).rejects.toMatchObject(refusal('right-missing'));
  // What was sent before opens still: the keys are the same.
  expect((await desk('second').application(before)).unread).toBe(false);
});

let brokered = '';
test('broker with mandate: submits for the client, who reads it; everybody sees who is behind', async () => {
  const [client, broker] = [FIRMS.one, FIRMS.two];
  await expect(desk('two').newDraft('auto-import', client.uscc)).rejects.toMatchObject({
    code: 'mandate-none',
  });
  await desk('one').giveMandate(broker.uscc, ['fill-in', 'stamp'], '2026-06-01T00:00:00Z');
  await it.exchange();
  expect((await desk('two').clients()).map(({ uscc, own }) => [uscc, own])).toEqual([
    [broker.uscc, true],
    [client.uscc, false],
  ]);
  brokered = await submit('two', 'plain', client.uscc);
  await it.exchange();
  for (const seat of ['one', 'second', 'two', 'first']) {
    const found = await desk(seat).application(brokered);
    expect(found).toMatchObject({ applicant: client.name, uscc: client.uscc, unread: false });
    expect(found.broker).toEqual(broker);
  }
  const { report } = await it.at('first').application(brokered);
  expect(report?.checks.filter(({ severity }) => severity === 'bad')).toEqual([]);
  expect(report?.checks.some(({ code }) => code === 'by-broker')).toBe(true);
  expect((await desk('two').applications()).map(({ caseId }) => caseId)).toContain(brokered);
  expect((await desk('one').applications()).map(({ caseId }) => caseId)).toContain(brokered);
});

test('the broker learns what became of it, and sees no other case of the client', async () => {
  await it.at('first').review('first', [brokered], 'return', ['合同号与附件不符']);
  await it.exchange();
  expect(await desk('two').application(brokered)).toMatchObject({
    state: 'returned',
    reasons: ['合同号与附件不符'],
  });
  await expect(desk('two').application(before)).rejects.toMatchObject({ code: 'unknown-case' });
  const draft = await desk('two').correct(brokered);
  await desk('two').submitDraft(draft.id, 'plain');
  await it.exchange();
  expect(await it.at('first').application(brokered)).toMatchObject({ state: 'submitted' });
});

test('broker after the end of the mandate: writes nothing more, and gets nothing more', async () => {
  await desk('one').endMandate(FIRMS.two.uscc);
  await it.exchange();
  expect((await desk('two').clients()).map(({ own }) => own)).toEqual([true]);
  await expect(desk('two').withdraw(brokered, '试')).rejects.toMatchObject(
    refusal('mandate-ended'),
  );
  await it.at('first').review('first', [brokered], 'refuse', ['不在许可范围']);
  await it.exchange();
  expect(await desk('one').application(brokered)).toMatchObject({ state: 'refused' });
  expect(await desk('two').application(brokered)).toMatchObject({ state: 'submitted' });
});

test('dismissed certificate: the person reads and writes nothing more, the others go on', async () => {
  const { people } = await desk('one').party();
  const gone = people.find(({ name }) => name === '钱示例');
  const office = await it.office('registrar');
  await office.revokeCertificate(gone?.certificate ?? '', 'affiliationChanged', null);
  await it.office('root');
  await it.exchange();
  const after = await it.apply('one');
  await desk('one').syncNow();
  await desk('second').syncNow();
  await expect(desk('second').application(after)).rejects.toMatchObject({ code: 'unknown-case' });
  expect((await desk('one').party()).people.map(({ state }) => state)).toEqual([
    'in-force',
    'revoked',
  ]);
});

test('successor before its position, and after: another code stands for the enterprise', async () => {
  await expect(desk('two').application(before)).rejects.toMatchObject({ code: 'unknown-case' });
  const office = await it.office('registrar');
  await office.succeed(FIRMS.one.uscc, FIRMS.two.uscc);
  await it.office('root');
  await it.exchange();
  await it.exchange();
  await it.exchange();
  const found = await desk('two').application(before);
  expect(found).toMatchObject({ applicant: FIRMS.one.name, unread: false });
  expect((await desk('one').party()).successor).toMatchObject({ uscc: FIRMS.two.uscc });
});
