/** A letter's picture read on this device: the seal on it, and the case that its code names. */
import type { LetterScan, SealShape } from '../../seal/scan/index.ts';
import { pixelsOf } from './photo-pixels.ts';
import { codeOfPhoto } from './qr-client.ts';
import { analyseScan } from './scan-client.ts';

export interface ReadLetter {
  report: LetterScan;
  /** Case id in the letter's code, null when none was readable. */
  letterCase: string | null;
  /** Pixels that the report's places are in. */
  width: number;
  height: number;
}

/** Longest edge that is looked at: A4 at 300 dpi. */
export const LETTER_EDGE = 3508;
const LETTER = /^CNBR-CASE:([0-9A-Za-z._:-]{1,128})$/;

/** @throws where the picture cannot be read by the browser. */
export async function readLetter(
  picture: Blob,
  dpi: number | null,
  expected: SealShape,
): Promise<ReadLetter> {
  const image = await pixelsOf(picture, LETTER_EDGE);
  const { width, height } = image;
  const [report, code] = await Promise.all([
    analyseScan(image, dpi, expected),
    codeOfPhoto(picture).catch(() => null),
  ]);
  return { report, letterCase: LETTER.exec(code ?? '')?.[1] ?? null, width, height };
}
