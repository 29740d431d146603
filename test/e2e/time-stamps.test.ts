/** Time stamps as people use them: openssl's authority, the real server, the pages. */
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPdf } from '../../src/pdf/index.ts';
import { at, identity } from '../cms/peers.ts';
import { type OpensslTsa, opensslTsa } from '../pdf/fixtures/openssl-tsa.ts';
import { launchOptions } from './chromium.ts';
import { sampleCase } from './sample-case.ts';
import { startServer } from './serve.ts';
import { Device } from './stage.ts';

const root = identity('e2e-tsa-root', 'P-256');
const usage = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping';
const tsa = identity('e2e-tsa', 'P-256', root, usage);

let authority: OpensslTsa;
let server: Awaited<ReturnType<typeof startServer>>;
let browser: Browser;
let device: Device;
let letter: string;

beforeAll(async () => {
  authority = await opensslTsa(tsa, root);
  letter = join(sampleCase(), 'confirmation-letter.pdf');
  server = await startServer(undefined, { TSA_URL: authority.address });
  browser = await chromium.launch(launchOptions);
  device = await Device.open(browser, server.url);
  await device.tryPilot();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
  await authority.close();
});

async function policy(word: string): Promise<void> {
  await device.sit('信任根');
  await device.go('/root');
  await device.page.locator('select[name="time-stamp"]').selectOption(word);
  const file = device.page.locator('input[name="time-stamp-authority"]');
  if (await file.count()) await file.setInputFiles(at('e2e-tsa-root.pem'));
  await device.page.locator('form:has(select[name="time-stamp"]) button.primary').click();
  await device.page.getByText('已发布。').waitFor();
}

async function stamp(...files: string[]): Promise<void> {
  await device.go('/issue');
  await device.go('/stamp');
  await device.page.locator('main input[type=file]').first().setInputFiles(files);
  await device.page.locator('[data-action="place-seal"]').waitFor();
  await device.click('stamp');
  await device.page.locator('dialog[open] button.primary').click();
  await device.page.locator('[data-outcome]').waitFor({ timeout: 60_000 });
}

describe('time stamps', () => {
  it('are offered once the policy wants them, and come through the server', async () => {
    await policy('wanted');
    await device.exchange();
    await device.offline(false);
    await device.sit('许证');
    await stamp(letter);
    const sealed = await device.saved(() => device.click('save-sealed'));
    const report = await verifyPdf(sealed, { trust: { anchors: [root.certificate] } });
    expect(report.integrity).toBe('intact');
    expect(report.signatures[0]).toMatchObject({ level: 'B-LT', timeProven: true });
    expect(authority.asked).toBeGreaterThan(0);
  });

  it('offline: sealed all the same, and said so', async () => {
    await device.offline(true);
    await stamp(letter, letter);
    const outcome = device.page.locator('[data-outcome]');
    expect(await outcome.getAttribute('data-outcome')).toBe('2');
    expect(await outcome.textContent()).toContain('没有加盖时间戳');
    await device.offline(false);
    expect(device.errors).toEqual([]);
  });
});
