/** How large the drawn seal is laid over the one on the scan: both have the same circle around them. */
import type { SealForm } from '../../../desk/index.ts';

/**
 * @param svg a seal as it is drawn, its size in millimetres
 * @param margin side of the picture under it, as a part of the circle around the seal
 * @returns percent of that side, and the size in millimetres that people speak of
 */
export function drawnOver(
  svg: string,
  shape: SealForm['kind'],
  margin: number,
): { width: number; height: number; mm: number } | null {
  const found = /^<svg [^>]*width="([\d.]+)mm" height="([\d.]+)mm"/.exec(svg);
  const [w, h] = [Number(found?.[1]), Number(found?.[2])];
  if (!(w > 0 && h > 0)) return null;
  // The circle around a square goes through its corners.
  const around = shape === 'square' ? Math.hypot(w, h) : Math.max(w, h);
  const part = 100 / (margin * around);
  return { width: w * part, height: h * part, mm: w };
}
