/** The seal cut out of the letter: vermilion with the ink's own density, paper and black text gone. */
import type { Raster } from '../picture/index.ts';
import type { Planes } from './planes.ts';
import type { SeenSeal } from './seen-seal.ts';

const VERMILION = [0xdc, 0x14, 0x14];
const MARGIN = 1.06;

/** RGBA at the resolution of the planes. */
export function cutOut({ red, dark }: Planes, seal: SeenSeal): Raster {
  const { cx, cy, ring } = seal;
  const radius = seal.around / 2;
  const size = 2 * Math.ceil(MARGIN * radius);
  const left = Math.round(cx - size / 2);
  const top = Math.round(cy - size / 2);
  const alpha = new Float32Array(size * size);
  const hidden = new Uint8Array(size * size);
  const low = 0.12 * ring.level;
  const span = 0.75 * ring.level;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [px, py] = [x + left, y + top];
      if (px < 0 || py < 0 || px >= red.width || py >= red.height) continue;
      if (Math.hypot(px + 0.5 - cx, py + 0.5 - cy) > 1.03 * radius) continue;
      const i = py * red.width + px;
      const ink = ((red.data[i] as number) - low) / span;
      alpha[y * size + x] = Math.max(0, Math.min(1, ink));
      // Under black text the red cannot be seen.
      if ((dark.data[i] as number) > 120 && ink < 0.5) hidden[y * size + x] = 1;
    }
  }
  const data = new Uint8ClampedArray(4 * size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      const value = hidden[i] ? around(alpha, hidden, size, x, y) : (alpha[i] as number);
      data.set(VERMILION, 4 * i);
      data[4 * i + 3] = 255 * value;
    }
  }
  return { width: size, height: size, data };
}

/** Ink beside a hidden pixel: the mean of what is seen nearby, where most of it is ink. */
function around(alpha: Float32Array, hidden: Uint8Array, size: number, x: number, y: number) {
  let [sum, count] = [0, 0];
  for (let dy = -4; dy <= 4; dy++) {
    for (let dx = -4; dx <= 4; dx++) {
      const [u, v] = [x + dx, y + dy];
      if (u < 0 || v < 0 || u >= size || v >= size || hidden[v * size + u]) continue;
      sum += alpha[v * size + u] as number;
      count++;
    }
  }
  return count > 0 && sum > 0.5 * count ? sum / count : 0;
}
