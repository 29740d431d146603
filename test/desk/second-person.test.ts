/** Two people of one enterprise, each on a device of their own, and a broker: what reaches whom. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Clock, device, filledDraft } from './device.ts';
import { byEndpoint, Deployment, FIRMS, PASSWORD, serve } from './nine-devices.ts';

const clock = new Clock();
const server = await serve(await mkdtemp(join(tmpdir(), 'second-person-')), clock);
afterAll(() => server.close());

const it = new Deployment(byEndpoint(server), () => device({ clock, fetch }));
const SECOND = '钱填报';
let before: string;

/** Another person of the first enterprise joins on a device of his own and asks to be registered. */
async function join2(): Promise<void> {
  const made = await device({ clock, fetch });
  it.seats.set('late', made);
  const { desk } = made;
  await desk.join(it.invite);
  const { name, uscc } = FIRMS.one;
  const { person } = await desk.createEnterprise({ name, uscc, password: PASSWORD });
  await desk.sitDown(person, { password: PASSWORD });
  const contact = { contact: SECOND, phone: '021-55550001', email: 'c@example.com' };
  const form = { name, uscc, nameEn: 'Sample Trading Co., Ltd.', address: '上海市示例路 2 号' };
  await desk.register({ ...form, ...contact });
}

beforeAll(async () => {
  await it.found();
  await it.enrol(['one', 'two']);
  before = await it.apply('one');
  await it.exchange();
  await it.at('first').review('first', [before], 'return', ['合同号与附件不符']);
  await join2();
  await it.exchange();
}, 120_000);

describe('second certificate of one enterprise', () => {
  test('is bound to the same party, and opens what was sent before as soon as a colleague is online', async () => {
    const office = await it.office('registrar');
    const [waiting] = (await office.sealQueue()).filter(({ kind }) => kind === 'registration');
    const id = waiting?.caseId ?? '';
    const { checks } = await office.sealCase(id);
    expect(checks).toContainEqual({ code: 'registered-before', severity: 'warn' });
    await expect(office.decideRegistration(id, true, [], { rights: [] })).rejects.toMatchObject({
      code: 'mandate-empty',
    });
    await office.decideRegistration(id, true, [], { rights: ['fill-in'] });
    // The registrar's answer, then the keys from the first person's device.
    for (let i = 0; i < 3; i++) await it.exchange();
    const view = await it.at('late').application(before);
    expect(view).toMatchObject({ state: 'returned', reasons: ['合同号与附件不符'], unread: false });
    expect(view.pdf).not.toBeNull();
    expect(view.attachments.map(({ bytes }) => bytes.length > 0)).toEqual([true, true]);
  });

  test('with the right to fill in alone it stamps nothing', async () => {
    const draft = await filledDraft(it.at('late'));
    await expect(it.at('late').submitDraft(draft.id, 'seal')).rejects.toMatchObject({
      name: 'DeskError',
    });
    expect((await it.at('late').drafts()).map(({ id }) => id)).toContain(draft.id);
  });

  test('nobody of another enterprise is handed anything', async () => {
    expect((await it.at('two').applications()).map(({ caseId }) => caseId)).not.toContain(before);
    await expect(it.at('two').application(before)).rejects.toMatchObject({ code: 'unknown-case' });
  });

  test('what is sent from now on names both', async () => {
    const draft = await it.at('one').correct(before);
    await it.at('one').submitDraft(draft.id, 'seal');
    await it.exchange();
    expect(await it.at('late').application(before)).toMatchObject({
      state: 'submitted',
      unread: false,
    });
  });
});
