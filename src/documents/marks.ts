/** Marks that lie under everything else: the pilot's, and tiled lettering. */
import {
  concatTransformationMatrix,
  drawObject,
  type PDFDocument,
  type PDFName,
  type PDFPage,
  type PDFRef,
  popGraphicsState,
  pushGraphicsState,
} from 'pdf-lib';
import type { FontBytes } from './fonts.ts';
import { outlineText, registerForm } from './outlines.ts';
import { A4, type Colour, PT, type Sheet } from './sheet.ts';

/** Lettering ready to be tiled. */
export interface Tile {
  ref: PDFRef;
  /** Millimetres. */
  width: number;
  /** Points. */
  size: number;
}

export function makeTile(
  doc: PDFDocument,
  text: string,
  font: Uint8Array,
  size: number,
  colour: Colour,
): Tile {
  const { operators, width } = outlineText(text, font);
  const body = `${colour.join(' ')} rg\n${operators}\nf`;
  const ref = registerForm(doc, body, [0, -0.4, width, 1.2]);
  return { ref, width: (width * size) / PT, size };
}

/** Lettering at 30° in staggered rows; `pitch` and `gap` in millimetres. */
export function drawTiles(page: PDFPage, tile: Tile, pitch: number, gap: number): void {
  const name = page.node.newXObject('Tile', tile.ref);
  const cos = Math.cos(Math.PI / 6) * tile.size;
  const sin = Math.sin(Math.PI / 6) * tile.size;
  const step = (tile.width + gap) * Math.cos(Math.PI / 6);
  for (let row = 0; row * pitch < A4.height + 20; row++) {
    const shift = row % 2 === 0 ? 0 : step / 2;
    for (let x = -step + shift; x < A4.width; x += step) {
      const y = A4.height - row * pitch - 6;
      place(page, name, [cos, sin, -sin, cos, x * PT, y * PT]);
    }
  }
}

export function place(page: PDFPage, name: PDFName, matrix: readonly number[]): void {
  const [a, b, c, d, e, f] = matrix.map((n) => Math.round(n * 1000) / 1000) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  page.pushOperators(
    pushGraphicsState(),
    concatTransformationMatrix(a, b, c, d, e, f),
    drawObject(name),
    popGraphicsState(),
  );
}

const PILOT: Record<'red' | 'grey', { tiles: Colour; line: Colour }> = {
  red: { tiles: [0.965, 0.91, 0.895], line: [0.7, 0.15, 0.12] },
  grey: { tiles: [0.93, 0.93, 0.93], line: [0.35, 0.35, 0.35] },
};

/** 试点 PILOT across the page, and a line of plain words at its head; grey where red would disturb a scan. */
export function makePilotMark(
  doc: PDFDocument,
  fonts: FontBytes,
  tone: 'red' | 'grey' = 'red',
): (sheet: Sheet) => void {
  const { tiles, line } = PILOT[tone];
  const tile = makeTile(doc, '试点 PILOT', fonts.serif, 30, tiles);
  return (sheet) => {
    drawTiles(sheet.page, tile, 48, 34);
    sheet.text('试点环境样张，无法律效力  PILOT: SPECIMEN WITHOUT LEGAL FORCE', A4.width / 2, 6.6, {
      size: 7.5,
      align: 'centre',
      colour: line,
    });
  };
}
