/** A deployment without a CA of its own, run from the browser: started, staffed, revoked, joined. */
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { launchOptions } from './chromium.ts';
import { Device } from './stage.ts';

const SECRET = {
  founder: 'the first of us',
  authority: 'issues and revokes',
  root: 'root of all trust',
};
const PASSWORD = 'correct horse battery';
/** Where pictures go, for whoever wants to look. */
const PICTURES = process.env['PICTURES'];

let browser: Browser;
let office: Device;
let clerk: Device;
/** Of the clerk's key. */
let recovery = '';

beforeAll(async () => {
  browser = await chromium.launch(launchOptions);
  office = await Device.open(browser, inject('appUrl'));
  clerk = await Device.open(browser, inject('appUrl'));
}, 60_000);
afterAll(() => browser.close());

async function picture(device: Device, name: string): Promise<void> {
  if (!PICTURES) return;
  const { page } = device;
  for (const [size, width] of [
    ['desk', 1280],
    ['phone', 390],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${PICTURES}/${name}-${size}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function sit(device: Device, name: string, password: string): Promise<void> {
  await device.go('/people');
  const person = device.page.locator('[data-person]', { hasText: name });
  await person.getByRole('button').click();
  await device.page.locator('dialog[open] input[type=password]').fill(password);
  await device.page.locator('dialog[open] button.primary').click();
  await expect.poll(() => device.page.locator('dialog[open]').count()).toBe(0);
}

async function take(device: Device, action: string, name: string, bytes: Uint8Array) {
  const file = { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) };
  const input = device.page.locator(`input[type=file][data-action="${action}"]`);
  await input.setInputFiles(file);
}

it('is started under three passwords, and shows its recovery codes once', async () => {
  const { page } = office;
  await office.go('/found');
  const texts = {
    nameZh: '某省许可证',
    nameEn: 'Province Licensing',
    authorityZh: '某省许可证事务局',
    authorityEn: 'Province Licensing Bureau',
    code: '320000',
    numberIssuer: 'JS',
    founder: '甲登记',
    founderPassword: SECRET.founder,
    authorityPassword: SECRET.authority,
    rootPassword: SECRET.root,
  };
  for (const [name, text] of Object.entries(texts)) {
    await page.locator(`input[name="${name}"]`).fill(text);
  }
  await picture(office, 'found');
  await page.locator('select[name=suite]').selectOption('SM2');
  await office.click('found');
  await page.locator('[data-founded]').waitFor({ timeout: 60_000 });
  expect(await page.locator('[data-founded] [data-code]').count()).toBe(4);
  await page.locator('[data-founded] input[type=checkbox]').check();
}, 90_000);

it('is joined by a link that holds the bundle, after comparing the fingerprint', async () => {
  await sit(office, '信任根', SECRET.root);
  await office.go('/trust');
  await office.click('invite');
  await office.page.locator('[data-invite]').waitFor();
  await picture(office, 'trust');
  await office.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await office.click('copy-whole');
  const link = await office.page.evaluate(() => navigator.clipboard.readText());
  const short = (await office.page.locator('[data-invite]').textContent()) ?? '';
  await clerk.show(new URL(short).hash.slice(1));
  await clerk.page.locator('[data-link="failed"]').waitFor();
  await clerk.show(new URL(link).hash.slice(1));
  const print = clerk.page.locator('.fingerprint');
  await print.waitFor();
  expect(await office.page.locator('main dl').first().textContent()).toContain(
    (await print.textContent())?.trim(),
  );
  await picture(clerk, 'join');
  await clerk.page.locator('main input[type=checkbox]').check();
  await clerk.page.locator('main section button.primary').click();
  await clerk.page.waitForURL(/#\/people/);
}, 60_000);

it('certifies somebody by the request file of another device', async () => {
  await clerk.go('/staff');
  const { page } = clerk;
  await page.locator('input[name=name]').fill('丙初审');
  // What is easily guessed is told in words, and makes no key.
  await page.locator('input[name=password]').fill('qwertyuiop2026');
  await page.locator('[data-strength][data-enough="false"]').waitFor();
  expect(await page.locator('[data-strength]').textContent()).toContain('键盘上相邻的字符不算');
  expect(await page.locator('[data-action="make-key"]').isDisabled()).toBe(true);
  await picture(clerk, 'weak-password');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('input[name=repeat]').fill(PASSWORD);
  await clerk.click('make-key');
  recovery = (await page.locator('[data-recovery]').textContent()) ?? '';
  await picture(clerk, 'staff');
  const request = await clerk.saved(() => clerk.click('save-request'));

  await sit(office, '甲登记', SECRET.founder);
  await office.go('/authority');
  await picture(office, 'authority-locked');
  await office.page.locator('input[type=password]').fill(SECRET.authority);
  await office.click('open-authority');
  await expect.poll(() => office.page.locator('[data-action="open-authority"]').count()).toBe(0);
  await office.click('certify-staff');
  await take(office, 'staff-request', 'request.pem', request);
  await office.page.locator('dialog[open] input[name=name]').fill('丙初审');
  await office.page.locator('dialog[open] input[value="first-review"]').check();
  await picture(office, 'staff-request');
  await office.click('issue-staff');
  const answer = await office.saved(() => office.click('save-answer'));
  await office.page.keyboard.press('Escape');
  await take(clerk, 'install', 'answer.pem', answer);
  await office.go('/roster');
  await office.page.locator('[data-change="added"]').waitFor();
  await picture(office, 'roster');
}, 60_000);

it('sets a new password by the recovery code, where the forgotten one is asked for', async () => {
  const { page } = clerk;
  await page.reload();
  await clerk.go('/people');
  await page.locator('[data-person]', { hasText: '丙初审' }).getByRole('button').click();
  await clerk.click('forgotten');
  await page.locator('dialog[open] input[name=recovery]').fill(recovery.toLowerCase());
  for (const name of ['password', 'repeat']) {
    await page.locator(`dialog[open] input[name=${name}]`).fill('a door that opens again');
  }
  await picture(clerk, 'forgotten');
  await clerk.click('set-password');
  await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
  await page.reload();
  await clerk.go('/people');
  await page.locator('[data-person]', { hasText: '丙初审' }).getByRole('button').click();
  await page.locator('dialog[open] input[type=password]').fill(PASSWORD);
  await page.locator('dialog[open] button.primary').click();
  await page.locator('dialog[open] [role=alert]').waitFor();
  await page.locator('dialog[open] input[type=password]').fill('a door that opens again');
  await page.locator('dialog[open] button.primary').click();
  await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
}, 60_000);

it('publishes the roster, and revokes with a reason and a place in the log', async () => {
  await sit(office, '信任根', SECRET.root);
  await office.go('/root');
  await office.page.locator('[data-pending="1"]').waitFor();
  await picture(office, 'root');
  await office.page.locator('form.card button.primary').first().click();
  await expect.poll(() => office.page.locator('[data-pending]').count()).toBe(0);

  await sit(office, '甲登记', SECRET.founder);
  await office.go('/authority');
  await office.page.locator('input[type=password]').fill(SECRET.authority);
  await office.click('open-authority');
  const row = office.page.locator('[data-kind="staff"]', { hasText: '丙初审' });
  await picture(office, 'authority');
  await row.getByRole('button').click();
  await picture(office, 'certificate');
  await office.click('revoke');
  await office.page.locator('select[name=reason]').selectOption('keyCompromise');
  await office.page.locator('input[name=place]').fill('3');
  await picture(office, 'revoke');
  await office.page.locator('dialog[open] [data-action="confirm"]').click();
  await office.page.locator('[data-kind="staff"][data-state="revoked"]').waitFor();
  const crl = await office.saved(() =>
    office.page.locator('[data-action="save-crl"]').nth(1).click(),
  );
  expect(crl[0]).toBe(0x30);
}, 60_000);

it('takes the root offline after its backup was tried', async () => {
  const { page } = office;
  await sit(office, '信任根', SECRET.root);
  await office.go('/root');
  await office.click('root-offline');
  await page.locator('dialog[open] input[name=password]').fill('of this file alone');
  await page.locator('dialog[open] [autocomplete="current-password"]').fill(SECRET.root);
  const backup = await office.saved(() => office.click('root-backup'));
  await take(office, 'root-backup-file', 'root.p12', backup);
  await picture(office, 'root-offline');
  await office.click('confirm-root');
  await page.waitForURL(/#\/people/);
  await expect.poll(() => page.locator('[data-person]', { hasText: '信任根' }).count()).toBe(0);
}, 60_000);

it('breaks no rule of the page on the way', () => {
  expect([...office.errors, ...clerk.errors]).toEqual([]);
});
