import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { attachmentProblem } from '../../src/desk/attachments/index.ts';
import { composeApplicationForm } from '../../src/documents/index.ts';
import { sampleApplication } from '../../src/licence/index.ts';
import { encodePng } from '../../src/seal/index.ts';
import { FONTS } from './device.ts';

const png = encodePng({ width: 3, height: 2, data: new Uint8ClampedArray(24).fill(120) });
/** One pixel. */
const jpeg = Buffer.from(
  [
    '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////',
    '////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAA',
    'AAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z',
  ].join(''),
  'base64',
);
let pdf: Uint8Array;

const code = async (name: string, bytes: Uint8Array) =>
  (await attachmentProblem(name, bytes))?.code ?? null;
const text = (words: string) => new TextEncoder().encode(words);

beforeAll(async () => {
  ({ pdf } = await composeApplicationForm(sampleApplication(), {
    fonts: FONTS,
    pilot: true,
    time: '2026-03-02T01:00:00Z',
  }));
});

describe('an attachment is opened and checked by its content', () => {
  test('good files of every kind pass', async () => {
    expect(await code('合同.pdf', pdf)).toBeNull();
    expect(await code('扫描.PNG', png)).toBeNull();
    expect(await code('照片.jpeg', jpeg)).toBeNull();
    expect(await code('说明.txt', text('示例登记证明\n'))).toBeNull();
    expect(await code('说明.txt', new Uint8Array([0xba, 0xcf, 0xcd, 0xac]))).toBeNull();
    expect(await code('合同 2026.0417', pdf)).toBeNull();
  });
  test('0 bytes', async () =>
    expect(await code('a.pdf', new Uint8Array())).toBe('attachment-empty'));
  test('the extension of another kind, told with what it really is', async () => {
    expect(await attachmentProblem('合同.pdf', png)).toEqual({
      code: 'attachment-disguised',
      params: { name: '合同.pdf', is: 'PNG' },
    });
    expect(await code('合同.exe', pdf)).toBe('attachment-disguised');
    expect(await code('合同.pdf', text('not a PDF'))).toBe('attachment-disguised');
  });
  test('programs, archives and pages with script are none', async () => {
    expect(await code('a.docx', text('PK\u0003\u0004 word/document.xml'))).toBe('attachment-type');
    expect(await code('a.html', text('<script>'))).toBe('attachment-type');
    expect(await code('a.bin', new Uint8Array([0x4d, 0x5a, 0x90, 0, 3]))).toBe('attachment-type');
    expect(await code('a.pdf', new Uint8Array([0x4d, 0x5a, 0x90, 0, 3]))).toBe(
      'attachment-damaged',
    );
  });
  test('a PDF without pages', async () => {
    const none = '%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n';
    const pages = '2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n';
    const xref = none.length + pages.length;
    const at = (n: number) => `${String(n).padStart(10, '0')} 00000 n \n`;
    const table = `xref\n0 3\n0000000000 65535 f \n${at(9)}${at(none.length)}`;
    const file = `${none}${pages}${table}trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`;
    expect(await code('a.pdf', text(file))).toBe('attachment-pages');
  });
  test('whatever is cut off is damaged, and nothing throws', async () => {
    for (const [name, whole] of [
      ['a.pdf', pdf],
      ['a.png', png],
      ['a.jpg', jpeg],
    ] as const) {
      const cut = fc.integer({ min: 12, max: whole.length - 3 });
      await fc.assert(
        fc.asyncProperty(cut, async (length) => {
          expect(await code(name, whole.slice(0, length)), `${name} ${length}`).not.toBeNull();
        }),
        { numRuns: 25 },
      );
    }
  });
  test('every flipped bit of a PNG is seen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 8, max: png.length - 1 }), async (at) => {
        const changed = png.slice();
        changed[at] = (changed[at] as number) ^ 4;
        expect(await code('a.png', changed)).not.toBeNull();
      }),
    );
  });
});
