/** Draws pages with pdfjs, which is loaded when the first document is looked at. */
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import type { Raster } from '../../seal/index.ts';
import { drawTrace, foggedPicture, inkBetween, sheet } from './seal/ink.ts';

export interface Mark {
  /** From 1. */
  page: number;
  /** Points: left, bottom, right, top. */
  rect: readonly [number, number, number, number];
  tone: 'ok' | 'warn' | 'bad' | 'unknown';
  label: string;
}

/** How seals on the pages are shown. */
export interface PageFog {
  /** What the pattern belongs to. */
  bound: Uint8Array;
  degree: number;
  /** On screen too, not only where the page is printed. */
  screen: boolean;
  /** Who looks, and when; laid over the pages. */
  trace: string | null;
}

/** A signature that is seen on a page. */
export interface SealSpot {
  page: number;
  field: string;
  ink: Raster;
}

export interface DrawOptions {
  pages: number;
  password?: string | undefined;
  signal: AbortSignal;
  fog: PageFog;
  /** Names a spot for those who cannot see it. */
  spotLabel: (page: number) => string;
  onspot: (spot: SealSpot) => void;
}

export async function pdfjs() {
  const [library, { default: workerUrl }] = await Promise.all([
    import('pdfjs-dist'),
    import('pdfjs-dist/build/pdf.worker.min.mjs?url'),
  ]);
  library.GlobalWorkerOptions.workerSrc = workerUrl;
  return library;
}

/** Pages that were drawn: how many the document has, the seals on them, and where marks go. */
export interface DrawnPages {
  total: number;
  spots: SealSpot[];
  /** Names the spots anew, in the language that is shown. */
  rename(): void;
  /** Puts marks on the pages, in the place of those before. */
  mark(marks: readonly Mark[]): void;
}

export async function drawPages(
  box: HTMLElement,
  bytes: Uint8Array,
  options: DrawOptions,
): Promise<DrawnPages> {
  const { pages, password, signal } = options;
  const { getDocument } = await pdfjs();
  const task = getDocument({
    data: bytes.slice(),
    ...(password === undefined ? {} : { password }),
  });
  signal.addEventListener('abort', () => void task.destroy());
  const document = await task.promise;
  const total = document.numPages;
  const drawnPages: Awaited<ReturnType<typeof drawPage>>[] = [];
  const mark = (marks: readonly Mark[]): void => {
    drawnPages.forEach((page, i) => {
      page.mark(marks.filter((each) => each.page === i + 1));
    });
  };
  const rename = () => {
    drawnPages.forEach(({ sheet }, i) => {
      for (const spot of sheet.querySelectorAll('.spot')) {
        spot.setAttribute('aria-label', options.spotLabel(i + 1));
      }
    });
  };
  const spots: SealSpot[] = [];
  for (let n = 1; n <= Math.min(pages, total); n++) {
    if (signal.aborted) return { total, spots, mark, rename };
    const drawn = await drawPage(document, n, box.clientWidth || 800, options);
    drawnPages.push(drawn);
    spots.push(...drawn.spots);
  }
  if (!signal.aborted) box.replaceChildren(...drawnPages.map(({ sheet }) => sheet));
  await task.destroy();
  return { total, spots, mark, rename };
}

type Edges = [number, number, number, number];

async function drawPage(
  pdf: PDFDocumentProxy,
  number: number,
  width: number,
  { fog, spotLabel, onspot }: DrawOptions,
): Promise<{ sheet: HTMLElement; spots: SealSpot[]; mark: (marks: readonly Mark[]) => void }> {
  const page = await pdf.getPage(number);
  const natural = page.getViewport({ scale: 1 });
  const scale = (Math.min(width, 1100) / natural.width) * Math.min(devicePixelRatio || 1, 2);
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  await page.render({ canvas, viewport, background: '#ffffff' }).promise;
  const element = document.createElement('div');
  element.className = 'page';
  element.append(canvas);
  const edges = (rect: readonly number[]): Edges => {
    const [left = 0, bottom = 0, right = 0, top = 0] = rect;
    const [x1 = 0, y1 = 0] = natural.convertToViewportPoint(left, bottom) as number[];
    const [x2 = 0, y2 = 0] = natural.convertToViewportPoint(right, top) as number[];
    return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
  };
  const spots: SealSpot[] = [];
  for (const { field, rect } of await signaturesOn(page)) {
    const place = edges(rect);
    const seal = await sealAt(page, place, scale);
    const spot = { page: number, field, ink: seal.ink };
    await fogAt(element, canvas, seal, place, natural, fog);
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'spot';
    button.dataset['action'] = 'inspect-seal';
    button.setAttribute('aria-label', spotLabel(number));
    button.addEventListener('click', () => onspot(spot));
    put(button, natural, place);
    element.append(button);
    spots.push(spot);
  }
  const context = canvas.getContext('2d');
  if (fog.screen && fog.trace && context) {
    drawTrace(context, canvas, fog.trace, (13 * canvas.width) / 900, 0.09);
  }
  const mark = (marks: readonly Mark[]): void => {
    for (const old of element.querySelectorAll('.mark')) old.remove();
    element.append(...marks.map((each) => markOn(each, natural, edges(each.rect))));
  };
  return { sheet: element, spots, mark };
}

/** Signature fields that show something. */
async function signaturesOn(page: PDFPageProxy): Promise<{ field: string; rect: number[] }[]> {
  const annotations = (await page.getAnnotations()) as {
    subtype?: string;
    fieldType?: string;
    fieldName?: string;
    rect: number[];
  }[];
  return annotations.flatMap(({ subtype, fieldType, fieldName, rect }) => {
    const [left = 0, bottom = 0, right = 0, top = 0] = rect;
    const seen = Math.abs(right - left) > 4 && Math.abs(top - bottom) > 4;
    return subtype === 'Widget' && fieldType === 'Sig' && seen
      ? [{ field: fieldName ?? '', rect }]
      : [];
  });
}

/** Dots across a seal that is to be shown by itself. */
const DOTS = 360;

/** The place of a seal with it and without it: their difference is its ink. */
async function sealAt(
  page: PDFPageProxy,
  [x1, y1, x2, y2]: Edges,
  least: number,
): Promise<{ bare: OffscreenCanvas; ink: Raster }> {
  const scale = Math.min(2000 / (x2 - x1), Math.max(least, DOTS / (x2 - x1)));
  const width = Math.round((x2 - x1) * scale);
  const height = Math.round((y2 - y1) * scale);
  const viewport = page.getViewport({ scale, offsetX: -x1 * scale, offsetY: -y1 * scale });
  const { AnnotationMode } = await pdfjs();
  const part = async (annotationMode: number) => {
    const { canvas, context } = sheet(width, height);
    const to = canvas as unknown as HTMLCanvasElement;
    await page.render({ canvas: to, viewport, annotationMode, background: '#ffffff' }).promise;
    return { canvas, image: context.getImageData(0, 0, width, height) };
  };
  const bare = await part(AnnotationMode.DISABLE);
  const sealed = await part(AnnotationMode.ENABLE);
  return { bare: bare.canvas, ink: inkBetween(sealed.image, bare.image) };
}

/** Fog over a seal: in the page itself, or on what covers it where the page is printed. */
async function fogAt(
  element: HTMLElement,
  canvas: HTMLCanvasElement,
  { bare, ink }: { bare: OffscreenCanvas; ink: Raster },
  place: Edges,
  natural: { width: number; height: number },
  fog: PageFog,
): Promise<void> {
  const fogged = await foggedPicture(ink, fog.bound, fog.degree);
  const [x1, y1, x2, y2] = place;
  if (fog.screen) {
    const scale = canvas.width / natural.width;
    const at = [x1 * scale, y1 * scale, (x2 - x1) * scale, (y2 - y1) * scale] as const;
    const context = canvas.getContext('2d');
    context?.drawImage(bare, ...at);
    // The fog is wider than the seal, by as much on every side.
    const more = (at[2] * (fogged.width / bare.width - 1)) / 2;
    const [x, y, w, h] = at;
    context?.drawImage(fogged, x - more, y - more, w + 2 * more, h + 2 * more);
    return;
  }
  const cover = document.createElement('canvas');
  cover.className = 'print-fog';
  [cover.width, cover.height] = [fogged.width, fogged.height];
  const context = cover.getContext('2d');
  const margin = (fogged.width - bare.width) / 2;
  context?.drawImage(bare, margin, margin);
  context?.drawImage(fogged, 0, 0);
  const more = (margin * (x2 - x1)) / bare.width;
  put(cover, natural, [x1 - more, y1 - more, x2 + more, y2 + more]);
  element.append(cover);
}

function put(
  element: HTMLElement,
  natural: { width: number; height: number },
  [x1, y1, x2, y2]: Edges,
): void {
  const share = (value: number, whole: number) => `${((value / whole) * 100).toFixed(3)}%`;
  element.style.left = share(x1, natural.width);
  element.style.top = share(y1, natural.height);
  element.style.width = share(x2 - x1, natural.width);
  element.style.height = share(y2 - y1, natural.height);
}

function markOn(
  { tone, label }: Mark,
  natural: { width: number; height: number },
  place: Edges,
): HTMLElement {
  const element = document.createElement('span');
  // The label of a mark at the right goes to the left: it stays on the page.
  const side = place[0] > natural.width / 2 ? 'end' : 'start';
  element.className = `mark ${tone} ${side}`;
  put(element, natural, place);
  const words = document.createElement('b');
  words.textContent = label;
  element.append(words);
  return element;
}
