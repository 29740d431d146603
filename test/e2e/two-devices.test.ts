import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchOptions } from './chromium.ts';
import { startServer } from './serve.ts';
import { Device } from './stage.ts';

const NAME = '示例机械有限公司';
const USCC = '91310000MA1FL0T285';

/** The whole case between an enterprise and an authority; `carry` brings packages across. */
async function play(
  authority: Device,
  enterprise: Device,
  carry: (from: Device, to: Device) => Promise<void>,
): Promise<{ licence: Uint8Array; caseId: string }> {
  await authority.tryPilot();
  await authority.offline(true);
  await authority.go('/trust');
  const bundle = await authority.saved(() => authority.click('save-bundle'));
  await enterprise.offline(true);
  await enterprise.joinAndRegister(bundle, NAME, USCC);
  // What is enveloped reaches a device when its recipient sits there.
  await authority.sit('林清');
  await carry(enterprise, authority);
  await authority.decide('/seal-review', 'approve');
  await carry(authority, enterprise);
  await enterprise.applyForSeal();
  await carry(enterprise, authority);
  await approveByKeyboard(authority);
  await authority.sit('周砚');
  await authority.decide('/seal-review', 'produce');
  await carry(authority, enterprise);
  await enterprise.go('/enterprise/seal');
  await enterprise.page.locator('[data-seal-state="bound"]').waitFor();

  const caseId = await enterprise.submitSample();
  await authority.sit('沈初');
  await carry(enterprise, authority);
  await authority.decide('/first-review', 'pass');
  await authority.sit('何复');
  await authority.go('/second-review');
  await authority.click('select-all');
  await authority.click('pass');
  await authority.page.locator('dialog[open] [data-action="confirm"]').click();
  await expect.poll(() => authority.page.locator('dialog[open]').count()).toBe(0);
  await authority.sit('许证');
  await carry(authority, enterprise);

  await enterprise.go(`/licences/${caseId}`);
  await enterprise.page.locator('[data-state="in-force"]').waitFor();
  return { licence: await enterprise.saved(() => enterprise.click('save')), caseId };
}

/** The letter is read again on the reviewer's device; then the queue, the case and the act by keys alone. */
async function approveByKeyboard(device: Device): Promise<void> {
  const { page } = device;
  await device.go('/seal-review');
  await page.locator('[data-own-look="same"]').waitFor();
  const item = page.locator('main [data-case]').first();
  await page.keyboard.press('j');
  await expect.poll(() => item.evaluate((node) => node === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await expect.poll(() => item.evaluate((node) => node === document.activeElement)).toBe(false);
  await page.locator('[data-action="blink"]').press('Space');
  await page.locator('[data-shown="scanned"]').waitFor();
  await page.locator('[data-shown="drawn"]').waitFor();
  await page.locator('[data-action="blink"]').press('Space');
  await page.locator('[data-shown="both"]').waitFor();
  await page.keyboard.press('a');
  await page.locator('dialog[open] [data-action="confirm"]').press('Enter');
  await device.noDialog();
}

async function checkLicence(device: Device, licence: Uint8Array): Promise<void> {
  const { page } = device;
  const verify = async (bytes: Uint8Array, name: string) => {
    await device.go('/');
    await device.go('/verify');
    await page
      .locator('main input[type=file]')
      .first()
      .setInputFiles({
        name,
        mimeType: 'application/pdf',
        buffer: Buffer.from(bytes),
      });
    const report = page.locator(`[data-report][data-file="${name}"]`);
    await report.waitFor();
    await expect
      .poll(() => report.getAttribute('data-verdict'), { timeout: 30_000 })
      .toMatch(/^TOTAL|^IN/);
    return [await report.getAttribute('data-integrity'), await report.getAttribute('data-verdict')];
  };
  expect(await verify(licence, 'licence.pdf')).toEqual(['intact', 'TOTAL-PASSED']);
  const changed = licence.slice();
  changed[9000] = (changed[9000] as number) ^ 1;
  const [integrity, verdict] = await verify(changed, 'changed.pdf');
  expect(integrity).not.toBe('intact');
  expect(verdict).toBe('TOTAL-FAILED');
}

async function checkToken(device: Device, caseId: string): Promise<void> {
  const { page } = device;
  await device.go(`/licences/${caseId}`);
  await page.locator('[data-token]').waitFor();
  const token = (await page.locator('[data-token]').getAttribute('data-token')) as string;
  await device.show(`/v/${encodeURIComponent(token)}`);
  await page.locator('[data-token-verdict="valid"]').waitFor();
  const forged = token.slice(0, 80) + (token[80] === 'A' ? 'B' : 'A') + token.slice(81);
  await device.show(`/v/${encodeURIComponent(forged)}`);
  await page.locator('[data-token-verdict]:not([data-token-verdict="valid"])').waitFor();
}

describe('an enterprise and an authority in two browsers', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch(launchOptions);
  });
  afterAll(() => browser.close());

  it('play the whole case by carrying package files, with no endpoint at all', async () => {
    const server = await startServer();
    const [authority, enterprise] = [
      await Device.open(browser, server.url),
      await Device.open(browser, server.url),
    ];
    await server.stop();
    const { licence, caseId } = await play(authority, enterprise, async (from, to) => {
      await to.importAll(await from.exportAll());
    });
    await checkLicence(enterprise, licence);
    await checkToken(enterprise, caseId);
    expect([...authority.errors, ...enterprise.errors]).toEqual([]);
  });
});
