/** Pages of a PDF as pixels. */
import { pdfjs } from '../../components/pdf-pages.ts';

export interface DrawnPage {
  canvas: OffscreenCanvas;
  /** Size of the page in points. */
  width: number;
  height: number;
  dpi: number;
  /** How many pages the document has. */
  pages: number;
}

export const drawFirstPage = (file: Blob, wanted: number, edge = 4200): Promise<DrawnPage> =>
  drawPage(file, 1, wanted, edge);

/** @param number from 1 */
export async function drawPage(
  file: Blob,
  number: number,
  wanted: number,
  edge: number,
): Promise<DrawnPage> {
  const { getDocument } = await pdfjs();
  const task = getDocument({ data: new Uint8Array(await file.arrayBuffer()) });
  try {
    const document = await task.promise;
    const page = await document.getPage(number);
    const { width, height } = page.getViewport({ scale: 1 });
    const scale = Math.min(wanted / 72, edge / Math.max(width, height));
    const viewport = page.getViewport({ scale });
    const canvas = new OffscreenCanvas(Math.floor(viewport.width), Math.floor(viewport.height));
    const canvasContext = canvas.getContext('2d');
    if (!canvasContext) throw new Error('no canvas');
    await page.render({
      canvas: null,
      canvasContext: canvasContext as never,
      viewport,
      background: '#ffffff',
    }).promise;
    return { canvas, width, height, dpi: scale * 72, pages: document.numPages };
  } finally {
    await task.destroy();
  }
}
