/** A raster as a canvas shows it, at its own size. */
import type { Raster } from '../../../seal/index.ts';

export const painted =
  ({ width, height, data }: Raster) =>
  (canvas: HTMLCanvasElement): void => {
    canvas.width = width;
    canvas.height = height;
    canvas.getContext('2d')?.putImageData(new ImageData(data as never, width, height), 0, 0);
  };
