import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { beforeAll, expect, inject, it } from 'vitest';
import { launchOptions } from './chromium.ts';
import { cameraShowing } from './fake-camera.ts';
import { sampleCase } from './sample-case.ts';

let folder: string;
let token: string;

beforeAll(() => {
  folder = sampleCase();
  token = readFileSync(join(folder, 'licence.txt'), 'utf8').trim();
});

/** A page that holds its camera over `frame`. */
async function scanning(frame: string, work: (page: Page) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({
    ...launchOptions,
    args: [
      ...(launchOptions.args ?? []),
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${frame}`,
    ],
  });
  try {
    const context = await browser.newContext({ locale: 'zh-CN', permissions: ['camera'] });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    await work(page);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
}

async function joinDeployment(page: Page): Promise<void> {
  await page.goto(`${inject('appUrl')}#/join`);
  await page.locator('main input[type=file]').setInputFiles(join(folder, 'trust.asice'));
  await page.locator('main input[type=checkbox]').check();
  await page.locator('main button.primary').click();
  await page.waitForFunction(() => location.hash === '#/people');
}

async function verdict(page: Page): Promise<[string | null, string | null]> {
  const result = page.locator('[data-token-verdict]');
  await result.waitFor({ timeout: 20_000 });
  return [await result.getAttribute('data-token-verdict'), await result.getAttribute('data-text')];
}

const scanPage = () => `${inject('appUrl')}#/scan`;

it('a licence before the camera is valid for who joined, and the next one is read again', () =>
  scanning(cameraShowing(token), async (page) => {
    await joinDeployment(page);
    await page.goto(scanPage());
    expect(await verdict(page)).toEqual(['valid', token]);
    await page.getByRole('button', { name: '继续扫描' }).click();
    expect(await verdict(page)).toEqual(['valid', token]);
  }));

it('a small code that lies askew is read, at 3.5 pixels a module', () =>
  scanning(cameraShowing(token, 3.5, 8), async (page) => {
    await page.goto(scanPage());
    expect(await verdict(page)).toEqual(['unknown-issuer', token]);
  }));

it('a code of something else is no licence, and its text is shown', () =>
  scanning(cameraShowing('https://example.com/menu', 9), async (page) => {
    await page.goto(scanPage());
    expect(await verdict(page)).toEqual(['not-a-licence', 'https://example.com/menu']);
  }));

it('a code whose content was altered does not verify', () =>
  scanning(cameraShowing(altered(), 7), async (page) => {
    await joinDeployment(page);
    await page.goto(scanPage());
    expect((await verdict(page))[0]).toBe('invalid');
  }));

/** The last characters carry the signature: two of them exchanged. */
function altered(): string {
  const [a, b] = [token.at(-7) as string, token.at(-4) as string];
  const swap = a === b ? 'A' : b;
  return `${token.slice(0, -7)}${swap}${token.slice(-6)}`;
}

it('without a code nothing is claimed', () =>
  scanning(cameraShowing(null), async (page) => {
    await page.goto(scanPage());
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await page.waitForTimeout(1500);
    expect(await page.locator('[data-token-verdict]').count()).toBe(0);
  }));
