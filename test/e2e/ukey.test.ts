import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { liveKey } from '../../src/keys/index.ts';
import { importPfx } from '../../src/keys/pfx/index.ts';
import { launchOptions } from './chromium.ts';
import { Device } from './stage.ts';
import { UKeyService } from './ukey-service.ts';

const PIN = '246802';
const PASSWORD = 'for the card alone';
let browser: Browser;
let home: Device;
let away: Device;
let service: UKeyService;

beforeAll(async () => {
  browser = await chromium.launch(launchOptions);
  [home, away] = await Promise.all([
    Device.open(browser, inject('appUrl')),
    Device.open(browser, inject('appUrl')),
  ]);
  await home.tryPilot();
  const { page } = home;
  await home.go('/settings');
  const pfx = await home.saved(async () => {
    await home.click('export-key');
    const fields = page.getByRole('dialog').locator('input[type=password]');
    await fields.nth(0).fill(PASSWORD);
    await fields.nth(1).fill(PASSWORD);
    await page.getByRole('dialog').locator('button.primary').click();
  });
  service = await UKeyService.start(PIN);
  const held = await importPfx({ pfx, password: PASSWORD });
  for (const purpose of ['signing', 'encryption'] as const) {
    const [key, certificate] = [held.keys[purpose], held.certificates[purpose]];
    if (!key || !certificate) throw new Error(purpose);
    service.keys.push({ key: purpose, purpose, certificate, live: await liveKey(key) });
  }
  await home.go('/trust');
  const bundle = await home.saved(() => home.click('save-bundle'));
  await away.go('/join');
  await away.page.locator('main input[type=file]').setInputFiles({
    name: 'trust.asice',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bundle),
  });
  await away.page.locator('main input[type=checkbox]').check();
  await away.page.locator('main section button.primary').click();
  await away.page.waitForURL(/#\/people/);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await service?.stop();
});

const dialog = () => away.page.getByRole('dialog');

describe('a UKey behind the service of this machine', () => {
  it('asks for the PIN, says that a wrong one is wrong, and lets its holder in', async () => {
    await away.click('use-ukey');
    await dialog().getByText('示例进出口贸易有限公司').first().waitFor();
    await dialog().getByLabel('PIN 码').fill('000000');
    await away.click('add-ukey');
    await dialog().getByText('PIN 不对').waitFor();
    await dialog().getByLabel('PIN 码').fill(PIN);
    await away.click('add-ukey');
    await away.page.locator('main[data-workspace="enterprise"]').waitFor();
  });

  it('pulled out, it locks at once', async () => {
    for (const device of service.devices) device.emit({ event: 'removed' });
    await away.go('/people');
    await away.page.locator('[data-roles="enterprise"] button').click();
    await dialog().getByLabel('PIN 码').waitFor();
  });

  it('and opens again with its PIN after a reload', async () => {
    await away.page.reload();
    await away.go('/people');
    await away.page.locator('[data-roles="enterprise"] button').click();
    await dialog().getByLabel('PIN 码').fill(PIN);
    await away.click('unlock');
    await away.page.locator('main[data-workspace="enterprise"]').waitFor();
  });

  it('without the service it is said what to do', async () => {
    await service.stop();
    await away.go('/people');
    await away.click('use-ukey');
    await dialog().getByText('连不上本机的 UKey 服务程序').waitFor();
    expect(away.errors.filter((text) => !text.includes('WebSocket'))).toEqual([]);
  });
});
