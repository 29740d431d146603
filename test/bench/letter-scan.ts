/** Reading stamped letters: how often the verdict is wrong on sets of unseen seeds, and how long it takes. */
import { readFileSync } from 'node:fs';
import { drawSeal } from '../../src/seal/index.ts';
import { analyseLetterScan } from '../../src/seal/scan/index.ts';
import { letter } from '../seal/fixtures/letter.ts';
import { letterSet } from '../seal/fixtures/letters.ts';

const NAMES = ['示例进出口贸易有限公司', '北京示例国际机电设备进出口有限公司', '公章'];
const SEEDS = [101, 102, 103];

export async function run(): Promise<
  { name: string; figure: number; limit: number; unit: string }[]
> {
  const font = new Uint8Array(readFileSync('public/fonts/NotoSerifSC-Bold.ttf'));
  const seals = await Promise.all(NAMES.map((name) => drawSeal({ kind: 'round', name }, font)));
  let [cases, wrong, centre, diameter] = [0, 0, 0, 0];
  for (const seed of SEEDS) {
    for (const { options, accept } of letterSet(seed, [100, 150])) {
      const drawing = seals[cases++ % seals.length] as (typeof seals)[number];
      const picture = letter(drawing, options);
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
  const page = letter(seals[0] as (typeof seals)[number], { seed: 1, dpi: 300 });
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
