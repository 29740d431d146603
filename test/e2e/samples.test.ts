/** The files that the verify page offers to try: real ones, answered by the real code. */
import type { Page } from 'playwright-core';
import { afterEach, expect, inject, it } from 'vitest';
import { type AppPage, openApp, sideways } from './app-page.ts';

let app: AppPage;
afterEach(() => app.close());

const SAMPLES: [name: string, integrity: string, alone: string, trusting: string][] = [
  ['licence', 'intact', 'unknown-issuer', 'licence-good'],
  ['licence-changed', 'modified', 'changed', 'changed'],
  ['licence-foreign-seal', 'intact', 'foreign-seal', 'foreign-seal'],
  ['delivery-note', 'intact', 'unknown-issuer', 'good'],
];

const judged = (page: Page, situation: string) =>
  page.locator(`[data-report][data-situation="${situation}"]`);

it.each([true, false])('each sample gets its answer, phone %s', async (phone) => {
  app = await openApp({ phone });
  const { page, errors } = app;
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto(`${inject('appUrl')}#/verify`);
  await page.locator('[data-action=samples]').click();
  for (const [name, integrity, alone, trusting] of SAMPLES) {
    await page.locator(`[data-sample="${name}"]`).click();
    await judged(page, alone).waitFor();
    expect(await judged(page, alone).getAttribute('data-integrity')).toBe(integrity);
    const notice = page.locator(`[data-sample-notice="${name}"]`);
    expect(await notice.textContent()).toContain('这是样例');
    await page.locator('[data-action=sample-trust]').click();
    await notice.getByRole('button', { name: '不用样例的信任数据' }).waitFor();
    expect(await judged(page, trusting).getAttribute('data-integrity')).toBe(integrity);
    await page.locator('[data-action=sample-trust]').click();
    await judged(page, alone).waitFor();
    expect(await sideways(page), name).toBeLessThanOrEqual(0);
    await page.locator('button', { hasText: '清空' }).click();
  }
  // What was tried is no work of the day, and its trust data are kept nowhere.
  expect(await page.evaluate(() => localStorage.getItem('cinnabar.recent'))).toBe(null);
  expect(await page.evaluate(() => localStorage.getItem('cinnabar.joined'))).not.toBe('1');
  expect(fetched.filter((path) => path.includes('/samples/'))).toContain('/samples/trust.json');
  expect(errors).toEqual([]);
});

it('no sample is fetched by those who do not ask for one', async () => {
  app = await openApp();
  const { page } = app;
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto(`${inject('appUrl')}#/verify`, { waitUntil: 'networkidle' });
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  expect(fetched.filter((path) => /sample/i.test(path))).toEqual([]);
  const kept = await page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const keys = await Promise.all(caches_.map((cache) => cache.keys()));
    return keys.flat().map(({ url }) => url);
  });
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.filter((url) => url.includes('/samples/'))).toEqual([]);
});
