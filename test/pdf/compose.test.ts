import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Application, sampleApplication, withTotals } from '../../src/licence/index.ts';
import { composeApplicationForm, missingGlyphs } from '../../src/pdf/compose/index.ts';
import { FONTS } from './fonts.ts';

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
        expect(ink(path, 1, x + 2, 38.2, 3.6, 4), `character ${i} of the importer`).toBeGreaterThan(
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
