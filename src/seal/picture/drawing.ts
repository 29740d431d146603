/**
 * A seal's picture as vectors: filled paths in hundredths of a millimetre, origin top left. Whole
 * numbers, so that every machine draws the same picture from the same bytes.
 */
export interface SealDrawing {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly paths: readonly DrawingPath[];
}

export interface DrawingPath {
  /** `#rrggbb`, lower case. */
  readonly fill: string;
  readonly commands: readonly DrawingCommand[];
}

/** Absolute; `at` holds 2 (M, L), 4 (Q), 6 (C) or 0 (Z) numbers. Filled by the nonzero rule. */
export interface DrawingCommand {
  readonly op: 'M' | 'L' | 'Q' | 'C' | 'Z';
  readonly at: readonly number[];
}

/** Units of a drawing in one millimetre. */
export const PER_MM = 100;

/** A point map in millimetres: what places a glyph or a ring. */
export type Place = (x: number, y: number) => [number, number];

/** Moves commands in millimetres through `place` into a drawing's whole numbers. */
export function placed(commands: readonly DrawingCommand[], place: Place): DrawingCommand[] {
  const out: DrawingCommand[] = [];
  let here: readonly number[] = [];
  for (const { op, at } of commands) {
    const moved: number[] = [];
    for (let i = 0; i < at.length; i += 2) {
      const [x, y] = place(at[i] as number, at[i + 1] as number);
      moved.push(whole(x), whole(y));
    }
    const command = op === 'Q' && nearlyStraight(here, moved) ? line(moved) : { op, at: moved };
    if (command.op === 'L' && same(here, command.at)) continue;
    out.push(command);
    if (moved.length > 0) here = moved.slice(-2);
  }
  return out;
}

const whole = (mm: number) => Math.round(mm * PER_MM) + 0;
const same = (a: readonly number[], b: readonly number[]) => a[0] === b[0] && a[1] === b[1];
const line = (at: readonly number[]): DrawingCommand => ({ op: 'L', at: at.slice(-2) });

/** A curve that leaves its chord by less than a hundredth of a millimetre is drawn as the chord. */
function nearlyStraight(from: readonly number[], [qx, qy, x, y]: readonly number[]): boolean {
  const [x0, y0] = from as [number, number];
  const midX = ((qx as number) - (x0 + (x as number)) / 2) / 2;
  const midY = ((qy as number) - (y0 + (y as number)) / 2) / 2;
  return midX * midX + midY * midY < 0.8;
}

/** An ellipse as four cubic curves, in millimetres; `inner` runs the other way and makes a hole. */
export function ellipse(
  [cx, cy]: readonly [number, number],
  [a, b]: readonly [number, number],
  inner = false,
): DrawingCommand[] {
  const k = 0.5522847498;
  const s = inner ? -1 : 1;
  const p = (x: number, y: number) => [cx + a * x, cy + s * b * y];
  const curve = (...points: number[][]): DrawingCommand => ({ op: 'C', at: points.flat() });
  return [
    { op: 'M', at: p(1, 0) },
    curve(p(1, k), p(k, 1), p(0, 1)),
    curve(p(-k, 1), p(-1, k), p(-1, 0)),
    curve(p(-1, -k), p(-k, -1), p(0, -1)),
    curve(p(k, -1), p(1, -k), p(1, 0)),
    { op: 'Z', at: [] },
  ];
}

export function polygon(points: readonly (readonly [number, number])[]): DrawingCommand[] {
  return [
    ...points.map(([x, y], i): DrawingCommand => ({ op: i === 0 ? 'M' : 'L', at: [x, y] })),
    { op: 'Z', at: [] },
  ];
}
