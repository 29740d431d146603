/** All that is known about the seal that was found: its ring, its size on paper, how it lies in the picture. */
import { blockiness } from './blocks.ts';
import type { ScanOptions, SealMeasures } from './judge.ts';
import { measureRing } from './measure.ts';
import type { Corners } from './page-outline.ts';
import { guessedDpi, type PageQuad, type Point, spanOf, toPage } from './page-scale.ts';
import type { Pixels, Planes } from './planes.ts';
import { angleOf, axisRatio, RAYS, type Ring, radiusAt } from './ring.ts';

export function measuresOf(
  scan: Pixels,
  planes: Planes,
  ring: Ring,
  options: ScanOptions,
): SealMeasures {
  const { factor, red, dark } = planes;
  const dpi = options.dpi ?? guessedDpi(scan.width, scan.height);
  const outline = Array.from({ length: RAYS }, (_, ray): [number, number] => {
    const angle = angleOf(ray);
    const r = radiusAt(ring, angle);
    return [(ring.cx + r * Math.cos(angle)) * factor, (ring.cy + r * Math.sin(angle)) * factor];
  });
  const diameterPx = 2 * ring.radius * factor;
  let diameterMm = dpi ? (diameterPx / dpi) * 25.4 : null;
  let ratio = axisRatio(ring);
  for (const quad of options.quad ? [options.quad] : quadsOf(planes)) {
    const page = toPage(quad);
    const [least, most] = spanOf(outline.map(([x, y]) => page(x, y)));
    if (!options.quad && least / most < ratio) continue;
    // A resolution that is known says more than the format of paper that was guessed.
    if (options.quad || !options.dpi) diameterMm = (least + most) / 2;
    ratio = least / most;
  }
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const past = (v: number) => Math.max(0, v);
  const outside = Math.max(
    past(-Math.min(...xs)),
    past(-Math.min(...ys)),
    past(Math.max(...xs) - red.width * factor),
    past(Math.max(...ys) - red.height * factor),
  );
  const box = {
    x: ring.cx * factor - 0.75 * diameterPx,
    y: ring.cy * factor - 0.75 * diameterPx,
    width: 1.5 * diameterPx,
    height: 1.5 * diameterPx,
  };
  return {
    ...measureRing(red, ring, dark),
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
