import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { equal, sha256, utf8 } from '../../src/crypto/index.ts';
import { drawSeal, layoutSeal, type Raster, rasterise } from '../../src/seal/index.ts';
import { gaussian } from '../../src/seal/texture/blur.ts';
import { FrameMaker, fogInk, readTexture, texturePaths } from '../../src/seal/texture/index.ts';
import {
  type Box,
  channel,
  correlation,
  measureFrame,
  similarity,
} from './fixtures/frame-measures.ts';
import { jpegLike } from './fixtures/jpeg-like.ts';
import { random } from './fixtures/letter.ts';

const font = new Uint8Array(
  readFileSync(new URL('../../public/fonts/NotoSerifSC-Bold.ttf', import.meta.url)),
);
const DESIGN = { kind: 'authority', name: '示例许可证发证机构' } as const;
const drawing = await drawSeal(DESIGN, font);

describe('anti-screenshot: a pair of frames', () => {
  // The dots of a plain screen, and of one with two to a pixel.
  const runs = [
    { size: 160, seed: 1 },
    { size: 160, seed: 2 },
    { size: 320, seed: 3 },
  ];
  const clear = (size: number) => {
    const seal = rasterise(drawing, size);
    return {
      seal,
      ink: Float32Array.from(
        seal.data.filter((_, i) => i % 4 === 3),
        (v) => v / 255,
      ),
    };
  };
  const glyphBoxes = (size: number): Box[] =>
    layoutSeal(DESIGN).glyphs.map(({ x, y, height }) => {
      const px = size / drawing.widthMm;
      const side = Math.round(height * px);
      return {
        x: Math.round((x - height / 2) * px),
        y: Math.round((y - height / 2) * px),
        width: side,
        height: side,
      };
    });

  function made({ size, seed }: { size: number; seed: number }) {
    const { seal, ink } = clear(size);
    const maker = new FrameMaker(seal);
    const rnd = random(seed);
    const pair = maker.pair(Uint8Array.from({ length: maker.randomBytes }, () => 256 * rnd()));
    return { maker, ink, frames: [pair.first, pair.second] };
  }

  it.each(runs)('shows the seal in the mean of the pair: $size px, seed $seed', (run) => {
    const { maker, frames, ink } = made(run);
    const [a, b] = frames.map((frame) => channel(frame, 0)) as [Float32Array, Float32Array];
    const mean = a.map((v, i) => (v + (b[i] as number)) / 2);
    expect(correlation(mean, maker.target)).toBeGreaterThanOrEqual(0.98);
    expect(similarity(mean, maker.target, run.size)).toBeGreaterThanOrEqual(0.98);
    expect(-correlation(mean, ink)).toBeGreaterThanOrEqual(0.75);
    const light = (plane: Float32Array) => plane.reduce((s, v) => s + v, 0) / plane.length;
    expect(Math.abs(light(a) - light(b)) / (light(a) + light(b))).toBeLessThan(0.06);
  });

  it.each(runs)('shows nothing in any one frame: $size px, seed $seed', (run) => {
    const { maker, frames, ink } = made(run);
    for (const frame of frames) {
      const figures = measureFrame(frame, ink, maker.target, glyphBoxes(run.size));
      expect(figures.ssim).toBeLessThanOrEqual(0.15);
      expect(figures.correlation).toBeLessThanOrEqual(0.15);
      expect(figures.attack).toBeLessThanOrEqual(0.3);
      expect(figures.neighbours).toBeLessThanOrEqual(0.3);
      expect(figures.character).toBeLessThanOrEqual(0.6);
    }
  });

  it('has one hue, so that no redness shows the ink, and asks for enough randomness', () => {
    const maker = new FrameMaker(clear(160).seal);
    const { first } = maker.pair(new Uint8Array(maker.randomBytes).fill(77));
    const hues = new Map<number, string>();
    for (let i = 0; i < first.data.length; i += 4) {
      const [r, g, b] = first.data.subarray(i, i + 3);
      const known = hues.get(r as number);
      // One value of red goes with one of green and blue, but for rounding.
      if (known) {
        const [kg, kb] = known.split(' ').map(Number) as [number, number];
        expect(Math.abs((g as number) - kg)).toBeLessThanOrEqual(1);
        expect(Math.abs((b as number) - kb)).toBeLessThanOrEqual(1);
      } else hues.set(r as number, `${g} ${b}`);
    }
    expect(() => maker.pair(new Uint8Array(10))).toThrow(RangeError);
  });
});

describe('document-bound texture', () => {
  const digestOf = (text: string) => sha256(utf8(text));

  /** Printed and scanned: dot gain, turn, blur, noise, compression. */
  async function scanned(document: string, dpi: number, quality: number, seed: number) {
    const rnd = random(seed);
    const px = (drawing.widthMm / 25.4) * dpi;
    const size = Math.round(1.3 * px);
    const under = rasterise(await texturePaths(drawing, await digestOf(document)), 2 * px);
    const over = rasterise(drawing, 2 * px);
    const angle = 2 * (rnd() - 0.5);
    const [cx, cy] = [size / 2 + 3 * rnd(), size / 2 + 3 * rnd()];
    const [sin, cos] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
    const planes = [0, 1, 2].map(() => new Float32Array(size * size).fill(247));
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const [dx, dy] = [x + 0.5 - cx, y + 0.5 - cy];
        const u = Math.floor(((dx * cos + dy * sin) / px + 0.5) * over.width);
        const v = Math.floor(((-dx * sin + dy * cos) / px + 0.5) * over.height);
        if (u < 0 || v < 0 || u >= over.width || v >= over.height) continue;
        const i = 4 * (v * over.width + u);
        for (const layer of [under, over]) {
          const alpha = (layer.data[i + 3] as number) / 255;
          planes.forEach((plane, c) => {
            const at = y * size + x;
            const colour = layer.data[i + c] as number;
            plane[at] = (plane[at] as number) * (1 - alpha) + colour * alpha;
          });
        }
      }
    }
    const soft = planes.map((plane) => gaussian(plane, size, size, 0.7));
    const data = new Uint8ClampedArray(4 * size * size).fill(255);
    soft.forEach((plane, c) => {
      for (let i = 0; i < plane.length; i++) {
        data[4 * i + c] = (plane[i] as number) + 9 * (rnd() + rnd() - 1);
      }
    });
    const picture = { width: size, height: size, data: jpegLike(data, size, size, quality) };
    return { picture, place: { cx, cy, diameter: px, angle: 0 } };
  }

  it.each([
    [200, 60],
    [150, 40],
  ])('matches its own document and no other at %i dpi, quality %i', async (dpi, quality) => {
    const seal = rasterise(drawing, 600);
    for (let seed = 1; seed <= 2; seed++) {
      const { picture, place } = await scanned(`licence ${seed}`, dpi, quality, seed);
      const right = await readTexture(picture, place, seal, await digestOf(`licence ${seed}`));
      expect(right.verdict).toBe('matches');
      for (const other of ['licence 99', 'licence 98', 'application']) {
        const wrong = await readTexture(picture, place, seal, await digestOf(other));
        expect(wrong.verdict).toBe('does-not-match');
      }
    }
  });
});

describe('fog', () => {
  const seal = rasterise(drawing, 256);
  const fogged = async (copy: string, degree: number) =>
    fogInk(seal, await sha256(utf8(copy)), degree);
  const inkOf = ({ data }: Raster) => Uint8Array.from(data.filter((_, i) => i % 4 === 3));
  const ink = ({ data }: Raster) => {
    let sum = 0;
    for (let i = 3; i < data.length; i += 4) sum += data[i] as number;
    return sum;
  };

  it('is the same for the same copy, and as dense as asked', async () => {
    const [one, again, other, none] = await Promise.all([
      fogged('copy 1', 0.7),
      fogged('copy 1', 0.7),
      fogged('copy 2', 0.7),
      fogged('copy 1', 0),
    ]);
    expect(equal(inkOf(one), inkOf(again))).toBe(true);
    expect(equal(inkOf(one), inkOf(other))).toBe(false);
    expect(equal(inkOf(none), inkOf(seal))).toBe(true);
    const left = ink(one) / ink(seal);
    expect(left).toBeGreaterThan(0.25);
    expect(left).toBeLessThan(0.55);
  });

  it('keeps the seal recognisable as one and its letters unread', async () => {
    const one = await fogged('copy 1', 0.8);
    const plane = ({ data }: Raster) => Float32Array.from(data.filter((_, i) => i % 4 === 3));
    const [clear, fog] = [plane(seal), plane(one)];
    expect(correlation(clear, fog)).toBeGreaterThan(0.3);
    // What tells letters apart is finer than their strokes are far from each other.
    const fine = (p: Float32Array) => {
      const soft = gaussian(p, 256, 256, 5);
      return p.map((v, i) => v - (soft[i] as number));
    };
    const energy = (p: Float32Array) => p.reduce((s, v) => s + v * v, 0);
    expect(energy(fine(fog)) / energy(fine(clear))).toBeLessThan(0.01);
  });
});
