/** What an update may try after signing: every object that shows or does something, each map kind. */
import { beforeAll, describe, expect, test } from 'vitest';
import { concat, fromLatin1, latin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { sign } from './fixtures/sign.ts';
import { integrityOf, makeWorld, REFUSED, VARIANTS, type World } from './fixtures/world.ts';
import { append, lastRevision, startxrefOf, withEntries, write } from './fixtures/write.ts';

const stream = (data: string, dict = ''): string =>
  `<<${dict} /Length ${data.length}>>\nstream\n${data}\nendstream`;
const look = (data: string, more = ''): string =>
  stream(data, `/Type /XObject /Subtype /Form /BBox [0 0 200 50] ${more}`);

/** Objects from 200 on that the first page, its annotations and the catalog use. */
const PARTS: Record<number, string> = {
  200: '<</Type /Font /Subtype /TrueType /BaseFont /Own /FirstChar 48 /LastChar 49 /Widths 201 0 R /ToUnicode 202 0 R /Encoding 203 0 R /FontDescriptor 204 0 R>>',
  201: '[500 500]',
  202: stream('begincmap 1 beginbfchar <30> <0030> endbfchar'),
  203: '<</Type /Encoding /Differences [48 /zero /one]>>',
  204: '<</Type /FontDescriptor /FontName /Own /Flags 32 /FontFile2 205 0 R>>',
  205: stream('glyphs'),
  206: look('/In Do', '/Resources <</XObject <</In 207 0 R>>>>'),
  207: look('0 0 9 9 re f'),
  208: '<</Type /OCG /Name (Layer)>>',
  209: '<</Type /ExtGState /ca 1>>',
  210: '<</Type /Annot /Subtype /FreeText /Rect [50 300 250 350] /F 4 /Contents (amount 1000) /DA (/Own 9 Tf) /AP <</N 211 0 R>>>>',
  211: look('BT (amount 1000) Tj ET'),
  212: '<</Type /Annot /Subtype /Link /Rect [50 200 90 220] /A 213 0 R>>',
  213: '<</S /URI /URI (https://example.org/)>>',
  214: '<</Type /Filespec /F (data.json) /UF (data.json) /EF <</F 215 0 R>>>>',
  215: stream('{"amount":1000}', '/Type /EmbeddedFile'),
  216: '<</Names [(data.json) 214 0 R]>>',
  217: '<</S /GoTo /D [0 /Fit]>>',
  218: '<</Title (Outline) /Count 0>>',
  219: '[/Separation /Spot /DeviceRGB 220 0 R]',
  220: '<</FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [1 0 0] /N 1>>',
  221: '<</Type /Pattern /PatternType 2 /Shading <</ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 1 1] /Function 220 0 R>>>>',
  222: stream(
    '\x00\x00\x00',
    '/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB /SMask 223 0 R',
  ),
  223: stream(
    '\xff',
    '/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray',
  ),
};
const RESOURCES =
  '/Font <</Own 200 0 R /Late 300 0 R>> /XObject <</Fm 206 0 R /Im 222 0 R /LateX 301 0 R>> /Properties <</MC0 208 0 R>> /ExtGState <</G 209 0 R>> /ColorSpace <</C 219 0 R>> /Pattern <</P 221 0 R>>';

async function richPdf(base: Parameters<typeof basePdf>[0]): Promise<Uint8Array> {
  const pdf = await basePdf({ ...base, textFields: ['remark'], signatureFields: ['Empty'] });
  const { page, catalog } = await anatomy(pdf);
  const revision = await lastRevision(pdf);
  const tree = catalog.dict.raw('Pages') as { num: number } & never;
  const own = write(page(1).dict.raw('Contents'));
  const contents = own.startsWith('[') ? own.slice(1, -1) : own;
  const list = write(revision.resolve(page(1).dict.raw('Annots')));
  const old = write(revision.resolve(page(1).dict.raw('Resources')));
  const fonts = /\/Font <<(.*?)>>/.exec(old)?.[1] ?? '';
  return append(pdf, {
    ...PARTS,
    [(tree as { num: number }).num]: withEntries(
      revision.object((tree as { num: number }).num) as never,
      {
        MediaBox: '[0 0 595 842]',
        Rotate: '0',
      },
    ),
    [page(1).num]: withEntries(page(1).dict, {
      Contents: `[${contents} 302 0 R]`,
      Resources: `<<${RESOURCES.replace('/Font <<', `/Font <<${fonts} `)}>>`,
      Annots: list.replace(/\]$/, ' 210 0 R 212 0 R 303 0 R]'),
    }),
    [catalog.num]: withEntries(catalog.dict, {
      OCProperties: '<</OCGs [208 0 R] /D <</OFF [208 0 R]>>>>',
      Names: '<</EmbeddedFiles 216 0 R>>',
      AF: '[214 0 R]',
      OpenAction: '217 0 R',
      Outlines: '218 0 R',
    }),
  });
}

type Parts = Awaited<ReturnType<typeof anatomy>>;
type Update = (
  parts: Parts,
  pdf: Uint8Array,
) => Promise<Record<number, string>> | Record<number, string>;

const inCatalog =
  (entries: Record<string, string | null>, more: Record<number, string> = {}): Update =>
  ({ catalog }) => ({ [catalog.num]: withEntries(catalog.dict, entries), ...more });
const inPage =
  (entries: Record<string, string | null>, more: Record<number, string> = {}): Update =>
  ({ page }) => ({ [page(1).num]: withEntries(page(1).dict, entries), ...more });
const inNode =
  (entries: Record<string, string | null>): Update =>
  async ({ catalog }, pdf) => {
    const { num } = catalog.dict.raw('Pages') as unknown as { num: number };
    const node = (await lastRevision(pdf)).object(num);
    return { [num]: withEntries(node as never, entries) };
  };
const inForm =
  (entries: Record<string, string | null>, more: Record<number, string> = {}): Update =>
  ({ form, catalog }) => {
    const text = withEntries(form?.dict as never, entries);
    if (form?.num != null) return { [form.num]: text, ...more };
    return { [catalog.num]: withEntries(catalog.dict, { AcroForm: text }), ...more };
  };
const evil = stream('BT (amount 9999999) Tj ET');

/** Something in the object made different. */
function changed(text: string): string {
  const out = text.replace(
    /1000|500 500|zero|0 0 9|\[1 0 0\]|<30>|glyph|Own|Layer|In Do|data|ca 1|D \[0|Outline|50 200|https|DeviceRGB|\0\0|\xff/,
    (hit) =>
      `${hit[0] === '<' || hit[0] === '[' ? hit[0] : ''}9${hit.slice(hit[0] === '<' ? 2 : 1)}`,
  );
  if (out === text) throw new Error(`nothing to change in ${text}`);
  return out;
}

const UPDATES: Record<string, Update> = {
  ...Object.fromEntries(
    Object.entries(PARTS).map(([num, text]) => [
      `object ${num} exchanged`,
      () => ({
        [num]: changed(text),
      }),
    ]),
  ),
  'a font that was promised': () => ({ 300: PARTS[200] as string }),
  'a form XObject that was promised': () => ({ 301: look('0 0 595 842 re f') }),
  'content that was promised': () => ({ 302: evil }),
  'an annotation that was promised': () => ({ 303: PARTS[210] as string }),
  'content as evidence': inCatalog({ DSS: '<</Certs [302 0 R]>>' }, { 302: evil }),
  'content as evidence of one signature': inCatalog(
    { DSS: '<</VRI <</AA <</CRL [302 0 R]>>>>>>' },
    { 302: evil },
  ),
  'content as metadata': inCatalog({ Metadata: '302 0 R' }, { 302: evil }),
  'a font as an extension': inCatalog(
    { Extensions: '<</X 300 0 R>>' },
    { 300: PARTS[200] as string },
  ),
  'content as a font of the form': inForm(
    { DR: '<</Font <</N 300 0 R>>>>' },
    { 300: PARTS[200] as string },
  ),
  'an XObject as appearance of a field': ({ field }) => ({
    [field('remark').num]: withEntries(field('remark').dict, { V: '(x)', AP: '<</N 301 0 R>>' }),
    301: look('BT (x) Tj ET'),
  }),
  MediaBox: inPage({ MediaBox: '[0 0 100 100]' }),
  CropBox: inPage({ CropBox: '[0 0 300 300]' }),
  Rotate: inPage({ Rotate: '90' }),
  UserUnit: inPage({ UserUnit: '10' }),
  'content array': inPage({ Contents: '302 0 R' }),
  'actions of the page': inPage({ AA: '<</O <</S /JavaScript /JS (x)>>>>' }),
  'tab order': inPage({ Tabs: '/S' }),
  'inherited MediaBox': inNode({ MediaBox: '[0 0 50 50]' }),
  'inherited Rotate': inNode({ Rotate: '180' }),
  'inherited UserUnit': inNode({ UserUnit: '3' }),
  'inherited Resources': inNode({ Resources: '<</Font <</F 300 0 R>>>>' }),
  Count: inNode({ Count: '1' }),
  scripts: inCatalog({ Names: '<</JavaScript <</Names [(a) <</S /JavaScript /JS (x)>>]>>>>' }),
  'embedded files': inCatalog({ Names: '<</EmbeddedFiles <</Names []>>>>' }),
  'associated files': inCatalog({ AF: '[]' }),
  'layers switched on': inCatalog({ OCProperties: '<</OCGs [208 0 R] /D <</ON [208 0 R]>>>>' }),
  'open action': inCatalog({ OpenAction: '<</S /Launch /F (x)>>' }),
  'language and viewer': inCatalog({ ViewerPreferences: '<</Direction /R2L>>' }),
  'page labels': inCatalog({ PageLabels: '<</Nums [0 <</P (x)>>]>>' }),
  requirements: inCatalog({ NeedsRendering: 'true' }),
  'permissions for anything': inCatalog({ Perms: '<</UR3 300 0 R>>' }, { 300: '<<>>' }),
  'another page tree': inCatalog(
    { Pages: '300 0 R' },
    { 300: '<</Type /Pages /Kids [] /Count 0>>' },
  ),
  XFA: inForm({ XFA: '300 0 R' }, { 300: evil }),
  'calculation order': inForm({ CO: '[]' }),
  'fewer flags': inForm({ SigFlags: '0' }),
  'redraw all fields': inForm({ NeedAppearances: 'true' }),
  'no form': inCatalog({ AcroForm: null }),
  'a script in a field': ({ field }) => ({
    [field('remark').num]: withEntries(field('remark').dict, {
      AA: '<</F <</S /JavaScript /JS (x)>>>>',
    }),
  }),
  'the type of a field': ({ field }) => ({
    [field('remark').num]: withEntries(field('remark').dict, { FT: '/Sig' }),
  }),
  'the limit of an empty signature field': ({ field }) => ({
    [field('Empty').num]: withEntries(field('Empty').dict, { Rect: '[0 0 595 842]' }),
  }),
  'a picture in an empty signature field': ({ field }) => ({
    [field('Empty').num]: withEntries(field('Empty').dict, { AP: '<</N 304 0 R>>' }),
    304: look('1 g 0 0 200 50 re f'),
  }),
  'the signature field without its name': ({ field }) => ({
    [field('Signature1').num]: withEntries(field('Signature1').dict, { T: null }),
  }),
  'the signature field turned': ({ field }) => ({
    [field('Signature1').num]: withEntries(field('Signature1').dict, { MK: '<</R 180>>' }),
  }),
  'the signature field hidden': ({ field }) => ({
    [field('Signature1').num]: withEntries(field('Signature1').dict, { F: '2', OC: '208 0 R' }),
  }),
};

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

describe.each(VARIANTS)('$name', (variant) => {
  const xref = variant.sign.xref ? { xref: variant.sign.xref } : {};
  const packed = { ...xref, ...(variant.sign.pack ? { pack: true } : {}) };
  let signed: Uint8Array;
  let parts: Parts;
  beforeAll(async () => {
    const look = { rect: '300 500 400 580', appearance: 'q 1 0 0 rg 0 0 100 80 re f Q' };
    const options = { signer: world.alice, ...look, ...variant.sign };
    signed = await sign(await richPdf(variant.base), options);
    parts = await anatomy(signed);
  });

  test('as it was signed it is intact, and with its objects written again', async () => {
    expect(await integrityOf(signed)).toBe('intact');
    const again = { ...PARTS, [parts.catalog.num]: withEntries(parts.catalog.dict, {}) };
    expect(await integrityOf(await append(signed, again, packed))).toBe('intact');
  });

  test.each(Object.keys(UPDATES))('%s', async (name) => {
    const objects = await (UPDATES[name] as Update)(parts, signed);
    const after = await append(signed, objects, packed);
    const report = await verifyPdf(after);
    expect(REFUSED).toContain(report.integrity);
    expect(report.verdict).not.toBe('TOTAL-PASSED');
  });

  test('every object of the page freed, or under another generation', async () => {
    for (const num of Object.keys(PARTS).map(Number)) {
      expect(await integrityOf(await append(signed, {}, { free: [num] })), `${num}`).not.toBe(
        'intact',
      );
      const again = `${num} 1 obj\n${PARTS[num]}\nendobj\n`;
      const at = signed.length + again.length;
      const map = `xref\n${num} 1\n${String(signed.length).padStart(10, '0')} 00001 n \ntrailer\n<</Root ${parts.catalog.num} 0 R /Size 400 /Prev ${startxrefOf(signed)}>>\nstartxref\n${at}\n%%EOF\n`;
      expect(await integrityOf(concat(signed, fromLatin1(again + map))), `${num}`).not.toBe(
        'intact',
      );
    }
  });

  test('a map alone: offsets exchanged, loops, forward links, two definitions', async () => {
    const text = latin1(signed);
    const root = `/Root ${parts.catalog.num} 0 R /Size 400`;
    const start = startxrefOf(signed);
    const end = signed.length;
    const entry = (num: number, at: number): string =>
      `${num} 1\n${String(at).padStart(10, '0')} 00000 n \n`;
    const at = (num: number): number => text.indexOf(`\n${num} 0 obj`) + 1;
    const map = (entries: string, trailer: string, own = end): string =>
      `xref\n${entries}trailer\n<<${root} ${trailer}>>\nstartxref\n${own}\n%%EOF\n`;
    const tails = [
      map(entry(211, at(207)), `/Prev ${start}`),
      map(entry(211, at(210)), `/Prev ${start}`),
      map(entry(202, at(205)), `/Prev ${start}`),
      map(entry(211, end + 20), `/Prev ${start}`),
      map('', `/Prev ${end}`),
      map('', `/Prev ${end + 5}`),
      map('', ''),
      map(entry(211, at(211)) + entry(211, at(207)), `/Prev ${start}`),
      map('', `/Prev ${start} /XRefStm ${end}`),
      map('', `/Prev ${start} /Encrypt 200 0 R`),
      map('', `/Prev ${start}`, end + 1),
      `%xref\n${map('', `/Prev ${start}`)}`,
      `% startxref\n${start}\n%%EOF\n`,
      `\n%\nstartxref\n${start} %%EOF\n`,
    ];
    for (const tail of tails) {
      expect(await integrityOf(concat(signed, fromLatin1(tail))), tail).not.toBe('intact');
    }
    const head = concat(fromLatin1('%PDF-1.4\n'), signed);
    expect(await integrityOf(head)).not.toBe('intact');
  });
});
