import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type AppPage, openApp } from './app-page.ts';
import { sampleCase } from './sample-case.ts';

let app: AppPage;
let folder: string;

beforeAll(async () => {
  folder = sampleCase();
  const licence = readFileSync(join(folder, 'licence.pdf'));
  const at = licence.length >> 1;
  licence[at] = (licence[at] as number) ^ 1;
  writeFileSync(join(folder, 'forged.pdf'), licence);
  writeFileSync(join(folder, 'notes.txt'), 'Nothing that is checked here.\n');
  app = await openApp();
});
afterAll(() => app.close());

const file = (name: string): string => join(folder, name);

/** A new visit: not the page before it, whose file input would still be there for a moment. */
async function open(path: string): Promise<void> {
  await app.page.goto(`${inject('appUrl')}#${path}`);
  await app.page.reload();
}

/** Drops files on a new visit of the page. @returns `integrity verdict` of each, by name */
async function check(...names: string[]): Promise<Record<string, string>> {
  await open('/verify');
  await app.page.locator('main input[type=file]').setInputFiles(names.map(file));
  const reports = app.page.locator('[data-report]');
  await app.page.waitForFunction(
    (count) => document.querySelectorAll('[data-report]').length === count,
    names.length,
  );
  return Object.fromEntries(
    await reports.evaluateAll((elements) =>
      elements.map((element) => {
        const { file, integrity, verdict } = (element as HTMLElement).dataset;
        return [file, `${integrity} ${verdict}`];
      }),
    ),
  );
}

it('a device that trusts nobody says unchanged, and that it cannot tell who', async () => {
  expect(await check('licence.pdf')).toEqual({ 'licence.pdf': 'intact INDETERMINATE' });
  await app.page.getByText('无法判断其身份').waitFor();
  await app.page.locator('main canvas').first().waitFor();
});

it('many files of every kind are answered at once, the worst first', async () => {
  const names = ['licence.pdf', 'application.pdf', 'forged.pdf', 'seal.der', 'trust.asice'];
  const answers = await check(...names, 'ca.pem', 'notes.txt');
  expect(answers['licence.pdf']).toBe('intact INDETERMINATE');
  expect(answers['application.pdf']).toBe('intact INDETERMINATE');
  expect(answers['forged.pdf']).toBe('broken TOTAL-FAILED');
  expect(answers['notes.txt']).toBe('unreadable INDETERMINATE');
  expect(Object.keys(answers)).toHaveLength(names.length + 2);
  expect(await app.page.locator('[data-report]').first().getAttribute('data-file')).toBe(
    'forged.pdf',
  );
});

it('the photo of a licence code is read and answered, its text kept', async () => {
  await open('/scan');
  await app.page.locator('main input[type=file]').setInputFiles(file('licence-qr.png'));
  const answer = app.page.locator('[data-token-verdict]');
  await answer.waitFor();
  expect(await answer.getAttribute('data-token-verdict')).toBe('unknown-issuer');
  expect(await answer.getAttribute('data-text')).toBe(
    readFileSync(file('licence.txt'), 'utf8').trim(),
  );
});

it('a token in the address is answered the same, encoded or not', async () => {
  const token = readFileSync(file('licence.txt'), 'utf8').trim();
  for (const written of [token, encodeURIComponent(token)]) {
    await open(`/v/${written}`);
    const answer = app.page.locator('[data-token-verdict]');
    await answer.waitFor();
    expect(await answer.getAttribute('data-token-verdict')).toBe('unknown-issuer');
    expect(await answer.getAttribute('data-text')).toBe(token);
    // A stranger reads what the code claims, marked as such, and how to find out.
    const claimed = app.page.locator('[data-claimed]');
    expect(await claimed.innerText()).toContain('示例进出口贸易有限公司');
    await claimed.getByRole('heading', { name: '以下内容未经证实' }).waitFor();
    expect(await claimed.locator('a[href="#/join"]').count()).toBe(1);
  }
});

it('who joined the deployment is told who sealed, and that it is in force', async () => {
  await open('/join');
  await app.page.locator('main input[type=file]').setInputFiles(file('trust.asice'));
  await app.page.getByRole('checkbox').check();
  await app.page.locator('main button.primary').click();
  await app.page.waitForFunction(() => localStorage.getItem('cinnabar.joined') === '1');
  expect(await check('licence.pdf')).toEqual({ 'licence.pdf': 'intact TOTAL-PASSED' });
  await open('/scan');
  await app.page.locator('main input[type=file]').setInputFiles(file('licence-qr.png'));
  const answer = app.page.locator('[data-token-verdict]');
  await answer.waitFor();
  expect(await answer.getAttribute('data-token-verdict')).toBe('valid');
  expect(await app.page.locator('[data-claimed]').count()).toBe(0);
});

it('none of this made an error', () => expect(app.errors).toEqual([]));
