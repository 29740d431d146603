import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rasterise, type SealDrawing } from '../../src/seal/index.ts';
import { analyseLetterScan, type LetterScan, turnBetween } from '../../src/seal/scan/index.ts';
import { type LetterOptions, letter } from './fixtures/letter.ts';
import { drawings, letterSet } from './fixtures/letters.ts';

const font = new Uint8Array(
  readFileSync(new URL('../../public/fonts/NotoSerifSC-Bold.ttf', import.meta.url)),
);
const seals = await drawings(font);
const said = ({ picture: _, ...rest }: LetterScan) => rest;
const scan = (options: LetterOptions) => letter(seals[0] as SealDrawing, options);

describe('letters, made up', () => {
  // An eighth of one set here, to be quick; the benchmark judges whole sets of many seeds.
  const some = letterSet(11, [100]).filter((_, i) => i % 8 === 0);
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

describe('the cut-out against the drawn seal', () => {
  it.each([0, 1, 8])('turn of design %i, found to a degree or two, at any turn', async (design) => {
    const drawing = seals[design] as SealDrawing;
    const drawn = rasterise(drawing, 400);
    const [side, spare] = [drawn.width, (drawn.width - drawn.height) / 2];
    const square = { width: side, height: side, data: new Uint8ClampedArray(4 * side * side) };
    square.data.set(drawn.data, 4 * side * Math.floor(spare));
    const diameterMm = design === 8 ? 40 : 42;
    for (const rotation of [0, 33, -128]) {
      const more = { rotation, diameterMm, at: [110, 200], crop: [70, 160, 150, 240] } as const;
      const options = design === 8 ? { expected: 'oval' as const } : {};
      const page = letter(drawing, { seed: 15, dpi: 150, jpeg: 70, skew: 0, ...more });
      const { picture, pictureRadius } = await analyseLetterScan(page, options);
      if (!picture || !pictureRadius) throw new Error('picture expected');
      const scanned = { raster: picture, radius: pictureRadius };
      const turn = turnBetween(scanned, { raster: square, radius: side / 2 });
      expect(Math.abs(((turn.degrees - rotation + 540) % 360) - 180)).toBeLessThan(1.6);
      expect(turn.correlation).toBeGreaterThan(0.6);
    }
  });

  it('has no turn where the two are different seals', async () => {
    const at = { seed: 15, dpi: 150, at: [110, 200], crop: [70, 160, 150, 240] } as const;
    const { picture, pictureRadius } = await analyseLetterScan(scan(at));
    if (!picture || !pictureRadius) throw new Error('picture expected');
    const other = rasterise(seals[1] as SealDrawing, 400);
    const turn = turnBetween(
      { raster: picture, radius: pictureRadius },
      { raster: other, radius: 200 },
    );
    expect(turn.correlation).toBeLessThan(0.5);
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
    const page = scan({ seed: 3, dpi: 100, at: [110, 200], crop: [75, 165, 145, 235] });
    const guessed = said(await analyseLetterScan(page));
    for (const dpi of [0, -1, Number.NaN]) {
      expect(said(await analyseLetterScan(page, { dpi }))).toEqual(guessed);
    }
  });

  it('takes corners that are none for unknown ones', async () => {
    const page = scan({ seed: 3, dpi: 100, at: [110, 200], crop: [75, 165, 145, 235] });
    const guessed = said(await analyseLetterScan(page));
    const line = [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ];
    const far = [
      [0, 0],
      [9, 0],
      [Number.POSITIVE_INFINITY, 9],
      [0, 9],
    ];
    for (const quad of [
      {},
      'A4',
      [],
      null,
      { corners: {} },
      { corners: [[], [], [], []] },
      { corners: line },
      { corners: far },
    ]) {
      expect(said(await analyseLetterScan(page, { quad: quad as never }))).toEqual(guessed);
    }
  });

  it('marks what is cut off, and the seal that is one too many, where they are', async () => {
    const clipped = scan({ seed: 8, dpi: 100, at: [8, 200], skew: 0 });
    const cut = await analyseLetterScan(clipped);
    const edge = cut.places.find(({ reason }) => reason === 'clipped');
    expect(edge).toMatchObject({ x: 0 });
    expect(edge?.width).toBeLessThan(0.3 * clipped.truth.diameter);
    const two = scan({ seed: 8, dpi: 100, at: [60, 200], second: { at: [150, 210] }, skew: 0 });
    const { places, seals: found } = await analyseLetterScan(two);
    expect(places.map(({ reason }) => reason)).toEqual(['several-seals', 'several-seals']);
    found.forEach(({ cx, cy }, i) => {
      const { x = 0, y = 0, width = 0, height = 0 } = places[i] ?? {};
      expect(Math.hypot(x + width / 2 - cx, y + height / 2 - cy)).toBeLessThan(9);
    });
  });

  it('sees a larger seal over a smaller one, and text that touches the ring is no smear', async () => {
    const at = { seed: 21, dpi: 150, at: [100, 200], crop: [60, 160, 160, 250] } as const;
    const over = scan({ ...at, diameterMm: 40, second: { at: [122, 193], diameterMm: 44 } });
    expect((await analyseLetterScan(over)).reasons).toContain('several-seals');
    const touching = scan({ ...at, bleed: 0.28, strength: 0.8 });
    expect((await analyseLetterScan(touching)).reasons).not.toContain('smeared');
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

describe('an oval or a square seal, where one was asked for', () => {
  const [square, oval] = seals.slice(-2) as [SealDrawing, SealDrawing];
  const shapes = [
    ['oval', oval, 40],
    ['square', square, 22],
  ] as const;
  const stamped = (drawing: SealDrawing, diameterMm: number, more: Partial<LetterOptions> = {}) =>
    letter(drawing, { seed: 12, dpi: 150, diameterMm, at: [110, 200], ...more });

  it.each(shapes)(
    '%s: accepted whole, at any turn, and where it is',
    async (expected, seal, mm) => {
      const crop = [60, 150, 160, 250] as const;
      for (const [rotation, jpeg] of [
        [0, 90],
        [31, 50],
        [-118, 70],
      ] as const) {
        const picture = stamped(seal, mm, { rotation, jpeg, crop });
        const { reasons, seals: found } = await analyseLetterScan(picture, { expected, dpi: 150 });
        expect(reasons).toEqual([]);
        const { cx, cy, diameter } = picture.truth;
        const around = expected === 'square' ? Math.SQRT2 * diameter : diameter;
        expect(Math.hypot((found[0]?.cx ?? 0) - cx, (found[0]?.cy ?? 0) - cy)).toBeLessThan(3);
        expect((found[0]?.diameter ?? 0) / around).toBeCloseTo(1, 1);
      }
    },
  );

  it.each(shapes)(
    '%s: refused where it is faint, cut, doubled or small',
    async (expected, seal, mm) => {
      for (const [reason, more] of [
        ['faint', { strength: 0.16, crop: [60, 150, 160, 250] }],
        ['clipped', { at: [5, 200], skew: 0 }],
        ['several-seals', { second: { at: [50, 210] }, crop: [20, 150, 160, 250] }],
        ['wrong-size', { diameterMm: 0.7 * mm, crop: [60, 150, 160, 250] }],
        ['wrong-colour', { colour: [0.12, 0.2, 0.75], textUnder: false }],
        ['blurred', { blur: 4, crop: [60, 150, 160, 250] }],
      ] as const) {
        const picture = stamped(seal, mm, more);
        const { reasons } = await analyseLetterScan(picture, { expected, dpi: 150 });
        expect(reasons, reason).toContain(reason);
      }
    },
  );

  it('is of another shape than the one that was asked for', async () => {
    const round = seals[0] as SealDrawing;
    for (const [expected, seal, mm] of [
      ['oval', round, 42],
      ['square', round, 42],
      ['oval', square, 22],
      ['square', oval, 40],
      ['round', oval, 40],
      ['round', square, 22],
    ] as const) {
      const { reasons } = await analyseLetterScan(
        stamped(seal, mm, { crop: [60, 150, 160, 250] }),
        {
          expected,
          dpi: 150,
        },
      );
      expect(reasons, expected).toContain('wrong-shape');
    }
  });
});
