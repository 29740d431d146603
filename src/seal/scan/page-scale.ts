/** What a pixel is on paper: from the resolution, the page's corners, or the shape of a whole A4 scan. */

export interface PageQuad {
  /** Corners in source pixels: top left, top right, bottom right, bottom left. */
  corners: readonly [Point, Point, Point, Point];
  /** Size between them; A4 by default. */
  widthMm?: number;
  heightMm?: number;
}

export type Point = readonly [number, number];

/** Whether something given as a page's corners is that: the corners of a convex quadrangle. */
export function isPageQuad(quad: unknown): quad is PageQuad {
  const { corners, widthMm, heightMm } = (quad ?? {}) as { [K in keyof PageQuad]?: unknown };
  const finite = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
  const length = (mm: unknown) => mm === undefined || (finite(mm) && Number(mm) > 0);
  if (!Array.isArray(corners) || corners.length !== 4 || !length(widthMm) || !length(heightMm)) {
    return false;
  }
  if (!corners.every((at) => Array.isArray(at) && at.length === 2 && at.every(finite)))
    return false;
  const turns = corners.map((_, i) => {
    const [a, b, c] = [0, 1, 2].map((k) => corners[(i + k) % 4]) as [Point, Point, Point];
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  });
  return turns.every((turn) => turn > 1) || turns.every((turn) => turn < -1);
}

/** Whether a picture has the proportions of an uncut A4 page; then its resolution can be guessed. */
export function guessedDpi(width: number, height: number): number | null {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  return Math.abs(long / short / Math.SQRT2 - 1) < 0.006 ? long / (297 / 25.4) : null;
}

/** Source pixels to millimetres on the page, by the homography of its four corners. */
export function toPage({ corners, widthMm = 210, heightMm = 297 }: PageQuad) {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = corners;
  // Heckbert's square-to-quad, inverted by its adjugate.
  const [dx1, dx2, dx3] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, dy3] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const area = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / area;
  const h = (dx1 * dy3 - dx3 * dy1) / area;
  const [a, b, c] = [x1 - x0 + g * x1, x3 - x0 + h * x3, x0];
  const [d, e, f] = [y1 - y0 + g * y1, y3 - y0 + h * y3, y0];
  return (x: number, y: number): [number, number] => {
    const u = (e - f * h) * x + (c * h - b) * y + (b * f - c * e);
    const v = (f * g - d) * x + (a - c * g) * y + (c * d - a * f);
    const w = (d * h - e * g) * x + (b * g - a * h) * y + (a * e - b * d);
    return [(widthMm * u) / w, (heightMm * v) / w];
  };
}

/** Greatest and least diameter in millimetres of points on an outline. */
export function spanOf(points: readonly (readonly [number, number])[]): [number, number] {
  const half = points.length / 2;
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < half; i++) {
    const [a, b] = [points[i] as Point, points[i + half] as Point];
    const d = Math.hypot(a[0] - b[0], a[1] - b[1]);
    least = Math.min(least, d);
    most = Math.max(most, d);
  }
  return [least, most];
}
