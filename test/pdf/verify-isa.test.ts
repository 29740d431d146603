/** Incremental saving attacks, signature wrapping, tails, tampering, truncation, gap, transplant. */
import { beforeAll, describe, expect, test } from 'vitest';
import { concat, fromLatin1, latin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { patch, sign, signatureAt } from './fixtures/sign.ts';
import { makeWorld, REFUSED, signedVariant, VARIANTS, type World } from './fixtures/world.ts';
import { append, lastRevision, startxrefOf, withEntries, write } from './fixtures/write.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const text = 'BT /F1 20 Tf 50 700 Td (Licence: amount 9999999) Tj ET';
const stream = `<</Length ${text.length}>>\nstream\n${text}\nendstream`;

async function contentsOf(pdf: Uint8Array): Promise<number> {
  const { dict } = (await anatomy(pdf)).page(1);
  const written = write((await lastRevision(pdf)).resolve(dict.raw('Contents')));
  const list = /(\d+) 0 R/.exec(written.startsWith('[') ? written : write(dict.raw('Contents')));
  return Number(list?.[1]);
}

describe.each(VARIANTS)('$name', (variant) => {
  const xref = variant.sign.xref ? { xref: variant.sign.xref } : {};

  test('content redefined in an update', async () => {
    const pdf = await signedVariant(world, variant);
    const report = await verifyPdf(await append(pdf, { [await contentsOf(pdf)]: stream }, xref));
    expect(report.integrity).toBe('modified');
    expect(report.verdict).toBe('TOTAL-FAILED');
    expect(report.signatures[0]).toMatchObject({ changes: 'forbidden', coverage: 'revision' });
    expect(report.signatures[0]?.changesList[0]?.object).toContain('Page 1/Contents');
  });

  test.each([
    [['xref']],
    [['trailer']],
    [['startxref']],
    [['xref', 'trailer']],
    [['xref', 'trailer', 'startxref']],
  ] as ('xref' | 'trailer' | 'startxref')[][][])('an update without %s', async (omit) => {
    const pdf = await signedVariant(world, variant);
    const after = await append(pdf, { [await contentsOf(pdf)]: stream }, { omit });
    expect(REFUSED).toContain((await verifyPdf(after)).integrity);
  });

  test('page, page tree, catalog, resources changed in an update', async () => {
    const pdf = await signedVariant(world, variant);
    const { page, catalog, size } = await anatomy(pdf);
    const { num, dict } = page(1);
    const revision = await lastRevision(pdf);
    const pages = revision.catalog.raw('Pages');
    const tree = revision.dict(pages);
    if (!tree) throw new Error('no page tree');
    const updates: Record<number, string>[] = [
      { [num]: withEntries(dict, { Contents: `${size} 0 R` }), [size]: stream },
      { [num]: withEntries(dict, { MediaBox: '[0 0 100 100]' }) },
      { [num]: withEntries(dict, { Rotate: '180' }) },
      { [num]: withEntries(dict, { CropBox: '[0 0 10 10]' }) },
      { [num]: withEntries(dict, { Resources: '<<>>' }) },
      { [catalog.num]: withEntries(catalog.dict, { OpenAction: '<</S /JavaScript /JS (x)>>' }) },
      { [catalog.num]: withEntries(catalog.dict, { Names: '<<>>', AA: '<<>>' }) },
      { [catalog.num]: withEntries(catalog.dict, { OCProperties: '<</OCGs [] /D <<>>>>' }) },
      {
        [catalog.num]: withEntries(catalog.dict, { Pages: `${size} 0 R` }),
        [size]: withEntries(tree, {}),
      },
      {
        [Number(write(pages).split(' ')[0])]: withEntries(tree, {
          Count: '1',
          Kids: `[${num} 0 R]`,
        }),
      },
    ];
    for (const objects of updates) {
      expect((await verifyPdf(await append(pdf, objects, xref))).integrity).toBe('modified');
    }
  });

  test('another catalog through the trailer', async () => {
    const pdf = await signedVariant(world, variant);
    const { catalog, size } = await anatomy(pdf);
    const moved = (entries: Record<string, string | null>) =>
      append(
        pdf,
        { [size]: withEntries(catalog.dict, entries) },
        { trailer: { Root: `${size} 0 R` } },
      );
    for (const entries of [
      { OpenAction: '<</S /JavaScript /JS (x)>>' },
      { Names: '<<>>' },
      { Pages: null },
      { AcroForm: null },
    ]) {
      expect(REFUSED).toContain((await verifyPdf(await moved(entries))).integrity);
    }
    // Written anew under another number, and the same in every entry: nothing was exchanged.
    expect((await verifyPdf(await moved({}))).signatures[0]).toMatchObject({
      integrity: 'intact',
      changes: 'permitted',
    });
  });

  test('a catalog that stood ready in the signed bytes', async () => {
    const base = await basePdf(variant.base);
    const { catalog, size } = await anatomy(base);
    const ready = await append(base, { [size]: withEntries(catalog.dict, {}) }, xref);
    const pdf = await sign(ready, { signer: world.alice, ...variant.sign });
    const after = await append(pdf, {}, { ...xref, trailer: { Root: `${size} 0 R` } });
    expect(REFUSED).toContain((await verifyPdf(after)).integrity);
  });

  test('an update with a copy of the signature, in a field of its own', async () => {
    const pdf = await signedVariant(world, variant);
    const { catalog, size, page, form } = await anatomy(pdf);
    const { open, close } = signatureAt(pdf);
    const sigText = `<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached ${latin1(pdf).match(/\/ByteRange \[[\d ]+\]/)?.[0]} /Contents ${latin1(pdf.subarray(open, close))}>>`;
    const widget = `<</Type /Annot /Subtype /Widget /FT /Sig /T (Copy) /F 132 /Rect [0 0 0 0] /V ${size} 0 R>>`;
    const fields = write((await lastRevision(pdf)).resolve(form?.dict.raw('Fields') ?? null));
    const grown = withEntries(form?.dict as never, {
      Fields: fields.replace(/\]$/, ` ${size + 1} 0 R]`),
    });
    const objects: Record<number, string> = {
      [await contentsOf(pdf)]: stream,
      [size]: sigText,
      [size + 1]: widget,
      [page(1).num]: withEntries(page(1).dict, {}),
    };
    if (form?.num != null) objects[form.num] = grown;
    else objects[catalog.num] = withEntries(catalog.dict, { AcroForm: grown });
    expect(REFUSED).toContain((await verifyPdf(await append(pdf, objects, xref))).integrity);
    delete objects[await contentsOf(pdf)];
    expect(REFUSED).toContain((await verifyPdf(await append(pdf, objects, xref))).integrity);
  });

  test('an update whose Prev skips the signed revision', async () => {
    const pdf = await signedVariant(world, variant);
    const base = Number((await lastRevision(pdf)).map.trailer.raw('Prev'));
    const after = await append(pdf, { [await contentsOf(pdf)]: stream }, { prev: base });
    expect(REFUSED).toContain((await verifyPdf(after)).integrity);
  });

  test('a startxref that leads back to an older revision', async () => {
    const pdf = await signedVariant(world, variant);
    const base = Number((await lastRevision(pdf)).map.trailer.raw('Prev'));
    const after = concat(pdf, fromLatin1(`startxref\n${base}\n%%EOF\n`));
    expect(REFUSED).toContain((await verifyPdf(after)).integrity);
  });

  test('signature wrapping: the second range moved, objects and an xref put before it', async () => {
    const pdf = await signedVariant(world, variant);
    const { range, numbers, close } = signatureAt(pdf);
    const [, b = 0, , d = 0] = numbers;
    const at = await contentsOf(pdf);
    const object = `${at} 0 obj\n${stream}\nendobj\n`;
    for (const own of [true, false]) {
      const inserted = close + object.length;
      const xrefText = `xref\n0 1\n0000000000 65535 f \n${at} 1\n${String(close).padStart(10, '0')} 00000 n \ntrailer\n<</Root ${(await anatomy(pdf)).catalog.num} 0 R /Size 99 /Prev ${startxrefOf(pdf)}>>\nstartxref\n${inserted}\n%%EOF\n`;
      const gap = own ? object + xrefText : object;
      const out = concat(pdf.subarray(0, close), fromLatin1(gap), pdf.subarray(close));
      const c = close + gap.length;
      const old = /\/ByteRange \[[\d ]+\]/.exec(latin1(pdf))?.[0] as string;
      const fitted = `/ByteRange [0 ${b} ${c} ${d}]`;
      out.set(fromLatin1(fitted.padEnd(old.length)), range);
      expect(REFUSED).toContain((await verifyPdf(out)).integrity);
    }
  });

  test('bytes after the last end of file', async () => {
    const pdf = await signedVariant(world, variant);
    for (const tail of [
      'x',
      '% comment\n',
      `${await contentsOf(pdf)} 0 obj\n${stream}\nendobj\n`,
      '%PDF-1.7\n1 0 obj\n<</Type /Catalog>>\nendobj\n%%EOF\n',
      'PK\x03\x04',
    ]) {
      const report = await verifyPdf(concat(pdf, fromLatin1(tail)));
      expect(REFUSED).toContain(report.integrity);
    }
    for (const blank of ['\0'.repeat(5000), '\n'.repeat(100), '\r\n\x1a']) {
      const report = await verifyPdf(concat(pdf, fromLatin1(blank)));
      expect(report.integrity).toBe('intact');
    }
  });

  test('a changed byte anywhere in either range', async () => {
    const pdf = await signedVariant(world, variant);
    const { open, close } = signatureAt(pdf);
    for (let i = 0; i < 60; i++) {
      const first = i % 2 === 0;
      const at = first
        ? Math.floor((i / 60) * open)
        : close + Math.floor((i / 60) * (pdf.length - close));
      const out = pdf.slice();
      out[at] = (out[at] as number) ^ (1 << (i % 8));
      const { integrity } = await verifyPdf(out);
      // A name of an algorithm that is none: said so, and never intact.
      expect([...REFUSED, 'unreadable', 'unchecked'], `byte ${at}`).toContain(integrity);
    }
  });

  test('cut short', async () => {
    const pdf = await signedVariant(world, variant);
    const { close } = signatureAt(pdf);
    for (const cut of [1, 2, 7, 10, 40, 300]) {
      const report = await verifyPdf(pdf.subarray(0, pdf.length - cut));
      expect(REFUSED).toContain(report.integrity);
    }
    expect(REFUSED).toContain((await verifyPdf(pdf.subarray(0, close - 5))).integrity);
  });

  test('other tokens in the gap', async () => {
    const pdf = await signedVariant(world, variant);
    const { open, close, range } = signatureAt(pdf);
    const hex = latin1(pdf.subarray(open, close));
    const used = hex.replace(/0+>$/, '').length + 200;
    for (const tail of ['/X (y)', '%abc\n', '   ', '<00>', '\n']) {
      const gap = `${hex.slice(0, used)}>${tail}`.slice(0, close - open).padEnd(close - open);
      const out = pdf.slice();
      out.set(fromLatin1(gap), open);
      expect(REFUSED).toContain((await verifyPdf(out)).integrity);
    }
    for (const end of ['  >', ' 0>', '0 >']) {
      const spaced = pdf.slice();
      spaced.set(fromLatin1(`${hex.slice(0, -3)}${end}`), open);
      expect(REFUSED).toContain((await verifyPdf(spaced)).integrity);
    }
    const wide = patch(
      pdf,
      latin1(pdf).slice(range, range + 60),
      latin1(pdf).slice(range, range + 60),
    );
    expect((await verifyPdf(wide)).integrity).toBe('intact');
  });

  test('data in the padding of Contents is suspicious, never plainly valid', async () => {
    const pdf = await signedVariant(world, variant);
    const { close } = signatureAt(pdf);
    const out = pdf.slice();
    out.set(fromLatin1('deadbeef'), close - 20);
    const report = await verifyPdf(out, { trust: { anchors: [world.root.certificate] } });
    expect(report.verdict).toBe('INDETERMINATE');
    expect(report.findings.map((f) => f.code)).toContain('pdf-contents-padding');
  });

  test('the CMS of another document', async () => {
    const pdf = await signedVariant(world, variant);
    const other = await sign(await basePdf({ pages: 3 }), { signer: world.alice });
    const [mine, theirs] = [signatureAt(pdf), signatureAt(other)];
    const out = pdf.slice();
    out.set(other.subarray(theirs.open, theirs.close), mine.open);
    const report = await verifyPdf(out);
    expect(report.integrity).toBe('broken');
    expect(report.signatures[0]?.subIndication).toBe('HASH_FAILURE');
  });
});
