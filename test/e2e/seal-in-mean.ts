/** Finds the clear seal in what the mean of many frames shows. */
import { readFileSync } from 'node:fs';
import { drawSeal, layoutSeal, type Raster, rasterise } from '../../src/seal/index.ts';
import { type Box, correlation } from '../seal/fixtures/frame-measures.ts';

const font = new Uint8Array(readFileSync('public/fonts/NotoSerifSC-Bold.ttf'));

/** Steps of size and place. */
const NEAR = [-1, 0, 1].flatMap(
  (a) => [-1, 0, 1].flatMap((b) => [-1, 0, 1].map((c) => [a, b, c])) as [number, number, number][],
);

export interface AlignedSeal {
  /** 0 … 1 */
  ink: Float32Array;
  characters: Box[];
  /** Correlation of the seal with the mean. */
  fit: number;
}

/** The app cuts the seal from its picture or page, a little more or less around it. */
export async function alignedSeal(
  kind: 'round' | 'authority',
  name: string,
  mean: Float32Array,
  width: number,
  height: number,
): Promise<AlignedSeal> {
  const drawing = await drawSeal({ kind, name }, font);
  const rasters = new Map<number, Raster>();
  const laid = (px: number, dx: number, dy: number) => {
    const seal = rasters.get(px) ?? rasterise(drawing, px);
    rasters.set(px, seal);
    const ink = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [u, v] = [x - dx, y - dy];
        if (u < 0 || v < 0 || u >= seal.width || v >= seal.height) continue;
        ink[y * width + x] = (seal.data[4 * (v * seal.width + u) + 3] as number) / 255;
      }
    }
    return { ink, fit: -correlation(mean, ink) };
  };
  let best = { px: width, dx: 0, dy: 0, ...laid(width, 0, 0) };
  const tried = new Set<string>();
  const unit = Math.max(1, Math.round(width / 160));
  // One size after another, by turns: place, then size.
  for (const reach of [2 * unit, unit, 1]) {
    for (let moved = true; moved; ) {
      moved = false;
      for (const [a, b, c] of NEAR) {
        const at = { px: best.px + a * reach, dx: best.dx + b * reach, dy: best.dy + c * reach };
        const key = Object.values(at).join();
        // What fitted worse once fits no better now.
        if (tried.has(key)) continue;
        tried.add(key);
        const { ink, fit } = laid(at.px, at.dx, at.dy);
        if (fit <= best.fit) continue;
        best = { ...at, ink, fit };
        moved = true;
      }
    }
  }
  const k = best.px / drawing.widthMm;
  const characters = layoutSeal({ kind, name }).glyphs.map(({ x, y, height: h }) => {
    const side = Math.round(h * k);
    return {
      x: Math.max(0, Math.min(width - side, Math.round((x - h / 2) * k + best.dx))),
      y: Math.max(0, Math.min(height - side, Math.round((y - h / 2) * k + best.dy))),
      width: side,
      height: side,
    };
  });
  return { ink: best.ink, characters, fit: best.fit };
}
