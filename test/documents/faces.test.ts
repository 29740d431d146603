import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  composeApplicationForm,
  composeLetter,
  composeLicence,
  LETTER,
  missingGlyphs,
} from '../../src/documents/index.ts';
import {
  type Application,
  licenceFromApplication,
  licenceJson,
  sampleApplication,
  withTotals,
} from '../../src/licence/index.ts';
import { AUTHORITY } from '../licence/authority.ts';
import { FONTS } from '../pdf/fonts.ts';

const has = (tool: string) => spawnSync(tool, ['-v']).error === undefined;
const time = '2026-03-02T08:00:00Z';
const dir = mkdtempSync(join(tmpdir(), 'compose-'));

function save(name: string, pdf: Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, pdf);
  return path;
}

/** Ink of a page region in mm, as the share of pixels darker than mid grey, at 100 dpi. */
function ink(path: string, page: number, x: number, y: number, w: number, h: number): number {
  const px = (mm: number) => String(Math.round((mm / 25.4) * 100));
  const area = ['-x', px(x), '-y', px(y), '-W', px(w), '-H', px(h)];
  const at = ['-f', String(page), '-l', String(page)];
  const out = join(dir, 'region');
  execFileSync('pdftoppm', ['-r', '100', '-gray', ...at, ...area, '-singlefile', path, out]);
  const pgm = readFileSync(`${out}.pgm`);
  const pixels = pgm.subarray(pgm.length - Number(px(w)) * Number(px(h)));
  return pixels.filter((v) => v < 128).length / pixels.length;
}

const long = (): Application => {
  const base = sampleApplication();
  const line = base.lines[0]!;
  const lines = Array.from({ length: 20 }, (_, i) => ({ ...line, spec: `规格 ${i + 1}` }));
  const name = `${'示例'.repeat(9)}进出口贸易股份有限公司`;
  return withTotals({ ...base, lines, importer: { ...base.importer, name } });
};

describe('application form', () => {
  let form: Awaited<ReturnType<typeof composeApplicationForm>>;
  beforeAll(async () => {
    form = await composeApplicationForm(sampleApplication(), { fonts: FONTS, pilot: false, time });
  });

  test('the same input gives the same bytes', async () => {
    const again = await composeApplicationForm(sampleApplication(), {
      fonts: FONTS,
      pilot: false,
      time,
    });
    expect(again.pdf).toEqual(form.pdf);
  });

  test.skipIf(!has('qpdf'))('qpdf finds no error', () => {
    const out = execFileSync('qpdf', ['--check', save('form.pdf', form.pdf)], { encoding: 'utf8' });
    expect(out).toContain('No syntax or stream encoding errors');
  });

  test.skipIf(!has('pdfdetach'))('application.json is embedded as associated data', () => {
    const path = save('data.pdf', form.pdf);
    execFileSync('pdfdetach', ['-saveall', '-o', dir, path]);
    const embedded = readFileSync(join(dir, 'application.json'), 'utf8');
    expect(JSON.parse(embedded)).toEqual(sampleApplication());
    expect(Buffer.from(form.pdf).toString('latin1')).toContain('/AFRelationship /Data');
  });

  test.skipIf(!has('pdftoppm'))(
    'every glyph is drawn: ink where text stands, none where it does not',
    () => {
      const path = save('ink.pdf', form.pdf);
      expect(ink(path, 1, 60, 16, 90, 7)).toBeGreaterThan(0.1);
      for (const [i, x] of [18.5, 22.2, 25.9, 29.6].entries()) {
        expect(ink(path, 1, x + 2, 39.1, 3.6, 4), `character ${i} of the importer`).toBeGreaterThan(
          0.08,
        );
      }
      const { x, y, width, height } = form.sealRect;
      const mm = (pt: number) => (pt * 25.4) / 72;
      expect(ink(path, 1, mm(x), 297 - mm(y + height), mm(width), mm(height))).toBe(0);
    },
  );

  test.skipIf(!has('pdftotext'))(
    'twenty lines continue on a second page and lose nothing',
    async () => {
      const { pdf, pages } = await composeApplicationForm(long(), {
        fonts: FONTS,
        pilot: true,
        time,
      });
      expect(pages).toBe(2);
      const path = save('long.pdf', pdf);
      const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
      for (let i = 1; i <= 20; i++) expect(text).toMatch(new RegExp(`规格 ${i}\\s`));
      expect(text).toContain('续见第 2 页');
      expect(text.replace(/\s/g, '')).toContain('试点环境样张');
    },
  );

  test('a character that the font lacks is refused and named', async () => {
    const app = sampleApplication();
    app.remarks = '缺字𠮷';
    expect(missingGlyphs(app.remarks, FONTS.sans)).toEqual(['𠮷']);
    const composing = composeApplicationForm(app, { fonts: FONTS, pilot: false, time });
    await expect(composing).rejects.toMatchObject({ code: 'glyph-missing' });
  });
});

/** The text of a QR code on a page, read from its picture at 250 dpi. */
async function readQr(path: string): Promise<string | undefined> {
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader');
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer as ArrayBuffer } });
  const out = join(dir, 'qr');
  execFileSync('pdftoppm', ['-r', '250', '-gray', '-png', '-singlefile', path, out]);
  const png = new Uint8Array(readFileSync(`${out}.png`));
  return (await readBarcodes(png, { formats: ['QRCode'] }))[0]?.text;
}

const TOKEN = `EL1:${'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'.repeat(13).slice(0, 550)}`;

describe('licence face', () => {
  const licence = licenceFromApplication(sampleApplication(), {
    number: '26-AB-000417',
    authority: AUTHORITY,
    issuedOn: '2026-03-10',
    statusList: { id: '1', index: 7 },
    pilot: false,
  });
  const options = { fonts: FONTS, token: TOKEN, pilot: false };
  let face: Awaited<ReturnType<typeof composeLicence>>;
  beforeAll(async () => {
    face = await composeLicence(licence, options);
  });

  test('the same licence gives the same bytes, another number another ground', async () => {
    expect((await composeLicence(licence, options)).pdf).toEqual(face.pdf);
    const other = await composeLicence({ ...licence, number: '26-AB-000418' }, options);
    expect(other.pdf).not.toEqual(face.pdf);
  });
  test('what the ground adds stays below 60 kB', () => {
    expect(face.pdf.length).toBeLessThan(130_000);
  });
  test.skipIf(!has('pdfdetach'))('licence.json is embedded as the token digests it', () => {
    execFileSync('pdfdetach', ['-saveall', '-o', dir, save('licence.pdf', face.pdf)]);
    const embedded = new Uint8Array(readFileSync(join(dir, 'licence.json')));
    expect(embedded).toEqual(licenceJson(licence));
  });
  test.skipIf(!has('pdftoppm'))(
    'the QR code reads through the ground, its quiet zone is blank',
    async () => {
      expect(await readQr(save('qr.pdf', face.pdf))).toBe(TOKEN);
    },
  );
  test.skipIf(!has('pdftotext'))('text extraction reads the licence and not its ornaments', () => {
    const path = save('text.pdf', face.pdf);
    const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
    expect(text).toContain('中华人民共和国自动进口许可证');
    expect(text).toContain('*7,142,500.00*');
    expect(text.split('26-AB-000417').length - 1).toBe(2);
  });
  test.skipIf(!has('qpdf'))('qpdf finds no error', () => {
    execFileSync('qpdf', ['--check', save('check.pdf', face.pdf)]);
  });
});

describe('confirmation letter', () => {
  const letter = {
    case: '3f2a9c1e7b5d4860a1c2e3f405162738',
    enterprise: { name: '示例进出口贸易有限公司', code: '91110000MA000TE137' },
    contact: '李示例',
    phone: '010-5555 0123',
    address: '北京市示例区示例路 1 号',
    seal: { kind: 'round', name: '示例进出口贸易有限公司', lower: '', code: '' },
    authority: { zh: '示例发证机关', en: 'Sample Issuing Authority' },
    appliedAt: '2026-03-01T17:00:00Z',
  };
  test.skipIf(!has('pdftoppm'))(
    'its QR code names the case; nothing is printed where the seal goes',
    async () => {
      const { pdf } = await composeLetter(letter, { fonts: FONTS, pilot: true, time });
      const path = save('letter.pdf', pdf);
      expect(await readQr(path)).toBe(`CNBR-CASE:${letter.case}`);
      const { cx, cy, diameter } = LETTER.circle;
      const side = diameter * 0.7;
      expect(ink(path, 1, cx - side / 2, cy - side / 2, side, side)).toBe(0);
      const { inset, length, weight } = LETTER.marks;
      for (const [x, y] of [
        [inset, inset],
        [210 - inset - length, inset],
        [inset, 297 - inset - weight],
        [210 - inset - length, 297 - inset - weight],
      ] as const) {
        expect(ink(path, 1, x, y, length, weight)).toBeGreaterThan(0.6);
      }
    },
  );
  test.skipIf(!has('pdftotext'))('dates are those of China', async () => {
    const { pdf } = await composeLetter(letter, { fonts: FONTS, pilot: false, time });
    const text = execFileSync('pdftotext', [save('date.pdf', pdf), '-'], { encoding: 'utf8' });
    expect(text).toContain('2026年03月02日');
  });
});
