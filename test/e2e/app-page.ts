import { chromium, type Page } from 'playwright-core';
import { launchOptions } from './chromium.ts';

export interface AppPage {
  page: Page;
  /** Console errors and page errors so far: what the policy forbids is among them. */
  errors: string[];
  close(): Promise<void>;
}

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 900 };

/** A page in a context of its own, as on a new device. */
export async function openApp(
  options: { phone?: boolean; locale?: string } = {},
): Promise<AppPage> {
  const browser = await chromium.launch(launchOptions);
  const context = await browser.newContext({
    locale: options.locale ?? 'zh-CN',
    viewport: options.phone ? PHONE : DESK,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return { page, errors, close: () => browser.close() };
}

/** Waits until the service worker holds everything and has the page. */
export async function untilOfflineReady(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** How far the page can be pushed sideways, CSS pixels. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
