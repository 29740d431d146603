/** What protects a licence: measured from the objects of real files, and from how they render. */
import { spawnSync } from 'node:child_process';
import { decodePDFRawStream, PDFDict, PDFDocument, PDFName, PDFRawStream, PDFRef } from 'pdf-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { composeLicence } from '../../src/documents/index.ts';
import { outlineText } from '../../src/documents/outlines.ts';
import { LICENCE_PLACES } from '../../src/licence/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { encodePng } from '../../src/seal/index.ts';
import { FONTS } from '../pdf/fonts.ts';
import { codeIn, licenceOf, rendered, sealedLicence, TOKEN } from './fixtures/sealed-licence.ts';

const has = (tool: string) => spawnSync(tool, ['-v']).error === undefined;
const NUMBER = '26-AB-000417';
const options = { fonts: FONTS, token: TOKEN, pilot: false, texture: true };
const load = (pdf: Uint8Array) => PDFDocument.load(pdf, { updateMetadata: false });

let face: Uint8Array;
let sealed: Uint8Array;
beforeAll(async () => {
  face = (await composeLicence(licenceOf(NUMBER), options)).pdf;
  sealed = await sealedLicence(licenceOf(NUMBER, true));
}, 60_000);

interface Form {
  /** As stored. */
  size: number;
  content: string;
}

/** The form XObjects of the first page, by what they were called. */
async function formsOf(pdf: Uint8Array): Promise<Map<string, Form>> {
  const doc = await load(pdf);
  const objects = doc.getPage(0).node.Resources()?.lookup(PDFName.of('XObject'), PDFDict);
  const forms = new Map<string, Form>();
  for (const [name, ref] of objects?.entries() ?? []) {
    const stream = doc.context.lookup(ref as PDFRef) as PDFRawStream;
    const kind = name.decodeText().replace(/-.*/, '');
    const content = new TextDecoder('latin1').decode(decodePDFRawStream(stream).decode());
    forms.set(kind, { size: stream.contents.length, content });
  }
  return forms;
}

const images = async (pdf: Uint8Array): Promise<number> =>
  (await load(pdf)).context
    .enumerateIndirectObjects()
    .filter(
      ([, object]) =>
        object instanceof PDFRawStream &&
        object.dict.get(PDFName.of('Subtype')) === PDFName.of('Image'),
    ).length;

describe('the ground', () => {
  test('takes at most 60 kB of the file, texture included', async () => {
    const forms = await formsOf(face);
    expect([...forms.keys()].sort()).toEqual(['Ground', 'Micro', 'Texture', 'Tile']);
    const size = [...forms.values()].reduce((sum, form) => sum + form.size, 0);
    console.info(Object.fromEntries([...forms].map(([name, form]) => [name, form.size])));
    expect(size).toBeLessThanOrEqual(60_000);
    expect(size).toBeGreaterThan(10_000);
  });

  test('is vectors alone; a copy holds the picture of its fogged seal and no other', async () => {
    expect(await images(face)).toBe(0);
    expect(await images(sealed)).toBe(0);
    const data = new Uint8ClampedArray(4 * 64 * 64).map((_, i) => (i * 31) & 255);
    const seal = encodePng({ width: 64, height: 64, data });
    const copy = await composeLicence(licenceOf(NUMBER), {
      ...options,
      copy: { number: 2, seal },
    });
    // The picture and its transparency.
    expect(await images(copy.pdf)).toBe(2);
    expect((await formsOf(copy.pdf)).has('Texture')).toBe(false);
  });

  test('belongs to number and data: the same again, or another', async () => {
    const ground = async (licence: ReturnType<typeof licenceOf>, token = TOKEN) =>
      formsOf((await composeLicence(licence, { ...options, token })).pdf);
    const first = await formsOf(face);
    const again = await ground(licenceOf(NUMBER));
    const other = await ground(licenceOf('26-AB-000418'));
    const changed = await ground({ ...licenceOf(NUMBER), remarks: 'x' });
    const renewed = await ground(licenceOf(NUMBER), `${TOKEN}A`);
    for (const kind of ['Ground', 'Micro', 'Tile', 'Texture']) {
      expect(again.get(kind), kind).toEqual(first.get(kind));
    }
    for (const kind of ['Ground', 'Micro', 'Tile']) {
      expect(other.get(kind)?.content, kind).not.toBe(first.get(kind)?.content);
    }
    expect(changed.get('Ground')?.content).not.toBe(first.get('Ground')?.content);
    // The texture goes by the code: whoever scans the sheet has nothing else.
    expect(other.get('Texture')).toEqual(first.get('Texture'));
    expect(renewed.get('Texture')?.content).not.toBe(first.get('Texture')?.content);
  });

  test('its microtext is number and importer, letter for letter', async () => {
    const { importer } = licenceOf(NUMBER);
    const { operators } = outlineText(`${NUMBER} ${importer.name} `, FONTS.sans);
    expect((await formsOf(face)).get('Micro')?.content).toContain(operators);
    const other = outlineText(`26-AB-000418 ${importer.name} `, FONTS.sans);
    expect((await formsOf(face)).get('Micro')?.content).not.toContain(other.operators);
  });
});

describe('the seal', () => {
  test.each([['示例许可证事务局'], ['示例省示例市示例区进出口配额与许可证管理事务中心办公室']])(
    'drawn for %s takes at most 25 kB',
    async (name) => {
      const pdf = name.length < 10 ? sealed : await sealedLicence(licenceOf(NUMBER), { name });
      const doc = await load(pdf);
      const fields = doc.context
        .enumerateIndirectObjects()
        .map(([, object]) => object)
        .filter(
          (object) =>
            object instanceof PDFDict && object.get(PDFName.of('FT')) === PDFName.of('Sig'),
        );
      expect(fields).toHaveLength(1);
      const look = (fields[0] as PDFDict).lookup(PDFName.of('AP'), PDFDict);
      const seen = new Set<PDFRef>();
      const sizeOf = (ref: PDFRef): number => {
        if (seen.has(ref)) return 0;
        seen.add(ref);
        const stream = doc.context.lookup(ref) as PDFRawStream;
        const inner = stream.dict.lookupMaybe(PDFName.of('Resources'), PDFDict);
        const objects = inner?.lookupMaybe(PDFName.of('XObject'), PDFDict)?.values() ?? [];
        return objects
          .filter((each) => each instanceof PDFRef)
          .reduce((sum, each) => sum + sizeOf(each), stream.contents.length);
      };
      const size = sizeOf(look.get(PDFName.of('N')) as PDFRef);
      console.info(name.length, 'characters', size);
      expect(size).toBeLessThanOrEqual(25_000);
      expect(size).toBeGreaterThan(1000);
    },
  );

  test('is shown as its data holds it, with the texture on the page under it', async () => {
    const report = await verifyPdf(sealed);
    expect(report.integrity).toBe('intact');
    expect(report.signatures[0]?.seal?.pictureMatches).toBe(true);
  });

  test('stands where whoever reads the sheet expects it', async () => {
    const { sealRect } = await composeLicence(licenceOf(NUMBER), options);
    const { cx, cy, diameter } = LICENCE_PLACES.seal;
    const mm = (pt: number) => (pt * 25.4) / 72;
    expect(mm(sealRect.x + sealRect.width / 2)).toBeCloseTo(cx, 1);
    expect(297 - mm(sealRect.y + sealRect.height / 2)).toBeCloseTo(cy, 1);
    expect(mm(sealRect.width)).toBeCloseTo(diameter, 1);
  });
});

describe.skipIf(!has('pdftoppm'))('rendered', () => {
  test.each([
    [150, []],
    [300, ['-gray']],
  ])('the code of a sealed pilot licence reads at %i dpi %s', async (dpi, how) => {
    expect(await codeIn(rendered(sealed, dpi, ...how))).toBe(TOKEN);
  });

  test('the ground stays light enough to read small print on', async () => {
    const { decodePng } = await import('../../src/seal/picture/png.ts');
    const dark = async (pdf: Uint8Array) => {
      // Box 19 left of the code and under the remarks: nothing but ground.
      const area = ['-x', '250', '-y', '2800', '-W', '600', '-H', '280'];
      const { data } = decodePng(rendered(pdf, 300, ...area));
      let least = 255;
      for (let i = 0; i < data.length; i += 4) {
        const [r, g, b] = [data[i], data[i + 1], data[i + 2]] as [number, number, number];
        least = Math.min(least, 0.299 * r + 0.587 * g + 0.114 * b);
      }
      return least;
    };
    // Grey text of the boxes is 90: at least four to one against the darkest crossing.
    expect(await dark(face)).toBeGreaterThan(195);
    expect(await dark(sealed)).toBeGreaterThan(185);
  });
});
