/** Gaussian blur of one plane, edges repeated. */
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
