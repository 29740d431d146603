import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type AppPage, openApp, sideways, untilOfflineReady } from './app-page.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PUBLIC = ['/', '/verify', '/scan', '/scan/texture', '/try', '/join', '/nowhere'];
const JOINED = ['/people', '/settings', '/exchange', '/trust', '/enterprise', '/applications'];

let app: AppPage;
let url: string;

beforeAll(async () => {
  app = await openApp();
  url = inject('appUrl');
});
afterAll(() => app.close());

async function visit(path: string, lang = 'zh-CN'): Promise<void> {
  await app.page.goto(`${url}?lang=${lang}#${path}`);
  await app.page.locator('main h1').first().waitFor();
}

/** Serious and critical violations of WCAG 2 A and AA. */
async function violations(): Promise<string[]> {
  // Through the debugger, not as a script of the page: the policy stays as it is.
  await app.page.evaluate(await readFile(AXE, 'utf8'));
  return app.page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          context: Document,
          options: object,
        ): Promise<{
          violations: { id: string; impact: string; nodes: { target: string[] }[] }[];
        }>;
      };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
    const result = await axe.run(document, { runOnly: tags });
    return result.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.join(' ')}`));
  });
}

it('every public page works offline after the first visit', async () => {
  await visit('/');
  await untilOfflineReady(app.page);
  await app.page.context().setOffline(true);
  try {
    for (const path of PUBLIC) {
      await visit(path);
      expect(await app.page.locator('main').getAttribute('data-workspace')).toBe('start');
    }
  } finally {
    await app.page.context().setOffline(false);
  }
});

it('each public page has one h1, named landmarks and no serious barrier, in both languages', async () => {
  for (const lang of ['zh-CN', 'en']) {
    for (const path of PUBLIC) {
      await visit(path, lang);
      expect(await app.page.locator('h1').count(), path).toBe(1);
      expect(await app.page.locator('html').getAttribute('lang')).toBe(lang);
      expect(await violations(), `${path} ${lang}`).toEqual([]);
    }
  }
});

it('a pilot is made here, says so on every page, and its pages have no serious barrier', async () => {
  await visit('/try');
  await app.page.locator('main button.primary').click();
  await app.page.locator('main[data-workspace="enterprise"] h1').waitFor({ timeout: 60_000 });
  for (const path of JOINED) {
    await visit(path);
    await app.page.locator('.pilot').first().waitFor();
    expect(await violations(), path).toEqual([]);
  }
});

it('nothing can be pushed sideways on a phone', async () => {
  await app.page.setViewportSize({ width: 390, height: 844 });
  for (const lang of ['zh-CN', 'en']) {
    for (const path of [...PUBLIC, ...JOINED]) {
      await visit(path, lang);
      expect(await sideways(app.page), `${path} ${lang}`).toBeLessThanOrEqual(0);
    }
  }
  expect(await app.page.locator('nav.bar .tabs > li').count()).toBeLessThanOrEqual(4);
});

it('the skip link leads to the main region', async () => {
  await visit('/verify');
  await app.page.locator('a.skip').focus();
  await app.page.keyboard.press('Enter');
  expect(await app.page.evaluate(() => document.activeElement?.id)).toBe('main');
});

it('none of this made an error', () => expect(app.errors).toEqual([]));
