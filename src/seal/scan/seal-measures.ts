/** All that is known about the seal that was found: its ring, its size on paper, how it lies in the picture. */
import { blockiness } from './blocks.ts';
import type { ScanOptions, SealMeasures } from './judge.ts';
import { measureRing } from './measure.ts';
import type { Corners } from './page-outline.ts';
import { guessedDpi, type PageQuad, type Point, toPage } from './page-scale.ts';
import type { Pixels, Planes } from './planes.ts';
import type { SeenSeal } from './seen-seal.ts';

export function measuresOf(
  scan: Pixels,
  planes: Planes,
  seal: SeenSeal,
  options: ScanOptions,
): SealMeasures {
  const { factor } = planes;
  const { ring } = seal;
  const dpi = options.dpi ?? guessedDpi(scan.width, scan.height);
  /** Of a round or square seal the mean, of an oval one its width. */
  const size = ([least, most]: [number, number]) =>
    seal.kind === 'oval' ? most : (least + most) / 2;
  const diameterPx = 2 * ring.radius * factor;
  const sizePx = size(seal.extents((x, y) => [x * factor, y * factor]));
  let diameterMm = dpi ? (sizePx / dpi) * 25.4 : null;
  let ratio = seal.axisRatio;
  // Of which format the sheet is, a rounder seal tells; an oval one does not.
  const formats = quadsOf(planes).slice(0, seal.kind === 'oval' ? 1 : undefined);
  for (const quad of options.quad ? [options.quad] : formats) {
    const page = toPage(quad);
    const extents = seal.extents((x, y) => page(x * factor, y * factor));
    const seen = extents[0] / extents[1];
    if (!options.quad && seen < ratio && seal.kind !== 'oval') continue;
    // A resolution that is known says more than the format of paper that was guessed.
    if (options.quad || !options.dpi) diameterMm = size(extents);
    ratio = seen;
  }
  const xs = seal.outline.map(([x]) => x * factor);
  const ys = seal.outline.map(([, y]) => y * factor);
  const past = (v: number) => Math.max(0, v);
  const outside = Math.max(
    past(-Math.min(...xs)),
    past(-Math.min(...ys)),
    past(Math.max(...xs) - planes.red.width * factor),
    past(Math.max(...ys) - planes.red.height * factor),
  );
  const box = {
    x: seal.cx * factor - 0.75 * diameterPx,
    y: seal.cy * factor - 0.75 * diameterPx,
    width: 1.5 * diameterPx,
    height: 1.5 * diameterPx,
  };
  return {
    ...measureRing(seal.red, ring, seal.dark),
    diameterPx,
    diameterMm,
    guessed: options.quad === undefined && options.dpi === undefined,
    axisRatio: ratio,
    residual: ring.residual,
    coverage: ring.coverage,
    outside: outside / diameterPx,
    blockiness: blockiness(scan, box),
  };
}

/** The sheet on its table as a page: of which format is told by which makes the seal rounder. */
function quadsOf({ sheet, factor }: Planes): PageQuad[] {
  if (!sheet) return [];
  const corners = sheet.map(([x, y]): Point => [x * factor, y * factor]) as unknown as Corners;
  const [a, b, c] = corners;
  const lying = Math.hypot(b[0] - a[0], b[1] - a[1]) > Math.hypot(c[0] - b[0], c[1] - b[1]);
  return PAPER.map(([short, long]) => ({
    corners,
    widthMm: lying ? long : short,
    heightMm: lying ? short : long,
  }));
}

/** A4 and US letter, mm. */
const PAPER = [
  [210, 297],
  [216, 279],
] as const;
