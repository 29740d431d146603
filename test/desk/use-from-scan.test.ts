/** An inspector's phone that never got the licence: a use is recorded from the code alone. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type LocalStore, memoryStore } from '../../src/sync/index.ts';
import { bindSeal, type Device, device, NAMES, pilot, submitted } from './device.ts';

const KEPT = ['settings', 'people', 'keys', 'registration', 'issuing', 'numbers', 'log'];

/** The same device as it was: its keys and its trust, and nothing that came later. */
async function copyOf(store: LocalStore): Promise<LocalStore> {
  const copy = memoryStore();
  const records = [];
  for (const namespace of KEPT) {
    for (const { id, value } of await store.records(namespace)) {
      records.push({ namespace, id, value });
    }
  }
  await copy.commit({ records, packages: await store.packages(), outbox: await store.outbox() });
  return copy;
}

let office: Device;
let phone: Device;
let number: string;
let token: string;
const use = {
  declaration: '420020261000000001',
  customs: '4200',
  date: '2026-03-02',
  quantity: '10',
};

beforeAll(async () => {
  office = await pilot();
  phone = await device({ clock: office.clock, store: await copyOf(office.store) });
  await bindSeal(office);
  const caseId = await submitted(office);
  await office.as(NAMES.first);
  await office.desk.review('first', [caseId], 'pass', []);
  await office.as(NAMES.second);
  await office.desk.review('second', [caseId], 'pass', []);
  await office.as(NAMES.issuer);
  const licence = await office.desk.licence(caseId);
  number = licence.number;
  token = licence.token ?? '';
  await phone.as(NAMES.inspector);
});

describe('without the issue on the device', () => {
  test('the register is not asked, and that is said', async () => {
    expect(await phone.desk.recordsOf(number, token)).toMatchObject({ issue: 'not-here' });
    expect(await phone.desk.licenceRegister()).toEqual([]);
  });

  test('by its number alone nothing is recorded; from another code neither', async () => {
    await expect(phone.desk.recordUse(number, use)).rejects.toMatchObject({
      code: 'unknown-licence',
    });
    const forged = `${token.slice(0, 80)}${token[80] === 'A' ? 'B' : 'A'}${token.slice(81)}`;
    await expect(phone.desk.recordUse(number, use, forged)).rejects.toMatchObject({
      code: 'unknown-licence',
    });
    await expect(
      phone.desk.recordUse(number, { ...use, customs: '5300' }, token),
    ).rejects.toMatchObject({ params: { detail: 'port-not-named' } });
  });

  test('from the code it is recorded, and counts once it has come together with the issue', async () => {
    await phone.desk.recordUse(number, use, token);
    const carried = await phone.desk.exportPackages('waiting');
    await office.desk.importPackages(carried);
    await office.as(NAMES.inspector);
    const [licence] = await office.desk.licenceRegister();
    expect(licence).toMatchObject({ number, used: '10', uses: 1, state: 'partially-used' });
    expect((await office.desk.trust()).records.refused).toEqual([]);
  });

  test('recorded by mistake it is taken back, with the reason; the balance is whole again', async () => {
    const [{ caseId } = { caseId: '' }] = await office.desk.licenceRegister();
    const [first] = (await office.desk.licence(caseId)).useLog;
    const take = (reason: string) => office.desk.takeBackUse(caseId, first?.id ?? '', reason);
    await expect(take(' ')).rejects.toMatchObject({ code: 'reasons-needed' });
    await take('误录');
    const licence = await office.desk.licence(caseId);
    expect(licence.useLog).toMatchObject([{ takenBack: true, corrected: true, quantity: '0' }]);
    expect(licence).toMatchObject({ used: '0', uses: 0, state: 'in-force' });
    expect(licence.history.at(-1)).toMatchObject({
      type: 'licence/use-correct',
      reasons: ['误录'],
    });
  });

  test('once the issue is here the code is compared with it', async () => {
    await phone.desk.importPackages(await office.desk.exportPackages('all'));
    expect(await phone.desk.recordsOf(number, token)).toMatchObject({
      issue: 'same',
      state: 'in-force',
    });
    expect(await phone.desk.recordsOf(number, `${token}0`)).toMatchObject({ issue: 'other' });
  });
});
