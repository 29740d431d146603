import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { verifyPdf } from '../../src/pdf/index.ts';
import { launchOptions } from './chromium.ts';
import { sampleCase } from './sample-case.ts';
import { Device } from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'stamp-'));
let browser: Browser;
let device: Device;
let letter: string;

beforeAll(async () => {
  letter = join(sampleCase(), 'confirmation-letter.pdf');
  writeFileSync(join(folder, 'broken.pdf'), '%PDF-1.7\nnothing that follows\n');
  browser = await chromium.launch(launchOptions);
  device = await Device.open(browser, inject('appUrl'));
  await device.tryPilot();
  await device.sit('许证');
}, 120_000);
afterAll(() => browser.close());

async function give(...files: string[]): Promise<void> {
  await device.go('/issue');
  await device.go('/stamp');
  await device.page.locator('main input[type=file]').first().setInputFiles(files);
}

async function seal(): Promise<void> {
  await device.click('stamp');
  await device.page.locator('dialog[open] button.primary').click();
  await device.page.locator('[data-outcome]').waitFor({ timeout: 60_000 });
}

const saved = () => device.saved(() => device.click('save-sealed'));
const placed = () => device.page.locator('[data-action="place-seal"]');

describe('sealing a PDF from elsewhere', () => {
  it('by hand: dragged, moved by keys, sealed where it stood', async () => {
    await give(letter);
    await placed().waitFor();
    const box = await placed().boundingBox();
    if (!box) throw new Error('the seal is not shown');
    await device.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await device.page.mouse.down();
    await device.page.mouse.move(box.x + box.width / 2 - 90, box.y + box.height / 2 - 60);
    await device.page.mouse.up();
    const before = await placed().getAttribute('aria-label');
    await placed().press('Shift+ArrowRight');
    const after = await placed().getAttribute('aria-label');
    const [x, y] = (after?.match(/\d+/g) ?? []).map(Number) as [number, number];
    const [was] = (before?.match(/\d+/g) ?? []).map(Number) as [number];
    expect(Math.abs(x - was - 10)).toBeLessThanOrEqual(1);
    await seal();
    const report = await verifyPdf(await saved(), {});
    expect(report.integrity).toBe('intact');
    const [left = 0, bottom = 0, right = 0, top = 0] = report.signatures[0]?.rect ?? [];
    expect(Math.abs(((left + right) / 2) * (25.4 / 72) - x)).toBeLessThan(1.5);
    expect(Math.abs(((bottom + top) / 2) * (25.4 / 72) - y)).toBeLessThan(1.5);
  });

  it('by keyword, many at once: the broken one and its reason are named', async () => {
    await give(letter, join(folder, 'broken.pdf'));
    await device.page.locator('input[value="keyword"]').check();
    await device.page.locator('input[name="keyword"]').fill('确认');
    await device.click('find-keyword');
    await placed().waitFor();
    await seal();
    expect(await device.page.locator('[data-outcome]').getAttribute('data-outcome')).toBe('1');
    await device.page.getByText('broken.pdf').waitFor();
    expect((await verifyPdf(await saved(), {})).integrity).toBe('intact');
  });

  it('an encrypted file asks for its password, is shown and sealed', async () => {
    const document = await PDFDocument.create();
    document.addPage();
    document.encrypt({ userPassword: 'sesame', ownerPassword: 'owner', permissions: {} });
    const shut = join(folder, 'shut.pdf');
    writeFileSync(shut, await document.save());
    await give(shut);
    await device.page.locator('[data-locked="asked"]').waitFor();
    await device.page.locator('[data-locked] input').fill('open');
    await device.click('unlock-file');
    await device.page.locator('[data-locked="refused"]').waitFor();
    await device.page.locator('[data-locked] input').fill('owner');
    await device.click('unlock-file');
    await placed().waitFor();
    await seal();
    const report = await verifyPdf(await saved(), { password: 'sesame' });
    expect(report.integrity).toBe('intact');
  });

  it('stopped: what is sealed stays, the rest is named and sealed when it goes on', async () => {
    const many = Array<string>(8).fill(letter);
    await give(...many);
    await placed().waitFor();
    await device.click('stamp');
    // In the page, as soon as the button is there: from outside all may be sealed by then.
    await device.page.evaluate(() => {
      const watch = new MutationObserver(() => {
        const stop = document.querySelector<HTMLElement>('[data-action="stop-stamping"]');
        stop?.click();
        if (stop) watch.disconnect();
      });
      watch.observe(document.body, { childList: true, subtree: true });
    });
    await device.page.locator('dialog[open] button.primary').click();
    const outcome = device.page.locator('[data-outcome]');
    await outcome.waitFor({ timeout: 60_000 });
    const sealed = Number(await outcome.getAttribute('data-outcome'));
    expect(sealed).toBeLessThan(many.length);
    expect(await outcome.locator('li[data-state="done"]').count()).toBe(sealed);
    expect(await outcome.locator('li[data-state="stopped"]').count()).toBe(many.length - sealed);
    expect(await outcome.innerText()).toContain('没有盖章：已停止');

    await device.click('resume-stamping');
    await device.page.locator(`[data-outcome="${many.length}"]`).waitFor({ timeout: 60_000 });
    expect(await outcome.locator('li[data-state="done"]').count()).toBe(many.length);
    expect((await verifyPdf(await saved(), {})).signatures).toHaveLength(1);
  });

  it('a seam seal is refused on a single page, in words', async () => {
    await give(letter);
    await device.page.locator('input[value="seam"]').check();
    await seal();
    const outcome = await device.page.locator('[data-outcome]').innerText();
    const pages = Number(
      (await device.page.locator('[data-outcome]').getAttribute('data-outcome')) ?? 0,
    );
    if (pages === 0) expect(outcome).toContain('骑缝章至少需要两页');
    else
      expect((await verifyPdf(await saved(), {})).signatures[0]?.seal?.pictureMatches).toBe(true);
    expect(device.errors).toEqual([]);
  });
});
