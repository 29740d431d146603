/**
 * The ground of a licence: two families of phase-modulated waves, as vectors. Every parameter comes
 * from a hash of the licence, so that no two look alike and anybody can draw it again.
 */
import type { Colour } from './sheet.ts';

/** The ground fills this box, in millimetres; y up, origin bottom left of the box. */
export interface Ground {
  width: number;
  height: number;
}

interface Family {
  curves: number;
  colour: Colour;
  /** Periods across the box. */
  waves: number;
  /** Of the distance between two curves. */
  swing: number;
  phase: number;
  twist: number;
  second: number;
}

/** Numbers in [0, 1) from the bytes of a digest, in order. */
function numbersOf(seed: Uint8Array): () => number {
  let at = 0;
  return () => {
    const high = seed[at++ % seed.length] as number;
    const low = seed[at++ % seed.length] as number;
    return (high * 256 + low) / 65536;
  };
}

/** Path operators in points. */
export function guilloche({ width, height }: Ground, seed: Uint8Array, pt: number): string {
  const next = numbersOf(seed);
  const families: Family[] = [
    family(next, 40, [0.82, 0.9, 0.885]),
    family(next, 40, [0.945, 0.875, 0.825]),
  ];
  return families.map((one) => drawFamily(one, width * pt, height * pt)).join('\n');
}

function family(next: () => number, curves: number, colour: Colour): Family {
  return {
    curves,
    colour,
    waves: 2 + Math.floor(next() * 3),
    swing: 2.4 + next() * 1.6,
    phase: next() * 2 * Math.PI,
    twist: 0.7 + next() * 0.9,
    second: 3 + Math.floor(next() * 4),
  };
}

function drawFamily(of: Family, width: number, height: number): string {
  const out = [`${of.colour.join(' ')} RG 0.35 w`];
  const gap = height / of.curves;
  const steps = 36;
  const dx = width / steps;
  for (let i = 0; i < of.curves; i++) {
    const base = (i + 0.5) * gap;
    const phase = of.phase + (of.twist * 2 * Math.PI * i) / of.curves;
    const k1 = (2 * Math.PI * of.waves) / width;
    const k2 = (2 * Math.PI * of.second) / width;
    const a = of.swing * gap;
    const y = (x: number) =>
      base + a * Math.sin(k1 * x + phase) + a * 0.45 * Math.sin(k2 * x - 2 * phase);
    const slope = (x: number) =>
      a * k1 * Math.cos(k1 * x + phase) + a * 0.45 * k2 * Math.cos(k2 * x - 2 * phase);
    out.push(`0 ${cut(y(0))} m`);
    for (let s = 0; s < steps; s++) {
      const [x0, x1] = [s * dx, (s + 1) * dx];
      const c1 = [x0 + dx / 3, y(x0) + (slope(x0) * dx) / 3];
      const c2 = [x1 - dx / 3, y(x1) - (slope(x1) * dx) / 3];
      out.push(`${[...c1, ...c2, x1, y(x1)].map(cut).join(' ')} c`);
    }
    out.push('S');
  }
  return out.join('\n');
}

const cut = (n: number): string => String(Number(n.toFixed(1)));
