/** The standard security handler: what others encrypt, we read, and signatures in it are judged. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { aesCbcDecrypt } from '../../src/pdf/read/aes.ts';
import { PdfDocument, type PdfRevision } from '../../src/pdf/read/document.ts';
import { PdfStream, PdfString, sameObject, textOf } from '../../src/pdf/read/objects.ts';
import { rc4 } from '../../src/pdf/read/rc4.ts';
import { pagesOf } from '../../src/pdf/verify/pages.ts';
import { basePdf } from './fixtures/base.ts';
import { sign } from './fixtures/sign.ts';
import { makeWorld, type World } from './fixtures/world.ts';
import { append } from './fixtures/write.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinnabar-encrypted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

let world: World;
let plain: Uint8Array;
let qpdf = true;
beforeAll(async () => {
  world = await makeWorld();
  plain = await basePdf({ textFields: ['remark'] });
  writeFileSync(join(folder, 'plain.pdf'), plain);
  try {
    execFileSync('qpdf', ['--version'], { stdio: 'pipe' });
  } catch {
    qpdf = false;
  }
});

describe('ciphers against their standards', () => {
  test('FIPS 197 appendix C, AES-128 and AES-256', () => {
    const zero = new Uint8Array(16);
    const text = '00112233445566778899aabbccddeeff';
    const key = (n: number) => Uint8Array.from({ length: n }, (_, i) => i);
    expect(hex(aesCbcDecrypt(key(16), zero, bytes('69c4e0d86a7b0430d8cdb78070b4c55a')))).toBe(text);
    expect(hex(aesCbcDecrypt(key(32), zero, bytes('8ea2b7ca516745bfeafc49904b496089')))).toBe(text);
  });

  test('RFC 6229', () => {
    expect(hex(rc4(bytes('0102030405'), new Uint8Array(16)))).toBe(
      'b2396305f03dc027ccc3524a0a1118a8',
    );
  });
});

const KINDS: Record<string, string[]> = {
  'RC4, 40 bits': ['--allow-weak-crypto', '--encrypt', 'USER', 'owner', '40', '--'],
  'RC4, 128 bits': [
    '--allow-weak-crypto',
    '--encrypt',
    'USER',
    'owner',
    '128',
    '--use-aes=n',
    '--',
  ],
  'AES, 128 bits': [
    '--allow-weak-crypto',
    '--encrypt',
    'USER',
    'owner',
    '128',
    '--use-aes=y',
    '--',
  ],
  'AES, 256 bits': ['--encrypt', 'USER', 'owner', '256', '--'],
  'AES, 256 bits, object streams': [
    '--object-streams=generate',
    '--encrypt',
    'USER',
    'owner',
    '256',
    '--',
  ],
};

function encrypted(kind: string, user: string): Uint8Array {
  const args = (KINDS[kind] as string[]).map((arg) => (arg === 'USER' ? user : arg));
  execFileSync('qpdf', [...args, join(folder, 'plain.pdf'), join(folder, 'out.pdf')], {
    stdio: 'pipe',
  });
  return new Uint8Array(readFileSync(join(folder, 'out.pdf')));
}

async function firstPage(document: PdfDocument): Promise<string> {
  const revision = document.revisions[document.revisions.length - 1];
  if (!revision) return '';
  const page = pagesOf(revision).pages[0];
  const contents = revision.resolve(page?.dict.raw('Contents'));
  const list = Array.isArray(contents) ? contents : [contents];
  return list
    .map((item) => {
      const stream = revision.resolve(item);
      return stream instanceof PdfStream ? latin1(revision.data(stream)) : '';
    })
    .join('\n');
}

describe.each(Object.keys(KINDS))('%s', (kind) => {
  test('opens with the empty, the user and the owner password, and with no other', async () => {
    if (!qpdf) return;
    const expected = await firstPage(await PdfDocument.open(plain));
    expect(expected).toContain('Tj');
    expect(await firstPage(await PdfDocument.open(encrypted(kind, '')))).toContain(expected.trim());
    const locked = encrypted(kind, 'secret');
    for (const password of ['secret', 'owner']) {
      expect(await firstPage(await PdfDocument.open(locked, password))).toContain(expected.trim());
    }
    await expect(PdfDocument.open(locked)).rejects.toMatchObject({ code: 'password-needed' });
    await expect(PdfDocument.open(locked, 'wrong')).rejects.toMatchObject({
      code: 'password-needed',
    });
    const report = await verifyPdf(locked);
    expect(report).toMatchObject({ integrity: 'unreadable', verdict: 'INDETERMINATE' });
    expect(report.findings[0]?.code).toBe('password-needed');
    expect(await verifyPdf(locked, { password: 'secret' })).toMatchObject({
      integrity: 'unsigned',
    });
  });

  test('strings are decrypted', async () => {
    if (!qpdf) return;
    const document = await PdfDocument.open(encrypted(kind, ''));
    const revision = document.revisions[document.revisions.length - 1];
    const info = revision?.dict(revision.map.trailer.raw('Info'));
    const producer = info && revision?.get(info, 'Producer');
    expect(producer instanceof PdfString ? textOf(producer) : '').toContain('pdf-lib');
  });
});

test('a signature in an encrypted file is intact, and a change to it is seen', async () => {
  if (!qpdf) return;
  const base = encrypted('AES, 256 bits', '');
  const trailer = /\/Encrypt (\d+ 0 R)/.exec(latin1(base))?.[1] as string;
  // Names and dates of this fixture are no encrypted strings, so none are written.
  const pdf = await sign(base, {
    signer: world.alice,
    trailer: { Encrypt: trailer },
    field: '',
    entries: '',
    dictionary: (text) => text.replace(/\/M \([^)]*\)/, ''),
  });
  const report = await verifyPdf(pdf);
  expect(report.findings.filter((f) => f.severity === 'error')).toEqual([]);
  expect(report.integrity).toBe('intact');
  const changed = pdf.slice();
  changed[300] = (changed[300] as number) ^ 1;
  expect((await verifyPdf(changed)).integrity).not.toBe('intact');
});

test('a string that a producer forgot to encrypt is read as it stands, and equals no other', async () => {
  if (!qpdf) return;
  const base = encrypted('AES, 256 bits', '');
  const forgotten = {
    trailer: { Encrypt: /\/Encrypt (\d+ 0 R)/.exec(latin1(base))?.[1] as string },
  };
  const strings = await append(base, { 90: '(en-GB)', 91: '()', 92: '(en-GB)' }, forgotten);
  const document = await PdfDocument.open(strings);
  const revision = document.revisions[1] as PdfRevision;
  const [plain, empty, other] = [90, 91, 92].map((num) => revision.object(num) as PdfString);
  expect(textOf(plain as PdfString)).toBe('en-GB');
  expect(textOf(empty as PdfString)).toBe('');
  expect(sameObject(plain as PdfString, other as PdfString)).toBe(true);
  const decrypted = new PdfString((plain as PdfString).bytes);
  expect(sameObject(plain as PdfString, decrypted)).toBe(false);
});
