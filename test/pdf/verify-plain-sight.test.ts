/** Checks 31 and 41: a seal's picture is shown where everybody sees it, and nothing else is shown. */
import { beforeAll, expect, test } from 'vitest';
import { latin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import {
  type SealDrawing,
  sealPictureOf,
  sealPictureOperators,
  writeSeal,
} from '../../src/seal/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { type FixtureSigner, signerUnder } from './fixtures/identities.ts';
import { sign } from './fixtures/sign.ts';
import { makeWorld, type World } from './fixtures/world.ts';
import { withEntries } from './fixtures/write.ts';

const TIME = '2026-06-01T12:00:00Z';
const DRAWING: SealDrawing = {
  widthMm: 40,
  heightMm: 40,
  paths: [
    {
      fill: '#dc1414',
      commands: [
        { op: 'M', at: [100, 100] },
        { op: 'L', at: [3900, 100] },
        { op: 'L', at: [2000, 3900] },
        { op: 'Z', at: [] },
      ],
    },
  ],
};
const picture = sealPictureOf(DRAWING);
const drawing = sealPictureOperators(picture);
if (drawing?.kind !== 'vector') throw new Error('no vector');
const SIDE = drawing.widthPt;
const OPERATORS = latin1(drawing.operators);

let world: World;
let maker: FixtureSigner;
let base: Uint8Array;
let parts: Awaited<ReturnType<typeof anatomy>>;
let seal: Uint8Array;
beforeAll(async () => {
  world = await makeWorld();
  maker = await signerUnder(world.root, 'Seal Maker', undefined, 'seal-maker');
  base = await basePdf();
  parts = await anatomy(base);
  seal = await writeSeal({
    esID: 'S-1',
    vid: 'CNBR',
    type: 1,
    name: 'Alice Trading',
    holderCertificates: [world.alice.certificate],
    picture,
    created: '2026-01-01T00:00:00Z',
    validStart: '2026-01-01T00:00:00Z',
    validEnd: '2028-01-01T00:00:00Z',
    maker,
  });
});

const form = (content: string, entries = ''): string =>
  `<</Type /XObject /Subtype /Form /BBox [0 0 ${SIDE} ${SIDE}] ${entries} /Length ${content.length}>>\nstream\n${content}\nendstream`;
const RECT = `[100 300 ${100 + SIDE} ${300 + SIDE}]`;
const COVER = '<</Type /Annot /Subtype /Square /F 4 /Rect [90 290 230 430] /IC [1 1 1]>>';

interface Hand {
  rect?: string;
  /** Extra entries of the widget. */
  widget?: string;
  /** The appearance: text of an object. */
  look?: string;
  ap?: (look: number) => string;
  /** Annotations before and after the widget, as text. */
  before?: string[];
  after?: string[];
  page?: Record<string, string>;
  extra?: (next: number) => Record<number, string>;
}

/** Whether the report says that the picture shown is the one in the seal. */
async function matches(hand: Hand): Promise<boolean | undefined> {
  const [sig, widget, look, data] = [0, 1, 2, 3].map((n) => parts.size + n) as [
    number,
    number,
    number,
    number,
  ];
  const page = parts.page(1);
  const pdf = await sign(base, {
    signer: world.alice,
    entries: `/CNBR_SESeal ${data} 0 R`,
    objects: () => {
      let next = data + 1;
      const objects: Record<number, string> = {};
      const put = (text: string): string => {
        objects[next] = text;
        return `${next++} 0 R`;
      };
      const before = (hand.before ?? []).map(put);
      const after = (hand.after ?? []).map(put);
      const ap = hand.ap?.(look) ?? `/AP <</N ${look} 0 R>>`;
      return {
        ...objects,
        [widget]: `<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /Rect ${hand.rect ?? RECT} /P ${page.num} 0 R /V ${sig} 0 R ${ap} ${hand.widget ?? '/F 132'}>>`,
        [page.num]: withEntries(page.dict, {
          Annots: `[${[...before, `${widget} 0 R`, ...after].join(' ')}]`,
          ...hand.page,
        }),
        [look]: hand.look ?? form(OPERATORS),
        [data]: `<</Type /CNBR_SESeal /Subtype /v4 /Length ${seal.length}>>\nstream\n${latin1(seal)}\nendstream`,
        ...hand.extra?.(next),
      };
    },
  });
  const trust = { anchors: [world.root.certificate], sealMakers: [maker.certificate] };
  const report = await verifyPdf(pdf, { time: TIME, trust });
  const [signature] = report.signatures;
  expect(signature?.integrity).toBe('intact');
  const matched = signature?.seal?.pictureMatches;
  expect(report.verdict).toBe(matched ? 'TOTAL-PASSED' : 'TOTAL-FAILED');
  return matched;
}

test('a seal put on the page by hand as ours puts it', async () => {
  expect(await matches({})).toBe(true);
});

const link = '<</Type /Annot /Subtype /Link /Rect [90 290 230 430]>>';
test.each<[string, Hand]>([
  ['a link over it', { after: [link] }],
  ['an annotation under it', { before: [COVER] }],
  ['an annotation beside it', { after: [COVER.replace('90 290 230 430', '300 290 400 430')] }],
  ['a hidden annotation over it', { after: [COVER.replace('/F 4', '/F 2')] }],
])('%s changes nothing', async (_, hand) => {
  expect(await matches(hand)).toBe(true);
});

const shifted = `[100 300 ${100 + 2 * SIDE} ${300 + SIDE}]`;
test.each<[string, Hand]>([
  ['a square over it', { after: [COVER] }],
  [
    'a free text over its edge',
    { after: [COVER.replace('/Square', '/FreeText').replace('90 290 230 430', '200 300 260 420')] },
  ],
  [
    'a text field over it',
    {
      after: [
        '<</Type /Annot /Subtype /Widget /FT /Tx /T (x) /F 4 /Rect [90 290 230 430] /MK <</BG [1 1 1]>>>>',
      ],
    },
  ],
  ['the flag Hidden', { widget: '/F 134' }],
  ['the flag NoView', { widget: '/F 164' }],
  ['a layer on the widget', { widget: '/F 132 /OC <</Type /OCG /Name (x)>>' }],
  ['a layer on the appearance', { look: form(OPERATORS, '/OC <</Type /OCG /Name (x)>>') }],
  ['a turned widget', { widget: '/F 132 /MK <</R 90>>' }],
  ['a rectangle of twice the width', { rect: shifted }],
  ['a rectangle of no size', { rect: '[100 300 100 300]' }],
  ['a rectangle beyond the page', { rect: `[-60 300 ${SIDE - 60} ${300 + SIDE}]` }],
  ['a rectangle of three numbers', { rect: '[100 300 213]' }],
  ['a matrix that shrinks the picture', { look: form(OPERATORS, '/Matrix [.01 0 0 .01 0 0]') }],
  ['a box that cuts a part away', { look: form(OPERATORS).replace(`[0 0 ${SIDE}`, '[0 0 40') }],
  ['a clip before the picture', { look: form(`0 0 9 9 re W n ${OPERATORS}`) }],
  ['a word after the picture', { look: form(`${OPERATORS}BT ET`) }],
  ['no picture at all', { look: form('') }],
  [
    'a choice of appearances',
    { ap: (look) => `/AP <</N <</On ${look} 0 R /Off ${look} 0 R>>>> /AS /Off` },
  ],
  ['no appearance', { ap: () => '' }],
  ['an appearance only for the pressed button', { ap: (look) => `/AP <</D ${look} 0 R>>` }],
  [
    'fonts that it does not need',
    { look: form(OPERATORS, '/Resources <</ExtGState <</G0 <</ca 0>>>>>>') },
  ],
  ['a page of a larger unit', { page: { UserUnit: '3' } }],
])('%s is told', async (_, hand) => {
  expect(await matches(hand)).toBe(false);
});

test('a field of two widgets shows its seal nowhere for certain', async () => {
  const twice = await matches({
    widget: '/F 132',
    extra: (next) => {
      const [sig, widget, look] = [parts.size, parts.size + 1, parts.size + 2];
      const page = parts.page(1);
      const kid = (x: number): string =>
        `<</Type /Annot /Subtype /Widget /Parent ${widget} 0 R /F 132 /P ${page.num} 0 R /Rect [${x} 300 ${x + SIDE} ${300 + SIDE}] /AP <</N ${look} 0 R>>>>`;
      return {
        [widget]: `<</FT /Sig /T (Signature1) /V ${sig} 0 R /Kids [${next} 0 R ${next + 1} 0 R]>>`,
        [next]: kid(100),
        [next + 1]: kid(300),
        [page.num]: withEntries(page.dict, { Annots: `[${next} 0 R ${next + 1} 0 R]` }),
      };
    },
  });
  expect(twice).toBe(false);
});
