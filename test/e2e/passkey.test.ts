import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type CDPSession, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchOptions } from './chromium.ts';
import { Device } from './stage.ts';

const PASSWORD = '朱砂之钥 2026 足够长';
let browser: Browser;
let device: Device;
let cdp: CDPSession;
let authenticator: string;

async function plug(hasPrf: boolean): Promise<void> {
  const options = {
    protocol: 'ctap2',
    ctap2Version: 'ctap2_1',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    hasPrf,
    automaticPresenceSimulation: true,
    isUserVerified: true,
  } as const;
  const added = await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
  authenticator = added.authenticatorId;
}

const unplug = () =>
  cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: authenticator });

beforeAll(async () => {
  browser = await chromium.launch(launchOptions);
  // WebAuthn takes names, not addresses.
  device = await Device.open(browser, inject('appUrl').replace('127.0.0.1', 'localhost'));
  cdp = await device.context.newCDPSession(device.page);
  await cdp.send('WebAuthn.enable');
  await device.tryPilot();
});
afterAll(() => browser.close());

const dialog = () => device.page.getByRole('dialog');
const ways = () => device.page.locator('[data-ways]').getAttribute('data-ways');

async function waysAre(expected: string): Promise<void> {
  await device.page.locator(`[data-ways="${expected}"]`).waitFor();
}

async function lockAndChoose(): Promise<void> {
  await device.page.reload();
  await device.go('/people');
  await device.page.locator('[data-roles="enterprise"] button').click();
  await dialog().waitFor();
}

describe('a passkey opens the electronic key', () => {
  it('without PRF it is refused in words, and nothing changes', async () => {
    await plug(false);
    await device.go('/settings');
    await waysAre('device');
    await device.click('add-passkey');
    await device.click('confirm-way');
    await dialog().getByText('不支持 PRF 扩展').waitFor();
    await dialog().getByRole('button', { name: '取消' }).click();
    expect(await ways()).toBe('device');
    await unplug();
  });

  it('a ceremony that the person breaks off changes nothing', async () => {
    await plug(true);
    await cdp.send('WebAuthn.setUserVerified', {
      authenticatorId: authenticator,
      isUserVerified: false,
    });
    await device.click('add-passkey');
    await device.click('confirm-way');
    await dialog().getByText('已取消').waitFor({ timeout: 60_000 });
    await dialog().getByRole('button', { name: '取消' }).click();
    expect(await ways()).toBe('device');
    await unplug();
  });

  it('is added, with a recovery code and a password beside it', async () => {
    await plug(true);
    await device.click('add-passkey');
    await device.click('confirm-way');
    await waysAre('device passkey');
    await device.click('new-recovery');
    await device.click('confirm-way');
    await dialog().locator('.code').waitFor();
    await dialog().getByRole('button', { name: '我已记下' }).click();
    await waysAre('device passkey recovery');
    // A pilot lets the device itself in; without that, only what the person has or knows opens.
    await device.page.getByRole('button', { name: '移除: 本机（试点）' }).click();
    await device.click('confirm-way');
    await waysAre('passkey recovery');
    expect(await device.page.getByRole('button', { name: /移除: 通行密钥/ }).count()).toBe(0);
  });

  it('opens after a reload, and again', async () => {
    for (let i = 0; i < 2; i++) {
      await lockAndChoose();
      await device.click('unlock');
      await device.page.locator('main[data-workspace="enterprise"]').waitFor();
    }
  });

  it('a key that is gone leaves the recovery code, and a password can be added', async () => {
    await unplug();
    await plug(true);
    await device.go('/settings');
    await device.click('new-recovery');
    await dialog().getByLabel('恢复码', { exact: true }).check();
    await dialog().locator('input[type=text]').fill('AAAA-BBBB');
    await device.click('confirm-way');
    await dialog()
      .getByText(/恢复码有误|不对/)
      .waitFor();
    await dialog().getByRole('button', { name: '取消' }).click();
    expect(await ways()).toBe('passkey recovery');
  });

  it('exports deliberately: a file that openssl opens with its own password', async () => {
    await device.sit('沈初');
    const pfx = await device.saved(async () => {
      await device.go('/settings');
      await device.click('export-key');
      const fields = dialog().locator('input[type=password]');
      await fields.nth(0).fill(PASSWORD);
      await fields.nth(1).fill('another');
      expect(await dialog().locator('button.primary').isDisabled()).toBe(true);
      await fields.nth(1).fill(PASSWORD);
      await dialog().locator('button.primary').click();
    });
    const folder = mkdtempSync(join(tmpdir(), 'export-'));
    writeFileSync(join(folder, 'key.p12'), pfx);
    const out = execFileSync(
      'openssl',
      ['pkcs12', '-in', 'key.p12', '-passin', `pass:${PASSWORD}`, '-nodes'],
      { cwd: folder },
    ).toString();
    expect(out.match(/BEGIN PRIVATE KEY/g)).toHaveLength(2);
    expect(device.errors).toEqual([]);
  });
});
