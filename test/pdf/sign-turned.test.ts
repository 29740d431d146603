/** A seal stands upright, whole and in its true size as the page is seen (ISO 32000-2, 7.7.3.3, 12.5.5). */
import { execFileSync } from 'node:child_process';
import { degrees, PDFDocument, PDFName, PDFNumber, PDFString } from 'pdf-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyPdf } from '../../src/pdf/index.ts';
import { signPdf } from '../../src/pdf/sign/index.ts';
import { drawSeal, encodePng, rasterise, sealPictureOf, writeSeal } from '../../src/seal/index.ts';
import { type People, people, SEAL } from '../seal/fixtures/people.ts';
import { has, Peers } from './fixtures/peers.ts';
import { FONTS } from './fonts.ts';

const time = '2026-11-23T08:00:00Z';
let staff: People;
let peers: Peers;
let seals: Record<'drawn' | 'scanned', Uint8Array>;

beforeAll(async () => {
  staff = people('P-256');
  peers = new Peers(staff.root);
  const drawing = await drawSeal({ kind: 'round', name: SEAL.name }, FONTS.serif);
  const by = { holderCertificates: [staff.enterprise.certificate], maker: staff.maker };
  const png = encodePng(rasterise(drawing, 300));
  const { widthMm, heightMm } = sealPictureOf(drawing);
  seals = {
    drawn: await writeSeal({ ...SEAL, ...by, picture: sealPictureOf(drawing) }),
    scanned: await writeSeal({
      ...SEAL,
      ...by,
      picture: { type: 'png', data: png, widthMm, heightMm },
    }),
  };
}, 30_000);

interface Page {
  turn: number;
  media?: [number, number, number, number];
  crop?: [number, number, number, number];
  unit?: number;
  /** An empty field of this rectangle, and whether its widget is a kid of it. */
  field?: [number, number, number, number];
}

/** One blank page, 400 points square as it is seen. */
async function blank({ turn, media = [0, 0, 400, 400], crop, unit, field }: Page) {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([400, 400]);
  const box = (key: string, [x1, y1, x2, y2]: number[]) =>
    page.node.set(PDFName.of(key), pdf.context.obj([x1, y1, x2, y2] as number[]));
  box('MediaBox', media);
  if (crop) box('CropBox', crop);
  if (unit) page.node.set(PDFName.of('UserUnit'), PDFNumber.of(unit));
  page.setRotation(degrees(turn));
  if (field) {
    const widget = pdf.context.obj({ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', F: 4 });
    widget.set(PDFName.of('T'), PDFString.of('Here'));
    widget.set(PDFName.of('Rect'), pdf.context.obj(field));
    const ref = pdf.context.register(widget);
    page.node.addAnnot(ref);
    pdf.getForm().acroForm.addField(ref);
  }
  return pdf.save({ useObjectStreams: false });
}

const sign = (pdf: Uint8Array, seal: Uint8Array, [x, y]: [number, number], field = 'Seal') =>
  signPdf({
    pdf,
    signer: staff.enterprise,
    field,
    page: 0,
    rect: [x - 1, y - 1, x + 1, y + 1],
    appearance: { kind: 'picture', seal },
    reason: '盖章',
    time,
  });

/** The page as poppler shows it, 400 points to 400 dots: grey levels. */
function seen(pdf: Uint8Array): Uint8Array {
  const path = peers.save('turned.pdf', pdf);
  const args = ['-r', '72', '-cropbox', '-gray', '-singlefile', path, path];
  execFileSync('pdftoppm', args);
  const pgm = execFileSync('cat', [`${path}.pgm`]);
  expect(pgm.subarray(0, 15).toString('latin1')).toBe('P5\n400 400\n255\n');
  return pgm.subarray(15);
}

/** Share of dots that differ clearly. */
function different(a: Uint8Array, b: Uint8Array): number {
  let n = 0;
  for (let i = 0; i < a.length; i++) if (Math.abs((a[i] ?? 0) - (b[i] ?? 0)) > 64) n++;
  return n / a.length;
}

async function check(pdf: Uint8Array): Promise<void> {
  const report = await verifyPdf(pdf, { time, trust: { anchors: [staff.root] } });
  expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(report.integrity).toBe('intact');
  expect(report.signatures.map(({ seal }) => seal?.pictureMatches)).toEqual(
    report.signatures.map(() => true),
  );
}

describe.each(['drawn', 'scanned'] as const)('a %s seal', (kind) => {
  test.each([90, 180, 270, -90, 450])('upright on a page with Rotate %i', async (turn) => {
    const pdf = await sign(await blank({ turn }), seals[kind], [200, 200]);
    await check(pdf);
    if (!has('pdftoppm')) return;
    const level = seen(await sign(await blank({ turn: 0 }), seals[kind], [200, 200]));
    expect(level.some((grey) => grey < 160)).toBe(true);
    expect(different(seen(pdf), level)).toBeLessThan(0.003);
  });
});

test('the comparison above sees a seal that lies', async () => {
  if (!has('pdftoppm')) return;
  const level = seen(await sign(await blank({ turn: 0 }), seals.drawn, [200, 200]));
  const turned = new Uint8Array(level.length);
  for (let y = 0; y < 400; y++) {
    for (let x = 0; x < 400; x++) turned[400 * x + 399 - y] = level[400 * y + x] as number;
  }
  expect(different(turned, level)).toBeGreaterThan(0.007);
});

test.each([0, 90, 180, 270])('CropBox inside MediaBox, Rotate %i', async (turn) => {
  const page = { turn, media: [-100, -100, 900, 900], crop: [300, 250, 700, 650] } as const;
  const pdf = await sign(await blank(page as never), seals.drawn, [500, 450]);
  await check(pdf);
  if (!has('pdftoppm')) return;
  const level = seen(await sign(await blank({ turn: 0 }), seals.drawn, [200, 200]));
  expect(different(seen(pdf), level)).toBeLessThan(0.003);
});

test('UserUnit: readers differ in what they show, so no seal is set; a bare signature is', async () => {
  const pdf = await blank({ turn: 0, media: [0, 0, 200, 200], unit: 2 });
  const refused = { code: 'page-unit' };
  await expect(sign(pdf, seals.drawn, [100, 100])).rejects.toMatchObject(refused);
  const bare = { kind: 'none' } as const;
  const options = { pdf, signer: staff.enterprise, field: 'A', reason: '', time };
  const report = await verifyPdf(await signPdf({ ...options, appearance: bare }), { time });
  expect(report.integrity).toBe('intact');
});

test.each([0, 90, 180, 270])('an empty field on a page with Rotate %i', async (turn) => {
  const pdf = await sign(
    await blank({ turn, field: [140, 140, 260, 260] }),
    seals.drawn,
    [0, 0],
    'Here',
  );
  await check(pdf);
  if (!has('pdftoppm')) return;
  const level = seen(await sign(await blank({ turn: 0 }), seals.drawn, [200, 200]));
  expect(different(seen(pdf), level)).toBeLessThan(0.003);
});
