/** How one picture is shared among the pages of a seam seal. */

/** More strips than this are too thin to be recognised: then one seal after the other is split. */
const MAX_STRIPS = 20;

/** Which part of the picture's width each page shows: from, to, in points. */
export function seamParts(pages: number, width: number): [number, number][] {
  const groups = Math.ceil(pages / MAX_STRIPS);
  const out: [number, number][] = [];
  for (let g = 0; g < groups; g++) {
    const count = Math.floor((pages * (g + 1)) / groups) - Math.floor((pages * g) / groups);
    const at = (k: number) => cents((width * k) / count);
    for (let k = 0; k < count; k++) out.push([at(k), at(k + 1)]);
  }
  return out;
}

/** Hundredths, as they are written. */
export const cents = (n: number): number => Math.round(n * 100) / 100;
