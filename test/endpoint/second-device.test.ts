/**
 * Keys on a second device, through a server of its own: what an enterprise has is there after the
 * exchange, and the authority goes on from its second home after the first is gone.
 */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Clock, type Device, device, filledDraft } from '../desk/device.ts';
import { byEndpoint, Deployment, FIRMS, PASSWORD, SECRET } from '../desk/nine-devices.ts';
import { healthOf, type RealServer, realServer } from './real-server.ts';

/** The server looks at its own clock when it is asked. */
class OfTheServer extends Clock {
  override now = () => new Date();
}

const FILE_PASSWORD = 'only for this file';
let server: RealServer;
let all: Deployment<Device>;

/** A second device, which joins by the newest bundle and has no keys yet. */
async function second(): Promise<Device> {
  const made = await device({ clock: all.device('one').clock, fetch });
  await made.desk.join(all.invite);
  return made;
}

const idOf = async ({ desk }: Device, name: string) =>
  (await desk.overview()).people.find((each) => each.name === name)?.id ?? '';

beforeAll(async () => {
  server = await realServer();
  const { key } = (await healthOf(server)) as { key: string };
  const clock = new OfTheServer();
  all = new Deployment(byEndpoint({ url: server.url as string, key }), () =>
    device({ clock, fetch }),
  );
  await all.found();
  await all.enrol(['one']);
  await all.at('sealMaker').produceAuthoritySeals();
}, 120_000);
afterAll(async () => {
  await server.stop();
  await rm(server.directory, { recursive: true, force: true });
});

describe('an enterprise on its second device', () => {
  let caseId: string;

  beforeAll(async () => {
    caseId = await all.apply('one');
    await filledDraft(all.at('one'));
    await all.exchange();
    for (const stage of ['first', 'second'] as const) {
      await all.at(stage).review(stage, [caseId], 'pass', []);
      await all.exchange();
    }
    await all.exchange();
    // Renewed since: older packages name the certificates before.
    const office = await all.office('registrar');
    const { certificates } = await office.authority();
    const holder = certificates.find(({ kind, current }) => kind === 'enterprise' && current);
    await office.renewCertificate(holder?.id ?? '');
    await all.exchange();
  }, 120_000);

  it.each(['recovery code', 'PKCS #12'] as const)(
    'brought by %s: everything is there after the exchange, and it goes on',
    async (by) => {
      const first = all.device('one');
      const id = await idOf(first, FIRMS.one.name);
      const there = await second();
      if (by === 'PKCS #12') {
        const file = await first.desk.exportPerson(id, FILE_PASSWORD, { password: PASSWORD });
        const given = { files: [file], password: FILE_PASSWORD, newPassword: PASSWORD };
        const { person } = await there.desk.importKey(given);
        await there.desk.sitDown(person, { password: PASSWORD });
      } else {
        const code = await first.desk.newRecoveryCode({ password: PASSWORD });
        const file = await first.desk.copyPerson(id, { password: PASSWORD });
        await expect(there.desk.takeKeyCopy(file, 'another good one')).rejects.toMatchObject({
          code: 'key-file-password',
        });
        expect((await there.desk.overview()).people).toEqual([]);
        const taken = await there.desk.takeKeyCopy(file, code);
        await expect(there.desk.takeKeyCopy(file, code)).rejects.toMatchObject({
          code: 'person-exists',
        });
        await there.desk.lock();
        await there.desk.sitDown(taken.person ?? '', { password: PASSWORD });
        expect((await there.desk.binding()).form?.contact).toBe('吴示例');
      }
      await there.desk.syncNow();
      await there.desk.syncNow();
      const state = await there.desk.overview();
      expect(state.sync).toMatchObject({ problem: null, complete: true, missing: 0 });
      expect(await there.desk.binding()).toMatchObject({
        registration: 'approved',
        state: 'bound',
      });
      expect(await there.desk.applications()).toEqual(await first.desk.applications());
      expect(await there.desk.licences()).toEqual(await first.desk.licences());
      expect((await there.desk.licences()).map((each) => each.caseId)).toEqual([caseId]);
      expect((await there.desk.application(caseId)).pdf).toEqual(
        (await first.desk.application(caseId)).pdf,
      );
      expect((await there.desk.application(caseId)).pdf).not.toBeNull();
      expect((await there.desk.licence(caseId)).pdf).not.toBeNull();
      // Drafts stay where they were written.
      expect(await first.desk.drafts()).toHaveLength(1);
      expect(await there.desk.drafts()).toEqual([]);
    },
    60_000,
  );

  it('a reviewer’s second device opens what the role key opens', async () => {
    const first = all.device('first');
    const id = await idOf(first, '丁初审');
    const there = await second();
    const file = await first.desk.copyPerson(id, { password: PASSWORD });
    await there.desk.takeKeyCopy(file, PASSWORD);
    await there.desk.sitDown(id, { password: PASSWORD });
    await there.desk.syncNow();
    await there.desk.syncNow();
    expect((await there.desk.overview()).waitsForKeys).toEqual([]);
    expect((await there.desk.application(caseId)).applicant).toBe(FIRMS.one.name);
    expect((await there.desk.application(caseId)).pdf).not.toBeNull();
  }, 60_000);
});

describe('the authority in its second home', () => {
  it('certifies an enterprise and publishes the next bundle after the first device is gone', async () => {
    const office = all.device('root');
    const there = await second();
    await all.office('registrar');
    const copy = await office.desk.copyAuthority({ password: SECRET.authority }, FILE_PASSWORD);
    await expect(
      office.desk.copyAuthority({ password: 'not any of the three' }, FILE_PASSWORD),
    ).rejects.toMatchObject({ code: 'key-wrong-secret' });
    const weak = office.desk.copyAuthority({ password: SECRET.authority }, '123456789012');
    await expect(weak).rejects.toMatchObject({ code: 'key-weak-password' });
    for (const [name, password] of [
      ['信任根', SECRET.root],
      ['甲登记', SECRET.founder],
    ] as const) {
      const id = await idOf(office, name);
      await there.desk.takeKeyCopy(await office.desk.copyPerson(id, { password }), password);
    }
    expect(await there.desk.takeKeyCopy(copy.file, copy.recoveryCode)).toEqual({
      kind: 'authority',
      person: null,
    });
    await there.desk.lock();
    await all.exchange();
    await office.store.clear();
    all.seats.set('root', there);

    // The code of the copy opens both keys.
    await all.office('registrar').catch(() => {});
    await there.desk.resetAuthority([copy.recoveryCode], SECRET.authority);
    await all.enrol(['two']);
    expect(await all.at('two').binding()).toMatchObject({ registration: 'approved' });
    const { seq } = await all.at('two').trust();
    await (await all.office('root')).publishTrust({ issuing: 'confirmed' });
    await all.exchange();
    expect(await all.at('two').trust()).toMatchObject({
      seq: seq + 1,
      policy: { issuing: 'confirmed' },
      records: { refused: [] },
    });
  }, 120_000);
});

describe('a device that is lost', () => {
  it('is reported from the other one by the key itself; the registrar reads it and revokes; both see it', async () => {
    const firm = all.device('one');
    const id = await idOf(firm, FIRMS.one.name);
    const lost = await second();
    await lost.desk.takeKeyCopy(await firm.desk.copyPerson(id, { password: PASSWORD }), PASSWORD);
    await lost.desk.sitDown(id, { password: PASSWORD });
    await lost.desk.syncNow();
    const since = new Date(Date.now() - 1000).toISOString();
    // Whoever has it goes on with it.
    const { id: draft } = await filledDraft(lost.desk);
    const stolen = await lost.desk.submitDraft(draft, 'plain');
    await lost.desk.syncNow();

    await expect(firm.desk.reportLost(since, ' ')).rejects.toMatchObject({
      code: 'reasons-needed',
    });
    const { file, seal } = await firm.desk.reportLost(since, '笔记本在车站遗失');
    expect(seal).toBe(true);
    expect((await firm.desk.binding()).state).toBe('lost');
    await all.exchange();

    const office = await all.office('registrar');
    const report = await office.readLostReport(file);
    expect(report).toMatchObject({ name: FIRMS.one.name, note: '笔记本在车站遗失', since });
    expect(report.place).not.toBeNull();
    const noted = Buffer.from(file).indexOf('笔记本');
    for (const at of [3, noted, file.length - 3]) {
      const changed = file.slice();
      changed[at] = (changed[at] as number) ^ 1;
      await expect(office.readLostReport(changed)).rejects.toMatchObject({
        code: 'lost-report-unusable',
      });
    }
    await office.revokeCertificate(report.certificate, 'keyCompromise', report.place);
    await office.syncNow();
    const { certificates } = await office.authority();
    expect(certificates.find((each) => each.id === report.certificate)?.state).toBe('revoked');
    // What was done with it since does not count.
    expect((await office.trust()).records.refused.map((each) => each.id)).toContain(stolen);
    for (const { desk } of [firm, lost]) {
      await desk.syncNow();
      const [person] = (await desk.overview()).people;
      expect(person).toMatchObject({ standing: 'revoked' });
      expect(person?.revokedSince).toMatch(/^\d{4}-/);
    }

    // A new key of the same enterprise, on the device that is left.
    const { name, uscc } = FIRMS.one;
    const made = await firm.desk.createEnterprise({ name, uscc, password: PASSWORD });
    await firm.desk.sitDown(made.person, { password: PASSWORD });
    await firm.desk.register({
      name,
      uscc,
      nameEn: 'Sample Trading Co., Ltd.',
      address: '上海市示例路 2 号',
      contact: '吴示例',
      phone: '021-55550000',
      email: 'b@example.com',
    });
    await firm.desk.syncNow();
    await office.syncNow();
    for (const { caseId: waiting, kind } of await office.sealQueue()) {
      if (kind === 'registration') await office.decideRegistration(waiting, true, []);
    }
    await office.syncNow();
    await firm.desk.syncNow();
    expect(
      (await firm.desk.overview()).people.find((each) => each.id === made.person),
    ).toMatchObject({ standing: 'known', revokedSince: null });
    expect((await firm.desk.applications()).length).toBeGreaterThan(0);
    expect((await firm.desk.binding()).registration).toBe('approved');
  }, 120_000);
});
