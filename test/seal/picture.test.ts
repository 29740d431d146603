import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equal, latin1, Malformed, utf8 } from '../../src/crypto/index.ts';
import {
  decodePng,
  drawingToOperators,
  drawingToSvg,
  drawSeal,
  encodePng,
  layoutSeal,
  MissingGlyph,
  rasterise,
  readSealSvg,
  sealPictureOf,
  sealPictureOperators,
} from '../../src/seal/index.ts';

const font = new Uint8Array(
  readFileSync(new URL('../../public/fonts/NotoSerifSC-Bold.ttf', import.meta.url)),
);
const NAMES = {
  9: '示例进出口贸易公司',
  11: '示例进出口贸易有限公司',
  17: '北京示例国际机电设备进出口有限公司',
  29: '内蒙古自治区示例市某某农产品深加工与国际供应链股份有限公司',
};
const eleven = await drawSeal({ kind: 'round', name: NAMES[11] }, font);

describe('geometry', () => {
  // Reference values: centre of the first glyph, height and width factor.
  it.each([
    [NAMES[9], 42, undefined, 5.4, 0.942, 5.046, 18.187],
    [NAMES[11], 40, undefined, 5, 0.95, 4.834, 22.674],
    [NAMES[17], 40, '1101010000123', 4.6, 0.832, 7.221, 28.948],
    [NAMES[29], 40, undefined, 4, 0.602, 8.757, 31.243],
  ])('places %s', (name, widthMm, code, height, stretch, x, y) => {
    const { glyphs } = layoutSeal({ kind: 'round', name, widthMm, ...(code ? { code } : {}) });
    const [first] = glyphs;
    expect(first?.height).toBe(height);
    expect(first?.stretch).toBeCloseTo(stretch, 3);
    expect([first?.x, first?.y]).toEqual([expect.closeTo(x, 2), expect.closeTo(y, 2)]);
  });

  it('places an oval by equal arcs, turned to the normal', () => {
    const [first] = layoutSeal({ kind: 'oval', name: NAMES[11] }).glyphs;
    expect(first?.x).toBeCloseTo(5.137, 2);
    expect(first?.y).toBeCloseTo(19.818, 2);
    expect(((first?.angle ?? 0) * 180) / Math.PI).toBeCloseTo(-123.855, 1);
  });

  it('answers what cannot be a seal with a code', async () => {
    expect(() => layoutSeal({ kind: 'round', name: '' })).toThrow('seal-name-length');
    expect(() => layoutSeal({ kind: 'round', name: '长'.repeat(41) })).toThrow('seal-name-length');
    expect(() => layoutSeal({ kind: 'round', name: '例', code: '12' })).toThrow('seal-code');
    const missing = drawSeal({ kind: 'round', name: '例\u{e000}公司' }, font);
    await expect(missing).rejects.toThrow(MissingGlyph);
    await expect(missing).rejects.toMatchObject({ characters: ['\u{e000}'] });
  });
});

describe('the one SVG of seals', () => {
  it('reads back what it wrote, in one spelling', () => {
    const svg = drawingToSvg(eleven);
    expect(readSealSvg(utf8(svg))).toEqual(eleven);
    expect(svg).not.toMatch(/text|style|script|href|--/);
  });

  it.each([
    ['a script', (s: string) => s.replace('</svg>', '<script>1</script></svg>')],
    ['an event handler', (s: string) => s.replace('<path ', '<path onclick="x" ')],
    ['a space more', (s: string) => s.replace('<path ', '<path  ')],
    ['a superfluous zero', (s: string) => s.replace(/(\.\d)(?=[ LQCZ])/, '$10')],
    ['relative commands', (s: string) => s.replace('Z"', 'l1 1Z"')],
    ['an open subpath', (s: string) => s.replace('Z"', '"')],
    ['another view', (s: string) => s.replace('viewBox="0 0 40 40"', 'viewBox="0 0 20 40"')],
    [
      'a size out of range',
      (s: string) => s.replace(/40mm/g, '900mm').replace('0 0 40 40', '0 0 900 900'),
    ],
    ['an entity', (s: string) => `<!DOCTYPE svg [<!ENTITY a "b">]>${s}`],
  ])('refuses %s', (_, change) => {
    const svg = drawingToSvg(eleven);
    const bad = change(svg);
    expect(bad).not.toBe(svg);
    expect(() => readSealSvg(utf8(bad))).toThrow(Malformed);
  });

  it('never fails otherwise than with its code', () => {
    const svg = utf8(drawingToSvg(eleven));
    const edit = fc.record({ at: fc.nat(svg.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(edit, ({ at, byte }) => {
        const bad = svg.slice();
        bad[at] = byte;
        try {
          const read = drawingToSvg(readSealSvg(bad));
          expect(read).toBe(new TextDecoder().decode(bad));
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('page content', () => {
  it('is the same bytes each time, and small', async () => {
    const drawing = await drawSeal({ kind: 'round', name: NAMES[29] }, font);
    const picture = sealPictureOf(drawing);
    const [a, b] = [sealPictureOperators(picture), drawingToOperators(drawing)];
    if (a?.kind !== 'vector') throw new Error('vector expected');
    expect(equal(a.operators, b.operators)).toBe(true);
    expect([a.widthPt, a.heightPt]).toEqual([113.39, 113.39]);
    expect(deflateSync(a.operators).length).toBeLessThan(25_000);
    expect(latin1(a.operators)).toMatch(
      /^q\n[\d. -]+cm\n0\.8627 0\.0784 0\.0784 rg\n[\d. mlcfh\n-]+Q\n$/,
    );
  });

  it('refuses a picture whose size differs from the seal', () => {
    expect(() => sealPictureOperators({ ...sealPictureOf(eleven), widthMm: 30 })).toThrow(
      Malformed,
    );
    expect(sealPictureOperators({ ...sealPictureOf(eleven), type: 'ofd' })).toBe(null);
  });
});

describe('pixels', () => {
  it('covers exactly the area that is drawn', () => {
    const square = [
      { op: 'M', at: [125, 250] },
      { op: 'L', at: [875, 250] },
      { op: 'L', at: [875, 700] },
      { op: 'L', at: [125, 700] },
      { op: 'Z', at: [] },
    ] as const;
    const drawing = { widthMm: 10, heightMm: 10, paths: [{ fill: '#dc1414', commands: square }] };
    const { data, width, height } = rasterise(drawing, 50);
    expect([width, height]).toEqual([50, 50]);
    let sum = 0;
    for (let i = 3; i < data.length; i += 4) sum += (data[i] as number) / 255;
    expect(sum).toBeCloseTo(7.5 * 4.5 * 25, 0);
  });

  it('agrees with the ring by geometry: ink share of border, hole in the middle', () => {
    const { data } = rasterise(eleven, 400);
    const alpha = (x: number, y: number) => data[4 * (y * 400 + x) + 3];
    expect([alpha(200, 5), alpha(200, 20), alpha(200, 200), alpha(2, 2)]).toEqual([255, 0, 255, 0]);
  });
});

describe('PNG', () => {
  it('reads back what it wrote', () => {
    const raster = rasterise(eleven, 120);
    expect(decodePng(encodePng(raster))).toEqual(raster);
  });

  it('is a PNG to others, and refuses what is broken', () => {
    const png = encodePng(rasterise(eleven, 64));
    const type = execFileSync('python3', ['-c', PYTHON], { input: png, encoding: 'utf8' });
    expect(type.trim()).toBe('64 64 ok');
    for (let n = 0; n < png.length; n += 11) {
      expect(() => decodePng(png.subarray(0, n))).toThrow(Malformed);
    }
    const flipped = png.slice();
    flipped[60] = (flipped[60] as number) ^ 1;
    expect(() => decodePng(flipped)).toThrow(Malformed);
  });
});

/** An independent look at the file: lengths, checksums and the inflated size. */
const PYTHON = `
import sys, struct, zlib
b = sys.stdin.buffer.read(); at = 8; data = b''
while at < len(b):
    n, = struct.unpack('>I', b[at:at+4]); name = b[at+4:at+8]; c = b[at+8:at+8+n]
    assert zlib.crc32(name + c) == struct.unpack('>I', b[at+8+n:at+12+n])[0]
    if name == b'IHDR': w, h = struct.unpack('>II', c[:8])
    if name == b'IDAT': data += c
    at += 12 + n
assert len(zlib.decompress(data)) == h * (4 * w + 1)
print(w, h, 'ok')
`;
