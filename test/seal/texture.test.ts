import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sha256, utf8 } from '../../src/crypto/index.ts';
import { drawSeal, type Raster, rasterise } from '../../src/seal/index.ts';
import { decode, gaussian } from '../../src/seal/texture/anti-screenshot.ts';
import {
  fogOverlay,
  framePair,
  frameRandomBytes,
  frameTarget,
  readTexture,
  texturePaths,
} from '../../src/seal/texture/index.ts';
import { jpegLike } from './fixtures/jpeg-like.ts';
import { random } from './fixtures/letter.ts';

const font = new Uint8Array(
  readFileSync(new URL('../../public/fonts/NotoSerifSC-Bold.ttf', import.meta.url)),
);
const drawing = await drawSeal({ kind: 'authority', name: '示例许可证发证机构' }, font);

function correlation(a: Float32Array, b: Float32Array): number {
  let [sa, sb] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    sa += a[i] as number;
    sb += b[i] as number;
  }
  const [ma, mb] = [sa / a.length, sb / b.length];
  let [saa, sbb, sab] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] as number) - ma, (b[i] as number) - mb];
    saa += x * x;
    sbb += y * y;
    sab += x * y;
  }
  return sab / Math.sqrt(saa * sbb);
}

/** Structural similarity over 8 × 8 windows, of planes between 0 and 1. */
function similarity(a: Float32Array, b: Float32Array, width: number): number {
  let [sum, windows] = [0, 0];
  const height = a.length / width;
  for (let y = 0; y + 8 <= height; y += 4) {
    for (let x = 0; x + 8 <= width; x += 4) {
      let [ma, mb, saa, sbb, sab] = [0, 0, 0, 0, 0];
      for (let k = 0; k < 64; k++) {
        const i = (y + (k >> 3)) * width + x + (k & 7);
        const [u, v] = [a[i] as number, b[i] as number];
        ma += u / 64;
        mb += v / 64;
        saa += (u * u) / 64;
        sbb += (v * v) / 64;
        sab += (u * v) / 64;
      }
      const [va, vb, cov] = [saa - ma * ma, sbb - mb * mb, sab - ma * mb];
      sum +=
        ((2 * ma * mb + 1e-4) * (2 * cov + 9e-4)) / ((ma * ma + mb * mb + 1e-4) * (va + vb + 9e-4));
      windows++;
    }
  }
  return sum / windows;
}

describe('anti-screenshot: a pair of frames', () => {
  const size = 240;
  const seal = rasterise(drawing, size);
  const target = frameTarget(seal);
  const ink = Float32Array.from(target, (_, i) => -(seal.data[4 * i + 3] as number));
  const linear = ({ data }: Raster) =>
    Float32Array.from(target, (_, i) => decode(data[4 * i] as number));
  const pairs = [1, 2, 3, 4, 5].map((seed) => {
    const rnd = random(seed);
    const noise = Uint8Array.from({ length: frameRandomBytes(size, size) }, () => 256 * rnd());
    const { first, second } = framePair(seal, noise);
    return [linear(first), linear(second)] as const;
  });

  it('shows the seal in the mean of the pair', () => {
    for (const [a, b] of pairs) {
      const mean = a.map((v, i) => (v + (b[i] as number)) / 2);
      expect(correlation(mean, target)).toBeGreaterThanOrEqual(0.98);
      expect(similarity(mean, target, size)).toBeGreaterThanOrEqual(0.98);
    }
  });

  it('shows nothing in any one frame, blurred or not', () => {
    for (const frame of pairs.flat()) {
      expect(similarity(frame, target, size)).toBeLessThanOrEqual(0.15);
      expect(Math.abs(correlation(frame, ink))).toBeLessThanOrEqual(0.15);
      for (const sigma of [1, 2, 3, 4, 6]) {
        const soft = gaussian(frame, size, size, sigma);
        expect(Math.abs(correlation(soft, ink))).toBeLessThanOrEqual(0.3);
      }
    }
  });

  it('keeps the brightness of the disc steady', () => {
    for (const [a, b] of pairs) {
      const mean = (plane: Float32Array) => plane.reduce((s, v) => s + v, 0) / plane.length;
      expect(Math.abs(mean(a) - mean(b)) / (mean(a) + mean(b))).toBeLessThan(0.06);
    }
  });

  it('is grey, so that no hue shows the ink, and asks for enough randomness', () => {
    const { first } = framePair(seal, new Uint8Array(frameRandomBytes(size, size)).fill(77));
    const colourful = first.data.some((v, i) => i % 4 !== 3 && v !== first.data[i - (i % 4)]);
    expect(colourful).toBe(false);
    expect(() => framePair(seal, new Uint8Array(10))).toThrow(RangeError);
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
  it('is the same for the same copy, and as dense as asked', async () => {
    const mean = async (copy: string, degree: number) => {
      const { overlay } = await fogOverlay(await sha256(utf8(copy)), degree, 128);
      let sum = 0;
      for (let i = 3; i < overlay.data.length; i += 4) sum += overlay.data[i] as number;
      return sum / (overlay.data.length / 4) / 255;
    };
    expect(await mean('copy 1', 0.7)).toBe(await mean('copy 1', 0.7));
    expect(await mean('copy 1', 0)).toBe(0);
    const dense = await mean('copy 1', 0.7);
    expect(dense).toBeGreaterThan(0.45);
    expect(dense).toBeLessThan(0.8);
    const [a, b] = await Promise.all(
      ['copy 1', 'copy 2'].map(
        async (copy) => (await fogOverlay(await sha256(utf8(copy)), 0.7, 128)).overlay.data,
      ),
    );
    expect(a).not.toEqual(b);
  });
});
