/**
 * The confirmation letter 确认函: printed, stamped with the enterprise's real seal, scanned. Its QR
 * code leads a scan back to its case; four corner marks let a photo be straightened.
 */
import { concatTransformationMatrix, popGraphicsState, pushGraphicsState } from 'pdf-lib';
import type { Bytes, Json } from '../crypto/index.ts';
import { chinaDate } from '../licence/index.ts';
import { dateWords } from './date-words.ts';
import { drawQr, rawOperators } from './draw-qr.ts';
import { type FontBytes, requireGlyphs } from './fonts.ts';
import { makePilotMark } from './marks.ts';
import { Paper } from './paper.ts';
import { A4, type Colour, INK_2, PT, RULE, type SealRect, type Sheet } from './sheet.ts';

export interface LetterData {
  /** Case id, in the QR code as `CNBR-CASE:<case>`. */
  case: string;
  enterprise: { name: string; code: string };
  contact: string;
  phone: string;
  address: string;
  seal: { kind: string; name: string; lower: string; code: string };
  authority: { zh: string; en: string };
  /** ISO 8601. */
  appliedAt: string;
}

export interface LetterOptions {
  fonts: FontBytes;
  pilot: boolean;
  /** ISO 8601: creation date in the metadata. */
  time: string;
}

/** Geometry that a scan is measured by, in millimetres from the top left of the page. */
export const LETTER = {
  /** Outer corners of the four corner marks. */
  marks: { inset: 9, length: 7, weight: 0.7 },
  /** Where the seal is to stand. */
  circle: { cx: 63, cy: 226, diameter: 56 },
  qr: { x: 158.8, y: 20, size: 32 },
} as const;

const LEFT = 22;
const WIDTH = A4.width - 2 * LEFT;
const FAINT: Colour = [0.72, 0.72, 0.72];

const KINDS: Record<string, string> = {
  round: '圆形公章 Round official seal',
  authority: '圆形公章 Round official seal',
  special: '圆形专用章 Round special seal',
  oval: '椭圆形印章 Oval seal',
  square: '方形印章 Square seal',
};

/** @throws {Malformed} `glyph-missing` */
export async function composeLetter(
  letter: LetterData,
  { fonts, pilot, time }: LetterOptions,
): Promise<{ pdf: Bytes; sealRect: SealRect }> {
  requireGlyphs(letter, fonts.sans);
  const paper = await Paper.create({
    title: `电子印章确认函 ${letter.enterprise.name}`,
    subject: 'Confirmation letter for an electronic seal',
    time,
    fonts,
  });
  const sheet = paper.addSheet();
  if (pilot) makePilotMark(paper.doc, fonts, 'grey')(sheet);
  drawCornerMarks(sheet);
  sheet.text('电子印章确认函', LEFT, 32, { size: 22, face: 'serif' });
  sheet.text('CONFIRMATION LETTER FOR AN ELECTRONIC SEAL', LEFT, 38.4, { size: 8.5 });
  sheet.text(`编号 Case  ${letter.case}`, LEFT, 45, { size: 8, colour: INK_2 });
  const { qr } = LETTER;
  drawQr(sheet, qr.x, qr.y, qr.size, `CNBR-CASE:${letter.case}`);
  let y = drawBody(sheet, letter, 56);
  y = drawTable(sheet, letter, y + 4);
  drawInstructions(sheet, y + 5.5);
  const sealRect = drawStampArea(sheet);
  drawSignatures(sheet);
  await paper.attachData('letter.json', '确认函数据 Data of the letter', letter as unknown as Json);
  return { pdf: await paper.save(), sealRect };
}

function drawBody(sheet: Sheet, { authority, enterprise }: LetterData, y: number): number {
  sheet.text(`致：${authority.zh}`, LEFT, y, { size: 11 });
  const text =
    `　　我单位（${enterprise.name}）申请制作电子印章，用于在线提交许可证申请。兹确认下列信息属实，` +
    '并在指定位置加盖我单位现行使用的实物印章，作为审核与制作电子印章的依据。';
  const width = WIDTH;
  let at = y + 3.2;
  at += sheet.block(text, LEFT, at, { width, size: 10.5, leading: 1.6 });
  const english =
    'We apply for an electronic seal for submitting licence applications. We confirm that the particulars ' +
    'below are true and put our present physical seal in the place marked, as the basis for review and production.';
  at += 1;
  at += sheet.block(english, LEFT, at, { width, size: 7, colour: INK_2 });
  return at;
}

function drawTable(sheet: Sheet, letter: LetterData, y: number): number {
  const { enterprise, seal } = letter;
  const rows: [string, string, string][] = [
    ['单位名称', 'Enterprise', enterprise.name],
    ['统一社会信用代码', 'Social credit code', enterprise.code],
    ['印章类型', 'Kind of seal', KINDS[seal.kind] ?? seal.kind],
    ['印文', 'Text of the seal', [seal.name, seal.lower].filter(Boolean).join('　')],
    ['印章编码', 'Seal code', seal.code || '—'],
    ['联系人及电话', 'Contact', [letter.contact, letter.phone].filter(Boolean).join('　')],
    ['地址', 'Address', letter.address],
    ['申请日期', 'Applied on', dateWords(chinaDate(letter.appliedAt))],
  ];
  const label = 42;
  let at = y;
  for (const [zh, en, value] of rows) {
    const { lines } = sheet.fit(value, {
      width: WIDTH - label - 6,
      size: 10,
      maxLines: 2,
      minSize: 8,
    });
    const height = 7.6 + (lines.length - 1) * 4.4;
    sheet.frame(LEFT, at, WIDTH, height, RULE.thin);
    sheet.rule(LEFT + label, at, LEFT + label, at + height, RULE.thin);
    sheet.text(zh, LEFT + 2.5, at + 3.5, { size: 8.5 });
    sheet.text(en, LEFT + 2.5, at + 6.3, { size: 5.8, colour: INK_2 });
    sheet.block(value, LEFT + label + 3, at + 1.6, {
      width: WIDTH - label - 6,
      size: 10,
      maxLines: 2,
      minSize: 8,
      leading: 1.25,
    });
    at += height;
  }
  return at;
}

function drawInstructions(sheet: Sheet, y: number): void {
  sheet.text('办理说明', LEFT, y, { size: 9 });
  sheet.text('How to proceed', LEFT + 15, y, { size: 6.5, colour: INK_2 });
  const steps: [string, string][] = [
    ['用 A4 纸按原尺寸（100%）单面打印，不得缩放。', 'Print on A4 at 100 %, one side, not scaled.'],
    [
      '用红色印泥在虚线圆内盖章一次，印迹须完整、清晰，不压文字。',
      'Stamp once in red inside the dashed circle: whole, sharp, clear of text.',
    ],
    ['由法定代表人与经办人签字并填写日期。', 'Have it signed and dated.'],
    [
      '以 300 dpi 彩色扫描，或正对纸面拍照，四角标记须全部入画，然后上传。',
      'Scan in colour at 300 dpi, or photograph straight on with all four corner marks, and upload.',
    ],
  ];
  steps.forEach(([zh, en], i) => {
    const base = y + 5 + i * 6.6;
    sheet.text(`${i + 1}`, LEFT + 1, base, { size: 8, colour: INK_2 });
    sheet.text(zh, LEFT + 5, base, { size: 8 });
    sheet.text(en, LEFT + 5, base + 2.8, { size: 5.8, colour: INK_2 });
  });
}

/** A dashed circle; nothing is printed inside it. */
function drawStampArea(sheet: Sheet): SealRect {
  const { cx, cy, diameter } = LETTER.circle;
  const r = (diameter / 2) * PT;
  const k = r * 0.5523;
  const arcs = [
    `${r} 0 m`,
    `${r} ${k} ${k} ${r} 0 ${r} c`,
    `${-k} ${r} ${-r} ${k} ${-r} 0 c`,
    `${-r} ${-k} ${-k} ${-r} 0 ${-r} c`,
    `${k} ${-r} ${r} ${-k} ${r} 0 c`,
  ].map((line) => line.replace(/-?\d+\.\d+/g, (n) => Number(n).toFixed(3)));
  sheet.page.pushOperators(
    pushGraphicsState(),
    concatTransformationMatrix(1, 0, 0, 1, cx * PT, (A4.height - cy) * PT),
    rawOperators(`1 g ${FAINT.join(' ')} RG 0.8 w [5 4] 0 d\n${arcs.join('\n')}\nb`),
    popGraphicsState(),
  );
  const below = cy + diameter / 2 + 4.5;
  sheet.text('请在圆内加盖实物印章', cx, below, { size: 8, align: 'centre', colour: INK_2 });
  sheet.text('Stamp inside the circle', cx, below + 3, {
    size: 5.8,
    align: 'centre',
    colour: INK_2,
  });
  return sheet.place(0, cx, cy, diameter);
}

function drawSignatures(sheet: Sheet): void {
  const x = 112;
  const lines: [string, string][] = [
    ['法定代表人（签字）', 'Legal representative (signature)'],
    ['经办人（签字）', 'Handled by (signature)'],
    ['日期', 'Date'],
  ];
  lines.forEach(([zh, en], i) => {
    const y = 210 + i * 17;
    sheet.text(zh, x, y, { size: 9 });
    sheet.text(en, x, y + 3.2, { size: 5.8, colour: INK_2 });
    sheet.rule(x + 33, y + 1.2, LEFT + WIDTH, y + 1.2, RULE.hair);
  });
}

function drawCornerMarks(sheet: Sheet): void {
  const { inset, length, weight } = LETTER.marks;
  for (const [x, dx] of [
    [inset, 1],
    [A4.width - inset, -1],
  ] as const) {
    for (const [y, dy] of [
      [inset, 1],
      [A4.height - inset, -1],
    ] as const) {
      const [left, top] = [dx > 0 ? x : x - length, dy > 0 ? y : y - weight];
      sheet.fill(left, top, length, weight, [0, 0, 0]);
      sheet.fill(dx > 0 ? x : x - weight, dy > 0 ? y : y - length, weight, length, [0, 0, 0]);
    }
  }
}
