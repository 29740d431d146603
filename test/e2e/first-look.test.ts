/** What the page says before anybody told it anything. */
import { expect, inject, it } from 'vitest';
import { openApp } from './app-page.ts';

it('starts in the language of the browser, and keeps a choice', async () => {
  const app = await openApp({ locale: 'en-GB' });
  try {
    await app.page.goto(inject('appUrl'));
    await app.page.getByRole('heading', { name: 'Can this document be trusted?' }).waitFor();
    await app.page.locator('button[lang="zh-CN"], button:has-text("中文")').first().click();
    await app.page.getByRole('heading', { name: '这份文件可信吗' }).waitFor();
    await app.page.reload();
    await app.page.getByRole('heading', { name: '这份文件可信吗' }).waitFor();
  } finally {
    await app.close();
  }
});

it('claims no missing connection while it is still reading the store', async () => {
  const app = await openApp();
  try {
    // A device that is connected, whose store answers late: the worker never starts.
    await app.page.addInitScript(() => localStorage.setItem('cinnabar.joined', '1'));
    await app.page.route(/desk\.worker|desk-worker/, () => {});
    for (const path of ['/people', '/exchange', '/trust', '/verify', '/enterprise']) {
      await app.page.goto(`${inject('appUrl')}#${path}`);
      await app.page.reload();
      await app.page
        .locator('main')
        .getByText(/正在载入|放入文件|拖入文件/)
        .first()
        .waitFor();
      expect(await app.page.locator('main').innerText(), path).not.toMatch(/接入发证系统/);
    }
  } finally {
    await app.close();
  }
});
