/** The seal on a signature: data, maker, holder, time and picture (seals, 6.1). */
import { unzlibSync, zlibSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { signDetached } from '../../src/cms/index.ts';
import { fromLatin1, latin1, toHex } from '../../src/crypto/index.ts';
import { type PdfReport, verifyPdf } from '../../src/pdf/index.ts';
import { signPdf } from '../../src/pdf/sign/index.ts';
import { encodePng, type SealDrawing, sealPictureOf, writeSeal } from '../../src/seal/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { type FixtureSigner, signerUnder } from './fixtures/identities.ts';
import { fill, sign } from './fixtures/sign.ts';
import { makeWorld, type World } from './fixtures/world.ts';
import { append, withEntries } from './fixtures/write.ts';

const TIME = '2026-06-01T12:00:00Z';
let world: World;
let maker: FixtureSigner;
let base: Uint8Array;
beforeAll(async () => {
  world = await makeWorld();
  maker = await signerUnder(world.root, 'Seal Maker', undefined, 'seal-maker');
  base = await basePdf();
});

const square: SealDrawing = {
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

const vector = () => sealPictureOf(square);
const raster = () => ({
  type: 'PNG',
  data: encodePng({
    width: 8,
    height: 8,
    data: Uint8ClampedArray.from({ length: 256 }, (_, i) =>
      i % 4 === 3 ? (i * 5) % 256 : (i * 7) % 256,
    ),
  } as never),
  widthMm: 40,
  heightMm: 40,
});

type Spec = Parameters<typeof writeSeal>[0];
const seal = (changes: Partial<Spec> = {}) =>
  writeSeal({
    esID: 'S-1',
    vid: 'CNBR',
    type: 1,
    name: 'Alice Trading',
    holderCertificates: [world.alice.certificate],
    picture: vector(),
    created: '2026-01-01T00:00:00Z',
    validStart: '2026-01-01T00:00:00Z',
    validEnd: '2028-01-01T00:00:00Z',
    maker,
    ...changes,
  });

const sealed = async (der: Uint8Array) =>
  signPdf({
    pdf: base,
    signer: world.alice,
    field: 'Enterprise',
    page: 0,
    rect: [300, 300, 450, 450],
    appearance: { kind: 'picture', seal: der },
    reason: '申请',
    time: TIME,
  });

const verify = (
  pdf: Uint8Array,
  sealMakers: Uint8Array[] = [maker.certificate],
): Promise<PdfReport> =>
  verifyPdf(pdf, { time: TIME, trust: { anchors: [world.root.certificate], sealMakers } });

/** Text of a signed file changed, lengths kept, and signed again by the same signer. */
async function resigned(pdf: Uint8Array, change: (text: string) => string): Promise<Uint8Array> {
  const text = latin1(pdf);
  const at = text.lastIndexOf('/ByteRange');
  const blank = text
    .slice(at)
    .replace(/\/ByteRange \[[\d ]+\]/, (old) =>
      '/ByteRange [0 0000000000 0000000000 0000000000]'.padEnd(old.length),
    )
    .replace(
      /\/Contents <([0-9a-fA-F]+)>/,
      (_, hex: string) => `/Contents <${'0'.repeat(hex.length)}>`,
    );
  const changed = change(text.slice(0, at) + blank);
  expect(changed.length).toBe(text.length);
  expect(changed).not.toBe(text.slice(0, at) + blank);
  return fill(fromLatin1(changed), (content) => signDetached({ content, signer: world.alice }));
}

describe.each([
  ['vector', vector],
  ['png', raster],
])('%s picture', (_, picture) => {
  test('passes, with the maker and the picture', async () => {
    const report = await verify(await sealed(await seal({ picture: picture() })));
    expect(report.findings.filter((f) => f.severity === 'error')).toEqual([]);
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    expect(report.signatures[0]?.seal).toMatchObject({
      name: 'Alice Trading',
      verdict: 'TOTAL-PASSED',
      pictureMatches: true,
    });
    expect(report.signatures[0]?.seal?.maker).toContain('Seal Maker');
  });

  test('drawn into another box than the one of the seal', async () => {
    const pdf = await sealed(await seal({ picture: picture() }));
    const wide = await resigned(pdf, (text) =>
      text.replace(/\/BBox\s*\[0 0 113/, (old) => old.replace('113', '213')),
    );
    const report = await verify(wide);
    expect(report.signatures[0]?.seal).toMatchObject({
      verdict: 'TOTAL-PASSED',
      pictureMatches: false,
    });
    expect(report.verdict).toBe('TOTAL-FAILED');
  });
});

/** One fill that paints something else, in as many deflated octets as before. */
function otherOperator(text: string): string {
  for (let at = text.indexOf('/FlateDecode'); at > 0; at = text.indexOf('/FlateDecode', at + 1)) {
    const from = text.indexOf('stream', at) + 'stream'.length;
    const begin = text[from] === '\r' ? from + 2 : from + 1;
    const packed = text.slice(begin, text.indexOf('endstream', begin)).replace(/\r?\n$/, '');
    const content = latin1(unzlibSync(fromLatin1(packed)));
    if (!content.includes('0.8627 0.0784 0.0784 rg')) continue;
    for (const operator of ['n', 'S', 's', 'b', 'B', 'F', 'f*', 'b*', 'B*']) {
      const other = latin1(zlibSync(fromLatin1(content.replace('\nf\n', `\n${operator}\n`))));
      if (other.length === packed.length) return text.replace(packed, () => other);
    }
  }
  throw new Error('no appearance to change');
}

test('an appearance with one operator changed', async () => {
  const pdf = await sealed(await seal());
  const report = await verify(await resigned(pdf, otherOperator));
  expect(report.signatures[0]?.seal).toMatchObject({
    verdict: 'TOTAL-PASSED',
    pictureMatches: false,
  });
  expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-FAILED' });
});

test('a hidden widget does not show its seal', async () => {
  const pdf = await sealed(await seal());
  const report = await verify(await resigned(pdf, (text) => text.replace('/F 132', '/F 134')));
  expect(report.signatures[0]?.seal?.pictureMatches).toBe(false);
});

test('a maker that is none', async () => {
  const report = await verify(await sealed(await seal()), [world.bob.certificate]);
  expect(report).toMatchObject({ integrity: 'intact', verdict: 'INDETERMINATE' });
});

test('a seal made by an ordinary certificate', async () => {
  const der = await seal({ maker: world.bob });
  expect((await verify(await sealed(der))).verdict).not.toBe('TOTAL-PASSED');
});

test('a signature with the seal data of somebody else', async () => {
  const theirs = await seal({ holderCertificates: [world.bob.certificate] });
  const pdf = await sealed(await seal());
  const fields = (next: number): Record<number, string> => ({
    [next]: `<</Type /CNBR_SESeal /Subtype /v4 /Length ${theirs.length}>>\nstream\n${latin1(theirs)}\nendstream`,
  });
  const next = (await anatomy(base)).size + 3;
  const stolen = await sign(base, {
    signer: world.alice,
    rect: '300 300 413.39 413.39',
    appearance: 'q Q',
    entries: `/CNBR_SESeal ${next} 0 R`,
    objects: fields,
  });
  const report = await verify(stolen);
  expect(report.verdict).toBe('TOTAL-FAILED');
  expect(report.findings.map((f) => f.code)).toContain('SIGNER_NOT_IN_SEAL');
  expect((await verify(pdf)).verdict).toBe('TOTAL-PASSED');
});

test('signed outside the validity of the seal', async () => {
  const pdf = await sealed(await seal());
  const dated = (date: string) => `/M <${toHex(fromLatin1(`D:${date}`))}`;
  const late = await resigned(pdf, (text) => text.replace(dated('20260601'), dated('20290601')));
  const report = await verify(late);
  expect(report.verdict).toBe('TOTAL-FAILED');
  expect(report.findings.map((f) => f.code)).toContain('SIGN_TIME_OUTSIDE_SEAL');
});

test('a red picture without seal data is named', async () => {
  const red = await sign(base, {
    signer: world.alice,
    rect: '300 300 413 413',
    appearance: 'q 0.86 0.08 0.08 rg 0 0 99 80 re f Q',
  });
  const report = await verify(red);
  expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
  expect(report.findings.map((f) => f.code)).toContain('pdf-picture-without-seal');
  const plain = await sign(base, {
    signer: world.alice,
    rect: '300 300 413 413',
    appearance: 'q 0 g 0 0 9 9 re f Q',
  });
  expect((await verify(plain)).findings.map((f) => f.code)).not.toContain(
    'pdf-picture-without-seal',
  );
});

test('a seal that the signature names but does not carry', async () => {
  for (const entries of ['/CNBR_SESeal 1 0 R', '/CNBR_SESeal 999 0 R', '/CNBR_SESeal (x)']) {
    const pdf = await sign(base, { signer: world.alice, entries });
    expect((await verify(pdf)).integrity).toBe('broken');
  }
});

describe('a seal that is not in plain sight', () => {
  const prepared = async (page: Record<string, string>) => {
    const { page: at } = await anatomy(base);
    return append(base, { [at(1).num]: withEntries(at(1).dict, page) });
  };
  const sealedOn = async (pdf: Uint8Array) =>
    signPdf({
      pdf,
      signer: world.alice,
      field: 'Enterprise',
      page: 0,
      rect: [300, 300, 450, 450],
      appearance: { kind: 'picture', seal: await seal() },
      reason: '',
      time: TIME,
    });
  const matches = async (pdf: Uint8Array) =>
    (await verify(pdf)).signatures[0]?.seal?.pictureMatches;

  test.each([
    ['cut away by the crop box', { CropBox: '[0 0 300 300]' }, false],
    ['on a plain page', { CropBox: '[0 0 595 842]', UserUnit: '1' }, true],
  ])('%s', async (_, page, expected) => {
    expect(await matches(await sealedOn(await prepared(page as Record<string, string>)))).toBe(
      expected,
    );
  });

  test('scaled by the unit of the page: never made here, so made by hand', async () => {
    const plain = await sealedOn(await prepared({ UserUnit: '1' }));
    const scaled = await resigned(plain, (text) => text.replaceAll('/UserUnit 1', '/UserUnit 2'));
    expect(latin1(scaled)).toContain('/UserUnit 2');
    expect(await matches(scaled)).toBe(false);
  });
});
