/** Checks 41 to 43: what a signed revision paints and holds beyond what its reader sees. */
import fc from 'fast-check';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { signedSight } from '../../src/pdf/sight/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { sign } from './fixtures/sign.ts';
import { makeWorld, type World } from './fixtures/world.ts';
import { append, lastRevision, withEntries } from './fixtures/write.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const stream = (content: string, entries = ''): string =>
  `<<${entries} /Length ${content.length}>>\nstream\n${content}\nendstream`;
/** The font that pdf-lib makes for the form and that nothing else refers to. */
const FONT = '/Font <</F1 10 0 R>>';
const AMOUNT = 'BT /F1 12 Tf 100 500 Td (Amount 1000) Tj ET';

interface Prepared {
  resources?: string;
  page?: Record<string, string>;
  objects?: (next: number) => Record<number, string>;
}

/** A file whose first page paints that content. */
async function painting(content: string, extra: Prepared = {}): Promise<Uint8Array> {
  const base = await basePdf();
  const { page, size } = await anatomy(base);
  const { num, dict } = page(1);
  return append(base, {
    [num]: withEntries(dict, {
      Contents: `${size} 0 R`,
      Resources: `<<${FONT} ${extra.resources ?? ''}>>`,
      ...extra.page,
    }),
    [size]: stream(content),
    ...extra.objects?.(size + 1),
  });
}

async function codesOf(pdf: Uint8Array): Promise<string[]> {
  return signedSight(await lastRevision(pdf)).map((finding) => finding.code);
}

const codes = async (content: string, extra?: Prepared): Promise<string[]> =>
  codesOf(await painting(content, extra));

const LAYER = stream('1 g 0 0 300 300 re f', '/Type /XObject /Subtype /Form /BBox [0 0 300 300]');
const overlay: Prepared = {
  resources: '/XObject <</Over 900 0 R>>',
  objects: () => ({ 900: LAYER }),
};

describe('content that is painted and not seen', () => {
  const cases: [string, string, string[], Prepared?][] = [
    ['plain text', AMOUNT, []],
    ['text left of the page', AMOUNT.replace('100 500', '-300 500'), ['pdf-hidden-outside']],
    [
      'text outside of the crop box',
      AMOUNT,
      ['pdf-hidden-outside'],
      { page: { CropBox: '[0 0 595 400]' } },
    ],
    ['text that an empty clip takes away', `q 0 0 0 0 re W n ${AMOUNT} Q`, ['pdf-hidden-outside']],
    ['text under a white rectangle', `${AMOUNT} 1 g 90 490 200 30 re f`, ['pdf-hidden-covered']],
    ['text beside a rectangle', `${AMOUNT} 1 g 90 520 200 30 re f`, []],
    ['text on a rectangle', `.9 g 90 490 200 30 re f 0 g ${AMOUNT}`, []],
    ['text in a frame of two rectangles', `${AMOUNT} 80 480 220 50 re 90 490 200 30 re f*`, []],
    [
      'a rectangle drawn with lines',
      `${AMOUNT} 90 490 m 290 490 l 290 520 l 90 520 l h f`,
      ['pdf-hidden-covered'],
    ],
    ['text under a turned rectangle', `${AMOUNT} q .9 .4 -.4 .9 0 0 cm 0 0 900 900 re f Q`, []],
    [
      'text under an overlay form',
      `${AMOUNT} q 1 0 0 1 50 400 cm /Over Do Q`,
      ['pdf-hidden-covered'],
      overlay,
    ],
    [
      'an overlay whose clip leaves the text open',
      `${AMOUNT} q 0 0 50 50 re W n /Over Do Q`,
      [],
      overlay,
    ],
    ['text in white', `1 g ${AMOUNT}`, ['pdf-hidden-white']],
    ['text in white on a dark ground', `0 .2 .4 rg 90 490 200 30 re f 1 1 1 rg ${AMOUNT}`, []],
    ['text without a trace', AMOUNT.replace('BT', 'BT 3 Tr'), ['pdf-hidden-traceless']],
    [
      'recognised text on a scan',
      `q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q ${AMOUNT.replace('BT', 'BT 3 Tr')}`,
      ['pdf-recognised-text'],
    ],
    [
      'text under an inline picture',
      `${AMOUNT} q 300 0 0 60 90 480 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q`,
      ['pdf-hidden-covered'],
    ],
    [
      'wholly transparent text',
      `/T gs ${AMOUNT}`,
      ['pdf-hidden-traceless'],
      { resources: '/ExtGState <</T <</ca 0>>>>' },
    ],
    [
      'a see-through rectangle',
      `${AMOUNT} /T gs 90 490 200 30 re f`,
      [],
      { resources: '/ExtGState <</T <</ca .3>>>>' },
    ],
    [
      'a multiplied highlight',
      `${AMOUNT} /T gs 1 1 0 rg 90 490 200 30 re f`,
      [],
      { resources: '/ExtGState <</T <</BM /Multiply>>>>' },
    ],
    ['operators that are none', '(', ['pdf-sight-incomplete']],
  ];
  test.each(cases)('%s', async (_, content, expected, extra) => {
    expect(await codes(content, extra)).toEqual(expected);
  });

  test('a field drawn over the text, an annotation that is drawn and hidden', async () => {
    const annotation = (flags: number, rect: string) =>
      `<</Type /Annot /Subtype /Stamp /F ${flags} /Rect [${rect}] /AP <</N 900 0 R>>>>`;
    const at = (flags: number) => ({
      page: { Annots: '[901 0 R]' },
      objects: () => ({ 900: LAYER, 901: annotation(flags, '80 480 300 530') }),
    });
    expect(await codes(AMOUNT, at(4))).toEqual(['pdf-hidden-covered']);
    expect(await codes(AMOUNT, at(2))).toEqual(['pdf-hidden-annotation']);
  });
});

describe('objects that no page shows', () => {
  const beside = (text: string): Prepared => ({ objects: (next) => ({ [next]: text }) });
  test.each([
    ['a second page tree', '<</Type /Pages /Kids [] /Count 0>>', ['pdf-unreachable-pages']],
    ['a second catalog', '<</Type /Catalog>>', ['pdf-unreachable-pages']],
    [
      'a second font',
      '<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>',
      ['pdf-unreachable-fonts'],
    ],
    ['a number', '12', []],
  ])('%s', async (_, text, expected) => {
    expect(await codes(AMOUNT, beside(text))).toEqual(expected);
  });

  const link = (action: string): Prepared => ({
    page: { Annots: `[<</Type /Annot /Subtype /Link /Rect [0 0 9 9] /A ${action}>>]` },
  });
  test.each([
    ['a link', '<</S /URI /URI (https://example.org)>>', ['pdf-links']],
    ['a program', '<</Type /Action /S /Launch /F (x.exe)>>', ['pdf-active']],
    ['a switch of layers', '<</S /SetOCGState /State [/OFF]>>', ['pdf-active']],
    [
      'an action after another',
      '<</S /GoTo /D [0] /Next <</S /JavaScript /JS (1)>>>>',
      ['pdf-active'],
    ],
    ['a jump', '<</S /GoTo /D [0 /Fit]>>', []],
  ])('%s', async (_, action, expected) => {
    expect(await codes(AMOUNT, link(action))).toEqual(expected);
  });

  test('a picture that lies in another file', async () => {
    const entries = '/Type /XObject /Subtype /Image /Width 1 /Height 1 /F (picture.jpg)';
    const resources = '/XObject <</Im 900 0 R>>';
    const objects = () => ({ 900: stream('', entries) });
    expect(await codes(AMOUNT, { resources, objects })).toEqual(['pdf-external']);
  });
});

describe('in the report', () => {
  test('what came after the signature and hides words of the page is told, what lies beside not', async () => {
    for (const [rect, expected] of [
      ['40 690 400 730', true],
      ['40 90 400 130', false],
    ] as const) {
      const pdf = await sign(await basePdf(), { signer: world.alice, certify: 3 });
      const { page, size } = await anatomy(pdf);
      const { num, dict } = page(1);
      const annots = (await lastRevision(pdf)).array(dict.raw('Annots')) ?? [];
      const listed = annots.map((ref) => `${(ref as { num: number }).num} 0 R`).join(' ');
      const after = await append(pdf, {
        [num]: withEntries(dict, { Annots: `[${listed} ${size} 0 R]` }),
        [size]: `<</Type /Annot /Subtype /Stamp /F 4 /Rect [${rect}] /AP <</N ${size + 1} 0 R>>>>`,
        [size + 1]: LAYER,
      });
      const report = await verifyPdf(after);
      expect(report.integrity).toBe('modified');
      const told = report.findings.some(({ code }) => code === 'pdf-overlay-text');
      expect(told, rect).toBe(expected);
    }
  });

  test('the pages are looked at when asked, and when something came after', async () => {
    const hidden = await painting(`${AMOUNT} 1 g 90 490 200 30 re f`);
    const pdf = await sign(hidden, { signer: world.alice });
    const warned = async (file: Uint8Array, sight?: boolean): Promise<boolean> =>
      (await verifyPdf(file, sight === undefined ? {} : { sight })).findings.some(
        ({ code }) => code === 'pdf-hidden-covered',
      );
    expect(await warned(pdf)).toBe(false);
    expect(await warned(pdf, true)).toBe(true);
    const twice = await sign(pdf, { signer: world.bob, field: 'Signature2' });
    expect(await warned(twice)).toBe(true);
    expect((await verifyPdf(twice)).integrity).toBe('intact');
  });
});

test('documents of other producers raise no alarm', async () => {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage();
  const font = await pdf.embedFont(StandardFonts.TimesRoman);
  page.drawRectangle({ x: 40, y: 600, width: 300, height: 60 });
  for (let i = 0; i < 20; i++)
    page.drawText(`Line ${i}`, { x: 50, y: 640 - 30 * i, font, size: 11 });
  expect(await codesOf(await pdf.save())).toEqual([]);
});

test('content of any bytes ends in findings, never in an error', async () => {
  const words = fc.constantFrom(
    'q',
    'Q',
    'BT',
    'ET',
    're',
    'W',
    'n',
    'f',
    'Do',
    '/Over',
    'Tj',
    '(a)',
    '[',
    ']',
    '<<',
    'BI',
    'ID',
    '1e9',
    '-5',
    '.5',
    'cm',
    'BDC',
    'EMC',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(words, { maxLength: 60 }), async (list) => {
      const found = await codes(list.join(' '), overlay);
      expect(found.every((code) => code.startsWith('pdf-'))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('a form that draws itself, a thousand times a thousand forms: bounded', async () => {
  const loop =
    '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</Over 900 0 R>>>>';
  const many = '/Over Do '.repeat(300);
  const prepared = { ...overlay, objects: () => ({ 900: stream(many, loop) }) };
  expect(await codes(many, prepared)).toEqual(['pdf-sight-incomplete']);
  expect(utf8(many).length).toBeGreaterThan(1000);
});
