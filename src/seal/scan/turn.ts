/**
 * How far one picture of a seal is turned against another: each is laid out around its centre, ring
 * by ring, and the two are moved over one another.
 */
import type { Raster } from '../picture/index.ts';

/** A picture with alpha for ink, its middle the seal's, and the radius of the circle around the seal in pixels. */
export interface CentredSeal {
  raster: Raster;
  radius: number;
}

export interface SealTurn {
  /** Clockwise, from the second to the first; −180 … 180, in steps of half a degree. */
  degrees: number;
  /** 1 for the same picture, about 0 for two that have nothing in common. */
  correlation: number;
}

const STEPS = 720;
const RINGS = 20;
/** Of the radius: from the star's edge to just within the border, which looks the same all around. */
const FROM = 0.3;
const TILL = 0.92;

export function turnBetween(first: CentredSeal, second: CentredSeal): SealTurn {
  const [a, b] = [unwound(first), unwound(second)];
  const products = new Float64Array(STEPS);
  for (let ring = 0; ring < RINGS; ring++) {
    const [p, q] = [a, b].map((all) => all.subarray(ring * STEPS, (ring + 1) * STEPS)) as [
      Float32Array,
      Float32Array,
    ];
    for (let shift = 0; shift < STEPS; shift++) {
      let sum = 0;
      for (let i = 0, j = shift; i < STEPS; i++) {
        sum += (q[i] as number) * (p[j] as number);
        if (++j === STEPS) j = 0;
      }
      products[shift] = (products[shift] as number) + sum;
    }
  }
  let best = 0;
  for (let shift = 1; shift < STEPS; shift++) {
    if ((products[shift] as number) > (products[best] as number)) best = shift;
  }
  const scale = Math.sqrt(energy(a) * energy(b));
  const degrees = (360 * best) / STEPS;
  return {
    degrees: degrees > 180 ? degrees - 360 : degrees,
    correlation: scale > 0 ? (products[best] as number) / scale : 0,
  };
}

/** Ink by ring and direction, each ring about its own mean: outer rings are longer and weigh more. */
function unwound({ raster: { width, height, data }, radius }: CentredSeal): Float32Array {
  const out = new Float32Array(RINGS * STEPS);
  for (let ring = 0; ring < RINGS; ring++) {
    const part = FROM + ((TILL - FROM) * ring) / (RINGS - 1);
    const row = out.subarray(ring * STEPS, (ring + 1) * STEPS);
    let sum = 0;
    for (let i = 0; i < STEPS; i++) {
      const angle = (2 * Math.PI * i) / STEPS;
      const x = Math.round(width / 2 + part * radius * Math.cos(angle) - 0.5);
      const y = Math.round(height / 2 + part * radius * Math.sin(angle) - 0.5);
      const within = x >= 0 && y >= 0 && x < width && y < height;
      row[i] = within ? (data[4 * (y * width + x) + 3] as number) : 0;
      sum += row[i] as number;
    }
    const weight = Math.sqrt(part);
    for (let i = 0; i < STEPS; i++) row[i] = weight * ((row[i] as number) - sum / STEPS);
  }
  return out;
}

const energy = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
