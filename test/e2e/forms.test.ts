import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { launchOptions } from './chromium.ts';
import { Device } from './stage.ts';

let browser: Browser;
let device: Device;

beforeAll(async () => {
  browser = await chromium.launch(launchOptions);
  device = await Device.open(browser, inject('appUrl'));
  await device.tryPilot();
  await device.go('/enterprise');
  await device.click('new-application');
  await device.page.locator('[data-licence-type="auto-import"]').click();
  await device.page.waitForURL(/applications\/edit/);
});
afterAll(() => browser.close());

const input = (field: string) => device.page.locator(`[data-field="${field}"] input`).first();

it('a code and Enter choose its entry; numbers are taken as they are meant', async () => {
  await input('tradeCountry').fill('cn');
  await input('tradeCountry').press('Enter');
  expect(await input('tradeCountry').inputValue()).toBe('中国');
  await input('lines[0].quantity').fill('1，000');
  await input('lines[0].quantity').press('Tab');
  expect(await input('lines[0].quantity').inputValue()).toBe('1000');
});

it('an empty and a disguised file are refused with the reason', async () => {
  const refused = device.page.locator('[data-refused-file]');
  await device.page.locator('[data-field="attachments.contract"] input[type=file]').setInputFiles([
    { name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('not a PDF') },
    { name: 'b.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0) },
  ]);
  await refused.nth(1).waitFor();
  expect(await refused.allTextContents()).toEqual([
    expect.stringContaining('TXT'),
    expect.stringContaining('0'),
  ]);
});

it('the last keystroke outlives a reload, and unlocking leads back to its page', async () => {
  const { page } = device;
  await input('goods.name').fill('最后一键');
  const address = page.url();
  await page.reload();
  await page.locator('a.primary[href="#/people"]').click();
  await page.locator('[data-person]', { hasText: '示例进出口' }).getByRole('button').click();
  await input('goods.name').waitFor();
  expect(page.url()).toBe(address);
  expect(await input('goods.name').inputValue()).toBe('最后一键');
});

it('none of this made an error', () => expect(device.errors).toEqual([]));
