/** How far the seal on the scan is turned: by the drawn one, where both say the same, else by where its text lies. */
import type { ReadLetter } from '../../workers/read-letter.ts';
import { sealTurn } from '../../workers/scan-client.ts';

export interface Turn {
  /** Clockwise. */
  degrees: number;
  /** Within a degree, as the drawn seal lies on it; otherwise only by the gap in its text. */
  fitted: boolean;
}

/** Two seals of one text and another hand of type still have this much in common. */
const LEAST = 0.35;

/**
 * @param size of the drawn seal, percent of the cut-out's side
 * @returns null where neither tells
 */
export async function turnOf(
  { report }: ReadLetter,
  url: string,
  size: { width: number; height: number },
): Promise<Turn | null> {
  const { picture, pictureRadius: radius, seals } = report;
  const angle = seals[0]?.angle;
  const byText = angle === undefined ? null : { degrees: angle, fitted: false };
  if (!picture || !radius) return byText;
  const drawn = await inkOf(url, picture.width, size);
  if (!drawn) return byText;
  const { width, height, data } = drawn;
  const { degrees, correlation } = await sealTurn(
    { raster: picture, radius },
    { raster: { width, height, data }, radius },
  );
  return correlation < LEAST ? byText : { degrees, fitted: true };
}

/** The drawn seal as pixels, its middle in the middle. */
async function inkOf(url: string, side: number, size: { width: number; height: number }) {
  const image = new Image();
  image.src = url;
  await image.decode();
  const paper = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  const [width, height] = [(side * size.width) / 100, (side * size.height) / 100];
  paper?.drawImage(image, (side - width) / 2, (side - height) / 2, width, height);
  return paper?.getImageData(0, 0, side, side) ?? null;
}
