/** Where a seal can go in a PDF: keywords on its pages, empty signature fields, and the page itself. */
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { pdfjs } from '../../components/pdf-pages.ts';

/** A place in points of the page; pages count from 0. */
export interface Spot {
  page: number;
  x: number;
  y: number;
}

export interface Opened {
  pages: number;
  /** Names of signature fields that nobody has signed. */
  fields: string[];
}

/** What is opened: a file, and the password of an encrypted one. */
export interface Sheet {
  bytes: Uint8Array;
  password?: string;
}

/** Whether pdfjs wants a password, or another one than it was given. */
export const isLocked = (error: unknown): boolean =>
  error instanceof Error && error.name === 'PasswordException';

async function withPdf<T>(
  { bytes, password }: Sheet,
  work: (document: PDFDocumentProxy) => Promise<T>,
): Promise<T> {
  const { getDocument } = await pdfjs();
  const task = getDocument({
    data: bytes.slice(),
    ...(password === undefined ? {} : { password }),
  });
  try {
    return await work(await task.promise);
  } finally {
    await task.destroy();
  }
}

export function openPdf(sheet: Sheet): Promise<Opened> {
  return withPdf(sheet, async (document) => {
    const fields = new Set<string>();
    for (let n = 1; n <= document.numPages; n++) {
      const page = await document.getPage(n);
      for (const each of (await page.getAnnotations()) as Record<string, unknown>[]) {
        const empty = each['fieldType'] === 'Sig' && !each['fieldValue'];
        if (empty && typeof each['fieldName'] === 'string') fields.add(each['fieldName']);
      }
    }
    return { pages: document.numPages, fields: [...fields] };
  });
}

/** The middle of the first or last place where a text stands; null where it stands nowhere. */
export function keywordSpot(
  sheet: Sheet,
  keyword: string,
  which: 'first' | 'last',
): Promise<Spot | null> {
  return withPdf(sheet, async (document) => {
    const order = Array.from({ length: document.numPages }, (_, i) => i);
    if (which === 'last') order.reverse();
    for (const page of order) {
      const found = await spotsOn(await document.getPage(page + 1), keyword);
      const spot = which === 'first' ? found[0] : found.at(-1);
      if (spot) return { page, ...spot };
    }
    return null;
  });
}

interface Item {
  str: string;
  transform: number[];
  width: number;
  height: number;
}

async function spotsOn(page: PDFPageProxy, keyword: string): Promise<{ x: number; y: number }[]> {
  const { items } = await page.getTextContent();
  const spots: { x: number; y: number }[] = [];
  /** Runs of one line, as a reader joins them. */
  let line: Item[] = [];
  const flush = () => {
    const text = line.map(({ str }) => str).join('');
    for (let at = text.indexOf(keyword); at >= 0; at = text.indexOf(keyword, at + 1)) {
      const [from, to] = [pointIn(line, at), pointIn(line, at + keyword.length)];
      spots.push({ x: (from.x + to.x) / 2, y: from.y + from.height / 2 });
    }
    line = [];
  };
  for (const item of items) {
    if (!('str' in item)) continue;
    const before = line.at(-1);
    if (before && Math.abs((before.transform[5] ?? 0) - (item.transform[5] ?? 0)) > 2) flush();
    line.push(item);
  }
  flush();
  return spots;
}

/** Where the character of this number begins. */
function pointIn(line: readonly Item[], at: number): { x: number; y: number; height: number } {
  let left = at;
  let last = { x: 0, y: 0, height: 0 };
  for (const { str, transform, width, height } of line) {
    const [x = 0, y = 0] = transform.slice(4);
    last = { x: x + width, y, height };
    if (left < str.length) return { x: x + (width * left) / Math.max(1, str.length), y, height };
    left -= str.length;
  }
  return last;
}

export interface DrawnPage {
  canvas: HTMLCanvasElement;
  /** Shown fractions (0 … 1 from the top left) to points of the page, and back. */
  toPoints: (u: number, v: number) => { x: number; y: number };
  toShare: (x: number, y: number) => { u: number; v: number };
  /** Points across and down, as shown. */
  width: number;
  height: number;
}

export function drawPage(sheet: Sheet, number: number, width: number): Promise<DrawnPage> {
  return withPdf(sheet, async (document) => {
    const page = await document.getPage(number + 1);
    const natural = page.getViewport({ scale: 1 });
    const scale = (Math.min(width, 1000) / natural.width) * Math.min(devicePixelRatio || 1, 2);
    const viewport = page.getViewport({ scale });
    const canvas = window.document.createElement('canvas');
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    await page.render({ canvas, viewport, background: '#ffffff' }).promise;
    return {
      canvas,
      width: natural.width,
      height: natural.height,
      toPoints: (u, v) => {
        const [x = 0, y = 0] = natural.convertToPdfPoint(u * natural.width, v * natural.height);
        return { x: Number(x), y: Number(y) };
      },
      toShare: (x, y) => {
        const [u = 0, v = 0] = natural.convertToViewportPoint(x, y);
        return { u: Number(u) / natural.width, v: Number(v) / natural.height };
      },
    };
  });
}
