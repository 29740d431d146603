/** A QR code on a page: one filled path of row runs on a white ground, quiet zone included. */
import { PDFOperator, type PDFOperatorNames } from 'pdf-lib';
import { QUIET, qrCode, qrRuns } from '../licence/index.ts';
import { A4, PT, type Sheet } from './sheet.ts';

/**
 * @param box millimetres on a side, with the quiet zone
 * @returns module size in millimetres and QR version
 */
export function drawQr(
  sheet: Sheet,
  x: number,
  y: number,
  box: number,
  text: string,
): { module: number; version: number } {
  const code = qrCode(text);
  const module = box / (code.size + 2 * QUIET);
  sheet.fill(x, y, box, box, [1, 1, 1]);
  const unit = module * PT;
  const left = (x + QUIET * module) * PT;
  const top = (A4.height - y - QUIET * module) * PT;
  const number = (n: number) => String(Number(n.toFixed(3)));
  const parts = qrRuns(code).map((run) =>
    [left + run.x * unit, top - (run.y + 1) * unit, run.width * unit, unit].map(number).join(' '),
  );
  const path = `q 0 g ${parts.map((part) => `${part} re`).join('\n')}\nf Q`;
  sheet.page.pushOperators(rawOperators(path));
  return { module, version: code.version };
}

/** Content that is written already. */
export function rawOperators(content: string): PDFOperator {
  return PDFOperator.of(content as PDFOperatorNames);
}
