/** Shadow attacks, evil annotations, sneaky signatures, field re-use, permission breaches. */
import { beforeAll, describe, expect, test } from 'vitest';
import { concat, fromLatin1, latin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { sign } from './fixtures/sign.ts';
import { integrityOf, makeWorld, signedVariant, VARIANTS, type World } from './fixtures/world.ts';
import { append, lastRevision, startxrefOf, withEntries, write } from './fixtures/write.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const form = (content: string, extra = ''): string =>
  `<</Type /XObject /Subtype /Form /BBox [0 0 600 850] ${extra} /Length ${content.length}>>\nstream\n${content}\nendstream`;
const OPAQUE = form('q 1 1 1 rg 0 0 600 850 re f Q');

/** A base whose first page draws form XObject `overlay`, with what else a shadow needs. */
async function prepared(
  extra: Record<number, string> = {},
  resources = '',
): Promise<{ pdf: Uint8Array; overlay: number }> {
  const base = await basePdf();
  const { page, size } = await anatomy(base);
  const { num, dict } = page(1);
  const content = '/Over Do';
  const pdf = await append(base, {
    [num]: withEntries(dict, {
      Contents: `${size + 1} 0 R`,
      Resources: `<</XObject <</Over ${size} 0 R>> ${resources}>>`,
    }),
    [size]: OPAQUE,
    [size + 1]: `<</Length ${content.length}>>\nstream\n${content}\nendstream`,
    ...extra,
  });
  return { pdf, overlay: size };
}

describe.each(VARIANTS)('$name', (variant) => {
  const xref = variant.sign.xref ? { xref: variant.sign.xref } : {};
  const options = { rect: '300 500 400 580', appearance: 'q Q', ...variant.sign };

  test('shadow hide: the overlay is freed, emptied or unlinked', async () => {
    const { pdf, overlay } = await prepared();
    const signed = await sign(pdf, { signer: world.alice, ...options });
    expect(await integrityOf(signed)).toBe('intact');
    const page = (await anatomy(signed)).page(1);
    expect(await integrityOf(await append(signed, {}, { free: [overlay] }))).toBe('modified');
    expect(await integrityOf(await append(signed, { [overlay]: form('') }, xref))).toBe('modified');
    const bare = withEntries(page.dict, { Resources: '<<>>' });
    expect(await integrityOf(await append(signed, { [page.num]: bare }, xref))).toBe('modified');
  });

  test('shadow hide: a dangling reference that a later object answers', async () => {
    const { pdf } = await prepared({}, '/Font <</F9 900 0 R>>');
    const signed = await sign(pdf, { signer: world.alice, ...options });
    const after = await append(
      signed,
      { 900: '<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>' },
      xref,
    );
    expect(await integrityOf(after)).toBe('modified');
  });

  test('shadow replace: a font or a prepared object is exchanged', async () => {
    const font = '<</Type /Font /Subtype /Type1 /BaseFont /Courier>>';
    const { pdf } = await prepared({ 60: font }, '/Font <</F9 60 0 R>>');
    const signed = await sign(pdf, { signer: world.alice, ...options });
    const after = await append(signed, { 60: font.replace('Courier', 'Symbol') }, xref);
    expect(await integrityOf(after)).toBe('modified');
  });

  test('shadow replace: the new font hides behind the form resources', async () => {
    const font = '<</Type /Font /Subtype /Type1 /BaseFont /Courier>>';
    const base = await prepared({ 60: font, 61: '<</Font <</F9 60 0 R>>>>' });
    const { catalog, page } = await anatomy(base.pdf);
    const shared = await append(base.pdf, {
      [catalog.num]: withEntries(catalog.dict, { AcroForm: '<</Fields [] /DR 61 0 R>>' }),
      [page(1).num]: withEntries(page(1).dict, { Resources: '61 0 R' }),
    });
    const signed = await sign(shared, { signer: world.alice, ...options });
    expect(await integrityOf(signed)).toBe('intact');
    const more = { 61: '<</Font <</F9 60 0 R /F8 62 0 R>>>>', 62: font };
    expect(await integrityOf(await append(signed, more, xref))).toBe('modified');
  });

  test('shadow hide-and-replace: an update switches to a hidden document', async () => {
    const hidden = 'BT /F1 9 Tf (hidden) Tj ET';
    const { pdf } = await prepared({
      70: '<</Type /Pages /Kids [71 0 R] /Count 1>>',
      71: '<</Type /Page /Parent 70 0 R /MediaBox [0 0 595 842] /Contents 72 0 R>>',
      72: `<</Length ${hidden.length}>>\nstream\n${hidden}\nendstream`,
    });
    const { page } = await anatomy(pdf);
    const signed = await sign(pdf, { signer: world.alice, ...options });
    const now = (await anatomy(signed)).catalog;
    const switched = { [now.num]: withEntries(now.dict, { Pages: '70 0 R' }) };
    expect(await integrityOf(await append(signed, switched, xref))).toBe('modified');
    const content = write(page(1).dict.raw('Contents')).split(' ')[0];
    // Only the map changes: the number of the shown content leads to the hidden one's bytes.
    const at = latin1(signed).indexOf('72 0 obj');
    const start = startxrefOf(signed);
    const only = `xref\n${content} 1\n${String(at).padStart(10, '0')} 00000 n \ntrailer\n<</Root ${now.num} 0 R /Size 100 /Prev ${start}>>\nstartxref\n${signed.length}\n%%EOF\n`;
    expect(['modified', 'broken']).toContain(await integrityOf(concat(signed, fromLatin1(only))));
  });

  test('evil annotation: an opaque one over the content', async () => {
    const signed = await signedVariant(world, variant);
    const { page, size } = await anatomy(signed);
    const { num, dict } = page(1);
    const list = write((await lastRevision(signed)).resolve(dict.raw('Annots')));
    for (const subtype of ['FreeText', 'Stamp', 'Redact', 'Highlight', 'Popup', 'Widget']) {
      const after = await append(
        signed,
        {
          [num]: withEntries(dict, { Annots: list.replace(/\]$/, ` ${size} 0 R]`) }),
          [size]: `<</Type /Annot /Subtype /${subtype} /Rect [0 0 595 842] /F 4 /AP <</N ${size + 1} 0 R>>>>`,
          [size + 1]: OPAQUE,
        },
        xref,
      );
      const report = await verifyPdf(after);
      expect(report.integrity).toBe('modified');
      expect(
        report.signatures[0]?.changesList.some((c) => c.page === 1 || c.object.includes('Page 1')),
      ).toBe(true);
    }
  });

  test('sneaky signature: an unsigned field with a picture, or one signed by anybody', async () => {
    const signed = await signedVariant(world, variant);
    const over = {
      field: 'Sneaky',
      rect: '0 0 595 842',
      appearance: 'q 1 1 1 rg 0 0 100 80 re f Q',
      ...xref,
    };
    const again = await sign(signed, { signer: world.bob, ...over });
    const report = await verifyPdf(again);
    expect(report.integrity).toBe(variant.sign.certify ? 'modified' : 'intact');
    expect(report.findings.map((f) => f.code)).toContain('pdf-overlay');
    const unsigned = await sign(signed, { signer: world.bob, ...over, dictionary: () => 'null' });
    expect(await integrityOf(unsigned)).not.toBe('intact');
  });

  test('field re-use: another name, another place, another picture, another value', async () => {
    const signed = await signedVariant(world, variant);
    const parts = await anatomy(signed);
    const { num, dict } = parts.field('Signature1');
    const value = write(dict.raw('V'));
    const look = Number(/\/N (\d+) 0 R/.exec(write(dict))?.[1]);
    const changes: Record<string, string>[] = [
      { T: '(Authority)' },
      { Rect: '[100 100 200 180]' },
      { F: '2' },
      { AP: '<<>>' },
      { V: 'null' },
      { P: `${parts.page(2).num} 0 R` },
      { Lock: '<</Type /SigFieldLock /Action /All>>' },
      { MK: '<</R 90>>' },
    ];
    for (const change of changes) {
      const after = await append(signed, { [num]: withEntries(dict, change) }, xref);
      expect(await integrityOf(after), JSON.stringify(change)).not.toBe('intact');
    }
    const picture = await append(signed, { [look]: form('1 0 0 rg 0 0 9 9 re f') }, xref);
    expect(await integrityOf(picture)).toBe('modified');
    const { catalog, size, form: acroForm } = parts;
    const fields = write(
      (await lastRevision(signed)).resolve(acroForm?.dict.raw('Fields') ?? null),
    );
    const second = `<</Type /Annot /Subtype /Widget /FT /Sig /T (Other) /F 132 /Rect [0 0 0 0] /V ${value}>>`;
    const grown = withEntries(acroForm?.dict as never, {
      Fields: fields.replace(/\]$/, ` ${size} 0 R]`),
    });
    const objects: Record<number, string> = { [size]: second };
    if (acroForm?.num != null) objects[acroForm.num] = grown;
    else objects[catalog.num] = withEntries(catalog.dict, { AcroForm: grown });
    const report = await verifyPdf(await append(signed, objects, xref));
    expect(report.integrity).toBe('modified');
    expect(report.signatures).toHaveLength(1);
  });

  test('a field moved to another page, taken off its page, or widened', async () => {
    const signed = await signedVariant(world, variant, { textFields: ['remark'] });
    const { field, page } = await anatomy(signed);
    const { num, dict } = field('remark');
    const revision = await lastRevision(signed);
    const widget = Number(/(\d+) 0 R/.exec(write(dict.raw('Kids')))?.[1] ?? num);
    const own = revision.dict(revision.object(widget));
    if (!own) throw new Error('no widget');
    const wide = await append(
      signed,
      { [widget]: withEntries(own, { Rect: '[0 0 595 842]' }) },
      xref,
    );
    expect(await integrityOf(wide)).toBe('modified');
    const off = await append(
      signed,
      { [page(1).num]: withEntries(page(1).dict, { Annots: '[]' }) },
      xref,
    );
    expect(await integrityOf(off)).toBe('modified');
    const removed = await append(signed, {}, { free: [num] });
    expect(await integrityOf(removed)).not.toBe('intact');
  });

  test('a new field without signature', async () => {
    const signed = await signedVariant(world, variant, { textFields: ['remark'] });
    const { form: acroForm, size, page } = await anatomy(signed);
    if (!acroForm || acroForm.num === null) throw new Error('no form');
    const fields = write((await lastRevision(signed)).resolve(acroForm.dict.raw('Fields')));
    const list = write((await lastRevision(signed)).resolve(page(1).dict.raw('Annots')));
    const after = await append(signed, {
      [acroForm.num]: withEntries(acroForm.dict, {
        Fields: fields.replace(/\]$/, ` ${size} 0 R]`),
      }),
      [page(1).num]: withEntries(page(1).dict, { Annots: list.replace(/\]$/, ` ${size} 0 R]`) }),
      [size]: '<</Type /Annot /Subtype /Widget /FT /Tx /T (added) /Rect [0 0 99 99] /V (x)>>',
    });
    expect(await integrityOf(after)).toBe('modified');
  });

  test('a certification after another signature', async () => {
    const signed = await signedVariant(world, variant);
    const after = await sign(signed, { signer: world.bob, field: 'Late', certify: 2 });
    expect(await integrityOf(after)).not.toBe('intact');
  });
});

describe('FieldMDP and Lock', () => {
  const cases: [string, string, string, boolean][] = [
    ['All', '/Action /All', 'remark', false],
    ['Include, named', '/Action /Include /Fields [(remark)]', 'remark', false],
    ['Include, other', '/Action /Include /Fields [(remark)]', 'note', true],
    ['Exclude, named', '/Action /Exclude /Fields [(remark)]', 'remark', true],
    ['Exclude, other', '/Action /Exclude /Fields [(remark)]', 'note', false],
    ['unreadable', '/Action /Whatever', 'note', false],
  ];
  test.each(cases)('%s', async (_, fieldMdp, name, allowed) => {
    const base = await basePdf({ textFields: ['remark', 'note'] });
    for (const certify of [undefined, 2, 3] as const) {
      const signed = await sign(base, {
        signer: world.alice,
        fieldMdp,
        ...(certify ? { certify } : {}),
      });
      const { num, dict } = (await anatomy(signed)).field(name);
      const filled = await append(signed, { [num]: withEntries(dict, { V: '(filled)' }) });
      expect(await integrityOf(filled)).toBe(allowed ? 'intact' : 'modified');
    }
  });

  test('the Lock of a signature field that was there', async () => {
    const base = await basePdf({ textFields: ['remark'], signatureFields: ['Authority'] });
    const field = (await anatomy(base)).field('Authority');
    const lock = { Lock: '<</Type /SigFieldLock /Action /Include /Fields [(remark)]>>' };
    const locked = await append(base, { [field.num]: withEntries(field.dict, lock) });
    const signed = await sign(locked, { signer: world.alice, field: 'Authority', existing: true });
    expect(await integrityOf(signed)).toBe('intact');
    const { num, dict } = (await anatomy(signed)).field('remark');
    const filled = await append(signed, { [num]: withEntries(dict, { V: '(filled)' }) });
    expect(await integrityOf(filled)).toBe('modified');
  });
});
