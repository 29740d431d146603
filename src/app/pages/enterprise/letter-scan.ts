/** From what a person uploads to pixels, findings, and the image that is sent. */
import type { ScanFindings } from '../../../desk/index.ts';
import { readCode } from '../../workers/qr-client.ts';
import { analyseScan } from '../../workers/scan-client.ts';

export interface LookedAtScan {
  /** PNG or JPEG as it will be sent. */
  bytes: Uint8Array;
  type: string;
  image: ImageData;
  findings: ScanFindings;
  places: { reason: string; x: number; y: number; width: number; height: number }[];
}

const MAX_EDGE = 4200;
const A4_WIDTH_MM = 210;
const CASE = /^CNBR-CASE:([0-9A-Za-z._:-]{1,128})$/;

/** @returns null where the file is neither an image nor a PDF that can be drawn. */
export async function lookAt(file: Blob): Promise<LookedAtScan | null> {
  const head = new Uint8Array(await file.slice(0, 5).arrayBuffer());
  const pdf = String.fromCharCode(...head) === '%PDF-';
  const canvas = await (pdf ? pageOf(file) : pictureOf(file)).catch(() => null);
  if (!canvas) return null;
  return lookAtCanvas(canvas, pdf ? null : file);
}

export async function lookAtCanvas(
  canvas: OffscreenCanvas,
  original: Blob | null,
): Promise<LookedAtScan> {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  const { width, height } = canvas;
  const image = context.getImageData(0, 0, width, height);
  const kept = original && /^image\/(png|jpeg)$/.test(original.type) ? original : null;
  const blob = kept ?? (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 }));
  const upright = height / width;
  const dpi = upright > 1.3 && upright < 1.52 ? width / (A4_WIDTH_MM / 25.4) : null;
  const [scan, code] = await Promise.all([analyseScan(image, dpi), readCode(image, true)]);
  const [seal] = scan.seals;
  return {
    bytes: new Uint8Array(await blob.arrayBuffer()),
    type: blob.type,
    image,
    places: scan.places,
    findings: {
      accept: scan.accept,
      reasons: [...scan.reasons],
      seals: scan.seals.map(({ cx, cy, diameter }) => ({ cx, cy, diameter })),
      width,
      height,
      letterCase: code?.text.match(CASE)?.[1] ?? null,
      diameterMm: seal && dpi ? (seal.diameter / dpi) * 25.4 : null,
    },
  };
}

async function pictureOf(file: Blob): Promise<OffscreenCanvas> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, MAX_EDGE / Math.max(bitmap.width, bitmap.height));
  const canvas = sheet(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}

/** First page of a PDF at 200 dpi. */
export async function pageOf(file: Blob): Promise<OffscreenCanvas> {
  const [{ getDocument, GlobalWorkerOptions }, { default: workerUrl }] = await Promise.all([
    import('pdfjs-dist'),
    import('pdfjs-dist/build/pdf.worker.min.mjs?url'),
  ]);
  GlobalWorkerOptions.workerSrc = workerUrl;
  const task = getDocument({ data: new Uint8Array(await file.arrayBuffer()) });
  try {
    const page = await (await task.promise).getPage(1);
    const viewport = page.getViewport({ scale: 200 / 72 });
    const canvas = sheet(Math.round(viewport.width), Math.round(viewport.height));
    await page.render({ canvas: null, canvasContext: canvas.getContext('2d') as never, viewport })
      .promise;
    return canvas;
  } finally {
    await task.destroy();
  }
}

function sheet(width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(Math.max(1, width), Math.max(1, height));
  const context = canvas.getContext('2d');
  if (context) {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  return canvas;
}

/** Millimetres on the letter where the seal is to stand: centre of the circle. */
const CIRCLE = { cx: 63, cy: 226 };

/** For the pilot: the letter as if it had been stamped and scanned, with the seal that was asked for. */
export async function sampleScan(
  letter: Uint8Array,
  svg: string,
  widthMm: number,
): Promise<OffscreenCanvas> {
  const canvas = await pageOf(new Blob([letter as BlobPart]));
  const context = canvas.getContext('2d');
  const perMm = canvas.width / A4_WIDTH_MM;
  const picture = await imageOf(svg, Math.round(widthMm * perMm));
  if (context) {
    context.globalCompositeOperation = 'multiply';
    context.translate(CIRCLE.cx * perMm, CIRCLE.cy * perMm);
    context.rotate(0.07);
    context.drawImage(picture, -picture.width / 2, -picture.height / 2);
  }
  return canvas;
}

async function imageOf(svg: string, px: number): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(px, px);
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}
