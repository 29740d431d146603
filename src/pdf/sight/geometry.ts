/** Matrices and boxes of the imaging model (ISO 32000-2, 8.3). */

export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
/** Left, bottom, right, top; points of the page's default space. */
export type Box = readonly [number, number, number, number];

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** The operands of `cm` and `Tm`; what is missing as in the identity. */
export function matrixOf(n: readonly number[]): Matrix {
  return [n[0] ?? 1, n[1] ?? 0, n[2] ?? 0, n[3] ?? 1, n[4] ?? 0, n[5] ?? 0];
}

/** `m` first, then `n`. */
export function times(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[1] * n[2],
    m[0] * n[1] + m[1] * n[3],
    m[2] * n[0] + m[3] * n[2],
    m[2] * n[1] + m[3] * n[3],
    m[4] * n[0] + m[5] * n[2] + n[4],
    m[4] * n[1] + m[5] * n[3] + n[5],
  ];
}

/** Whether rectangles stay rectangles with sides along the axes. */
export function keepsAxes([a, b, c, d]: Matrix): boolean {
  const small = 1e-6 * (Math.abs(a) + Math.abs(b) + Math.abs(c) + Math.abs(d));
  return (Math.abs(b) <= small && Math.abs(c) <= small) || Math.abs(a) + Math.abs(d) <= 2 * small;
}

/** The box around what `box` becomes. */
export function boxUnder([left, bottom, right, top]: Box, m: Matrix): Box {
  const xs = [left, right, left, right].map(
    (x, i) => m[0] * x + m[2] * (i < 2 ? bottom : top) + m[4],
  );
  const ys = [left, right, left, right].map(
    (x, i) => m[1] * x + m[3] * (i < 2 ? bottom : top) + m[5],
  );
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

export function meet(a: Box, b: Box): Box {
  return [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
}

export const isEmpty = ([left, bottom, right, top]: Box): boolean => left >= right || bottom >= top;

export const overlap = (a: Box, b: Box): boolean => !isEmpty(meet(a, b));

export function contains(outer: Box, inner: Box, slack = 0): boolean {
  return (
    outer[0] <= inner[0] + slack &&
    outer[1] <= inner[1] + slack &&
    outer[2] >= inner[2] - slack &&
    outer[3] >= inner[3] - slack
  );
}
