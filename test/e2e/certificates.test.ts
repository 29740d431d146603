import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { OpensslCa } from '../pki/openssl.ts';
import { type AppPage, openApp, sideways } from './app-page.ts';

let app: AppPage;
let ca: OpensslCa;
let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  ca = new OpensslCa('EC:P-256');
  const pem = (name: string) => readFileSync(join(ca.folder, `${name}.pem`), 'utf8');
  writeFileSync(file('chain.pem'), pem('leaf') + pem('sub') + pem('root'));
  const bundle = ['-certfile', file('chain.pem'), '-outform', 'DER', '-out', file('chain.p7b')];
  ca.run('crl2pkcs7', '-nocrl', ...bundle);
  const key = ['-in', 'leaf.pem', '-inkey', 'leaf.key', '-certfile', 'root.pem'];
  ca.run('pkcs12', '-export', ...key, '-passout', 'pass:密码1234', '-out', file('key.pfx'));
  ca.revoke('leaf', 'sub');
  writeFileSync(file('list.crl'), ca.crl('sub'));
  app = await openApp({ phone: true });
});
afterAll(async () => {
  ca.remove();
  await app.close();
});

async function drop(name: string) {
  await app.page.goto(`${inject('appUrl')}#/verify`);
  await app.page.reload();
  await app.page.locator('main input[type=file]').setInputFiles(file(name));
  const report = app.page.locator('[data-report]');
  await report.waitFor();
  return report;
}

it.each(['chain.pem', 'chain.p7b'])(
  '%s: the path as a tree, each check with its clause',
  async (name) => {
    const report = await drop(name);
    await report.getByText('签发机构不在本机信任之列').waitFor();
    const chain = report.locator('[data-chain="ok"]');
    await chain.waitFor();
    expect(await chain.locator('.tree > li b').allInnerTexts()).toEqual(['Root', 'Sub CA', '企业']);
    const leaf = chain.locator('.tree > li').last();
    await leaf.getByText('逐项检查').click();
    await leaf.getByText('RFC 5280 6.1.3 a 1', { exact: true }).waitFor();
    await leaf.getByText('全部字段').click();
    await leaf.getByText('数字签名, 不可否认').waitFor();
    expect(await sideways(app.page)).toBe(0);
  },
);

it('list.crl: whose, how many, and that nobody here can check its signature', async () => {
  const report = await drop('list.crl');
  await report.getByText('本机没有签发者的证书').first().waitFor();
  await report.getByText('证书撤销列表', { exact: true }).waitFor();
});

it('key.pfx: a wrong password is said to be one; the right one shows certificates, never keys', async () => {
  const report = await drop('key.pfx');
  await report.getByLabel('打开密码').fill('wrong');
  await report.getByRole('button', { name: '打开并核验' }).click();
  await report.getByText('密码不对').waitFor();
  await report.getByLabel('打开密码').fill('密码1234');
  await report.getByRole('button', { name: '打开并核验' }).click();
  await report.getByText(/这是.*企业.*的证书/).waitFor();
  expect(await report.innerText()).not.toContain('PRIVATE');
});

it('in English every word of it is English', async () => {
  await app.page.goto(`${inject('appUrl')}?lang=en#/verify`);
  await app.page.locator('main input[type=file]').setInputFiles(file('list.crl'));
  await app.page.getByText('Revoked certificates').waitFor();
  expect(app.errors).toEqual([]);
});
