/** An enterprise's people and mandates, on its own page. */
import { afterEach, expect, inject, it } from 'vitest';
import { type AppPage, openApp, sideways } from './app-page.ts';

const BROKER = '91310000MA1FL0T285';
let app: AppPage;
afterEach(() => app.close());

it.each([
  ['zh-CN', true],
  ['en', false],
])(
  'shows who may do what, gives a mandate and takes it back, %s, phone %s',
  async (lang, phone) => {
    app = await openApp({ phone });
    const { page, errors } = app;
    page.setDefaultTimeout(60_000);
    await page.goto(`${inject('appUrl')}?lang=${lang}#/try`);
    await page.locator('main button.primary').click();
    await page.locator('main[data-workspace="enterprise"]').waitFor();
    await page.goto(`${inject('appUrl')}?lang=${lang}#/enterprise/people`);
    const people = page.locator('[data-person]');
    await people.first().waitFor();
    expect(await people.count()).toBe(1);
    expect(await people.getAttribute('data-state')).toBe('in-force');

    await page.locator('input[name="broker"]').fill(BROKER);
    const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await page.locator('input[name="until"]').fill(inAMonth);
    await page.locator('[data-action="give-mandate"]').click();
    const mandate = page.locator(`[data-mandate="${BROKER}"]`);
    await mandate.waitFor();
    expect(await mandate.getAttribute('data-holds')).toBe('true');
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    const pictures = process.env['PICTURES'];
    if (pictures) await page.screenshot({ path: `${pictures}/people-${lang}.png`, fullPage: true });

    await mandate.getByRole('button').click();
    await page.locator('dialog[open] [data-action="end-mandate"]').click();
    await page.locator(`[data-mandate="${BROKER}"][data-holds="false"]`).waitFor();
    expect(errors).toEqual([]);
  },
);
