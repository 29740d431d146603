/** Seam seals 骑缝章 and the SM2 suite: made, drawn on every page, verified, and tampered with. */
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromLatin1, latin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { type SignPdfOptions, signPdf } from '../../src/pdf/sign/index.ts';
import { seamParts } from '../../src/pdf/verify/seam-parts.ts';
import { drawSeal, encodePng, sealPictureOf, writeSeal } from '../../src/seal/index.ts';
import { type People, people, SEAL } from '../seal/fixtures/people.ts';
import { basePdf } from './fixtures/base.ts';
import { has, Peers } from './fixtures/peers.ts';
import { FONTS } from './fonts.ts';

/** In an hour, when certificates made a moment ago are in force on every clock. */
const time = new Date(Date.now() + 3_600_000).toISOString();
const LIFE = {
  created: new Date(Date.now() - 86_400_000).toISOString(),
  validStart: new Date(Date.now() - 86_400_000).toISOString(),
  validEnd: new Date(Date.now() + 365 * 86_400_000).toISOString(),
};
const SUITES = ['P-256', 'SM2'] as const;
const staff = {} as Record<(typeof SUITES)[number], People>;
const seals = {} as Record<(typeof SUITES)[number], Uint8Array>;
let base: Uint8Array;
let peers: Peers;

beforeAll(async () => {
  base = await basePdf({ pages: 5 });
  const drawing = await drawSeal({ kind: 'round', name: SEAL.name }, FONTS.serif);
  for (const suite of SUITES) {
    staff[suite] = people(suite);
    seals[suite] = await writeSeal({
      ...SEAL,
      ...LIFE,
      picture: sealPictureOf(drawing),
      holderCertificates: [staff[suite].enterprise.certificate],
      maker: staff[suite].maker,
    });
  }
  peers = new Peers(staff['P-256'].root);
});

const sign = (over: Partial<SignPdfOptions> = {}) =>
  signPdf({
    pdf: base,
    signer: staff['P-256'].enterprise,
    field: 'Seam',
    appearance: { kind: 'seam', seal: seals['P-256'] },
    reason: '骑缝章',
    time,
    ...over,
  });

const check = (pdf: Uint8Array, suite: (typeof SUITES)[number] = 'P-256') =>
  verifyPdf(pdf, { time, trust: { anchors: [staff[suite].root] } });

/** Pixels that are red, per column of a page at 36 dpi. */
function redColumns(pdf: Uint8Array, page: number): number[] {
  const path = peers.save('seam.pdf', pdf);
  const args = ['-r', '36', '-f', String(page), '-l', String(page), path];
  const out = execFileSync('pdftoppm', args, { maxBuffer: 1 << 26 });
  const head = /^P6\s+(\d+) (\d+)\s+255\s/.exec(out.subarray(0, 40).toString('latin1'));
  const [width, start] = [Number(head?.[1]), head?.[0].length ?? 0];
  const columns = Array<number>(width).fill(0);
  for (let i = 0; start + 3 * i < out.length; i++) {
    const at = start + 3 * i;
    const red = (out[at] as number) > 150 && (out[at + 1] as number) < 140;
    if (red) columns[i % width] = (columns[i % width] as number) + 1;
  }
  return columns;
}

describe.each(SUITES)('a seam seal, %s', (suite) => {
  const made = () =>
    sign({
      signer: staff[suite].enterprise,
      appearance: { kind: 'seam', seal: seals[suite] },
    });

  test('is one signature that shows the seal on all pages', async () => {
    const report = await check(await made(), suite);
    expect(report.findings.filter((finding) => finding.severity !== 'info')).toEqual([]);
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    expect(report.signatures).toHaveLength(1);
    expect(report.signatures[0]).toMatchObject({
      coverage: 'file',
      seal: { pictureMatches: true, seam: [1, 2, 3, 4, 5], verdict: 'TOTAL-PASSED' },
    });
    const strips = report.signatures[0]?.seal?.strips;
    expect(strips?.map(({ page, state }) => [page, state])).toEqual(
      [1, 2, 3, 4, 5].map((page) => [page, 'whole']),
    );
    for (const { rect } of strips ?? []) expect(rect[2]).toBeCloseTo(595, 0);
  });

  test('stays intact when the same signer puts the whole seal beside it', async () => {
    const both = await signPdf({
      pdf: await made(),
      signer: staff[suite].enterprise,
      field: 'Enterprise',
      page: 4,
      rect: [300, 100, 420, 220],
      appearance: { kind: 'picture', seal: seals[suite] },
      reason: '',
      time,
    });
    const report = await check(both, suite);
    expect(report.verdict).toBe('TOTAL-PASSED');
    expect(report.signatures.map((one) => one.seal?.pictureMatches)).toEqual([true, true]);
  });
});

test.skipIf(!has('pdftoppm'))(
  'each page shows a fifth at its right edge, nothing else',
  async () => {
    const pdf = await sign();
    for (let page = 1; page <= 5; page++) {
      const columns = redColumns(pdf, page);
      const strip = Math.round((((40 * 72) / 25.4 / 5) * 36) / 72);
      const inside = columns.slice(-strip).reduce((sum, n) => sum + n, 0);
      const outside = columns.slice(0, -strip - 1).reduce((sum, n) => sum + n, 0);
      expect(inside, `page ${page}`).toBeGreaterThan(20);
      expect(outside, `page ${page}`).toBe(0);
    }
  },
);

test.skipIf(!has('pdftoppm'))(
  'a page that is shown turned has it at the edge the reader sees',
  async () => {
    const { PDFDocument, degrees } = await import('pdf-lib');
    const doc = await PDFDocument.load(base);
    doc.getPages().forEach((page, i) => {
      page.setRotation(degrees(90 * (i % 4)));
    });
    const pdf = await sign({ pdf: await doc.save({ useObjectStreams: false }) });
    for (let page = 1; page <= 5; page++) {
      const columns = redColumns(pdf, page);
      const total = columns.reduce((sum, n) => sum + n, 0);
      const edge = columns.slice(-13).reduce((sum, n) => sum + n, 0);
      expect(total, `page ${page}`).toBeGreaterThan(20);
      expect(edge, `page ${page}`).toBe(total);
    }
    expect((await check(pdf)).verdict).toBe('TOTAL-PASSED');
  },
);

test.skipIf(!has('qpdf'))('qpdf finds no error, pdfsig a valid signature', async () => {
  const pdf = await sign();
  expect(peers.qpdf(pdf)).toContain('No syntax or stream encoding errors');
  if (has('pdfsig')) expect(peers.pdfsig(pdf)).toContain('Signature is Valid');
});

test('a seal as a bitmap is split as well', async () => {
  const data = new Uint8ClampedArray(40 * 40 * 4).fill(200);
  const seal = await writeSeal({
    ...SEAL,
    ...LIFE,
    picture: {
      type: 'PNG',
      data: encodePng({ width: 40, height: 40, data }),
      widthMm: 40,
      heightMm: 40,
    },
    holderCertificates: [staff['P-256'].enterprise.certificate],
    maker: staff['P-256'].maker,
  });
  const report = await check(await sign({ appearance: { kind: 'seam', seal } }));
  expect(report.signatures[0]?.seal?.pictureMatches).toBe(true);
});

test('45 pages share three seals, each page its part', async () => {
  const parts = seamParts(45, 113.39);
  expect(parts).toHaveLength(45);
  expect(parts.filter(([from]) => from === 0)).toHaveLength(3);
  const report = await check(await sign({ pdf: await basePdf({ pages: 45 }) }));
  expect(report.signatures[0]?.seal?.seam).toHaveLength(45);
});

describe('what is refused', () => {
  test('a single page', async () => {
    const pdf = await basePdf({ pages: 1 });
    await expect(sign({ pdf })).rejects.toMatchObject({ code: 'seam-pages' });
  });
  test('after another signature, which the strips would change', async () => {
    const pdf = await sign({ field: 'First', appearance: { kind: 'none' } });
    await expect(sign({ pdf })).rejects.toMatchObject({ code: 'seam-after-signature' });
  });
});

describe('a seam that is not the seal', () => {
  /** Signs again after the seam's own syntax was changed, as a dishonest signer could. */
  const forged = async (
    edit: (update: string) => string,
  ): Promise<Awaited<ReturnType<typeof check>>> => {
    const { signer, seal } = { signer: staff['P-256'].enterprise, seal: seals['P-256'] };
    const cheating = {
      ...signer,
      sign: (data: Uint8Array) => signer.sign(data),
    };
    const { signRevision } = await import('../../src/pdf/sign/sign-pdf.ts');
    const { Increment } = await import('../../src/pdf/sign/increment.ts');
    const original = Increment.prototype.write;
    Increment.prototype.write = async function write() {
      const out = await original.call(this);
      const update = latin1(out.subarray(base.length));
      const edited = edit(update);
      expect(edited).not.toBe(update);
      expect(edited).toHaveLength(update.length);
      out.set(fromLatin1(edited), base.length);
      return out;
    };
    try {
      const { pdf } = await signRevision({
        ...{ pdf: base, signer: cheating, field: 'Seam', reason: '', time },
        appearance: { kind: 'seam', seal },
      });
      return await check(pdf);
    } finally {
      Increment.prototype.write = original;
    }
  };

  test.each([
    ['a strip of another part', '/BBox [22.68 0', '/BBox [22.60 0'],
    ['a strip that is hidden', '/F 708', '/F 710'],
    ['a strip that draws something else', '/Seal Do\n', '/Sea1 Do\n'],
    ['another kind of annotation', '/Subtype /Stamp', '/Subtype /Squar'],
    [
      'a strip beyond the edge of the page',
      '/Rect [572.32 364.31 595 477.7]',
      '/Rect [672.32 364.31 695 477.7]',
    ],
    [
      'a strip of another size',
      '/Rect [572.32 364.31 595 477.7]',
      '/Rect [472.32 364.31 595 477.7]',
    ],
  ])('%s', async (_, from, to) => {
    const report = await forged((update) => update.replace(from, to));
    expect(report.signatures[0]?.integrity).toBe('intact');
    expect(report.signatures[0]?.seal?.pictureMatches).toBe(false);
    expect(report.verdict).toBe('TOTAL-FAILED');
  });

  const states = ({ signatures: [one] }: Awaited<ReturnType<typeof check>>) =>
    one?.seal?.strips?.map(({ page, state }) => `${page} ${state}`);

  test('each strip is told by its page: two swapped, one altered', async () => {
    const [second, third] = ['/BBox [22.68 0 45.36', '/BBox [45.36 0 68.03'];
    const swapped = await forged((update) =>
      update.replace(/\/BBox \[(?:22\.68 0 45\.36|45\.36 0 68\.03)/g, (box) =>
        box === second ? third : second,
      ),
    );
    expect(swapped.verdict).toBe('TOTAL-FAILED');
    expect(states(swapped)).toEqual([
      '1 whole',
      '2 misplaced',
      '3 misplaced',
      '4 whole',
      '5 whole',
    ]);
    expect(swapped.signatures[0]?.seal?.seamFault).toEqual({ named: 5, missing: [] });
    const hidden = await forged((update) => update.replace('/F 708', '/F 710'));
    expect(states(hidden)?.filter((state) => !state.endsWith('whole'))).toEqual(['1 altered']);
  });

  test('a page without its strip is named', async () => {
    // The first page lists the field as well, so that the second hit is the third page.
    let hits = 0;
    const report = await forged((update) =>
      update.replace(/\/Annots \[(\d+ 0 R)\]/g, (all, ref: string) =>
        ++hits === 2 ? all.replace(ref, ' '.repeat(ref.length)) : all,
      ),
    );
    expect(report.verdict).toBe('TOTAL-FAILED');
    const { seal } = report.signatures[0] ?? {};
    expect(seal?.seamFault).toEqual({ named: 5, missing: [3] });
    expect(states(report)).toEqual(['1 whole', '2 whole', '4 whole', '5 whole']);
  });
});
