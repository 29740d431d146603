import { beforeAll, describe, expect, test } from 'vitest';
import { type Device, NAMES, pilot } from './device.ts';

const GOOD = '91310000MA1FL0T285';
const WRONG = '91310000MA1FL0T286';
const PASSWORD = 'correct horse 1';
const TEXTS = { nameEn: '', address: '', contact: '', phone: '', email: '' };

let it: Device;
beforeAll(async () => {
  it = await pilot();
}, 60_000);

const made = (name: string, uscc: string, codeConfirmed?: boolean) =>
  it.desk.createEnterprise({
    name,
    uscc,
    password: PASSWORD,
    ...(codeConfirmed === undefined ? {} : { codeConfirmed }),
  });

describe('what cannot be printed is told when it is registered', () => {
  test.each([
    ['示例😀有限公司', 'text-emoji', '😀'],
    ['示例\u202e有限公司', 'text-character', undefined],
    ['示例𪚥有限公司', 'glyph-missing', '𪚥'],
  ])('%s', async (name, code, detail) => {
    const { length } = (await it.desk.overview()).people;
    await expect(made(name, GOOD)).rejects.toMatchObject({
      code,
      params: detail ? { detail } : {},
    });
    expect((await it.desk.overview()).people).toHaveLength(length);
  });

  test('a seal preview names the character alone, for the page to say it in its language', async () => {
    await it.as(NAMES.enterprise);
    const form = { kind: 'round' as const, name: '示例𪚥公司', lower: '', code: '' };
    await expect(it.desk.drawSealPreview(form)).rejects.toMatchObject({
      code: 'glyph-missing',
      params: { detail: '𪚥' },
    });
  });
});

describe('GB 32100: a wrong check character', () => {
  test('is refused with the one expected', async () => {
    await expect(made('示例丁有限公司', WRONG)).rejects.toMatchObject({
      code: 'uscc-check-digit',
      params: { expected: '5' },
    });
    await expect(made('示例丁有限公司', '9131')).rejects.toMatchObject({ code: 'uscc-shape' });
  });

  test('that was compared passes, and the registrar has to confirm it too', async () => {
    const { person } = await made('示例丁有限公司', WRONG, true);
    await it.desk.sitDown(person, { password: PASSWORD });
    const form = { ...TEXTS, name: '示例丁有限公司', uscc: WRONG };
    await expect(it.desk.register({ ...form, contact: '李😀' })).rejects.toMatchObject({
      code: 'text-emoji',
    });
    await it.desk.register(form);
    await it.as(NAMES.sealReviewer);
    const [waiting] = await it.desk.sealQueue();
    const caseId = waiting?.caseId ?? '';
    await expect(it.desk.decideRegistration(caseId, true, [])).rejects.toMatchObject({
      code: 'uscc-check-digit',
    });
    await it.desk.decideRegistration(caseId, true, [], { codeConfirmed: true });
    expect(await it.desk.sealQueue()).toEqual([]);
  }, 60_000);
});
