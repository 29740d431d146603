/** A newcomer with the guide of a pilot: from "Try it" to a verified licence, every click counted. */
import type { Page } from 'playwright-core';
import { afterEach, expect, inject, it } from 'vitest';
import { type AppPage, openApp, sideways } from './app-page.ts';

/** Under a dozen. */
const MOST = 11;

let app: AppPage;
let clicks: number;
afterEach(() => app.close());

const bar = (page: Page) => page.locator('#guide');
const next = (page: Page) => page.locator('#guide[data-ready="true"] [data-action="guide-next"]');

async function click(selector: string): Promise<void> {
  clicks++;
  await app.page.locator(selector).click();
}

/** One click on the bar. @returns the step that it stood at */
async function follow(page: Page): Promise<string | null> {
  await next(page).waitFor();
  const step = await bar(page).getAttribute('data-guide');
  const act = await next(page).getAttribute('data-act');
  clicks++;
  await next(page).click();
  // Only opened, or done and carried on: it offers something else in either case.
  const news = act ? `#guide:not([data-guide="${step}"])` : '#guide [data-act]';
  await page.locator(news).waitFor();
  return step;
}

/** What the bar hides of the last thing on the page, CSS pixels. */
const hidden = (page: Page): Promise<number> =>
  page.evaluate(() => {
    scrollTo(0, document.documentElement.scrollHeight);
    const last = document.querySelector('main')?.lastElementChild?.getBoundingClientRect();
    const top = document.querySelector('#guide')?.getBoundingClientRect().top ?? 0;
    return Math.max(0, Math.round((last?.bottom ?? 0) - top));
  });

/** Whether all of the answer is between the header and the bar. */
const verdictInSight = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const verdict = document.querySelector('[data-report] .verdict')?.getBoundingClientRect();
    const top = document.querySelector('#guide')?.getBoundingClientRect().top ?? 0;
    return verdict !== undefined && verdict.top >= 0 && verdict.bottom <= top;
  });

it.each([
  ['zh-CN', true],
  ['en', false],
])('leads to a verified licence by the bar alone, %s, phone %s', async (lang, phone) => {
  app = await openApp({ phone });
  const { page, errors } = app;
  clicks = 0;
  page.setDefaultTimeout(60_000);
  await page.goto(`${inject('appUrl')}?lang=${lang}`);
  await click('main a[href="#/try"]');
  await click('main button.primary');
  const steps: (string | null)[] = [];
  while (clicks < MOST && (await page.locator('#guide[data-guide="end"]').count()) === 0) {
    steps.push(await follow(page));
    expect(await sideways(page), String(steps)).toBeLessThanOrEqual(0);
    expect(await hidden(page), String(steps)).toBe(0);
  }
  await page
    .locator('[data-report][data-verdict="TOTAL-PASSED"][data-situation="licence-good"]')
    .waitFor();
  expect(await verdictInSight(page)).toBe(true);
  expect(steps).toEqual([
    'apply-seal',
    ...['apply-seal', 'send-letter', 'review-seal', 'make-seal'],
    ...['apply', 'first-review', 'second-review', 'verify'],
  ]);
  expect(clicks).toBeLessThanOrEqual(MOST);
  expect(errors).toEqual([]);
});

it('is left and taken up again, over a reload and a lock, and by the keyboard alone', async () => {
  app = await openApp();
  const { page, errors } = app;
  clicks = 0;
  page.setDefaultTimeout(60_000);
  await page.goto(`${inject('appUrl')}#/try`);
  await click('main button.primary');
  await follow(page);
  await follow(page);
  await page.locator('#guide [data-act="send-letter"]').waitFor();

  await page.locator('[data-action="guide-leave"]').click();
  await bar(page).waitFor({ state: 'detached' });
  await page.reload();
  await page.locator('[data-action="guide-open"]').click();
  await page.locator('#guide[data-guide="send-letter"][data-ready="true"]').waitFor();
  const status = bar(page).getByRole('status');
  expect(await status.textContent()).toContain('轮到示例进出口贸易有限公司');

  // Nobody is at the desk after a reload: the bar seats the enterprise, the scan is still there.
  await next(page).focus();
  await page.keyboard.press('Enter');
  await page.locator('#guide [data-act="send-letter"]').waitFor();
  await page.locator('[data-scan="accepted"]').waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-action'))).toBe(
    'guide-next',
  );

  // By the page's own button the bar only follows; then it is locked, and goes on.
  await page.locator('[data-action="send-letter"]').click();
  await page.locator('#guide[data-guide="review-seal"]').waitFor();
  await page.locator('header .lock').click();
  await next(page).waitFor();
  await follow(page);
  expect(await status.textContent()).toContain('林清');
  expect(await page.getByRole('region', { name: '试点向导' }).count()).toBe(1);
  expect(errors).toEqual([]);
});
