import { beforeAll, describe, expect, test } from 'vitest';
import type { Founded, Founding } from '../../src/desk/index.ts';
import { basePdf } from '../pdf/fixtures/base.ts';
import { Clock, type Device, device, filledDraft, findings, SCAN } from './device.ts';

const SECRET = {
  root: 'root of all trust',
  authority: 'issues and revokes',
  founder: 'the first of us',
};
const PASSWORD = 'correct horse battery';
const FORM = {
  name: '乙示例贸易有限公司',
  nameEn: 'Second Sample Trading Co., Ltd.',
  uscc: '91310000MA1FL0T285',
  address: '上海市示例路 2 号',
  contact: '吴示例',
  phone: '021-55550000',
  email: 'b@example.com',
};
const FOUNDING: Founding = {
  name: { zh: '某省许可证', en: 'Province Licensing' },
  authority: { zh: '某省许可证事务局', en: 'Province Licensing Bureau', code: '320000' },
  suite: 'P-256',
  numberIssuer: 'JS',
  founder: { name: '甲登记' },
  passwords: SECRET,
  staff: [],
  endpoint: { url: 'https://licences.example', checkpointKey: btoa('k'.repeat(32)) },
  policy: {
    sealCompulsoryFrom: '2027-01-01T00:00:00Z',
    issuing: 'automatic',
    bundleDays: 60,
  },
};
const carry = async (from: Device, to: Device) =>
  to.desk.importPackages(await from.desk.exportPackages('all'));

describe('a deployment that is started in the browser', () => {
  let office: Device;
  let firm: Device;
  let founded: Founded;
  /** A password for everybody on the office's device. */
  const secrets = new Map<string, string>();
  const sit = async (name: string) => {
    const person = (await office.desk.overview()).people.find((each) => each.name === name);
    if (!person) throw new Error(name);
    await office.desk.sitDown(person.id, { password: secrets.get(name) ?? PASSWORD });
    return person;
  };

  beforeAll(async () => {
    const clock = new Clock();
    [office, firm] = [await device({ clock }), await device({ clock })];
    founded = await office.desk.startDeployment(FOUNDING);
    secrets.set('信任根', SECRET.root).set('甲登记', SECRET.founder);
  }, 60_000);

  test('is real, names its endpoint, and has a root and one registrar', async () => {
    const { deployment, people } = await office.desk.overview();
    expect(deployment).toMatchObject({ pilot: false, seq: 1, stale: false });
    expect(people.map(({ name, roles }) => [name, roles])).toEqual(
      expect.arrayContaining([
        ['信任根', ['root']],
        ['甲登记', ['registrar', 'seal-reviewer']],
      ]),
    );
    expect(founded.recoveryCodes.root).toMatch(/\w{4}/);
    expect(new Set([founded.recoveryCodes.founder, ...founded.recoveryCodes.authority]).size).toBe(
      3,
    );
    expect((await office.desk.overview()).sync.endpoint).toBe('https://licences.example');
    await expect(office.desk.startDeployment(FOUNDING)).rejects.toMatchObject({
      code: 'deployment-exists',
    });
  });

  test('is not started with an address or a log key that cannot be one', async () => {
    const { desk } = await device();
    for (const endpoint of [
      { url: 'licences.example', checkpointKey: btoa('k'.repeat(32)) },
      { url: 'https://licences.example', checkpointKey: 'short' },
    ]) {
      await expect(desk.startDeployment({ ...FOUNDING, endpoint })).rejects.toMatchObject({
        code: expect.stringMatching(/^(endpoint-address|malformed)$/),
      });
    }
    expect((await desk.overview()).deployment).toBeNull();
  });

  test('nothing opens with the wrong password', async () => {
    const [person] = (await office.desk.overview()).people;
    const wrong = { password: 'not any of the three' };
    await expect(office.desk.sitDown(person?.id ?? '', wrong)).rejects.toMatchObject({
      code: 'key-wrong-secret',
    });
    await expect(office.desk.openAuthority(wrong.password)).rejects.toMatchObject({
      code: 'key-wrong-secret',
    });
  }, 20_000);

  test('the codes of both authorities set a new password for a forgotten one', async () => {
    const { founder, authority } = founded.recoveryCodes;
    const next = 'issues, then revokes';
    await sit('甲登记');
    await expect(
      office.desk.resetAuthority([authority[0] ?? '', founder], next),
    ).rejects.toMatchObject({ code: 'key-wrong-secret' });
    expect((await office.desk.authority()).keys).toBe('locked');
    await office.desk.resetAuthority(authority.toReversed(), next);
    expect((await office.desk.authority()).keys).toBe('open');
    await office.desk.lock();
    await sit('甲登记');
    await expect(office.desk.openAuthority(SECRET.authority)).rejects.toMatchObject({
      code: 'key-wrong-secret',
    });
    await office.desk.resetAuthority(authority, SECRET.authority);
    await office.desk.lock();
  }, 20_000);

  test('certifies its people after its keys were opened', async () => {
    const people: [string, ('seal-maker' | 'first-review' | 'second-review' | 'issuer')[]][] = [
      ['乙制章', ['seal-maker']],
      ['丙初审', ['first-review']],
      ['丁复审', ['second-review']],
      ['戊出证', ['issuer']],
    ];
    const files = new Map<string, Uint8Array>();
    for (const [name] of people) {
      const { person } = await office.desk.createStaff({ name, password: PASSWORD });
      await office.desk.sitDown(person, { password: PASSWORD });
      files.set(name, await office.desk.requestFile());
    }
    await sit('甲登记');
    const ask = (name: string, roles: (typeof people)[0][1]) =>
      office.desk.issueStaff({
        file: files.get(name) as Uint8Array,
        name,
        serialNumber: '',
        roles,
      });
    await expect(ask('乙制章', ['seal-maker'])).rejects.toMatchObject({ code: 'authority-locked' });
    expect((await office.desk.authority()).keys).toBe('locked');
    await office.desk.openAuthority(SECRET.authority);
    for (const [name, roles] of people) await ask(name, roles);
    await sit('信任根');
    await office.desk.publishTrust({});
    expect((await office.desk.authority()).concerns).toEqual([
      { code: 'role-empty', params: { role: 'inspector' } },
    ]);
    const { people: all } = await office.desk.overview();
    expect(all.find(({ name }) => name === '戊出证')?.roles).toEqual(['issuer']);
  }, 60_000);

  test('an enterprise joins, registers, and gets its seal', async () => {
    await firm.desk.join(await office.desk.trustBundle());
    const { person } = await firm.desk.createEnterprise({ ...FORM, password: PASSWORD });
    await firm.desk.sitDown(person, { password: PASSWORD });
    await firm.desk.register(FORM);
    await carry(firm, office);
    await sit('甲登记');
    await office.desk.openAuthority(SECRET.authority);
    const [request] = (await office.desk.authority()).requests;
    expect(request).toMatchObject({ name: FORM.name, kind: 'new' });
    await office.desk.decideRegistration(request?.caseId ?? '', true, []);
    await carry(office, firm);
    await seal(FORM.name);
    expect((await firm.desk.binding()).seal?.name).toBe(FORM.name);
  }, 60_000);

  /** From the application for a seal to the seal that is bound. */
  async function seal(name: string): Promise<void> {
    const form = { kind: 'round' as const, name, lower: '', code: '' };
    const caseId = await firm.desk.applyForSeal(form);
    await firm.desk.sendLetter(caseId, SCAN, findings(caseId));
    await carry(firm, office);
    await sit('甲登记');
    await office.desk.decideSeal(caseId, true, []);
    await sit('乙制章');
    await office.desk.produceSeal(caseId);
    await carry(office, firm);
  }

  test('and a licence, once the authority has its own seal', async () => {
    await sit('乙制章');
    expect(await office.desk.produceAuthoritySeals()).toBe(1);
    expect(await office.desk.produceAuthoritySeals()).toBe(0);
    const draft = await filledDraft(firm.desk);
    const caseId = await firm.desk.submitDraft(draft.id, 'seal');
    await carry(firm, office);
    await sit('丙初审');
    await office.desk.review('first', [caseId], 'pass', []);
    await sit('丁复审');
    await office.desk.review('second', [caseId], 'pass', []);
    await sit('戊出证');
    expect((await office.desk.licenceRegister())[0]?.number).toBe('26-JS-000001');
    const { statusLists } = await office.desk.authority();
    expect(statusLists).toMatchObject([{ name: '戊出证', number: 1, stale: false, listed: 0 }]);
    await carry(office, firm);
    expect((await firm.desk.licences())[0]).toMatchObject({ state: 'in-force' });
    expect((await firm.desk.trust()).records.refused).toEqual([]);
  }, 60_000);

  test('another address counts at once; another name brings new certificates and ends the seal', async () => {
    await firm.desk.updateRegistration({ ...FORM, address: '上海市新路 9 号' });
    expect((await firm.desk.binding()).form?.address).toBe('上海市新路 9 号');
    const before = (await firm.desk.overview()).people[0]?.certificate;
    await firm.desk.updateRegistration({ ...FORM, name: '丙新名贸易有限公司' });
    expect((await firm.desk.binding()).renaming).toBe('丙新名贸易有限公司');
    await carry(firm, office);
    await sit('甲登记');
    await office.desk.openAuthority(SECRET.authority);
    const [request] = await office.desk.sealQueue();
    expect(request).toMatchObject({ kind: 'registration', enterprise: '丙新名贸易有限公司' });
    await office.desk.decideRegistration(request?.caseId ?? '', true, []);
    await carry(office, firm);
    const [person] = (await firm.desk.overview()).people;
    expect(person).toMatchObject({ name: '丙新名贸易有限公司' });
    expect(person?.certificate).not.toBe(before);
    expect(await firm.desk.binding()).toMatchObject({ state: 'revoked', renaming: null });
    // What was enveloped for the certificate before still opens.
    expect((await firm.desk.applications())[0]?.goods).not.toBe('');
    await seal('丙新名贸易有限公司');
    expect((await firm.desk.binding()).state).toBe('bound');
  }, 60_000);

  test('renewed certificates keep what was enveloped for those before', async () => {
    await sit('甲登记');
    await office.desk.openAuthority(SECRET.authority);
    const { certificates } = await office.desk.authority();
    const holder = certificates.find(({ kind, current }) => kind === 'enterprise' && current);
    await office.desk.renewCertificate(holder?.id ?? '');
    await carry(office, firm);
    const [person] = (await firm.desk.overview()).people;
    expect(person?.certificate).not.toBe(holder?.id);
    expect((await firm.desk.applications())[0]?.goods).not.toBe('');
    expect((await firm.desk.trust()).records.refused).toEqual([]);
  }, 60_000);

  test('a renewed certificate has its seal made anew before it stamps again', async () => {
    const code = (act: Promise<unknown>) =>
      act.then(
        () => 'done',
        (error) => error.code,
      );
    const placement = { kind: 'point', page: 0, x: 300, y: 400 } as const;
    const stamp = async () =>
      code(firm.desk.stampFiles([{ name: 'a.pdf', bytes: await basePdf({}), placement }], '盖章'));
    const { rebind, caseId, seal: old } = await firm.desk.binding();
    expect([rebind, await stamp()]).toEqual([true, 'seal-not-bound']);
    const draft = await filledDraft(firm.desk);
    expect(await code(firm.desk.submitDraft(draft.id, 'seal'))).not.toBe('done');
    await firm.desk.sealAct('renew', '证书已续期');
    await carry(firm, office);
    await sit('乙制章');
    await office.desk.produceSeal(caseId ?? '');
    await carry(office, firm);
    const after = await firm.desk.binding();
    expect([after.rebind, after.state, await stamp()]).toEqual([false, 'bound', 'done']);
    expect(after.seal?.esId).not.toBe(old?.esId);
    expect(await code(firm.desk.submitDraft(draft.id, 'seal'))).toBe('done');
    expect((await firm.desk.trust()).records.refused).toEqual([]);
  }, 60_000);

  test("the authority's own seal is in the register, with every licence that bears it", async () => {
    await sit('乙制章');
    const own = (await office.desk.sealRegister()).find(({ kind }) => kind === 'authority');
    expect(own).toMatchObject({ state: 'bound', uscc: '戊出证' });
    const shown = await office.desk.producedSeal(own?.caseId ?? '');
    expect(shown?.esId).toBe(own?.made?.esId);
    expect(await office.desk.sealUses(own?.caseId ?? '')).toMatchObject([
      { kind: 'licence', name: '26-JS-000001', by: '戊出证', esId: own?.made?.esId },
    ]);
    expect((await office.desk.sealCase(own?.caseId ?? '')).kind).toBe('authority');
  });

  test('its age is shown, and past the next update it says so', async () => {
    firm.clock.pass(90);
    expect((await firm.desk.overview()).deployment?.stale).toBe(true);
  });
});
