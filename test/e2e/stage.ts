/** People at two real browsers: what they click, by the hooks that pages keep stable. */
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

export class Device {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Console errors and page errors: a policy violation is one of them. */
  readonly errors: string[] = [];
  readonly #url: string;

  private constructor(context: BrowserContext, page: Page, url: string) {
    this.context = context;
    this.page = page;
    this.#url = url;
    page.on('console', (message) => {
      // A refused or cut connection is logged by the browser itself.
      if (message.type() === 'error' && !/net::ERR|status of (4|5)\d\d/.test(message.text())) {
        this.errors.push(message.text());
      }
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  /** A profile of its own; the first visit is over, so that everything works offline from now on. */
  static async open(browser: Browser, url: string, prepare?: () => void): Promise<Device> {
    const context = await browser.newContext({ locale: 'zh-CN', acceptDownloads: true });
    if (prepare) await context.addInitScript(prepare);
    return Device.in(context, url);
  }

  /** The same in a profile that is there already. */
  static async in(context: BrowserContext, url: string): Promise<Device> {
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(60_000);
    const device = new Device(context, page, url);
    await page.goto(url);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      while (!navigator.serviceWorker.controller) await new Promise((go) => setTimeout(go, 100));
    });
    return device;
  }

  /** A profile of its own without the service worker: quicker, and never offline. */
  static async online(browser: Browser, url: string, prepare?: () => void): Promise<Device> {
    const context = await browser.newContext({ locale: 'zh-CN', serviceWorkers: 'block' });
    if (prepare) await context.addInitScript(prepare);
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const device = new Device(context, page, url);
    await page.goto(url);
    return device;
  }

  offline(off: boolean): Promise<void> {
    return this.context.setOffline(off);
  }

  /** Goes to a page and waits until it stands there, not the one before. */
  async go(path: string): Promise<void> {
    await this.page.goto(`${this.#url}#${path}`);
    await this.page.locator(`main[data-path="${path}"]`).waitFor();
  }

  /** An address that is itself the content: nothing is waited for. */
  async show(path: string): Promise<void> {
    await this.page.goto(`${this.#url}#${path}`);
  }

  click(action: string): Promise<void> {
    return this.page.locator(`[data-action="${action}"]:visible`).first().click();
  }

  async tryPilot(): Promise<void> {
    await this.go('/try');
    await this.page.locator('main button.primary').click();
    await this.page.locator('main[data-workspace="enterprise"]').waitFor({ timeout: 60_000 });
  }

  async sit(name: string): Promise<void> {
    await this.go('/people');
    const person = this.page.locator('[data-person]', { hasText: name });
    await person.getByRole('button').click();
    await this.page.waitForURL((url) => !url.hash.startsWith('#/people'));
  }

  async saved(act: () => Promise<void>): Promise<Uint8Array> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), act()]);
    return new Uint8Array(await readFile(await download.path()));
  }

  /** Joins by the bundle file, compares the fingerprint, makes the enterprise and registers it. */
  async joinAndRegister(bundle: Uint8Array, name: string, uscc: string): Promise<void> {
    const { page } = this;
    await this.go('/join');
    const file = {
      name: 'trust.asice',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(bundle),
    };
    await page.locator('main input[type=file]').setInputFiles(file);
    await page.locator('main input[type=checkbox]').check();
    await page.locator('main section button.primary').click();
    await page.waitForURL(/#\/people/);
    await page
      .getByRole('button', { name: '新建企业' })
      .or(page.locator('main p.row button').first())
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    const inputs = dialog.locator('input');
    await inputs.nth(0).fill(name);
    await inputs.nth(1).fill(uscc);
    await dialog.locator('button.primary').click();
    await page.waitForURL(/#\/enterprise/);
    await this.go('/enterprise/register');
    for (const [field, value] of Object.entries({
      nameEn: 'Sample Machinery Co., Ltd.',
      address: '上海市示例路 2 号',
      contact: '陈示例',
      phone: '021-00000000',
      email: 'a@example.com',
    })) {
      await page.locator(`input[name="${field}"]`).fill(value);
    }
    await this.click('send-registration');
    await page.locator('[data-registration="waiting"]').waitFor();
  }

  async noDialog(): Promise<void> {
    await this.page.waitForFunction(() => !document.querySelector('dialog[open]'));
  }

  /** Opens the first case of a queue, takes the act, confirms its ceremony. */
  async decide(path: string, act: string, prepare?: () => Promise<void>): Promise<void> {
    await this.go(path);
    const first = this.page.locator('main [data-case]').first();
    await first.waitFor();
    if ((await this.page.locator(`[data-action="${act}"]:visible`).count()) === 0)
      await first.click();
    await this.click(act);
    await prepare?.();
    await this.page.locator('dialog[open] [data-action="confirm"]').click();
    await this.noDialog();
  }

  async applyForSeal(): Promise<void> {
    const { page } = this;
    await this.go('/enterprise/seal');
    await this.click('apply-seal');
    await this.click('sample-scan');
    await this.click('send-letter');
    await page.locator('[data-seal-state="letter-sent"]').waitFor();
  }

  /** Fills in the sample, looks at the real PDF, stamps and submits. @returns the case */
  async submitSample(flow: 'electronic' | 'paper' = 'electronic'): Promise<string> {
    const { page } = this;
    await this.go('/enterprise');
    await this.click('new-application');
    await page.locator('[data-licence-type="auto-import"]').click();
    await page.waitForURL(/#\/applications\/edit\//);
    await this.click('fill-sample');
    await page.locator(`input[type=radio][value=${flow}]`).check();
    return this.stampAndSubmit();
  }

  /** The draft that is open: looks at the real PDF, stamps and submits. @returns the case */
  async stampAndSubmit(): Promise<string> {
    const { page } = this;
    await this.click('preview');
    await page.locator('canvas').first().waitFor({ timeout: 60_000 });
    await page.keyboard.press('Escape');
    await this.noDialog();
    await this.click('submit');
    await this.click('confirm-submit');
    await page.waitForURL(/#\/applications\/[0-9a-f]{64}$/);
    await page.locator('[data-state="submitted"]').first().waitFor();
    return page.url().split('/').at(-1) as string;
  }

  /** Saves every package it holds: one archive. */
  async exportAll(): Promise<Uint8Array> {
    await this.go('/exchange');
    return this.saved(() => this.click('export-packages'));
  }

  async importAll(archive: Uint8Array): Promise<void> {
    await this.go('/exchange');
    await this.page.locator('input[data-action="import-packages"]').setInputFiles({
      name: 'packages.zip',
      mimeType: 'application/zip',
      buffer: Buffer.from(archive),
    });
    await this.page.locator('main .card div[role=status] p').first().waitFor();
  }

  /** The network is there only while packages are exchanged. */
  async exchange(): Promise<void> {
    await this.offline(false);
    await this.go('/exchange');
    const address = this.page.locator('input[type=url]');
    if ((await address.inputValue()) === '') {
      await address.fill(new URL(this.#url).origin);
      await this.page.locator('form button[type=submit]').click();
    }
    const state = this.page.locator('[data-sync-state]');
    const before = await state.getAttribute('data-last-exchange');
    await this.page.locator('[data-action="sync-now"]:enabled').click();
    await expect
      .poll(async () => (await state.getAttribute('data-last-exchange')) !== before, {
        timeout: 30_000,
      })
      .toBe(true);
    await this.page.locator('[data-sync-state="idle"][data-busy="false"]').waitFor();
    await this.offline(true);
  }
}
