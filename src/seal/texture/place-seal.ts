/** Finds a seal in a scan by its own picture, near where it is expected to be. */
import type { Raster } from '../picture/index.ts';
import type { TexturePlace } from './document-texture.ts';

export interface Scan {
  width: number;
  height: number;
  /** RGBA. */
  data: ArrayLike<number>;
}

export interface PlacedSeal {
  place: TexturePlace;
  /** Correlation of the scan's redness with the seal there, −1 … 1. */
  fit: number;
}

/** Points across the seal at which the scan is looked at. */
const ACROSS = 88;
/** How far off the expectation may be: share of the diameter, degrees, share of the size. */
const OFF = { place: 0.06, angle: 2, scale: 0.015 };

/** @param seal the seal's own picture, RGBA with alpha as ink */
export function placeSeal(scan: Scan, near: TexturePlace, seal: Raster): PlacedSeal {
  const points = pointsOf(seal);
  const fitOf = (place: TexturePlace) => fit(scan, place, points);
  let best: PlacedSeal = { place: near, fit: -1 };
  const attempt = (place: TexturePlace): boolean => {
    const found = fitOf(place);
    if (found <= best.fit) return false;
    best = { place, fit: found };
    return true;
  };
  const steps = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];
  for (const dx of steps) {
    for (const dy of steps) {
      for (const turn of [-1, 0, 1]) {
        attempt({
          cx: near.cx + dx * OFF.place * near.diameter,
          cy: near.cy + dy * OFF.place * near.diameter,
          angle: near.angle + (turn * OFF.angle) / 2,
          diameter: near.diameter,
        });
      }
    }
  }
  for (let step = 1; step > 1 / 64; ) {
    const { place } = best;
    const moves = [-step, step].flatMap((s): TexturePlace[] => [
      { ...place, cx: place.cx + (s * OFF.place * near.diameter) / 4 },
      { ...place, cy: place.cy + (s * OFF.place * near.diameter) / 4 },
      { ...place, angle: place.angle + (s * OFF.angle) / 2 },
      { ...place, diameter: place.diameter * (1 + s * OFF.scale) },
    ]);
    let moved = false;
    for (const move of moves) moved = attempt(move) || moved;
    if (!moved) step /= 2;
  }
  return best;
}

interface Point {
  /** Of the diameter, from the middle. */
  u: number;
  v: number;
  ink: number;
}

function pointsOf({ width, height, data }: Raster): Point[] {
  const points: Point[] = [];
  const box = width / ACROSS;
  for (let row = 0; row < ACROSS; row++) {
    for (let column = 0; column < ACROSS; column++) {
      const [u, v] = [(column + 0.5) / ACROSS - 0.5, (row + 0.5) / ACROSS - 0.5];
      if (u * u + v * v > 0.25) continue;
      let [sum, count] = [0, 0];
      for (let y = Math.floor(row * box); y < Math.min(height, (row + 1) * box); y++) {
        for (let x = Math.floor(column * box); x < Math.min(width, (column + 1) * box); x++) {
          sum += data[4 * (y * width + x) + 3] as number;
          count++;
        }
      }
      points.push({ u, v, ink: sum / Math.max(1, count) });
    }
  }
  return points;
}

function fit(scan: Scan, place: TexturePlace, points: readonly Point[]): number {
  const turn = (place.angle * Math.PI) / 180;
  const [sin, cos] = [Math.sin(turn) * place.diameter, Math.cos(turn) * place.diameter];
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (const { u, v, ink } of points) {
    const x = redness(scan, place.cx + u * cos - v * sin, place.cy + u * sin + v * cos);
    sx += x;
    sy += ink;
    sxx += x * x;
    syy += ink * ink;
    sxy += x * ink;
  }
  const n = points.length;
  const spread = Math.sqrt((sxx - (sx * sx) / n) * (syy - (sy * sy) / n));
  return spread > 0 ? (sxy - (sx * sy) / n) / spread : 0;
}

function redness({ width, height, data }: Scan, x: number, y: number): number {
  const [px, py] = [Math.floor(x), Math.floor(y)];
  if (px < 0 || py < 0 || px >= width || py >= height) return 0;
  const i = 4 * (py * width + px);
  return (data[i] as number) - Math.max(data[i + 1] as number, data[i + 2] as number);
}
