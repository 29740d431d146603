/** The issuing station as an issuer sees it: started, at work, stopped, and its log after a reload. */
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { launchOptions } from './chromium.ts';
import { Device } from './stage.ts';

/** Where pictures go, for whoever wants to look. */
const PICTURES = process.env['PICTURES'];
let browser: Browser;
let device: Device;

beforeAll(async () => {
  browser = await chromium.launch(launchOptions);
  device = await Device.online(browser, inject('appUrl'));
  await device.tryPilot();
}, 90_000);
afterAll(() => browser.close());

async function picture(name: string): Promise<void> {
  if (!PICTURES) return;
  for (const [size, width] of [
    ['desk', 1280],
    ['phone', 390],
  ] as const) {
    await device.page.setViewportSize({ width, height: 900 });
    await device.page.screenshot({ path: `${PICTURES}/${name}-${size}.png`, fullPage: true });
  }
  await device.page.setViewportSize({ width: 1280, height: 900 });
}

const stateIs = (state: string) => device.page.locator(`[data-station="${state}"]`).waitFor();
const entries = () =>
  device.page
    .locator('[data-entry]')
    .evaluateAll((found) => found.map((each) => each.getAttribute('data-entry')));

it('runs all day once it is started, says whether the screen stays on, and stops at a click', async () => {
  const { page } = device;
  await device.sit('许证');
  await device.go('/issue');
  await stateIs('attended');
  await page.locator('select[name=hours]').selectOption('10');
  await device.click('start-station');
  await stateIs('running');
  await page.locator('[data-awake]').waitFor();
  await picture('station-running');
  await device.click('stop-station');
  await stateIs('stopped');
  expect(await entries()).toEqual(['stopped', 'started']);
  await picture('station-stopped');
});

it('keeps its log over a reload, and waits for its key', async () => {
  const { page } = device;
  await device.click('start-station');
  await stateIs('running');
  await page.reload();
  await device.sit('许证');
  await device.go('/issue');
  await stateIs('running');
  await expect.poll(entries).toEqual(['started', 'stopped', 'started']);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Automatic issuing' }).waitFor();
  await picture('station-english');
  expect(device.errors).toEqual([]);
});
