/**
 * Anti-screenshot (防截屏): two frames shown in turn at the display's rate. Each alone is noise; the
 * eye sees their mean, a pale seal. A recording, or two captures averaged, shows the seal: a
 * deterrent, said so wherever it is offered.
 *
 * In linear light the frames are T + n and T − n, where T = ½ ± t·s, s is the seal's ink without
 * its low frequencies (flat ink carries nothing) and n is noise in 2-pixel grains, drawn afresh for
 * every pair, that fills the range T leaves. Both frames are grey: red ink would show through any
 * noise as redness, so the colour is laid on by the page as one tint over everything.
 */
import type { Raster } from '../picture/index.ts';

export interface FramePair {
  readonly first: Raster;
  readonly second: Raster;
}

/** Half the contrast of the mean in linear light: 1.25 to 1 in all. */
const FRAME_CONTRAST = 0.06;
/** Blur that is taken off the ink, px. */
const SIGMA = 7;
const GRAIN = 2;

/** Octets of randomness that a pair of this size takes. */
export const frameRandomBytes = (width: number, height: number) =>
  Math.ceil(width / GRAIN) * Math.ceil(height / GRAIN);

/**
 * @param seal RGBA with alpha as ink, as `rasterise` draws it
 * @param random fresh octets, `frameRandomBytes` of them; never the same twice
 * @throws {RangeError} where there are too few
 */
export function framePair(seal: Raster, random: Uint8Array): FramePair {
  const { width, height } = seal;
  const columns = Math.ceil(width / GRAIN);
  if (random.length < frameRandomBytes(width, height))
    throw new RangeError('too little randomness');
  const signal = highPass(seal);
  const first = new Uint8ClampedArray(4 * width * height);
  const second = new Uint8ClampedArray(4 * width * height);
  const span = 0.5 - FRAME_CONTRAST;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const target = 0.5 - FRAME_CONTRAST * (signal[i] as number);
      const grain = random[Math.floor(y / GRAIN) * columns + Math.floor(x / GRAIN)] as number;
      const noise = span * (grain / 127.5 - 1);
      // The second frame makes up for the rounding of the first.
      const a = encode(target + noise);
      const b = encode(2 * target - decode(a));
      first.set([a, a, a, 255], 4 * i);
      second.set([b, b, b, 255], 4 * i);
    }
  }
  return {
    first: { width, height, data: first },
    second: { width, height, data: second },
  };
}

/** What the eye is to see: the mean of every pair, linear light, 0 … 1. */
export function frameTarget(seal: Raster): Float32Array {
  return highPass(seal).map((s) => 0.5 - FRAME_CONTRAST * s);
}

/** Ink minus its own blur, scaled to −1 … 1. */
function highPass({ width, height, data }: Raster): Float32Array {
  const ink = new Float32Array(width * height);
  for (let i = 0; i < ink.length; i++) ink[i] = (data[4 * i + 3] as number) / 255;
  const soft = gaussian(ink, width, height, SIGMA);
  let most = 0;
  for (let i = 0; i < ink.length; i++) {
    ink[i] = (ink[i] as number) - (soft[i] as number);
    most = Math.max(most, Math.abs(ink[i] as number));
  }
  return most === 0 ? ink : ink.map((value) => value / most);
}

export function gaussian(plane: Float32Array, w: number, h: number, sigma: number): Float32Array {
  const reach = Math.ceil(3 * sigma);
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const pass = (from: Float32Array, along: number, n: number, across: number, lines: number) => {
    const out = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++) {
          const at = Math.min(n - 1, Math.max(0, i + k));
          sum += (kernel[k + reach] as number) * (from[line * across + at * along] as number);
        }
        out[line * across + i * along] = sum / total;
      }
    }
    return out;
  };
  return pass(pass(plane, 1, w, w, h), w, h, 1, w);
}

/** sRGB transfer (IEC 61966-2-1), to and from an octet. */
function encode(linear: number): number {
  const v = Math.max(0, Math.min(1, linear));
  return Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
}

export function decode(octet: number): number {
  const v = octet / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}
