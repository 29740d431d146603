import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { launchOptions } from './chromium.ts';

// A browser in English fetches its words beside the Chinese ones, which come with the code.
it.each([
  ['zh-CN', 50_000],
  ['en-GB', 52_000],
])(
  'the first load of #/verify in %s is at most %i octets of script and style, gzipped',
  async (locale, most) => {
    const browser = await chromium.launch(launchOptions);
    try {
      const context = await browser.newContext({ serviceWorkers: 'block', locale });
      const page = await context.newPage();
      const sizes: Promise<[string, number]>[] = [];
      page.on('response', (response) => {
        if (['script', 'stylesheet'].includes(response.request().resourceType())) {
          sizes.push(
            response
              .body()
              .then((body) => [
                new URL(response.url()).pathname,
                gzipSync(body, { level: 9 }).length,
              ]),
          );
        }
      });
      await page.goto(`${inject('appUrl')}#/verify`, { waitUntil: 'networkidle' });
      const loaded = await Promise.all(sizes);
      const total = loaded.reduce((sum, [, size]) => sum + size, 0);
      expect(loaded.length).toBeGreaterThan(1);
      expect(total, JSON.stringify(loaded)).toBeLessThanOrEqual(most);
    } finally {
      await browser.close();
    }
  },
);
