/**
 * A ring among other ink: a seal in a grey scan or a photocopy, with black text around it, or a
 * red one that a red line or another seal touches. It is looked for by its shape: every border
 * pixel votes for the centres it could belong to.
 */
import type { Plane } from './planes.ts';
import { fitRing, type Ring } from './ring.ts';

/** Votes are counted in a picture of about this many pixels on its long side. */
const SIDE = 420;

/** @returns the ring on a plane of ink, or null */
export function findRingByShape(plane: Plane): Ring | null {
  const factor = Math.max(1, Math.round(Math.max(plane.width, plane.height) / SIDE));
  const small = shrink(plane, factor);
  for (const peak of centres(small)) {
    const box = {
      x: Math.round((peak.x - peak.r) * factor),
      y: Math.round((peak.y - peak.r) * factor),
      width: Math.round(2 * peak.r * factor),
      height: Math.round(2 * peak.r * factor),
      ink: 0,
    };
    const clipped = clip(box, plane);
    const ring = clipped ? fitRing(masked(plane, clipped), clipped) : null;
    if (ring && ring.coverage > 0.7 && ring.residual < 0.02) return ring;
  }
  return null;
}

type Box = { x: number; y: number; width: number; height: number; ink: number };

function clip(box: Box, { width, height }: Plane): Box | null {
  const x = Math.max(0, box.x);
  const y = Math.max(0, box.y);
  const right = Math.min(width, box.x + box.width);
  const bottom = Math.min(height, box.y + box.height);
  return right > x + 8 && bottom > y + 8
    ? { ...box, x, y, width: right - x, height: bottom - y }
    : null;
}

/** Only ink near the expected circle, so that text around it does not count as its border. */
function masked(plane: Plane, box: Box): Plane {
  const { width, height } = plane;
  const data = new Uint8Array(width * height);
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
  const r = Math.max(box.width, box.height) / 2;
  for (let y = Math.max(0, box.y - 8); y < Math.min(height, box.y + box.height + 8); y++) {
    for (let x = Math.max(0, box.x - 8); x < Math.min(width, box.x + box.width + 8); x++) {
      const d = Math.hypot(x - cx, y - cy) / r;
      if (d > 0.86 && d < 1.1) data[y * width + x] = plane.data[y * width + x] as number;
    }
  }
  return { width, height, data };
}

function shrink({ width, height, data }: Plane, factor: number): Plane {
  const [w, h] = [Math.floor(width / factor), Math.floor(height / factor)];
  const out = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let dy = 0; dy < factor; dy++) {
        for (let dx = 0; dx < factor; dx++) {
          sum += data[(y * factor + dy) * width + x * factor + dx] as number;
        }
      }
      out[y * w + x] = sum / (factor * factor);
    }
  }
  return { width: w, height: h, data: out };
}

/** The best centres with their radii. */
function centres({ width, height, data }: Plane): { x: number; y: number; r: number }[] {
  const [least, most] = [Math.max(10, 0.045 * height), 0.5 * Math.min(width, height)];
  const votes = new Float32Array(width * height);
  const edges: { x: number; y: number; gx: number; gy: number }[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const gx = (data[i + 1] as number) - (data[i - 1] as number);
      const gy = (data[i + width] as number) - (data[i - width] as number);
      const strength = Math.hypot(gx, gy);
      if (strength < 30) continue;
      edges.push({ x, y, gx: gx / strength, gy: gy / strength });
    }
  }
  for (const { x, y, gx, gy } of edges) {
    for (let r = least; r < most; r++) {
      const weight = 1 / Math.sqrt(r);
      for (const s of [r, -r]) {
        const [vx, vy] = [Math.round(x + s * gx), Math.round(y + s * gy)];
        if (vx < 0 || vy < 0 || vx >= width || vy >= height) continue;
        votes[vy * width + vx] = (votes[vy * width + vx] as number) + weight;
      }
    }
  }
  const found: { x: number; y: number; r: number }[] = [];
  for (let k = 0; k < 6; k++) {
    let best = 0;
    for (let i = 1; i < votes.length; i++) {
      if ((votes[i] as number) > (votes[best] as number)) best = i;
    }
    const [x, y] = [best % width, Math.floor(best / width)];
    found.push({ x, y, r: commonRadius(edges, x, y, least, most) });
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        const i = (y + dy) * width + x + dx;
        if (i >= 0 && i < votes.length) votes[i] = 0;
      }
    }
  }
  return found;
}

/** The distance at which most border pixels that point to the centre stand, per length of circle. */
function commonRadius(
  edges: readonly { x: number; y: number; gx: number; gy: number }[],
  cx: number,
  cy: number,
  least: number,
  most: number,
): number {
  const counts = new Float32Array(Math.ceil(most) + 2);
  for (const { x, y, gx, gy } of edges) {
    const [dx, dy] = [x - cx, y - cy];
    const d = Math.hypot(dx, dy);
    if (d < least || d > most || Math.abs(dx * gx + dy * gy) < 0.94 * d) continue;
    counts[Math.round(d)] = (counts[Math.round(d)] as number) + 1 / d;
  }
  let best = Math.round(least);
  for (let r = best; r < counts.length; r++) {
    // The outer border of a line: the outermost of equals wins.
    const here = (counts[r] as number) + 0.5 * (counts[r - 1] ?? 0);
    const there = (counts[best] as number) + 0.5 * (counts[best - 1] ?? 0);
    if (here >= 0.9 * there) best = r;
  }
  return best;
}
