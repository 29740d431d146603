/** Draws pages with pdfjs, which is loaded when the first document is looked at. */
import type { PDFDocumentProxy } from 'pdfjs-dist';

export interface Mark {
  /** From 1. */
  page: number;
  /** Points: left, bottom, right, top. */
  rect: readonly [number, number, number, number];
  tone: 'ok' | 'warn' | 'bad' | 'unknown';
  label: string;
}

export interface DrawOptions {
  marks: readonly Mark[];
  pages: number;
  password?: string | undefined;
  signal: AbortSignal;
}

export async function pdfjs() {
  const [library, { default: workerUrl }] = await Promise.all([
    import('pdfjs-dist'),
    import('pdfjs-dist/build/pdf.worker.min.mjs?url'),
  ]);
  library.GlobalWorkerOptions.workerSrc = workerUrl;
  return library;
}

/** @returns how many pages the document has. */
export async function drawPages(
  box: HTMLElement,
  bytes: Uint8Array,
  { marks, pages, password, signal }: DrawOptions,
): Promise<number> {
  const { getDocument } = await pdfjs();
  const task = getDocument({
    data: bytes.slice(),
    ...(password === undefined ? {} : { password }),
  });
  signal.addEventListener('abort', () => void task.destroy());
  const document = await task.promise;
  const sheets: HTMLElement[] = [];
  for (let n = 1; n <= Math.min(pages, document.numPages); n++) {
    if (signal.aborted) return document.numPages;
    sheets.push(await drawPage(document, n, box.clientWidth || 800, marks));
  }
  if (!signal.aborted) box.replaceChildren(...sheets);
  const count = document.numPages;
  await task.destroy();
  return count;
}

async function drawPage(
  pdf: PDFDocumentProxy,
  number: number,
  width: number,
  marks: readonly Mark[],
): Promise<HTMLElement> {
  const page = await pdf.getPage(number);
  const natural = page.getViewport({ scale: 1 });
  const scale = (Math.min(width, 1100) / natural.width) * Math.min(devicePixelRatio || 1, 2);
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  await page.render({ canvas, viewport, background: '#ffffff' }).promise;
  const sheet = document.createElement('div');
  sheet.className = 'page';
  sheet.append(canvas);
  for (const mark of marks) {
    if (mark.page !== number) continue;
    const [left, bottom, right, top] = mark.rect;
    const [x1 = 0, y1 = 0] = natural.convertToViewportPoint(left, bottom) as number[];
    const [x2 = 0, y2 = 0] = natural.convertToViewportPoint(right, top) as number[];
    sheet.append(markOn(mark, natural, [x1, y1, x2, y2]));
  }
  return sheet;
}

function markOn(
  { tone, label }: Mark,
  natural: { width: number; height: number },
  [x1, y1, x2, y2]: [number, number, number, number],
): HTMLElement {
  const element = document.createElement('span');
  element.className = `mark ${tone}`;
  const share = (value: number, whole: number) => `${((value / whole) * 100).toFixed(3)}%`;
  element.style.left = share(Math.min(x1, x2), natural.width);
  element.style.top = share(Math.min(y1, y2), natural.height);
  element.style.width = share(Math.abs(x2 - x1), natural.width);
  element.style.height = share(Math.abs(y2 - y1), natural.height);
  const words = document.createElement('b');
  words.textContent = label;
  element.append(words);
  return element;
}
