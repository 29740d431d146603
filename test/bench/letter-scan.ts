/** Reading stamped letters: how often the verdict is wrong on sets of unseen seeds, and how long it takes. */
import { readFileSync } from 'node:fs';
import type { SealDrawing } from '../../src/seal/index.ts';
import { analyseLetterScan } from '../../src/seal/scan/index.ts';
import { letter } from '../seal/fixtures/letter.ts';
import { drawings, letterSet } from '../seal/fixtures/letters.ts';

const SEEDS = [101, 102];

export async function run(): Promise<
  { name: string; figure: number; limit: number; unit: string }[]
> {
  const font = new Uint8Array(readFileSync('public/fonts/NotoSerifSC-Bold.ttf'));
  const seals = await drawings(font);
  let [cases, wrong, centre, diameter] = [0, 0, 0, 0];
  for (const seed of SEEDS) {
    for (const { options, accept, seal: stamped } of letterSet(seed, [100, 150, 200, 300])) {
      cases++;
      const picture = letter(seals[stamped] as SealDrawing, options);
      const result = await analyseLetterScan(picture);
      if (result.accept !== accept) wrong++;
      const [seal] = result.seals;
      if (!accept || !result.accept || !seal) continue;
      const { truth } = picture;
      const off = Math.hypot(seal.cx - truth.cx, seal.cy - truth.cy) / truth.diameter;
      centre = Math.max(centre, 100 * off);
      diameter = Math.max(diameter, 100 * Math.abs(seal.diameter / truth.diameter - 1));
    }
  }
  const page = letter(seals[0] as SealDrawing, { seed: 1, dpi: 300 });
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    await analyseLetterScan(page);
    times.push(performance.now() - start);
  }
  return [
    { name: 'letters judged wrongly', figure: (100 * wrong) / cases, limit: 3, unit: '%' },
    { name: 'seal centre, worst error', figure: centre, limit: 2, unit: '% of diameter' },
    { name: 'seal diameter, worst error', figure: diameter, limit: 3, unit: '%' },
    { name: 'analysing an A4 page of 300 dpi', figure: Math.min(...times), limit: 300, unit: 'ms' },
  ];
}
