/** ISO 19005-3, level B, clause by clause with our own reader and poppler's; nobody else's validator was run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { latin1 } from '../../src/crypto/index.ts';
import { sRgbProfile } from '../../src/documents/colour-profile.ts';
import { composeApplicationForm } from '../../src/documents/index.ts';
import { sampleApplication } from '../../src/licence/index.ts';
import { FONTS } from '../pdf/fonts.ts';

const has = (tool: string) => spawnSync(tool, ['-v']).error === undefined;
const time = '2026-03-02T08:00:00Z';
const folder = mkdtempSync(join(tmpdir(), 'pdfa-'));

describe('an application form as PDF/A-3', () => {
  let text: string;
  let path: string;
  beforeAll(async () => {
    const { pdf } = await composeApplicationForm(sampleApplication(), {
      fonts: FONTS,
      pilot: false,
      time,
    });
    text = latin1(pdf);
    path = join(folder, 'form.pdf');
    writeFileSync(path, pdf);
  });

  test('6.1.2, 6.1.3: the header has a binary line; the trailer an ID, no encryption', () => {
    expect(text).toMatch(/^%PDF-1\.7\s+%[\x80-\xff]{4}/);
    expect(text).toMatch(/\/ID\s*\[\s*<[0-9a-f]{32}>/i);
    expect(text).not.toContain('/Encrypt');
  });

  test('6.2.3: one output intent, with an sRGB profile of three components', () => {
    expect(text.match(/\/GTS_PDFA1/g)).toHaveLength(1);
    expect(text).toMatch(/\/DestOutputProfile \d+ 0 R/);
    expect(text).not.toMatch(/\/DeviceCMYK/);
  });

  test('6.6.4: the metadata says part 3, level B, and agrees with the information dictionary', () => {
    expect(text).toContain('<pdfaid:part>3</pdfaid:part>');
    expect(text).toContain('<pdfaid:conformance>B</pdfaid:conformance>');
    expect(text).toContain('<xmp:CreateDate>2026-03-02T08:00:00Z</xmp:CreateDate>');
    expect(text).toMatch(/\/CreationDate \(D:20260302080000Z\)/);
  });

  test('6.8: the embedded data says how it belongs to the document, and what it is', () => {
    expect(text).toMatch(/\/AFRelationship \/Data/);
    expect(text).toMatch(/\/AF \d+ 0 R|\/AF \[/);
    expect(text).toMatch(/\/Subtype \/application#2Fjson/);
  });

  test('6.5.1, 6.6.1: no script, no action that leaves the document', () => {
    expect(text).not.toMatch(
      /\/(JavaScript|JS|Launch|Sound|Movie|SubmitForm|ImportData|AA) ?[/<(]/,
    );
    expect(text).not.toContain('/XFA');
  });

  test.runIf(has('pdffonts'))('6.2.11: every font is embedded and says its Unicode', () => {
    const rows = execFileSync('pdffonts', [path]).toString().trim().split('\n').slice(2);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toMatch(/ yes (yes|no)\s+yes\s+\d+\s+\d+$/);
  });
});

describe('ICC.1: the colour profile', () => {
  const profile = sRgbProfile();
  const view = new DataView(profile.buffer, profile.byteOffset, profile.length);
  const word = (at: number) => latin1(profile.subarray(at, at + 4));

  test('its header tells size, class, colour space and version', () => {
    expect(view.getUint32(0)).toBe(profile.length);
    expect([word(12), word(16), word(20), word(36)]).toEqual(['mntr', 'RGB ', 'XYZ ', 'acsp']);
    expect(view.getUint32(8) >>> 24).toBe(2);
  });

  test('its nine tags lie inside, and the colorants add up to D50', () => {
    const count = view.getUint32(128);
    const tags = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      const at = 132 + 12 * i;
      tags.set(word(at), view.getUint32(at + 4));
      expect(view.getUint32(at + 4) + view.getUint32(at + 8)).toBeLessThanOrEqual(profile.length);
    }
    expect([...tags.keys()].sort()).toEqual(
      ['bTRC', 'bXYZ', 'cprt', 'desc', 'gTRC', 'gXYZ', 'rTRC', 'rXYZ', 'wtpt'].sort(),
    );
    const xyz = (tag: string) =>
      [0, 1, 2].map((i) => view.getInt32((tags.get(tag) as number) + 8 + 4 * i) / 65_536);
    const sum = ['rXYZ', 'gXYZ', 'bXYZ']
      .map(xyz)
      .reduce((a, b) => a.map((v, i) => v + (b[i] as number)));
    for (const [i, value] of xyz('wtpt').entries()) expect(sum[i]).toBeCloseTo(value, 3);
  });
});
