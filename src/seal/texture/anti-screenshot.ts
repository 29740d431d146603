/**
 * Anti-screenshot (防截屏): two frames shown in turn at the display's rate. Each alone is noise; the
 * eye sees their mean, a pale seal. A recording, or two captures averaged, shows the seal: a
 * deterrent, said so wherever it is offered.
 *
 * In linear light the frames are T + n and T − n, where T = ½ ± t·s, s is the seal's ink without
 * its low frequencies (flat ink carries nothing) and n is noise, drawn afresh for every pair, that
 * fills the range T leaves. The noise has three grains: two pixels as the body, five pixels against
 * whoever blurs, and single pixels, without which the difference of two neighbours inside one
 * grain would be the seal's own edge (correlation .98) and a look-up by value would find the ends
 * of the range. One tint lies over everything: red ink would show through any noise as redness.
 */
import type { Raster } from '../picture/index.ts';
import { gaussian } from './blur.ts';

export interface FramePair {
  readonly first: Raster;
  readonly second: Raster;
}

/** Half the contrast of the mean in linear light: 1.24 to 1 in all. */
const FRAME_CONTRAST = 0.054;
/** Blur that is taken off the ink, px. */
const SIGMA = 5;
/** Side of a grain in pixels, and its share of the noise. */
const GRAINS = [
  [1, 0.25],
  [2, 0.35],
  [5, 0.4],
] as const;
/** Of the light in red, green and blue. */
const TINT = [1, 0.74, 0.7] as const;

/** Makes pairs of frames of one seal; what does not change from pair to pair is computed once. */
export class FrameMaker {
  readonly width: number;
  readonly height: number;
  /** What the eye is to see: the mean of every pair in the red channel, linear light, 0 … 1. */
  readonly target: Float32Array;
  /** Octets of randomness that a pair takes. */
  readonly randomBytes: number;

  /** @param ink RGBA with alpha as ink, as `rasterise` draws it */
  constructor(ink: Raster) {
    this.width = ink.width;
    this.height = ink.height;
    this.target = highPass(ink).map((s) => 0.5 - FRAME_CONTRAST * s);
    this.randomBytes = GRAINS.reduce((sum, [side]) => sum + this.#grains(side), 0);
  }

  #grains(side: number): number {
    return Math.ceil(this.width / side) * Math.ceil(this.height / side);
  }

  /**
   * @param random fresh octets, `randomBytes` of them; never the same twice
   * @throws {RangeError} where there are too few
   */
  pair(random: Uint8Array): FramePair {
    if (random.length < this.randomBytes) throw new RangeError('too little randomness');
    const { width, height, target } = this;
    const noise = this.#noise(random);
    const first = new Uint8ClampedArray(4 * width * height).fill(255);
    const second = new Uint8ClampedArray(4 * width * height).fill(255);
    for (let i = 0; i < target.length; i++) {
      const light = target[i] as number;
      for (let c = 0; c < 3; c++) {
        const share = TINT[c] as number;
        const a = encode(share * (light + (noise[i] as number)));
        first[4 * i + c] = a;
        // The second frame makes up for the rounding of the first.
        second[4 * i + c] = encode(2 * share * light - (LIGHT[a] as number));
      }
    }
    return {
      first: { width, height, data: first },
      second: { width, height, data: second },
    };
  }

  #noise(random: Uint8Array): Float32Array {
    const { width, height } = this;
    const noise = new Float32Array(width * height);
    let from = 0;
    for (const [side, share] of GRAINS) {
      const columns = Math.ceil(width / side);
      const scale = (share * (0.5 - FRAME_CONTRAST)) / 127.5;
      for (let y = 0; y < height; y++) {
        const row = from + Math.floor(y / side) * columns;
        for (let x = 0; x < width; x++) {
          const grain = random[row + Math.floor(x / side)] as number;
          noise[y * width + x] = (noise[y * width + x] as number) + scale * (grain - 127.5);
        }
      }
      from += this.#grains(side);
    }
    return noise;
  }
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

/** sRGB transfer (IEC 61966-2-1): light of an octet. */
const LIGHT = Float32Array.from({ length: 256 }, (_, octet) => {
  const v = octet / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});

/** Octets by light in steps fine enough for the dark end. */
const STEPS = 8192;
const OCTETS = Uint8Array.from({ length: STEPS + 1 }, (_, step) => {
  const v = step / STEPS;
  return Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
});

const encode = (light: number): number =>
  OCTETS[Math.round(STEPS * Math.max(0, Math.min(1, light)))] as number;
