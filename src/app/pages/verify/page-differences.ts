/** Two versions of a document beside one another: which text and which places of a page differ. */
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { type Mark, pdfjs } from '../../components/pdf-pages.ts';

export interface PageDifference {
  page: number;
  /** Lines that only the earlier, or only the later version has. */
  gone: string[];
  added: string[];
  /** Places that look different, points. */
  places: Mark['rect'][];
}

/** Dots across a page when it is compared by its look. */
const WIDTH = 560;
/** Side of the squares that are compared, dots. */
const CELL = 8;
/** Difference of one colour from which a dot counts as changed. */
const NOTICED = 48;
const MOST_LINES = 12;
const MOST_PLACES = 24;

export async function pageDifferences(
  earlier: Uint8Array,
  later: Uint8Array,
  pages: readonly number[],
  password?: string,
): Promise<PageDifference[]> {
  const { getDocument } = await pdfjs();
  const open = (bytes: Uint8Array) =>
    getDocument({ data: bytes.slice(), ...(password === undefined ? {} : { password }) });
  const tasks = [open(earlier), open(later)] as const;
  try {
    const [before, after] = await Promise.all(tasks.map((task) => task.promise));
    const out: PageDifference[] = [];
    for (const page of pages) {
      if (!before || !after || page > Math.min(before.numPages, after.numPages)) continue;
      out.push(await compare(before, after, page));
    }
    return out;
  } finally {
    await Promise.all(tasks.map((task) => task.destroy()));
  }
}

async function compare(
  before: PDFDocumentProxy,
  after: PDFDocumentProxy,
  number: number,
): Promise<PageDifference> {
  const [was, is] = await Promise.all([before.getPage(number), after.getPage(number)]);
  const [old, now] = await Promise.all([linesOf(was), linesOf(is)]);
  return {
    page: number,
    gone: old.filter((line) => !now.includes(line)).slice(0, MOST_LINES),
    added: now.filter((line) => !old.includes(line)).slice(0, MOST_LINES),
    places: await placesThatDiffer(was, is),
  };
}

/** Text in the order of the page, one entry for each line. */
async function linesOf(page: PDFPageProxy): Promise<string[]> {
  const { items } = await page.getTextContent();
  const lines: string[] = [];
  let line = '';
  for (const item of items) {
    if (!('str' in item)) continue;
    line += item.str;
    if (!item.hasEOL) continue;
    lines.push(line.trim());
    line = '';
  }
  return [...lines, line.trim()].filter((each) => each !== '');
}

async function placesThatDiffer(was: PDFPageProxy, is: PDFPageProxy): Promise<Mark['rect'][]> {
  const scale = WIDTH / is.getViewport({ scale: 1 }).width;
  const [old, now] = [await dotsOf(was, scale), await dotsOf(is, scale)];
  if (old.width !== now.width || old.height !== now.height) return [];
  const across = Math.ceil(now.width / CELL);
  const changed = new Set<number>();
  for (let at = 0; at < now.data.length; at += 4) {
    if (!differs(now.data, old.data, at)) continue;
    const dot = at / 4;
    const [x, y] = [dot % now.width, Math.floor(dot / now.width)];
    changed.add(Math.floor(y / CELL) * across + Math.floor(x / CELL));
  }
  const viewport = is.getViewport({ scale });
  return clusters(changed, across)
    .slice(0, MOST_PLACES)
    .map(([x1, y1, x2, y2]) => {
      const [left = 0, top = 0] = viewport.convertToPdfPoint(x1 * CELL, y1 * CELL) as number[];
      const [right = 0, low = 0] = viewport.convertToPdfPoint(x2 * CELL, y2 * CELL) as number[];
      return [
        Math.min(left, right),
        Math.min(low, top),
        Math.max(left, right),
        Math.max(low, top),
      ] as const;
    });
}

const differs = (a: Uint8ClampedArray, b: Uint8ClampedArray, at: number): boolean =>
  Math.abs((a[at] as number) - (b[at] as number)) > NOTICED ||
  Math.abs((a[at + 1] as number) - (b[at + 1] as number)) > NOTICED ||
  Math.abs((a[at + 2] as number) - (b[at + 2] as number)) > NOTICED;

async function dotsOf(page: PDFPageProxy, scale: number): Promise<ImageData> {
  const viewport = page.getViewport({ scale });
  const canvas = new OffscreenCanvas(Math.floor(viewport.width), Math.floor(viewport.height));
  const to = canvas as unknown as HTMLCanvasElement;
  await page.render({ canvas: to, viewport, background: '#ffffff' }).promise;
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

type Box = [number, number, number, number];

/** Squares that touch, or nearly do, are one place. */
function clusters(cells: Set<number>, across: number): Box[] {
  const left = new Set(cells);
  const out: Box[] = [];
  for (const start of cells) {
    if (!left.delete(start)) continue;
    const box: Box = [Infinity, Infinity, 0, 0];
    const queue = [start];
    for (let cell = queue.pop(); cell !== undefined; cell = queue.pop()) {
      const [x, y] = [cell % across, Math.floor(cell / across)];
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x + 1);
      box[3] = Math.max(box[3], y + 1);
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) {
          const next = cell + dy * across + dx;
          if (x + dx >= 0 && x + dx < across && left.delete(next)) queue.push(next);
        }
      }
    }
    out.push(box);
  }
  return out;
}
