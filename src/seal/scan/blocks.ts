/** Traces of heavy JPEG compression: steps on the 8-pixel grid that are not inside its cells. */
import type { Pixels } from './planes.ts';

/**
 * How much more the brightness jumps on the grid than beside it, in the given box of the source:
 * below 2 for clean pictures, about 2.7 at quality 20, 4.2 at 10, 6.5 at 5.
 */
export function blockiness(
  { width, height, data }: Pixels,
  box: { x: number; y: number; width: number; height: number },
): number {
  const left = Math.max(2, Math.floor(box.x));
  const top = Math.max(0, Math.floor(box.y));
  const right = Math.min(width - 1, Math.ceil(box.x + box.width));
  const bottom = Math.min(height, Math.ceil(box.y + box.height));
  const sums = new Float64Array(8);
  const stride = Math.max(1, Math.floor((bottom - top) / 300));
  const light = (i: number) =>
    0.3 * (data[i] as number) + 0.6 * (data[i + 1] as number) + 0.1 * (data[i + 2] as number);
  for (let y = top; y < bottom; y += stride) {
    const row = 4 * y * width;
    for (let x = left; x < right; x++) {
      const i = row + 4 * x;
      const [a, b, c, d] = [light(i - 8), light(i - 4), light(i), light(i + 4)];
      const jump = Math.abs(c - b) - 0.5 * (Math.abs(b - a) + Math.abs(d - c));
      if (jump > 0) sums[x & 7] = (sums[x & 7] as number) + jump;
    }
  }
  const most = Math.max(...sums);
  const others = (sums.reduce((sum, value) => sum + value, 0) - most) / 7;
  const area = Math.max(1, ((bottom - top) / stride) * (right - left)) / 8;
  return (most / area + 0.02) / (others / area + 0.02);
}
