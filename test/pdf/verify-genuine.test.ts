import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { concat, fromLatin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { sign } from './fixtures/sign.ts';
import { integrityOf, makeWorld, signedVariant, VARIANTS, type World } from './fixtures/world.ts';
import { append, withEntries } from './fixtures/write.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinnabar-pdf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

function command(name: string, ...args: string[]): string | null {
  try {
    return execFileSync(name, args, { stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

describe.each(VARIANTS)('$name', (variant) => {
  test('one signature is intact and covers the file', async () => {
    const pdf = await signedVariant(world, variant);
    const report = await verifyPdf(pdf);
    expect(report.findings.filter((f) => f.severity === 'error')).toEqual([]);
    expect(report.integrity).toBe('intact');
    expect(report.signatures[0]).toMatchObject({
      field: 'Signature1',
      kind: variant.sign.certify ? 'certification' : 'approval',
      coverage: 'file',
      changes: 'none',
      revision: pdf.length,
      page: 1,
      rect: [300, 500, 400, 580],
    });
    writeFileSync(join(folder, 'a.pdf'), pdf);
    const qpdf = command('qpdf', '--check', join(folder, 'a.pdf'));
    if (qpdf !== null) expect(qpdf).toContain('No syntax or stream encoding errors');
    const pdfsig = command('pdfsig', '-nocert', join(folder, 'a.pdf'));
    if (pdfsig !== null) {
      expect(pdfsig).toContain('Signature is Valid');
      expect(pdfsig).toContain('Total document signed');
    }
  });

  test('an end of line after the last %%EOF changes nothing', async () => {
    const pdf = await signedVariant(world, variant);
    expect(await integrityOf(concat(pdf, fromLatin1('\r\n\r\n')))).toBe('intact');
  });

  test('validation evidence may come under every level', async () => {
    const pdf = await signedVariant(world, variant);
    const { catalog, size } = await anatomy(pdf);
    const after = await append(
      pdf,
      {
        [catalog.num]: withEntries(catalog.dict, {
          DSS: `<</Type /DSS /Certs [${size} 0 R]>>`,
          Extensions: '<</ESIC <</BaseVersion /1.7 /ExtensionLevel 5>>>>',
        }),
        [size]: '<</Length 3>>\nstream\nabc\nendstream',
      },
      variant.sign.xref ? { xref: variant.sign.xref } : {},
    );
    const report = await verifyPdf(after);
    expect(report.integrity).toBe('intact');
    expect(report.signatures[0]).toMatchObject({ coverage: 'revision', changes: 'permitted' });
    expect(report.signatures[0]?.changesList.map((c) => c.words)).toContain(
      'validation evidence was added',
    );
  });

  test('an update that rewrites objects as they were changes nothing', async () => {
    const pdf = await signedVariant(world, variant);
    const { catalog, page } = await anatomy(pdf);
    const after = await append(pdf, {
      [catalog.num]: withEntries(catalog.dict, {}),
      [page(1).num]: withEntries(page(1).dict, {}),
    });
    const report = await verifyPdf(after);
    expect(report.integrity).toBe('intact');
    expect(report.signatures[0]?.changes).toBe('none');
  });

  test('filling a field is permitted but under P=1', async () => {
    const pdf = await signedVariant(world, variant, { textFields: ['remark'] });
    const field = (await anatomy(pdf)).field('remark');
    const after = await append(pdf, { [field.num]: withEntries(field.dict, { V: '(new)' }) });
    const expected = variant.sign.certify === 1 ? 'modified' : 'intact';
    expect(await integrityOf(after)).toBe(expected);
  });

  test('a field filled by pdf-lib as an increment', async () => {
    const pdf = await signedVariant(world, variant, { textFields: ['remark'] });
    const opened = await PDFDocument.load(pdf, { forIncrementalUpdate: true });
    opened.getForm().getTextField('remark').setText('filled');
    const after = await opened.save({ useObjectStreams: variant.base.objectStreams ?? false });
    expect(await integrityOf(after)).toBe(variant.sign.certify === 1 ? 'modified' : 'intact');
  });

  test('signing a field that is there is permitted but under P=1', async () => {
    const pdf = await signedVariant(world, variant, { signatureFields: ['Authority'] });
    const after = await sign(pdf, {
      signer: world.bob,
      field: 'Authority',
      existing: true,
      appearance: 'q Q',
    });
    const report = await verifyPdf(after);
    expect(report.integrity).toBe(variant.sign.certify === 1 ? 'modified' : 'intact');
    expect(report.signatures).toHaveLength(2);
    expect(report.signatures[1]).toMatchObject({
      field: 'Authority',
      integrity: 'intact',
      coverage: 'file',
    });
  });

  test('a new signature field is permitted where nothing is certified', async () => {
    const pdf = await signedVariant(world, variant);
    const after = await sign(pdf, {
      signer: world.bob,
      field: 'Second',
      rect: '100 100 200 180',
      appearance: 'q Q',
    });
    expect(await integrityOf(after)).toBe(variant.sign.certify ? 'modified' : 'intact');
  });
});

test.each([
  ['linearised', ['--linearize']],
  ['object streams', ['--object-streams=generate']],
  ['linearised with object streams', ['--linearize', '--object-streams=generate']],
])('an original that qpdf made: %s', async (_, args) => {
  writeFileSync(join(folder, 'in.pdf'), await basePdf({ pages: 5, textFields: ['remark'] }));
  const made = command('qpdf', ...args, join(folder, 'in.pdf'), join(folder, 'out.pdf'));
  if (made === null) return;
  const base = new Uint8Array(readFileSync(join(folder, 'out.pdf')));
  const pdf = await sign(base, { signer: world.alice, xref: args.length > 1 ? 'stream' : 'table' });
  expect((await verifyPdf(pdf)).findings.filter((f) => f.severity === 'error')).toEqual([]);
  expect(await integrityOf(pdf)).toBe('intact');
  const { num, dict } = (await anatomy(pdf)).page(3);
  const turned = await append(pdf, { [num]: withEntries(dict, { Rotate: '90' }) });
  expect(await integrityOf(turned)).toBe('modified');
});

test('what a signed revision has prepared is a warning', async () => {
  const base = await basePdf();
  const { catalog } = await anatomy(base);
  const layered = await append(base, {
    [catalog.num]: withEntries(catalog.dict, {
      OCProperties: '<</OCGs [] /D <<>>>>',
      OpenAction: '<</S /JavaScript /JS (1)>>',
    }),
  });
  const report = await verifyPdf(await sign(layered, { signer: world.alice }));
  expect(report.integrity).toBe('intact');
  const codes = report.findings.filter((f) => f.severity === 'warning').map((f) => f.code);
  expect(codes).toEqual(expect.arrayContaining(['pdf-layers', 'pdf-active']));
});

test('a file without signature is unsigned, with an empty signature field too', async () => {
  expect(await integrityOf(await basePdf())).toBe('unsigned');
  const report = await verifyPdf(
    await basePdf({ signatureFields: ['Empty'], objectStreams: true }),
  );
  expect(report).toMatchObject({ integrity: 'unsigned', verdict: 'NO-SIGNATURE', signatures: [] });
});

test('what is no PDF is unreadable', async () => {
  for (const bytes of [
    new Uint8Array(0),
    fromLatin1('hello'),
    fromLatin1('%PDF-1.7\nstartxref\n9\n%%EOF'),
  ]) {
    expect((await verifyPdf(bytes)).integrity).toBe('unreadable');
  }
});

describe('a tagged document', () => {
  /** A structure tree with one element, and a second signature that gives its widget an element. */
  async function tagged(change: (objects: Record<number, string>, next: number) => void) {
    const base = await basePdf();
    const { catalog, page, size } = await anatomy(base);
    const made = await append(base, {
      [catalog.num]: withEntries(catalog.dict, {
        StructTreeRoot: `${size} 0 R`,
        MarkInfo: '<</Marked true>>',
      }),
      [size]: `<</Type /StructTreeRoot /K ${size + 1} 0 R /ParentTree ${size + 2} 0 R /ParentTreeNextKey 1>>`,
      [size + 1]: `<</Type /StructElem /S /Document /P ${size} 0 R /K [0] /Pg ${page(1).num} 0 R>>`,
      [size + 2]: `<</Nums [0 [${size + 1} 0 R]]>>`,
    });
    const signed = await sign(made, { signer: world.alice });
    return sign(signed, {
      signer: world.bob,
      field: 'Second',
      entries: '/Reason (x)',
      objects: (next) => {
        // The widget stands two numbers before.
        const objects: Record<number, string> = {
          [size]: `<</Type /StructTreeRoot /K ${size + 1} 0 R /ParentTree ${size + 2} 0 R /ParentTreeNextKey 2>>`,
          [size + 1]:
            `<</Type /StructElem /S /Document /P ${size} 0 R /K [0 ${next} 0 R] /Pg ${page(1).num} 0 R>>`,
          [size + 2]: `<</Nums [0 [${size + 1} 0 R] 1 ${next} 0 R]>>`,
          [next]: `<</Type /StructElem /S /Form /P ${size + 1} 0 R /K <</Type /OBJR /Obj ${next - 2} 0 R>>>>`,
        };
        change(objects, next);
        return objects;
      },
    });
  }

  test('a new signature field with an element of its own', async () => {
    const report = await verifyPdf(await tagged(() => undefined));
    expect(report.findings.filter((f) => f.severity === 'error')).toEqual([]);
    expect(report.integrity).toBe('intact');
  });

  test.each([
    ['another kind', (t: string) => t.replace('/S /Document', '/S /Artifact')],
    ['content taken out', (t: string) => t.replace('/K [0 ', '/K [')],
    [
      'a text in its place',
      (t: string) => t.replace('/S /Document', '/S /Document /ActualText (9)'),
    ],
  ])('and an element changed besides: %s', async (_, edit) => {
    const pdf = await tagged((objects) => {
      for (const [num, text] of Object.entries(objects)) objects[Number(num)] = edit(text);
    });
    expect(await integrityOf(pdf)).toBe('modified');
  });
});
