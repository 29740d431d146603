import { beforeAll, describe, expect, test } from 'vitest';
import {
  bindSeal,
  Clock,
  type Device,
  device,
  filledDraft,
  findings,
  NAMES,
  pilot,
  SCAN,
} from './device.ts';

const FORM = {
  name: '乙示例贸易有限公司',
  nameEn: 'Second Sample Trading Co., Ltd.',
  uscc: '91310000MA1FL0T285',
  address: '上海市示例路 2 号',
  contact: '吴示例',
  phone: '021-55550000',
  email: 'b@example.com',
};
const PASSWORD = 'correct horse battery';

/** Carries everything from one device to another, as files. */
async function carry(from: Device, to: Device) {
  return to.desk.importPackages(await from.desk.exportPackages('all'));
}

describe('an enterprise on a device of its own, exchanging files only', () => {
  let authority: Device;
  let firm: Device;
  let sealCase: string;
  let caseId: string;

  beforeAll(async () => {
    const clock = new Clock();
    authority = await pilot(clock);
    firm = await device({ clock });
  });

  test('joins by the bundle after comparing its fingerprint', async () => {
    await authority.as(NAMES.root);
    const bundle = await authority.desk.trustBundle();
    const preview = await firm.desk.previewJoin(bundle);
    expect(preview).toMatchObject({ pilot: true, stale: false });
    expect(preview.fingerprint).toBe((await authority.desk.overview()).deployment?.fingerprint);
    await firm.desk.join(bundle);
    await expect(firm.desk.join(bundle)).rejects.toMatchObject({ code: 'deployment-exists' });
  });

  test('makes its key under a password, registers, and is approved elsewhere', async () => {
    const { name, uscc } = FORM;
    const made = await firm.desk.createEnterprise({ name, uscc, password: PASSWORD });
    expect(made.recoveryCode).toMatch(/\w/);
    await firm.desk.sitDown(made.person, { password: PASSWORD });
    expect((await firm.desk.binding()).registration).toBe('none');
    await expect(firm.desk.applyForSeal(sealForm())).rejects.toMatchObject({
      code: 'no-certificate',
    });
    await firm.desk.register(FORM);
    expect((await firm.desk.binding()).registration).toBe('waiting');
    await carry(firm, authority);
    await authority.as(NAMES.sealReviewer);
    const [waiting] = await authority.desk.sealQueue();
    expect(waiting).toMatchObject({ kind: 'registration', enterprise: name });
    const view = await authority.desk.sealCase(waiting?.caseId ?? '');
    expect(view.registration).toEqual(FORM);
    await authority.desk.decideRegistration(waiting?.caseId ?? '', true, []);
    await carry(authority, firm);
    expect((await firm.desk.binding()).registration).toBe('approved');
  }, 20_000);

  test('a wrong password opens nothing, the right one and the recovery code do', async () => {
    const [person] = (await firm.desk.overview()).people;
    await firm.desk.lock();
    await expect(
      firm.desk.sitDown(person?.id ?? '', { password: 'wrong horse battery' }),
    ).rejects.toMatchObject({ code: 'key-wrong-secret' });
    await expect(firm.desk.binding()).rejects.toMatchObject({ code: 'nobody-here' });
    await firm.desk.sitDown(person?.id ?? '', { password: PASSWORD });
    expect((await firm.desk.overview()).people[0]).toMatchObject({ unlocked: true });
  }, 20_000);

  test('gets its seal', async () => {
    sealCase = await firm.desk.applyForSeal(sealForm());
    await firm.desk.sendLetter(sealCase, SCAN, findings(sealCase));
    await carry(firm, authority);
    await authority.as(NAMES.sealReviewer);
    const view = await authority.desk.sealCase(sealCase);
    expect(view.scan?.bytes).toEqual(SCAN.bytes);
    expect(view.checks.every(({ severity }) => severity === 'ok')).toBe(true);
    await authority.desk.decideSeal(sealCase, true, []);
    await authority.as(NAMES.sealMaker);
    await authority.desk.produceSeal(sealCase);
    await carry(authority, firm);
    expect((await firm.desk.binding()).seal?.name).toBe(FORM.name);
  });

  test('applies for a paper licence and collects it', async () => {
    const draft = await filledDraft(firm.desk, { flow: 'paper' });
    caseId = await firm.desk.submitDraft(draft.id, 'seal');
    await carry(firm, authority);
    await authority.as(NAMES.first);
    await authority.desk.review('first', [caseId], 'pass', []);
    await authority.as(NAMES.second);
    expect((await authority.desk.review('second', [caseId], 'pass', [])).done).toEqual([caseId]);
    await authority.as(NAMES.issuer);
    expect((await authority.desk.issueQueue()).map((each) => each.state)).toEqual([
      'second-passed',
    ]);
    expect((await authority.desk.issue([caseId])).refused[0]?.refusal).toMatchObject({
      code: 'record-refused',
      params: { detail: 'wrong-flow' },
    });
    const sheet = await authority.desk.issuePaper(caseId, 'P-000123');
    expect(new TextDecoder('latin1').decode(sheet.subarray(0, 5))).toBe('%PDF-');
    await authority.desk.collect(caseId, { name: '吴示例', document: '3101**********0011' });
    await carry(authority, firm);
    expect(await firm.desk.licence(caseId)).toMatchObject({
      flow: 'paper',
      paper: { serial: 'P-000123', collectedBy: '吴示例' },
      provisional: true,
    });
  });

  test('the same files again are known; what is no package is refused by name', async () => {
    const again = await carry(authority, firm);
    expect(again).toMatchObject({ accepted: 0, refused: [] });
    const bad = { name: 'x.asice', bytes: new Uint8Array([1, 2, 3]) };
    expect((await firm.desk.importPackages([bad])).refused[0]).toMatchObject({ name: 'x.asice' });
  });

  test('another enterprise of the same deployment reads none of it', async () => {
    await carry(firm, authority);
    await authority.as(NAMES.enterprise);
    const view = await authority.desk.application(caseId);
    expect([view.pdf, view.goods, view.amount]).toEqual([null, '', '']);
    const registers = await authority.desk.licences();
    expect(registers).toEqual([]);
  });

  test('a person of the pilot is carried to another device', async () => {
    const inspector = await authority.as(NAMES.inspector);
    const pfx = await authority.desk.exportPerson(inspector.id, PASSWORD, {});
    await expect(
      firm.desk.importKey({ files: [pfx], password: 'not the password', newPassword: PASSWORD }),
    ).rejects.toMatchObject({
      code: 'key-file-password',
    });
    const { person } = await firm.desk.importKey({
      files: [pfx],
      password: PASSWORD,
      newPassword: PASSWORD,
    });
    await firm.desk.sitDown(person, { password: PASSWORD });
    const overview = await firm.desk.overview();
    expect(overview.people.find(({ id }) => id === person)?.workspaces).toEqual(['inspect']);
    expect((await firm.desk.licenceRegister()).map(({ caseId: id }) => id)).toContain(caseId);
    await expect(
      firm.desk.importKey({ files: [pfx], password: PASSWORD, newPassword: PASSWORD }),
    ).rejects.toMatchObject({
      code: 'person-exists',
    });
  }, 30_000);

  test('a bundle of the root reaches the other device, and its policy counts', async () => {
    await authority.as(NAMES.root);
    const from = new Date(authority.clock.time - 1000).toISOString();
    await authority.desk.publishTrust({ sealCompulsoryFrom: from });
    await carry(authority, firm);
    const [person] = (await firm.desk.overview()).people;
    await firm.desk.sitDown(person?.id ?? '', { password: PASSWORD });
    expect((await firm.desk.binding()).compulsory).toBe(true);
    const draft = await filledDraft(firm.desk);
    await expect(firm.desk.submitDraft(draft.id, 'plain')).rejects.toMatchObject({
      code: 'seal-compulsory',
    });
    expect((await firm.desk.trust()).seq).toBe(2);
    expect((await firm.desk.trust()).records.refused).toEqual([]);
  }, 20_000);
});

const sealForm = () => ({ kind: 'round' as const, name: FORM.name, lower: '', code: '' });

describe('the transition period', () => {
  test('a plain signature serves, and the reviewer sees that it is one', async () => {
    const it = await pilot();
    await it.as(NAMES.enterprise);
    const draft = await filledDraft(it.desk);
    const caseId = await it.desk.submitDraft(draft.id, 'plain');
    await it.as(NAMES.first);
    const { report, stamped } = await it.desk.application(caseId);
    expect(stamped).toBe('plain');
    expect(report?.verdict).toBe('TOTAL-PASSED');
  });

  test('after half a year it does not; the bound seal does', async () => {
    const it = await pilot();
    await bindSeal(it);
    it.clock.pass(190);
    await it.as(NAMES.enterprise);
    const draft = await filledDraft(it.desk);
    await expect(it.desk.submitDraft(draft.id, 'plain')).rejects.toMatchObject({
      code: 'seal-compulsory',
    });
    expect(await it.desk.submitDraft(draft.id, 'seal')).toMatch(/^[0-9a-f]{64}$/);
  });
});
