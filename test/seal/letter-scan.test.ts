import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SealDrawing } from '../../src/seal/index.ts';
import { analyseLetterScan } from '../../src/seal/scan/index.ts';
import { type LetterOptions, letter } from './fixtures/letter.ts';
import { drawings, letterSet } from './fixtures/letters.ts';

const font = new Uint8Array(
  readFileSync(new URL('../../public/fonts/NotoSerifSC-Bold.ttf', import.meta.url)),
);
const seals = await drawings(font);
const scan = (options: LetterOptions) => letter(seals[0] as SealDrawing, options);

describe('letters, made up', () => {
  // A fifth of one set here, to be quick; the benchmark judges whole sets of many seeds.
  const some = letterSet(11, [100]).filter((_, i) => i % 5 === 0);
  it.each(some.map((c) => [c.name, c] as const))('%s', async (_, c) => {
    const picture = letter(seals[c.seal] as SealDrawing, c.options);
    const { accept, reasons, seals: found } = await analyseLetterScan(picture);
    expect([accept, c.accept ? reasons : []]).toEqual([c.accept, []]);
    if (!c.accept) {
      expect(reasons.some((reason) => c.reasons.includes(reason))).toBe(true);
      return;
    }
    const [seal] = found;
    const { cx, cy, diameter } = picture.truth;
    const off = Math.hypot((seal?.cx ?? 0) - cx, (seal?.cy ?? 0) - cy) / diameter;
    expect(off).toBeLessThan(0.02);
    expect(Math.abs((seal?.diameter ?? 0) / diameter - 1)).toBeLessThan(0.03);
  });
});

describe('what the scan says beside the verdict', () => {
  it('names the turn of the seal', async () => {
    for (const rotation of [-120, 35]) {
      const { seals } = await analyseLetterScan(scan({ seed: 4, dpi: 100, rotation, skew: 0 }));
      const off = (((seals[0]?.angle ?? 999) - rotation + 540) % 360) - 180;
      expect(Math.abs(off)).toBeLessThan(8);
    }
  });

  it('takes the size from a known resolution, or from the corners of the page', async () => {
    const page = scan({ seed: 5, dpi: 100, diameterMm: 42, skew: 0 });
    const known = await analyseLetterScan(page, { dpi: 100 });
    expect(known.measures?.diameterMm).toBeCloseTo(42, 0);
    const double = await analyseLetterScan(page, { dpi: 50 });
    expect(double.reasons).toContain('wrong-size');
    const { width: w, height: h } = page;
    const corners = [
      [0, 0],
      [w, 0],
      [w, h],
      [0, h],
    ] as const;
    const cornered = await analyseLetterScan(page, { quad: { corners } });
    expect(cornered.measures?.diameterMm).toBeCloseTo(42, 0);
  });

  it('cuts the seal out, black text taken away', async () => {
    const page = scan({ seed: 6, dpi: 150, skew: 0, at: [110, 200], crop: [60, 150, 160, 250] });
    const { picture, measures } = await analyseLetterScan(page);
    if (!picture || !measures) throw new Error('picture expected');
    const alpha = (x: number, y: number) =>
      picture.data[4 * (Math.round(y) * picture.width + Math.round(x)) + 3] as number;
    const middle = picture.width / 2;
    expect(alpha(middle, middle)).toBeGreaterThan(150);
    expect(alpha(2, 2)).toBe(0);
    expect([...picture.data.subarray(0, 3)]).toEqual([0xdc, 0x14, 0x14]);
  });

  it('takes a resolution that is none for an unknown one', async () => {
    const page = letter(seals[0] as SealDrawing, { seed: 3, dpi: 150 });
    const guessed = await analyseLetterScan(page);
    for (const dpi of [0, -1, Number.NaN]) {
      expect(await analyseLetterScan(page, { dpi })).toEqual(guessed);
    }
  });

  it('answers pictures that are none', async () => {
    const empty = new Uint8ClampedArray();
    for (const [width, height] of [
      [0, 0],
      [5, 5],
      [-1, 3],
      [Number.NaN, 2],
      [1e9, 1e9],
    ] as const) {
      const { accept, reasons } = await analyseLetterScan({ width, height, data: empty });
      expect([accept, reasons]).toEqual([false, ['no-seal']]);
    }
    const detached = new Uint8ClampedArray(4 * 9 * 9);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    const square = { width: 9, height: 9 };
    for (const bad of [
      ...[null, undefined, 7, 'scan', {}, [], square],
      ...[
        null,
        'x'.repeat(400),
        new Float32Array(400),
        new DataView(new ArrayBuffer(400)),
        detached,
      ].map((data) => ({ ...square, data })),
    ]) {
      const { accept, reasons } = await analyseLetterScan(bad as never, null);
      expect([accept, reasons]).toEqual([false, ['no-seal']]);
    }
    for (const side of [1, 3, 9, 40]) {
      const data = Uint8ClampedArray.from({ length: 4 * side * side }, (_, i) => (i * 7919) % 256);
      expect((await analyseLetterScan({ width: side, height: side, data })).accept).toBe(false);
    }
  });
});
