/** Prints of a licence: originals are counted and clear, copies fogged, numbered and unsigned. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { verifyPdf } from '../../src/pdf/index.ts';
import { launchOptions } from './chromium.ts';
import { pilotLicence } from './pilot-licence.ts';
import { Device } from './stage.ts';

const has = (tool: string) => spawnSync(tool, ['-v']).error === undefined;
const folder = mkdtempSync(join(tmpdir(), 'prints-'));
let browser: Browser;
let device: Device;
let issued: Uint8Array;

beforeAll(async () => {
  browser = await chromium.launch(launchOptions);
  device = await Device.open(browser, inject('appUrl'));
  await pilotLicence(device);
  issued = await device.saved(() => device.click('save'));
  // What is handed to the printer is a file that a new tab shows.
  await device.page.evaluate(() => {
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (thing) => {
      if (thing instanceof Blob && thing.type === 'application/pdf')
        Object.assign(window, { thing });
      return make(thing);
    };
  });
}, 180_000);
afterAll(() => browser.close());

const dialog = () => device.page.locator('dialog[open]');

async function print(kind: 'original' | 'copy'): Promise<Uint8Array> {
  await device.click('print');
  const opened = device.context.waitForEvent('page');
  await device.click(`print-${kind}`);
  await (await opened).close();
  await device.noDialog();
  const text = await device.page.evaluate(async () => {
    const { thing } = window as unknown as { thing: Blob };
    let out = '';
    for (const octet of new Uint8Array(await thing.arrayBuffer()))
      out += String.fromCharCode(octet);
    return btoa(out);
  });
  return new Uint8Array(Buffer.from(text, 'base64'));
}

const prints = () => device.page.locator('main').getByText('打印', { exact: true });
const textOf = (pdf: Uint8Array): string => {
  const path = join(folder, 'print.pdf');
  writeFileSync(path, pdf);
  return execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }).replace(
    / +/g,
    ' ',
  );
};

it('an original is the sealed file itself, and is recorded', async () => {
  const before = await prints().count();
  expect(await print('original')).toEqual(issued);
  await expect.poll(() => prints().count()).toBe(before + 1);
});

it.skipIf(!has('pdftotext'))(
  'a copy is fogged, numbered, and no signature goes with it',
  async () => {
    const copy = await print('copy');
    const report = await verifyPdf(copy);
    expect(report.signatures).toEqual([]);
    expect(textOf(copy)).toContain('副本 COPY');
    expect(textOf(copy)).toContain('第 1 份 No. 1');
    const second = await print('copy');
    expect(textOf(second)).toContain('第 2 份 No. 2');
    expect(second).not.toEqual(copy);
  },
);

it('after the allowed originals only copies are left', async () => {
  await print('original');
  await device.click('print');
  await dialog().waitFor();
  await expect.poll(() => dialog().locator('[data-action="print-original"]').count()).toBe(0);
  expect(await dialog().locator('[data-action="print-copy"]').count()).toBe(1);
  expect(await dialog().textContent()).toContain('已打印正本 2 份、副本 2 份');
  expect(device.errors).toEqual([]);
});
