/** A scan as people have it, turned into pixels to look at and bytes to send. */
import type { ScanFindings } from '../../../desk/index.ts';
import type { LetterScan, SealShape } from '../../../seal/scan/index.ts';
import { LETTER_EDGE as EDGE, readLetter } from '../../workers/read-letter.ts';
import { drawPage } from './pdf-page.ts';

export interface GivenScan {
  /** Of the file that it came from. */
  name: string;
  /** PNG or JPEG, as it will be sent. */
  bytes: Uint8Array;
  type: string;
  findings: ScanFindings;
  places: LetterScan['places'];
}

/** Larger pictures are sent as JPEG with this edge. */
const MAX_BYTES = 12 * 1024 * 1024;
const QUALITY = 0.92;
const A4 = { width: 595.3, height: 841.9 };

/** A document of more pages than this is no letter; only so many are looked at. */
const MOST_PAGES = 8;

/**
 * Of a PDF, the page that bears the seal: the first that is accepted, else the first with a seal on
 * it, else the first.
 * @throws where the file is no picture that the browser can read.
 */
export async function examineScan(file: File, expected: SealShape): Promise<GivenScan> {
  if (!(await isPdf(file))) return examinePicture(await pictureOf(file), file.name, expected);
  let best: GivenScan | null = null;
  for (let number = 1, pages = 1; number <= Math.min(pages, MOST_PAGES); number++) {
    const drawn = await drawPage(file, number, 300, EDGE);
    pages = drawn.pages;
    const a4 = Math.abs(drawn.width - A4.width) < 12 && Math.abs(drawn.height - A4.height) < 12;
    const picture = { picture: await jpegOf(drawn.canvas), dpi: a4 ? drawn.dpi : null };
    const given = await examinePicture(picture, file.name, expected);
    if (given.findings.accept) return given;
    if (!best || (best.findings.seals.length === 0 && given.findings.seals.length > 0))
      best = given;
  }
  return best as GivenScan;
}

async function isPdf(file: Blob): Promise<boolean> {
  return (await file.slice(0, 5).text()) === '%PDF-';
}

async function examinePicture(
  { picture, dpi }: Picture,
  name: string,
  expected: SealShape,
): Promise<GivenScan> {
  const { report, letterCase, width, height } = await readLetter(picture, dpi, expected);
  const { accept, reasons, seals, measures, places } = report;
  return {
    name,
    bytes: new Uint8Array(await picture.arrayBuffer()),
    type: picture.type,
    places,
    findings: {
      accept,
      reasons,
      seals: seals.map(({ cx, cy, diameter }) => ({ cx, cy, diameter })),
      width,
      height,
      letterCase,
      diameterMm: measures?.diameterMm ?? null,
    },
  };
}

interface Picture {
  picture: Blob;
  /** Known for a PDF page of the letter's size; a photo says nothing about it. */
  dpi: number | null;
}

/** PNG and JPEG stay as they are; anything else that the browser shows becomes a JPEG. */
async function pictureOf(file: Blob): Promise<Picture> {
  const head = new Uint8Array(await file.slice(0, 5).arrayBuffer());
  const png = head[0] === 0x89 && head[1] === 0x50;
  const jpeg = head[0] === 0xff && head[1] === 0xd8;
  if ((png || jpeg) && file.size <= MAX_BYTES) {
    return { picture: new Blob([file], { type: png ? 'image/png' : 'image/jpeg' }), dpi: null };
  }
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(
    Math.round(bitmap.width * scale),
    Math.round(bitmap.height * scale),
  );
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return { picture: await jpegOf(canvas), dpi: null };
}

const jpegOf = (canvas: OffscreenCanvas): Promise<Blob> =>
  canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
