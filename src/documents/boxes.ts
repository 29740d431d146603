/** A numbered box of the paper form: label in two languages, value below. */
import type { Words } from '../licence/index.ts';
import { INK_2, RULE, type Sheet } from './sheet.ts';

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

const PAD = 1.8;

/** Frame and label `1 进口商 Importer`. @returns y under the label */
export function drawBox(sheet: Sheet, place: Place, number: number | null, words: Words): number {
  sheet.frame(place.x, place.y, place.width, place.height, RULE.thin);
  return drawLabel(sheet, place.x + PAD, place.y + 4, number, words);
}

/** The label alone, on one line from a baseline. @returns y under it */
export function drawLabel(
  sheet: Sheet,
  x: number,
  y: number,
  number: number | null,
  words: Words,
): number {
  let at = x;
  if (number !== null) {
    sheet.text(String(number), at, y, { size: 7, colour: INK_2 });
    at += number > 9 ? 4.1 : 3.4;
  }
  sheet.text(words.zh, at, y, { size: 8 });
  at += sheet.widthOf(words.zh, { size: 8 }) + 1.4;
  sheet.text(words.en, at, y, { size: 6.2, colour: INK_2 });
  return y + 1.3;
}

export interface ValueStyle {
  size?: number;
  maxLines?: number;
  /** Millimetres kept free at the right. */
  keep?: number;
}

/** A value indented under its label. @returns its height */
export function drawValue(
  sheet: Sheet,
  place: Place,
  y: number,
  text: string,
  { size = 10.5, maxLines = 1, keep = 0 }: ValueStyle = {},
): number {
  return sheet.block(text, place.x + PAD + 3.4, y, {
    width: place.width - 2 * PAD - 3.4 - keep,
    size,
    minSize: 6.5,
    maxLines,
    leading: 1.25,
  });
}

/** A box with a value in it. */
export function drawFilledBox(
  sheet: Sheet,
  place: Place,
  number: number,
  words: Words,
  value: string,
  style: ValueStyle = {},
): void {
  drawValue(sheet, place, drawBox(sheet, place, number, words), value, style);
}

/** Name and code of an enterprise in one box: the code on the line of the label, at the right. */
export function drawPartyBox(
  sheet: Sheet,
  place: Place,
  number: number,
  words: Words,
  party: { name: string; code: string },
): void {
  const y = drawBox(sheet, place, number, words);
  drawValue(sheet, place, y + 0.9, party.name, { maxLines: 2 });
  if (party.code === '') return;
  const base = place.y + 4;
  const right = place.x + place.width - PAD;
  sheet.text(party.code, right, base, { size: 8.8, align: 'right' });
  const left = right - sheet.widthOf(party.code, { size: 8.8 }) - 1.4;
  sheet.text('代码 Code', left, base, { size: 6.2, align: 'right', colour: INK_2 });
}
