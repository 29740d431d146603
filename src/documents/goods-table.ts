/** Boxes 11 to 18: the goods, shared by the application form and the licence. */
import {
  boxWords,
  type Coded,
  currencyDigits,
  type GoodsLine,
  groupDigits,
  LICENCE_TYPES,
  type LicenceType,
  type Totals,
} from '../licence/index.ts';
import { drawFilledBox, drawLabel } from './boxes.ts';
import { INK_2, RULE, type Sheet } from './sheet.ts';

export interface Goods {
  type: LicenceType;
  goods: { name: string; hs: string; status: Coded };
  currency: Coded;
  lines: readonly GoodsLine[];
  totals: Totals;
}

export interface TableStyle {
  /** Numbers between asterisks, as licences print them. */
  starred: boolean;
}

export const ROW = 7;
const HEAD = 9.5;
/** Shares of boxes 12 to 17. */
const COLUMNS = [0.26, 0.085, 0.145, 0.15, 0.18, 0.18];

/** Box 11. @returns its height */
export function drawGoodsRow(sheet: Sheet, x: number, y: number, width: number, of: Goods): number {
  const height = 12.5;
  const status = LICENCE_TYPES[of.type].goodsStatus;
  const name = width * (status ? 0.52 : 0.7);
  const code = width * (status ? 0.26 : 0.3);
  drawFilledBox(sheet, { x, y, width: name, height }, 11, boxWords(of.type, 11), of.goods.name, {
    maxLines: 2,
    size: 10,
  });
  const codeWords = { zh: '商品编码', en: 'Code of goods' };
  drawFilledBox(sheet, { x: x + name, y, width: code, height }, 11, codeWords, of.goods.hs);
  if (status) {
    const words = { zh: '商品状态', en: 'Status of goods' };
    const place = { x: x + name + code, y, width: width - name - code, height };
    drawFilledBox(sheet, place, 11, words, of.goods.status.zh);
  }
  return height;
}

/** Head of the table. @returns its height */
export function drawTableHead(
  sheet: Sheet,
  x: number,
  y: number,
  width: number,
  of: Goods,
): number {
  let at = x;
  COLUMNS.forEach((share, i) => {
    const box = 12 + i;
    const words = boxWords(of.type, box);
    const unit = box === 15 || box === 16 ? `（${of.currency.code}）` : '';
    sheet.frame(at, y, share * width, HEAD, RULE.thin);
    sheet.text(String(box), at + 1.2, y + 3.9, { size: 6.5, colour: INK_2 });
    sheet.text(words.zh + unit, at + (share * width) / 2, y + 4, { size: 8, align: 'centre' });
    sheet.text(words.en, at + (share * width) / 2, y + 7.5, {
      size: 5.8,
      align: 'centre',
      colour: INK_2,
    });
    at += share * width;
  });
  return HEAD;
}

/** Rows from `y` down to `bottom`: the lines, a row of asterisks, the rest ruled and empty. */
export function drawRows(
  sheet: Sheet,
  x: number,
  y: number,
  width: number,
  bottom: number,
  of: Goods,
  lines: readonly GoodsLine[],
  { starred }: TableStyle,
  closing: string | null,
): void {
  let at = y;
  for (const line of lines) {
    drawRow(sheet, x, at, width, cellsOf(line, of, starred));
    at += ROW;
    sheet.rule(x, at, x + width, at, RULE.hair, INK_2);
  }
  if (closing === null) drawAsterisks(sheet, x, at, width);
  else sheet.text(closing, x + width / 2, at + 4.6, { size: 8, align: 'centre', colour: INK_2 });
  for (at += ROW; at < bottom - 3; at += ROW) {
    sheet.rule(x, at, x + width, at, RULE.hair, INK_2);
  }
  const last = y + lines.length * ROW;
  let edge = x;
  for (const share of COLUMNS) {
    if (edge > x) {
      sheet.rule(edge, y, edge, closing === null ? bottom : last, RULE.hair, INK_2);
      if (closing !== null && last + ROW < bottom - 3) {
        sheet.rule(edge, last + ROW, edge, bottom, RULE.hair, INK_2);
      }
    }
    edge += share * width;
  }
  sheet.frame(x, y, width, bottom - y, RULE.thin);
}

/** Box 18. @returns its height */
export function drawTotals(
  sheet: Sheet,
  x: number,
  y: number,
  width: number,
  of: Goods,
  { starred }: TableStyle,
): number {
  const height = 8;
  sheet.frame(x, y, width, height, RULE.thin);
  drawLabel(sheet, x + 1.8, y + 5.1, 18, boxWords(of.type, 18));
  const { quantity, amount, amountUsd } = of.totals;
  const digits = currencyDigits(of.currency.code);
  const cells = [
    '',
    '',
    star(groupDigits(quantity), starred),
    '',
    star(groupDigits(amount, digits), starred),
    star(groupDigits(amountUsd, 2), starred),
  ];
  drawRow(sheet, x, y + 0.5, width, cells);
  return height;
}

function cellsOf(line: GoodsLine, of: Goods, starred: boolean): string[] {
  const digits = currencyDigits(of.currency.code);
  const price = line.unitPrice.split('.')[1]?.length ?? 0;
  return [
    line.spec,
    line.unit.zh,
    star(groupDigits(line.quantity), starred),
    star(groupDigits(line.unitPrice, Math.max(digits, price)), starred),
    star(groupDigits(line.amount, digits), starred),
    star(groupDigits(line.amountUsd, 2), starred),
  ];
}

const star = (text: string, starred: boolean): string => (starred && text ? `*${text}*` : text);

function drawRow(sheet: Sheet, x: number, y: number, width: number, cells: string[]): void {
  let at = x;
  COLUMNS.forEach((share, i) => {
    const cell = share * width;
    const text = cells[i] ?? '';
    if (text !== '') {
      const style = { width: cell - 2.6, size: 9, minSize: 5.5, maxLines: i === 0 ? 2 : 1 };
      let { size, lines } = sheet.fit(text, { ...style, maxLines: 1, minSize: i === 0 ? 8 : 5.5 });
      if (lines.length > 1) ({ size, lines } = sheet.fit(text, { ...style, size: 7.5 }));
      const step = size * 0.41;
      const top = y + ROW / 2 - ((lines.length - 1) * step) / 2 + size * 0.125;
      const align = i === 0 ? 'left' : i === 1 ? 'centre' : 'right';
      const left = i === 0 ? at + 1.3 : i === 1 ? at + cell / 2 : at + cell - 1.3;
      lines.forEach((part, n) => {
        sheet.text(part, left, top + n * step, { size, align });
      });
    }
    at += cell;
  });
}

function drawAsterisks(sheet: Sheet, x: number, y: number, width: number): void {
  let at = x;
  for (const share of COLUMNS) {
    const cell = share * width;
    const count = Math.floor((cell - 3) / sheet.widthOf('*', { size: 9 }));
    sheet.text('*'.repeat(count), at + cell / 2, y + 5, { size: 9, align: 'centre' });
    at += cell;
  }
}
