/**
 * One enterprise on two browsers, the authority in its second home on a third: what is exported, what is
 * there after the exchange, and a lost device, by the screens of both sides.
 */
import { rm } from 'node:fs/promises';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchOptions } from './chromium.ts';
import { deskOf, keepDesk } from './remote-desk.ts';
import { startServer } from './serve.ts';
import { Device } from './stage.ts';

const SECRET = {
  founder: 'the first of us',
  authority: 'issues and revokes',
  root: 'root of all trust',
};
const PASSWORD = 'correct horse battery';
const FILE_PASSWORD = 'only for this file';
const FIRM = { name: '甲示例贸易有限公司', uscc: '91310000MA1FL0T285' };
/** Where pictures go, for whoever wants to look. */
const PICTURES = process.env['PICTURES'];

let browser: Browser;
let server: Awaited<ReturnType<typeof startServer>>;
let office: Device;
let home: Device;
let first: Device;
let second: Device;
let invite: Uint8Array;

async function picture({ page }: Device, name: string): Promise<void> {
  if (!PICTURES) return;
  for (const [size, width] of [
    ['desk', 1280],
    ['phone', 390],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${PICTURES}/${name}-${size}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function take({ page }: Device, input: string, name: string, bytes: Uint8Array) {
  const file = { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) };
  await page.locator(input).setInputFiles(file);
}

async function sit(device: Device, name: string, password: string): Promise<void> {
  await device.go('/people');
  await device.page.locator('[data-person]', { hasText: name }).getByRole('button').click();
  await device.page.locator('dialog[open] input[type=password]').fill(password);
  await device.page.locator('dialog[open] button.primary').click();
  await device.noDialog();
}

/** By the screen: the file of a key, and what opens it. */
async function importKey(device: Device, bytes: Uint8Array, typed: string): Promise<void> {
  await device.page.getByRole('button', { name: '导入电子钥匙' }).click();
  await take(device, 'dialog[open] input[type=file]', 'x.keys', bytes);
  await device.page.getByLabel('密码或恢复码').fill(typed);
  await device.page.locator('dialog[open] button.primary').click();
  await device.noDialog();
}

async function copyOf(device: Device, password: string): Promise<Uint8Array> {
  await device.go('/settings');
  await device.click('copy-key');
  await device.page.locator('dialog[open] input[type=password]').fill(password);
  const bytes = await device.saved(() => device.click('save-key'));
  await device.noDialog();
  return bytes;
}

beforeAll(async () => {
  browser = await chromium.launch(launchOptions);
  server = await startServer();
  const { key } = (await (await fetch(`${server.url}v1/healthz`)).json()) as { key: string };
  const open = () => Device.online(browser, server.url, keepDesk);
  [office, home, first, second] = await Promise.all([open(), open(), open(), open()]);
  const authority = deskOf(office.page);
  await authority.startDeployment({
    name: { zh: '某省许可证', en: 'Province Licensing' },
    authority: { zh: '某省许可证事务局', en: 'Province Licensing Bureau', code: '320000' },
    suite: 'P-256',
    numberIssuer: 'JS',
    founder: { name: '甲登记' },
    passwords: SECRET,
    staff: [],
    endpoint: { url: new URL(server.url).origin, checkpointKey: key },
    policy: { sealCompulsoryFrom: '2030-01-01T00:00:00Z', issuing: 'automatic', bundleDays: 60 },
  });
  invite = await authority.trustBundle();
  await authority.syncNow();
  const desk = deskOf(first.page);
  await desk.join(invite);
  const { person } = await desk.createEnterprise({ ...FIRM, password: PASSWORD });
  await desk.sitDown(person, { password: PASSWORD });
  await desk.register({
    ...FIRM,
    nameEn: 'Sample Trading Co., Ltd.',
    address: '上海市示例路 2 号',
    contact: '吴示例',
    phone: '021-55550000',
    email: 'b@example.com',
  });
  await desk.syncNow();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
  await rm(server.directory, { recursive: true, force: true });
});

it('the authority has a second home, which certifies after the first is gone', async () => {
  await sit(office, '信任根', SECRET.root);
  const root = await copyOf(office, SECRET.root);
  await sit(office, '甲登记', SECRET.founder);
  await picture(office, 'settings');
  const registrar = await copyOf(office, SECRET.founder);
  await office.go('/authority');
  await office.click('copy-authority');
  const { page } = office;
  await page.locator('dialog[open] input[name=present]').fill(SECRET.authority);
  for (const name of ['password', 'repeat']) {
    await page.locator(`dialog[open] input[name=${name}]`).fill(FILE_PASSWORD);
  }
  const authority = await office.saved(() => office.click('save-authority'));
  await page.locator('dialog[open] [data-code]').waitFor();
  await picture(office, 'sheet');
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('[data-sheet]').isVisible()).toBe(true);
  expect(await page.locator('h1').isVisible()).toBe(false);
  await page.emulateMedia({ media: 'screen' });
  const code = (await page.locator('dialog[open] [data-code]').textContent()) ?? '';
  await office.click('sheet-kept');
  await office.context.close();

  await deskOf(home.page).join(invite);
  await home.go('/people');
  await importKey(home, root, SECRET.root);
  await importKey(home, registrar, SECRET.founder);
  await sit(home, '甲登记', SECRET.founder);
  await home.go('/authority');
  await picture(home, 'authority-elsewhere');
  await home.click('import-authority');
  await take(home, 'dialog[open] input[type=file]', 'authority.keys', authority);
  await home.page.getByLabel('密码或恢复码').fill(code);
  await home.page.locator('dialog[open] button.primary').click();
  await home.noDialog();
  const desk = deskOf(home.page);
  await desk.syncNow();
  const [waiting] = await desk.sealQueue();
  await home.go(`/seal-review/${waiting?.caseId}`);
  await home.decide(`/seal-review/${waiting?.caseId}`, 'approve');
  await desk.syncNow();
}, 180_000);

it('an enterprise has everything on its second browser, by the recovery code', async () => {
  const desk = deskOf(first.page);
  await desk.syncNow();
  const draft = await desk.newDraft('auto-import');
  const code = await desk.newRecoveryCode({ password: PASSWORD });
  await first.go('/settings');
  const file = await copyOf(first, PASSWORD);
  await deskOf(second.page).join(invite);
  await second.go('/people');
  await importKey(second, file, code);
  await sit(second, FIRM.name, PASSWORD);
  const there = deskOf(second.page);
  await there.syncNow();
  expect(await there.binding()).toMatchObject({ registration: 'approved' });
  expect((await there.overview()).sync).toMatchObject({ missing: 0, problem: null });
  expect((await desk.drafts()).map(({ id }) => id)).toEqual([draft.id]);
  expect(await there.drafts()).toEqual([]);
}, 120_000);

it('a lost device is reported by its person and revoked by the registrar, by the screens of both', async () => {
  await second.go('/settings');
  await second.click('report-lost');
  await second.page.locator('input[name=since]').fill('2026-01-01T08:00');
  await second.page.locator('textarea[name=note]').fill('笔记本在车站遗失');
  await picture(second, 'report-lost');
  const report = await second.saved(() => second.click('confirm-lost'));
  await second.page.locator('[data-reported]').waitFor();
  await picture(second, 'reported');
  await second.page.keyboard.press('Escape');

  await home.go('/authority');
  await take(home, 'input[data-action="lost-report"]', 'lost.p7m', report);
  await home.page.locator('[data-lost-report]').waitFor();
  await picture(home, 'lost-report');
  await home.click('revoke-lost');
  expect(await home.page.locator('select[name=reason]').inputValue()).toBe('keyCompromise');
  await picture(home, 'revoke-lost');
  await home.page.locator('dialog[open] [data-action="confirm"]').click();
  await home.page.locator('[data-kind="enterprise"][data-state="revoked"]').waitFor();
  await deskOf(home.page).syncNow();

  await deskOf(second.page).syncNow();
  await second.go('/enterprise');
  await second.page.locator('[data-standing="revoked"]').waitFor();
  await picture(second, 'revoked');
  await second.page.getByRole('button', { name: 'English' }).click();
  await second.go('/settings');
  await picture(second, 'settings-english');
  expect([...home.errors, ...first.errors, ...second.errors]).toEqual([]);
}, 120_000);
