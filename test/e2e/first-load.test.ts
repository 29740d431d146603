import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { launchOptions } from './chromium.ts';

it('the first load of #/verify is at most 50 kB of script and style, gzipped', async () => {
  const browser = await chromium.launch(launchOptions);
  try {
    const context = await browser.newContext({ serviceWorkers: 'block' });
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
    expect(total, JSON.stringify(loaded)).toBeLessThanOrEqual(50_000);
  } finally {
    await browser.close();
  }
});
