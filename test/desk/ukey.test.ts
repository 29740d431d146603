import { beforeAll, describe, expect, test } from 'vitest';
import { openDesk } from '../../src/desk/index.ts';
import { liveKey } from '../../src/keys/index.ts';
import { importPfx } from '../../src/keys/pfx/index.ts';
import { memoryStore } from '../../src/sync/index.ts';
import { type MockKey, MockUKey } from '../keys/mock-ukey.ts';
import { Clock, type Device, device, FONTS, findings, NAMES, SCAN } from './device.ts';

const PIN = '135790';
const FORM = {
  name: NAMES.enterprise,
  nameEn: 'Sample Import and Export Co., Ltd.',
  uscc: '91110000MA000TE137',
  address: '北京市示例路 1 号',
  contact: '李示例',
  phone: '010-12345678',
  email: 'a@example.com',
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error) => error.code,
  );

describe.each(['P-256', 'SM2'] as const)('an enterprise whose keys are in a UKey, %s', (suite) => {
  let home: Device;
  let keys: MockKey[];
  /** Every connection that was made to it. */
  const connections: MockUKey[] = [];
  let reachable = true;
  let desk: Device['desk'];
  let person: string;

  beforeAll(async () => {
    home = await device();
    await home.desk.createPilot({ lang: 'zh-CN', suite });
    const { id } = await home.as(NAMES.enterprise);
    const pfx = await home.desk.exportPerson(id, 'for the card alone', {});
    const held = await importPfx({ pfx, password: 'for the card alone' });
    keys = [];
    for (const purpose of ['signing', 'encryption'] as const) {
      const key = held.keys[purpose];
      const certificate = held.certificates[purpose];
      if (!key || !certificate) throw new Error(purpose);
      keys.push({ key: purpose, purpose, certificate, live: await liveKey(key) });
    }
    desk = await openDesk({
      store: memoryStore(),
      now: new Clock('2026-03-02T02:00:00Z').now,
      loadFont: async (name) => FONTS[name],
      ukey: () => {
        const connection = new MockUKey(keys, PIN, reachable);
        connections.push(connection);
        return connection;
      },
    });
    await desk.join(await home.desk.trustBundle());
    await desk.importPackages(await home.desk.exportPackages('all'));
  });

  test('without the service it is said that there is none', async () => {
    reachable = false;
    expect(await codeOf(desk.ukeyCertificates())).toBe('ukey-unreachable');
    reachable = true;
  });

  test('its certificate is known, a wrong PIN is not let in, the right one is', async () => {
    const [certificate] = await desk.ukeyCertificates();
    expect(certificate?.name).toBe(NAMES.enterprise);
    expect(await codeOf(desk.addUKey(certificate?.id ?? '', '000000'))).toBe('ukey-pin');
    expect((await desk.overview()).people).toEqual([]);
    person = await desk.addUKey(certificate?.id ?? '', PIN);
    const [holder] = (await desk.overview()).people;
    expect(holder).toMatchObject({ id: person, unlocked: true, unlocks: ['ukey'] });
    expect(await codeOf(desk.addUKey(certificate?.id ?? '', PIN))).toBe('person-exists');
  });

  test('it signs a step of the workflow that the other device accepts', async () => {
    await desk.updateRegistration(FORM);
    const outcome = await home.desk.importPackages(await desk.exportPackages('all'));
    expect(outcome.refused).toEqual([]);
    await home.as(NAMES.enterprise);
    expect((await home.desk.binding()).form?.phone).toBe('010-12345678');
  });

  test('it opens what is enveloped to it: what was registered, and the reasons of a reviewer', async () => {
    expect((await desk.binding()).form).toMatchObject({ phone: FORM.phone, address: FORM.address });
    await home.as(NAMES.enterprise);
    const form = { kind: 'round' as const, name: NAMES.enterprise, lower: '', code: '' };
    const caseId = await home.desk.applyForSeal(form);
    await home.desk.sendLetter(caseId, SCAN, findings(caseId));
    await home.as(NAMES.sealReviewer);
    await home.desk.decideSeal(caseId, false, ['印文不清']);
    await desk.importPackages(await home.desk.exportPackages('all'));
    const { scan, history } = await desk.sealCase(caseId);
    expect(scan?.bytes.length).toBe(SCAN.bytes.length);
    expect(history.at(-1)?.reasons).toEqual(['印文不清']);
  });

  test('pulled out in the middle of a signature: nothing is stored, and it is locked', async () => {
    const before = (await desk.exportPackages('all')).length;
    for (const connection of connections) {
      connection.spoil = () => {
        connection.emit({ event: 'removed' });
        return null;
      };
    }
    expect(await codeOf(desk.updateRegistration({ ...FORM, phone: '010-00000000' }))).toBe(
      'ukey-removed',
    );
    expect(await desk.exportPackages('all')).toHaveLength(before);
    const [holder] = (await desk.overview()).people;
    expect(holder?.unlocked).toBe(false);
    expect(await codeOf(desk.sitDown(person, { pin: PIN }))).toBe('ok');
  });

  test('locking closes the connection; another UKey does not open the keys of this person', async () => {
    await desk.lock();
    const own = keys;
    keys = [{ ...(own[1] as MockKey), purpose: 'encryption' }];
    expect(await codeOf(desk.sitDown(person, { pin: PIN }))).toBe('ukey-unknown');
    keys = own;
    expect(await codeOf(desk.sitDown(person, {}))).toBe('ukey-pin');
    expect(await codeOf(desk.sitDown(person, { pin: PIN }))).toBe('ok');
  });
});
