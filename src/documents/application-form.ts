/**
 * The application form 申请表 as the paper one: numbered boxes in two languages, a goods table closed
 * by asterisks, the place of the enterprise seal in box 19, `application.json` behind it.
 */

import type { Bytes, Json } from '../crypto/index.ts';
import {
  type Application,
  boxWords,
  type GoodsLine,
  LICENCE_TYPES,
  type Words,
} from '../licence/index.ts';
import { drawBox, drawFilledBox, drawLabel, drawPartyBox, drawValue } from './boxes.ts';
import { dateWords } from './date-words.ts';
import { type FontBytes, requireGlyphs } from './fonts.ts';
import { drawGoodsRow, drawRows, drawTableHead, drawTotals, ROW } from './goods-table.ts';
import { makePilotMark } from './marks.ts';
import { Paper } from './paper.ts';
import { A4, INK_2, RULE, type SealRect, type Sheet } from './sheet.ts';

export interface FormOptions {
  fonts: FontBytes;
  pilot: boolean;
  /** ISO 8601: creation date in the metadata. */
  time: string;
}

export interface Composed {
  pdf: Bytes;
  /** Where the seal goes; see `centredIn` for a picture's own size. */
  sealRect: SealRect;
  pages: number;
}

const LEFT = 15;
const WIDTH = A4.width - 2 * LEFT;
const HALF = WIDTH * 0.44;
/** Bottom of boxes 19 and 20. */
const BOTTOM = 279;
const LOWER = 58;
const TABLE_BOTTOM = BOTTOM - LOWER - 8;

/** @throws {Malformed} `glyph-missing`; check first with `checkApplication`. */
export async function composeApplicationForm(
  application: Application,
  { fonts, pilot, time }: FormOptions,
): Promise<Composed> {
  requireGlyphs(application, fonts.sans);
  const type = LICENCE_TYPES[application.type];
  const paper = await Paper.create({
    title: `${type.formTitle.zh} ${application.importer.name}`,
    subject: type.formTitle.en,
    time,
    fonts,
  });
  const first = paper.addSheet();
  const pilotMark = pilot ? makePilotMark(paper.doc, fonts) : null;
  pilotMark?.(first);
  drawTitle(first, type.formTitle);
  let y = drawUpperBoxes(first, application);
  y += drawGoodsRow(first, LEFT, y, WIDTH, application);
  y += drawTableHead(first, LEFT, y, WIDTH, application);
  const rest = drawLines(first, y, TABLE_BOTTOM, application, application.lines, 2);
  drawTotals(first, LEFT, TABLE_BOTTOM, WIDTH, application, { starred: false });
  const sealRect = drawLowerBoxes(first, application);
  drawContinuation(paper, application, rest, pilotMark, type.formTitle);
  paper.sheets.forEach((sheet, i) => {
    drawFooter(sheet, i + 1, paper.sheets.length);
  });
  const description = '申请表数据 Data of the application form';
  await paper.attachData('application.json', description, application as unknown as Json);
  return { pdf: await paper.save(), sealRect, pages: paper.sheets.length };
}

function drawTitle(sheet: Sheet, title: Words): void {
  const middle = A4.width / 2;
  sheet.text(title.zh, middle, 22.5, { size: 19, face: 'serif', align: 'centre' });
  sheet.text(title.en, middle, 28.6, { size: 8.5, align: 'centre' });
}

/** Boxes 1 to 10. @returns y under them */
function drawUpperBoxes(sheet: Sheet, app: Application): number {
  const words = (box: number) => boxWords(app.type, box);
  const right = LEFT + HALF;
  const rest = WIDTH - HALF;
  let y = 33;
  const row = (height: number, left: (y: number) => void, other: (y: number) => void) => {
    left(y);
    other(y);
    y += height;
  };
  const at = (x: number, width: number, height: number) => (y: number) => ({ x, y, width, height });
  const tall = 17.5;
  const flat = 11.5;
  row(
    tall,
    (y) => drawPartyBox(sheet, at(LEFT, HALF, tall)(y), 1, words(1), app.importer),
    (y) => drawNumbers(sheet, at(right, rest, tall)(y), app, words(3)),
  );
  row(
    tall,
    (y) => drawPartyBox(sheet, at(LEFT, HALF, tall)(y), 2, words(2), app.consignee),
    (y) => {
      const place = at(right, rest, tall)(y);
      drawBox(sheet, place, 4, words(4));
      drawOfficeNote(sheet, place);
    },
  );
  const pair = (
    left: [number, string],
    other: [number, string],
  ): [(y: number) => void, (y: number) => void] => [
    (y) => drawFilledBox(sheet, at(LEFT, HALF, flat)(y), left[0], words(left[0]), left[1]),
    (y) => drawFilledBox(sheet, at(right, rest, flat)(y), other[0], words(other[0]), other[1]),
  ];
  row(flat, ...pair([5, app.tradeMode.zh], [8, app.tradeCountry.zh]));
  const origins = app.originCountries.map((country) => country.zh).join('，');
  row(flat, ...pair([6, app.foreignExchange.zh], [9, origins]));
  const ports = app.ports.map((port) => `${port.zh}（${port.code}）`).join('，');
  row(flat, ...pair([7, ports], [10, app.use.zh]));
  return y;
}

function drawNumbers(
  sheet: Sheet,
  place: { x: number; y: number; width: number; height: number },
  app: Application,
  licence: Words,
): void {
  const middle = place.y + place.height / 2;
  sheet.frame(place.x, place.y, place.width, place.height, RULE.thin);
  sheet.rule(place.x, middle, place.x + place.width, middle, RULE.hair, INK_2);
  const words = { zh: '申请表号', en: 'Application No.' };
  const upper = { ...place, height: place.height / 2 };
  drawLabel(sheet, place.x + 1.8, place.y + 5.3, 3, words);
  if (app.number) {
    sheet.text(app.number, place.x + place.width - 2.4, place.y + 5.6, {
      size: 10.5,
      align: 'right',
    });
  } else drawOfficeNote(sheet, upper);
  drawLabel(sheet, place.x + 1.8, middle + 5.3, 3, licence);
  drawOfficeNote(sheet, { ...upper, y: middle });
}

/** Boxes that the authority fills in. */
function drawOfficeNote(
  sheet: Sheet,
  place: { x: number; y: number; width: number; height: number },
): void {
  sheet.text(
    '由发证机关填写 for official use',
    place.x + place.width - 2,
    place.y + place.height - 2,
    {
      size: 5.8,
      align: 'right',
      colour: INK_2,
    },
  );
}

/** @returns the lines that did not fit */
function drawLines(
  sheet: Sheet,
  y: number,
  bottom: number,
  app: Application,
  lines: readonly GoodsLine[],
  nextPage: number,
): readonly GoodsLine[] {
  const room = Math.floor((bottom - y + 0.5) / ROW) - 1;
  const rest = lines.slice(room);
  const closing =
    rest.length > 0
      ? `续见第 ${nextPage} 页，共 ${app.lines.length} 行  Continued on page ${nextPage}`
      : null;
  const fits = lines.slice(0, room);
  drawRows(sheet, LEFT, y, WIDTH, bottom, app, fits, { starred: false }, closing);
  return rest;
}

function drawContinuation(
  paper: Paper,
  app: Application,
  rest: readonly GoodsLine[],
  pilotMark: ((sheet: Sheet) => void) | null,
  title: Words,
): void {
  while (rest.length > 0) {
    const sheet = paper.addSheet();
    pilotMark?.(sheet);
    sheet.text(`${title.zh}（续）`, A4.width / 2, 22.5, {
      size: 14,
      face: 'serif',
      align: 'centre',
    });
    const line = `${app.importer.name}  ${app.number}  合同号 ${app.contract.number}`;
    sheet.text(line, LEFT, 30, { size: 8.5 });
    const y = 33 + drawTableHead(sheet, LEFT, 33, WIDTH, app);
    const room = Math.floor((BOTTOM - y) / ROW);
    const needed = Math.min(room, rest.length + 1);
    rest = drawLines(sheet, y, y + needed * ROW, app, rest, paper.sheets.length + 1);
  }
}

/** Boxes 19 and 20. @returns the place of the enterprise seal */
function drawLowerBoxes(sheet: Sheet, app: Application): SealRect {
  const y = BOTTOM - LOWER;
  const width = WIDTH * 0.58;
  const place = { x: LEFT, y, width, height: LOWER };
  const under = drawBox(sheet, place, 19, boxWords(app.type, 19));
  const seal = 46;
  const remarks = [
    app.uses === 'multiple' ? '非一批一证' : '一批一证',
    app.contract.number ? `合同号 ${app.contract.number}` : '',
    app.agent ? `代理单位 ${app.agent.name} ${app.agent.code}` : '',
    app.currency.code && app.currency.code !== 'USD' ? `折美元汇率 ${app.usdRate}` : '',
    app.remarks,
  ];
  drawValue(sheet, place, under + 0.6, remarks.filter((part) => part !== '').join('；'), {
    size: 9,
    maxLines: 5,
    keep: seal,
  });
  const rows: [string, string, string][] = [
    ['联系人', 'Contact', app.contact.name],
    ['联系电话', 'Telephone', app.contact.phone],
    ['申请日期', 'Date', dateWords(app.appliedOn)],
  ];
  rows.forEach(([zh, en, value], i) => {
    const base = BOTTOM - 19 + i * 7.6;
    sheet.text(zh, LEFT + 5.2, base, { size: 7.5, colour: INK_2 });
    sheet.text(en, LEFT + 5.2, base + 2.6, { size: 5.5, colour: INK_2 });
    sheet.text(value, LEFT + 19, base + 0.6, { size: 9.5 });
    sheet.rule(LEFT + 18.5, base + 2.2, LEFT + width - seal - 1, base + 2.2, RULE.hair, INK_2);
  });
  const cx = LEFT + width - seal / 2 - 1;
  sheet.text('申请单位公章', cx, y + 5, { size: 7.5, align: 'centre', colour: INK_2 });
  sheet.text('Seal of applicant', cx, y + 7.8, { size: 5.5, align: 'centre', colour: INK_2 });
  drawOpinions(sheet, { x: LEFT + width, y, width: WIDTH - width, height: LOWER });
  return sheet.place(0, cx, y + 10 + seal / 2, 45);
}

/** Box 20: opinions of the two reviewers. */
function drawOpinions(
  sheet: Sheet,
  place: { x: number; y: number; width: number; height: number },
): void {
  drawBox(sheet, place, 20, { zh: '签证机构审批意见', en: 'Opinion of the authority' });
  const half = (place.height - 7) / 2;
  const opinions: [string, string][] = [
    ['初审', 'First review'],
    ['复审', 'Second review'],
  ];
  opinions.forEach(([zh, en], i) => {
    const y = place.y + 7 + i * half;
    sheet.rule(place.x, y, place.x + place.width, y, RULE.hair, INK_2);
    sheet.text(zh, place.x + 5.2, y + 4.6, { size: 7.5, colour: INK_2 });
    sheet.text(en, place.x + 5.2, y + 7.4, { size: 5.5, colour: INK_2 });
    const base = y + half - 3;
    sheet.text('经办人', place.x + 5.2, base, { size: 7, colour: INK_2 });
    sheet.rule(place.x + 14, base + 0.6, place.x + 38, base + 0.6, RULE.hair, INK_2);
    sheet.text('日期', place.x + 41, base, { size: 7, colour: INK_2 });
    sheet.rule(place.x + 47.5, base + 0.6, place.x + place.width - 3, base + 0.6, RULE.hair, INK_2);
  });
}

function drawFooter(sheet: Sheet, page: number, pages: number): void {
  const y = 286;
  sheet.text('本表数据以 application.json 嵌入本文件，与表面内容一致。', LEFT, y, {
    size: 6.5,
    colour: INK_2,
  });
  sheet.text('The data of this form are embedded as application.json.', LEFT, y + 2.8, {
    size: 5.5,
    colour: INK_2,
  });
  sheet.text(`第 ${page} 页 共 ${pages} 页   Page ${page} of ${pages}`, LEFT + WIDTH, y, {
    size: 6.5,
    align: 'right',
    colour: INK_2,
  });
}
