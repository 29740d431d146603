/** Files of every kind and state on the verify page: what is said, and that nothing stops the rest. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { encodePng, writeSeal } from '../../src/seal/index.ts';
import { signedOfd } from '../ofd/fixtures/ofd.ts';
import { people, SEAL } from '../seal/fixtures/people.ts';
import { type AppPage, openApp } from './app-page.ts';
import { sampleCase } from './sample-case.ts';

let app: AppPage;
let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = sampleCase();
  const licence = readFileSync(file('licence.pdf'));
  writeFileSync(file('cut.pdf'), licence.subarray(0, licence.length * 0.7));
  writeFileSync(file('empty.pdf'), '');
  writeFileSync(file('notes.txt'), 'Nothing that is checked here.\n');
  writeFileSync(file('plain.png'), encodePng(WHITE));
  execFileSync('qpdf', [
    ...['--encrypt', 'open sesame', 'owner', '256', '--'],
    ...[file('confirmation-letter.pdf'), file('locked.pdf')],
  ]);
  mkdirSync(file('folder/inner'), { recursive: true });
  copyFileSync(file('licence.pdf'), file('folder/licence.pdf'));
  copyFileSync(file('seal.der'), file('folder/inner/seal.der'));
  app = await openApp();
  await app.page.goto(`${inject('appUrl')}#/join`);
  await app.page.locator('main input[type=file]').setInputFiles(file('trust.asice'));
  await app.page.getByRole('checkbox').check();
  await app.page.locator('main button.primary').click();
  await app.page.waitForFunction(() => localStorage.getItem('cinnabar.joined') === '1');
});
afterAll(() => app.close());

const WHITE = { width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(255) };

async function visit(): Promise<void> {
  await app.page.goto(`${inject('appUrl')}#/verify`);
  await app.page.reload();
}

/** @returns the situation of each file, by name, in the order shown */
async function situations(count: number): Promise<[string, string][]> {
  await app.page.waitForFunction(
    (n) => document.querySelectorAll('[data-report]').length === n,
    count,
  );
  return app.page
    .locator('[data-report]')
    .evaluateAll((all) =>
      (all as HTMLElement[]).map(({ dataset }) => [
        dataset['file'] ?? '',
        dataset['situation'] ?? '',
      ]),
    ) as Promise<[string, string][]>;
}

async function check(...names: string[]): Promise<Record<string, string>> {
  await visit();
  await app.page.locator('main input[type=file]').setInputFiles(names.map(file));
  return Object.fromEntries(await situations(names.length));
}

it('a licence code is answered as text and as a picture', async () => {
  expect(await check('licence.txt', 'licence-qr.png', 'plain.png')).toEqual({
    'licence.txt': 'licence-good',
    'licence-qr.png': 'licence-good',
    'plain.png': 'no-code',
  });
});

it('files that cannot be checked say why, each for itself', async () => {
  const names = ['empty.pdf', 'cut.pdf', 'notes.txt', 'locked.pdf', 'licence.pdf', 'seal.der'];
  expect(await check(...names, 'ca.pem')).toEqual({
    'empty.pdf': 'empty',
    'cut.pdf': 'unreadable',
    'notes.txt': 'unknown-kind',
    'locked.pdf': 'password-needed',
    'licence.pdf': 'licence-good',
    'seal.der': 'good-seal',
    'ca.pem': 'certificate-good',
  });
});

it('an OFD is answered, and one that was changed after sealing is not', async () => {
  const { maker, enterprise } = people('SM2');
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const seal = await writeSeal({
    ...SEAL,
    ...{ created: at(0), validStart: at(-1), validEnd: at(900) },
    maker,
    holderCertificates: [enterprise.certificate],
  });
  const files = await signedOfd({ seal, signer: enterprise, time: at(0) });
  writeFileSync(file('sound.ofd'), zipSync(files));
  const page = 'Doc_0/Document.xml';
  const changed = { ...files, [page]: Buffer.from(`${files[page]} `) };
  writeFileSync(file('changed.ofd'), zipSync(changed));
  expect(await check('sound.ofd', 'changed.ofd')).toEqual({
    'sound.ofd': 'unknown-issuer',
    'changed.ofd': 'changed',
  });
});

it('a locked file takes a wrong password, then the right one', async () => {
  await check('locked.pdf');
  const report = app.page.locator('[data-report]');
  for (const [password, situation] of [
    ['wrong', 'password-wrong'],
    ['open sesame', 'no-signature'],
  ]) {
    await report.locator('input[type=password]').fill(password as string);
    await report.locator('form button').click();
    await app.page.locator(`[data-report][data-situation=${situation}]`).waitFor();
  }
  await report.locator('canvas').first().waitFor();
});

it('a folder brings the files of its subfolders', async () => {
  await visit();
  const chooser = app.page.waitForEvent('filechooser');
  await app.page.locator('[data-action=folder]').click();
  await (await chooser).setFiles(file('folder'));
  expect(Object.fromEntries(await situations(2))).toEqual({
    'licence.pdf': 'licence-good',
    'seal.der': 'good-seal',
  });
});

it('who waited is led to the answer, and hears it', async () => {
  await check('licence.pdf');
  const focused = await app.page.evaluate(
    () => document.activeElement?.querySelector('[data-report]') !== null,
  );
  expect(focused).toBe(true);
  const status = app.page.locator('main [role=status]').first();
  expect(await status.textContent()).toContain('核验完成');
});

it('the report is saved as JSON and printed on A4', async () => {
  await check('licence.pdf');
  const download = app.page.waitForEvent('download');
  await app.page.locator('[data-action=save-report]').click();
  const saved = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
  expect(saved).toMatchObject({ format: 'cinnabar-report', name: 'licence.pdf' });
  expect(saved.sha256).toMatch(/^[0-9a-f]{64}$/);
  const pdf = file('printed.pdf');
  writeFileSync(pdf, await app.page.pdf({ preferCSSPageSize: true }));
  const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' });
  expect(text).toContain('电子签名与印章核验报告');
  expect(text.replace(/\s/g, '')).toContain(saved.sha256);
  expect(readFileSync(pdf, 'latin1')).toMatch(/MediaBox \[0 0 59[45][\d.]* 84[12]/);
});

it('stopping ends what waits and keeps what is done', async () => {
  await visit();
  const many = Array.from({ length: 40 }, () => file('licence.pdf'));
  for (const [i, path] of many.entries()) copyFileSync(path, file(`copy-${i}.pdf`));
  await app.page
    .locator('main input[type=file]')
    .setInputFiles(many.map((_, i) => file(`copy-${i}.pdf`)));
  await app.page.locator('[data-report]').first().waitFor();
  await app.page.locator('[data-action=stop]').click();
  await app.page.locator('[data-checking]').waitFor({ state: 'detached' });
  expect(await app.page.locator('[data-report]').count()).toBeLessThan(40);
  await app.page.locator('main input[type=file]').setInputFiles(file('licence.txt'));
  await app.page.locator('[data-report][data-file="licence.txt"]').waitFor();
});

it('none of this made an error', () => expect(app.errors).toEqual([]));
