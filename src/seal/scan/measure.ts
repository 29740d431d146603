/** What can be said about a ring that was found: sharpness, evenness, fill, direction. */
import { INK } from './candidates.ts';
import type { Plane } from './planes.ts';
import { angleOf, at, quantile, RAYS, type Ring, radiusAt } from './ring.ts';

export interface RingMeasures {
  /** Distance over which the ring's outer border rises from 10 to 90 %, as a part of the diameter. */
  rise: number;
  /** The same in the direction in which the border is softest: a camera that moved. */
  worstRise: number;
  /** Width of the ring's line, median, as a part of the diameter. */
  thickness: number;
  /** 90th percentile of the line's width over its median: even rings are near 1. */
  unevenness: number;
  /** 97th percentile of ink inside, 0 … 1. */
  strength: number;
  /** Share of the disc that is inked. */
  fill: number;
  /** Share of the ring of text (between 0.55 and 0.88 of the radius) that is inked. */
  textFill: number;
  /** Degrees clockwise from upright, by where the text leaves its gap; null where none is seen. */
  angle: number | null;
}

/** Darker than any red ink. */
const BLACK = 140;

/** Directions, opposite sides together, in which sharpness is looked at. */
const AXES = 4;

/** @param dark any ink: where black covers the ring, its line cannot be measured */
export function measureRing(plane: Plane, ring: Ring, dark: Plane): RingMeasures {
  const line = measureLine(plane, ring, dark);
  const { width, height, data } = plane;
  const histogram = new Uint32Array(256);
  let [inside, inked, text, textInked, vx, vy] = [0, 0, 0, 0, 0, 0];
  const edge = Math.max(INK, 0.4 * ring.level);
  const [top, bottom] = [Math.floor(ring.cy - ring.radius), Math.ceil(ring.cy + ring.radius)];
  for (let y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++) {
    const dy = y + 0.5 - ring.cy;
    const reach = Math.sqrt(Math.max(0, ring.radius * ring.radius - dy * dy));
    const from = Math.max(0, Math.floor(ring.cx - reach));
    const till = Math.min(width - 1, Math.ceil(ring.cx + reach));
    for (let x = from; x <= till; x++) {
      const value = data[y * width + x] as number;
      histogram[value] = (histogram[value] as number) + 1;
      inside++;
      if (value > edge) inked++;
      const dx = x + 0.5 - ring.cx;
      const d = Math.sqrt(dx * dx + dy * dy) / ring.radius;
      if (d > 0.55 && d < 0.88) {
        text++;
        if (value > edge) {
          textInked++;
          vx += dx / d;
          vy += dy / d;
        }
      }
    }
  }
  let strength = 255;
  let rest = 0.03 * inside - (histogram[255] as number);
  while (strength > 0 && rest > 0) {
    strength--;
    rest -= strength > 0 ? (histogram[strength] as number) : 0;
  }
  const direction = Math.hypot(vx, vy) / Math.max(1, textInked * ring.radius);
  const angle = direction > 0.12 ? (Math.atan2(vx, -vy) * 180) / Math.PI : null;
  return {
    ...line,
    strength: strength / 255,
    fill: inked / Math.max(1, inside),
    textFill: textInked / Math.max(1, text),
    angle,
  };
}

/** The ring's line, seen along its rays and laid over one another at its outer border. */
function measureLine(plane: Plane, ring: Ring, dark: Plane) {
  const { radius, border, level } = ring;
  const step = 0.25;
  const reach = Math.max(6, 0.1 * radius);
  const n = Math.ceil(reach / step);
  const axes = Array.from({ length: AXES }, () => ({ mean: new Float32Array(2 * n + 1), rays: 0 }));
  const all = { mean: new Float32Array(2 * n + 1), rays: 0 };
  const widths = new Float32Array(RAYS).fill(Number.NaN);
  for (let ray = 0; ray < RAYS; ray++) {
    const angle = angleOf(ray);
    const d = border[ray] as number;
    if (Number.isNaN(d) || Math.abs(d - radiusAt(ring, angle)) > 0.03 * radius) continue;
    const axis = axes[Math.floor((2 * AXES * ray) / RAYS) % AXES] as typeof all;
    all.rays++;
    axis.rays++;
    let crest = 0;
    let covered = false;
    for (let k = -n; k <= n; k++) {
      const value = at(plane, ring, angle, d + k * step);
      all.mean[k + n] = (all.mean[k + n] as number) + value;
      axis.mean[k + n] = (axis.mean[k + n] as number) + value;
      if (k <= 1 && value > crest) crest = value;
      if (k >= -n / 2 && k <= 0 && at(dark, ring, angle, d + k * step) > BLACK) covered = true;
    }
    if (covered || crest < 0.5 * level) continue;
    const half = 0.5 * Math.min(level, crest);
    let inner = 0;
    while (inner < reach * 1.5 && at(plane, ring, angle, d - step - inner) > half) {
      inner += step;
    }
    widths[ray] = inner;
  }
  const line = Math.max(0.5, quantile(widths, 0.5));
  const rise = ({ mean, rays }: typeof all) => riseOf(mean, n, step, line, rays) / (2 * radius);
  return {
    rise: all.rays < 20 ? 1 : rise(all),
    worstRise: Math.max(...axes.filter((axis) => axis.rays > 30).map(rise), 0),
    thickness: line / (2 * radius),
    unevenness: Math.max(1, quantile(smoothed(widths), 0.9)) / Math.max(1, line),
  };
}

/** Directions to either side in which the usual width is looked for: wider than a character at the ring. */
const BESIDE = 14;

/** A smear widens the line over a good part of the ring; text that touches it, here and there. */
function smoothed(widths: Float32Array): Float32Array {
  const near = new Float32Array(2 * BESIDE + 1);
  return widths.map((_, ray) => {
    for (let i = -BESIDE; i <= BESIDE; i++) {
      near[i + BESIDE] = widths[(ray + i + RAYS) % RAYS] as number;
    }
    return quantile(near, 0.5);
  });
}

/** 10 to 90 % of the mean profile, between the paper outside and the line's crest. */
function riseOf(sums: Float32Array, n: number, step: number, line: number, rays: number): number {
  const profile = sums.map((sum) => sum / rays);
  let crest = n;
  const deepest = Math.max(0, n - Math.ceil(line / step));
  for (let k = n; k >= deepest; k--) {
    if ((profile[k] as number) > (profile[crest] as number)) crest = k;
  }
  const outside = quantile(profile.subarray(Math.floor(1.6 * n)), 0.5);
  const height = (profile[crest] as number) - outside;
  const reachOf = (part: number) => {
    let k = crest;
    while (k < 2 * n && (profile[k] as number) > outside + part * height) k++;
    const [a, b] = [profile[k - 1] ?? 0, profile[k] as number];
    const t = a === b ? 0 : (a - outside - part * height) / (a - b);
    return (k - 1 + t) * step;
  };
  return reachOf(0.1) - reachOf(0.9);
}
