/**
 * The licence as it is issued: the boxes of the paper licence on a protected ground, the QR token,
 * the place of the authority's seal in box 20, `licence.json` behind it.
 */
import { sha256Hex } from '../crypto/index.ts';
import {
  boxWords,
  type GoodsLine,
  LICENCE_PLACES,
  LICENCE_TYPES,
  type Licence,
  licenceJson,
} from '../licence/index.ts';
import { FOG_MARGIN } from '../seal/texture/index.ts';
import type { Composed } from './application-form.ts';
import { drawBox, drawFilledBox, drawPartyBox, drawValue } from './boxes.ts';
import { dateWords } from './date-words.ts';
import { drawQr } from './draw-qr.ts';
import { type FontBytes, requireGlyphs } from './fonts.ts';
import { drawGoodsRow, drawRows, drawTableHead, drawTotals, ROW } from './goods-table.ts';
import { makeGround } from './licence-ground.ts';
import { makePilotMark } from './marks.ts';
import { Paper } from './paper.ts';
import { drawTexture } from './seal-texture.ts';
import { A4, INK_2, type SealRect, type Sheet } from './sheet.ts';

export interface LicenceFaceOptions {
  fonts: FontBytes;
  /** Text of the QR code: the licence token. */
  token: string;
  pilot: boolean;
  /** A copy for paper: its number, and the fogged seal with its margin as PNG. Nothing is embedded, nothing is signed. */
  copy?: { number: number; seal: Uint8Array };
  /** A tint under the seal that belongs to the token; never on a copy. */
  texture?: boolean;
  /** ISO 8601: creation date in the metadata; default is noon in China on the day of issue. */
  time?: string;
}

const LEFT = 16;
const WIDTH = A4.width - 2 * LEFT;
const HALF = WIDTH * 0.44;
const BOTTOM = 277;
const LOWER = 66;
const TABLE_BOTTOM = BOTTOM - LOWER - 8;
const { code: CODE, seal: SEAL } = LICENCE_PLACES;

/** @throws {Malformed} `glyph-missing` */
export async function composeLicence(
  licence: Licence,
  {
    fonts,
    token,
    pilot,
    copy,
    texture = false,
    time = `${licence.issuedOn}T04:00:00Z`,
  }: LicenceFaceOptions,
): Promise<Composed> {
  requireGlyphs(licence, fonts.sans);
  const type = LICENCE_TYPES[licence.type];
  const data = licenceJson(licence);
  const paper = await Paper.create({
    title: `${type.title.zh} ${licence.number}`,
    subject: type.title.en,
    time,
    fonts,
  });
  const ground = await makeGround(paper, licence, await sha256Hex(data), fonts);
  const pilotMark = pilot ? makePilotMark(paper.doc, fonts) : null;
  const open = (): Sheet => {
    const sheet = paper.addSheet();
    pilotMark?.(sheet);
    ground(sheet);
    return sheet;
  };
  const first = open();
  first.text(type.title.zh, A4.width / 2, 24.5, { size: 20, face: 'serif', align: 'centre' });
  first.text(type.title.en, A4.width / 2, 30.4, { size: 8.2, align: 'centre' });
  let y = drawUpperBoxes(first, licence, 35);
  y += drawGoodsRow(first, LEFT, y, WIDTH, licence);
  y += drawTableHead(first, LEFT, y, WIDTH, licence);
  const rest = drawLines(first, y, TABLE_BOTTOM, licence, licence.lines, 2);
  drawTotals(first, LEFT, TABLE_BOTTOM, WIDTH, licence, { starred: true });
  const sealRect = drawLowerBoxes(first, licence, token);
  if (texture && !copy) await drawTexture(first, sealRect, token);
  drawContinuation(open, licence, rest);
  paper.sheets.forEach((sheet, i) => {
    drawFooter(sheet, licence, i + 1, paper.sheets.length, copy !== undefined);
  });
  if (copy) await markCopy(paper, sealRect, copy);
  else await paper.attachBytes('licence.json', '许可证数据 Data of the licence', data);
  return { pdf: await paper.save(), sealRect, pages: paper.sheets.length };
}

/** Boxes 1 to 10. @returns y under them */
function drawUpperBoxes(sheet: Sheet, licence: Licence, y: number): number {
  const words = (box: number) => boxWords(licence.type, box);
  const right = LEFT + HALF;
  const rest = WIDTH - HALF;
  const [tall, flat] = [16.5, 11.5];
  const left = (y: number, height: number) => ({ x: LEFT, y, width: HALF, height });
  const other = (y: number, height: number) => ({ x: right, y, width: rest, height });
  const value = (box: number, text: string, place: ReturnType<typeof left>, size = 10.5) =>
    drawFilledBox(sheet, place, box, words(box), text, { size });
  drawPartyBox(sheet, left(y, tall), 1, words(1), licence.importer);
  value(3, licence.number, other(y, tall), 15);
  drawPartyBox(sheet, left(y + tall, tall), 2, words(2), licence.consignee);
  value(4, dateWords(licence.validUntil), other(y + tall, tall), 13);
  let at = y + 2 * tall;
  const origins = licence.originCountries.map((country) => country.zh).join('，');
  const ports = licence.ports.map((port) => `${port.zh}（${port.code}）`).join('，');
  const rows: [number, string, number, string][] = [
    [5, licence.tradeMode.zh, 8, licence.tradeCountry.zh],
    [6, licence.foreignExchange.zh, 9, origins],
    [7, ports, 10, licence.use.zh],
  ];
  for (const [a, textA, b, textB] of rows) {
    value(a, textA, left(at, flat));
    value(b, textB, other(at, flat));
    at += flat;
  }
  return at;
}

/** @returns the lines that did not fit */
function drawLines(
  sheet: Sheet,
  y: number,
  bottom: number,
  licence: Licence,
  lines: readonly GoodsLine[],
  nextPage: number,
): readonly GoodsLine[] {
  const room = Math.floor((bottom - y + 0.5) / ROW) - 1;
  const rest = lines.slice(room);
  const closing =
    rest.length > 0
      ? `续见第 ${nextPage} 页，共 ${licence.lines.length} 行  Continued on page ${nextPage}`
      : null;
  drawRows(
    sheet,
    LEFT,
    y,
    WIDTH,
    bottom,
    licence,
    lines.slice(0, room),
    { starred: true },
    closing,
  );
  return rest;
}

function drawContinuation(open: () => Sheet, licence: Licence, rest: readonly GoodsLine[]): void {
  const { title } = LICENCE_TYPES[licence.type];
  for (let page = 2; rest.length > 0; page++) {
    const sheet = open();
    sheet.text(`${title.zh}（附页）`, A4.width / 2, 23.5, {
      size: 14,
      face: 'serif',
      align: 'centre',
    });
    sheet.text(`${boxWords(licence.type, 3).zh}  ${licence.number}`, LEFT, 31, { size: 9.5 });
    sheet.text(licence.importer.name, LEFT + WIDTH, 31, { size: 9.5, align: 'right' });
    const y = 34 + drawTableHead(sheet, LEFT, 34, WIDTH, licence);
    const room = Math.floor((BOTTOM - y) / ROW);
    const needed = Math.min(room, rest.length + 1);
    rest = drawLines(sheet, y, y + needed * ROW, licence, rest, page + 1);
  }
}

/** Boxes 19 to 21 and the QR code. @returns the place of the authority's seal */
function drawLowerBoxes(sheet: Sheet, licence: Licence, token: string): SealRect {
  const y = BOTTOM - LOWER;
  const width = WIDTH * 0.61;
  const place = { x: LEFT, y, width, height: LOWER };
  const under = drawBox(sheet, place, 19, boxWords(licence.type, 19));
  drawValue(sheet, place, under + 0.6, licence.remarks, { size: 9, maxLines: 9, keep: CODE.side });
  if (licence.maxUses > 1) {
    const uses = `最多使用 ${licence.maxUses} 次  At most ${licence.maxUses} declarations`;
    sheet.text(uses, LEFT + 5.2, BOTTOM - 3.5, { size: 7, colour: INK_2 });
  }
  drawQr(sheet, CODE.x, CODE.y, CODE.side, token);
  const [middle, below] = [CODE.x + CODE.side / 2, CODE.y + CODE.side];
  sheet.text('扫码核验', middle, below + 3.6, { size: 8, align: 'centre' });
  sheet.text('Scan to verify, offline', middle, below + 6.6, {
    size: 5.8,
    align: 'centre',
    colour: INK_2,
  });
  const seal = { x: LEFT + width, y, width: WIDTH - width, height: LOWER - 12 };
  drawBox(sheet, seal, 20, boxWords(licence.type, 20));
  sheet.block(licence.authority.zh, seal.x + 5.2, seal.y + 5.6, {
    width: seal.width - 7,
    size: 9.5,
    maxLines: 1,
    minSize: 6.5,
  });
  const date = { ...seal, y: BOTTOM - 12, height: 12 };
  drawFilledBox(sheet, date, 21, boxWords(licence.type, 21), dateWords(licence.issuedOn), {
    size: 11,
  });
  return sheet.place(0, SEAL.cx, SEAL.cy, SEAL.diameter);
}

function drawFooter(
  sheet: Sheet,
  licence: Licence,
  page: number,
  pages: number,
  copy: boolean,
): void {
  const y = 281.2;
  const note = copy
    ? '本件为副本，不含电子签章，印章已雾化；请扫码核验。'
    : '电子许可证以本文件中的电子签章为准；打印件请扫码核验。';
  sheet.text(note, LEFT, y, { size: 6.5, colour: INK_2 });
  const right = `${licence.number}   第 ${page} 页 共 ${pages} 页`;
  sheet.text(right, LEFT + WIDTH, y, { size: 6.5, align: 'right', colour: INK_2 });
}

/** The seal under fog, and on every sheet that this is a copy, and which. */
async function markCopy(
  paper: Paper,
  { page, x, y, width, height }: SealRect,
  { number, seal }: NonNullable<LicenceFaceOptions['copy']>,
): Promise<void> {
  const picture = await paper.doc.embedPng(seal);
  const more = FOG_MARGIN * width;
  paper.sheets[page]?.page.drawImage(picture, {
    ...{ x: x - more, y: y - more },
    ...{ width: width + 2 * more, height: height + 2 * more },
  });
  for (const sheet of paper.sheets) {
    sheet.text('副本 COPY', LEFT + 1, 22, { size: 13, face: 'serif' });
    sheet.text(`第 ${number} 份 No. ${number}`, LEFT + 1, 27, { size: 8 });
  }
}
