/** What software of the field writes after a signature besides its purpose, and what only looks so. */
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyPdf } from '../../src/pdf/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { sign } from './fixtures/sign.ts';
import { integrityOf, makeWorld, type World } from './fixtures/world.ts';
import { type AppendOptions, append, lastRevision, withEntries, write } from './fixtures/write.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

type Edit = Record<string, string | null>;
const stream = (content: string, entries = ''): string =>
  `<<${entries} /Length ${content.length}>>\nstream\n${content}\nendstream`;
const look = (content: string): string =>
  stream(content, '/Type /XObject /Subtype /Form /BBox [0 0 200 24]');
const shown = (text: string): string =>
  look(`/Tx BMC q BT /Helv 9 Tf 2 2 Td (${text}) Tj ET Q EMC`);
const COVER = look('1 1 1 rg 0 0 200 24 re f');

/** A signed file with a text field that is one with its widget. */
async function signedForm(field: Edit, level: 0 | 1 | 2 | 3, appearance = shown('')) {
  const base = await basePdf({ signatureFields: ['Second'] });
  const { form, page, size } = await anatomy(base);
  if (!form || form.num === null) throw new Error('no form');
  const list = (dict: typeof form.dict, key: string): string =>
    write(dict.raw(key)).replace(/\]$/, ` ${size} 0 R]`);
  const text = Object.entries({
    Type: '/Annot',
    Subtype: '/Widget',
    FT: '/Tx',
    T: '(remark)',
    DA: '(/Helv 9 Tf 0 g)',
    Rect: '[50 600 250 624]',
    AP: `<</N ${size + 1} 0 R>>`,
    ...field,
  });
  const entries = text.flatMap(([key, value]) => (value === null ? [] : [`/${key} ${value}`]));
  const made = await append(base, {
    [size]: `<<${entries.join(' ')}>>`,
    [size + 1]: appearance,
    [form.num]: withEntries(form.dict, { Fields: list(form.dict, 'Fields') }),
    [page(1).num]: withEntries(page(1).dict, { Annots: list(page(1).dict, 'Annots') }),
  });
  const certify = level === 0 ? {} : { certify: level };
  const pdf = await sign(made, { signer: world.alice, ...certify });
  const now = await anatomy(pdf);
  const next = now.size;
  const objects = (edit: Edit, formEdit: Edit = {}): Record<number, string> => ({
    [size]: withEntries(now.field('remark').dict, edit),
    [form.num as number]: withEntries((now.form as typeof form).dict, formEdit),
  });
  const update = (
    edit: Edit,
    formEdit: Edit = {},
    more: Record<number, string> = {},
    how: AppendOptions = {},
  ): Promise<Uint8Array> => append(pdf, { ...objects(edit, formEdit), ...more }, how);
  return { pdf, now, next, remark: size, objects, update };
}

const REDRAW = { NeedAppearances: 'true' };

describe.each([0, 1, 2, 3] as const)('P=%i', (level) => {
  const allowed = level === 1 ? 'modified' : 'intact';

  test('a field filled, for readers to draw', async () => {
    const { update } = await signedForm({}, level);
    expect(await integrityOf(await update({ V: '(9)', AP: null }, REDRAW))).toBe(allowed);
    const other = await signedForm({ V: '(1000)' }, level, shown('2000'));
    const report = await verifyPdf(await other.update({ V: '(2000)', AP: null }, REDRAW));
    expect(report.integrity).toBe('modified');
  });

  test('a signature that locks a field', async () => {
    const { pdf, objects, remark } = await signedForm({}, level);
    const second = (flags: string) =>
      sign(pdf, {
        signer: world.bob,
        field: 'Second',
        existing: true,
        objects: () => ({ [remark]: objects({ Ff: flags })[remark] as string }),
      });
    expect(await integrityOf(await second('1'))).toBe(allowed);
    expect(await integrityOf(await second('3'))).toBe('modified');
  });

  test('entries written in another way, and the type of a widget', async () => {
    const { update } = await signedForm({ Type: null }, level);
    const same = { Type: '/Annot', DA: '( /Helv  9 Tf 0 g )', Rect: '[50.0 600 250 624.00]' };
    expect(await integrityOf(await update(same))).toBe('intact');
    expect(await integrityOf(await update({ DA: '(/Helv 9 Tf 1 g)' }))).toBe('modified');
    expect(await integrityOf(await update({ Type: '/Page' }))).toBe('modified');
    const filled = { V: '(9)', DA: '(/Helv 8 Tf 0 g)', AP: null };
    expect(await integrityOf(await update(filled))).toBe(allowed);
  });

  test('an area in a field that its value does not speak of', async () => {
    const { update, next } = await signedForm({}, level);
    const renewed = (edit: Edit, drawn: string) =>
      update({ AP: `<</N ${next} 0 R>>`, ...edit }, {}, { [next]: drawn });
    expect(await integrityOf(await renewed({}, shown('')))).toBe(allowed);
    expect(await integrityOf(await renewed({}, COVER))).toBe('modified');
    expect(await integrityOf(await renewed({ V: '( )' }, COVER))).toBe('modified');
    const covering = await signedForm({}, level, COVER);
    const bared = await covering.update({ AP: null });
    expect(await integrityOf(await covering.update({}, {}, {}))).toBe('intact');
    const open = { AP: `<</N ${covering.next} 0 R>>` };
    const emptied = await covering.update(open, {}, { [covering.next]: shown('') });
    expect(await integrityOf(emptied)).toBe('modified');
    expect(await integrityOf(bared)).toBe('modified');
    const coloured = await signedForm({ MK: '<</BG [1]>>' }, level, COVER);
    const again = look('0.9 g 0 0 200 24 re f /Tx BMC q BT (9) Tj ET Q EMC');
    const filled = { V: '(9)', AP: `<</N ${coloured.next} 0 R>>` };
    const drawn = await coloured.update(filled, {}, { [coloured.next]: again });
    expect(await integrityOf(drawn)).toBe(allowed);
  });

  test('a button that gets a look', async () => {
    const button = { FT: '/Btn', Ff: '65536', AP: null };
    const { update, next } = await signedForm(button, level);
    const pdf = await update({ AP: `<</N ${next} 0 R>>` }, {}, { [next]: COVER });
    expect(await integrityOf(pdf)).toBe('modified');
  });

  test('evidence with extensions, renewed information and metadata, in either kind of map', async () => {
    const { pdf, now, next } = await signedForm({}, level);
    const { catalog } = now;
    const objects = (n: number): Record<number, string> => ({
      [catalog.num]: withEntries(catalog.dict, {
        DSS: `${n} 0 R`,
        Extensions: '<</ADBE <</BaseVersion /1.7 /ExtensionLevel 8>>>>',
        Metadata: `${n + 2} 0 R`,
        MarkInfo: '<</Marked true>>',
        Version: '/2.0',
      }),
      [n]: `<</Type /DSS /Certs [${n + 1} 0 R]>>`,
      [n + 1]: stream('cert'),
      [n + 2]: stream('<x/>', '/Type /Metadata /Subtype /XML'),
      [n + 3]: '<</ModDate (D:20260602120000Z) /Producer (another)>>',
    });
    const trailer = { trailer: { Info: `${next + 3} 0 R` } };
    let grown = pdf;
    for (const xref of ['stream', 'table', 'hybrid'] as const) {
      grown = await append(grown, objects(next), { xref, pack: true, ...trailer });
      const report = await verifyPdf(grown);
      expect(report.findings.filter((f) => f.severity === 'error')).toEqual([]);
      expect(report.integrity).toBe('intact');
    }
    const tags = withEntries((await lastRevision(grown)).catalog, {
      MarkInfo: '<</Marked true /X (y)>>',
    });
    expect(await integrityOf(await append(grown, { [catalog.num]: tags }))).toBe('modified');
  });
});

test('metadata of a wrong Length stands in nobody’s way', async () => {
  const base = await basePdf();
  const { catalog, size } = await anatomy(base);
  const odd = stream('<x/>', '/Type /Metadata').replace('/Length 4', '/Length 2');
  const made = await append(base, {
    [catalog.num]: withEntries(catalog.dict, { Metadata: `${size} 0 R` }),
    [size]: odd,
  });
  const pdf = await sign(made, { signer: world.alice });
  const { catalog: now, size: next } = await anatomy(pdf);
  const evidence = { DSS: `<</Certs [${next} 0 R]>>` };
  const update = { [now.num]: withEntries(now.dict, evidence), [next]: stream('cert') };
  expect(await integrityOf(await append(pdf, update))).toBe('intact');
});

test('a new signature field without signature may not have a background', async () => {
  const pdf = await sign(await basePdf(), { signer: world.alice });
  const prepare = (mk: string) =>
    sign(pdf, {
      signer: world.bob,
      field: 'Sneaky',
      rect: '0 0 595 842',
      dictionary: () => 'null',
      objects: (next) => ({
        [next - 2]:
          `<</Type /Annot /Subtype /Widget /FT /Sig /T (Sneaky) /F 4 /Rect [0 0 595 842] /MK ${mk}>>`,
      }),
    });
  expect(await integrityOf(await prepare('<<>>'))).toBe('intact');
  expect(await integrityOf(await prepare('<</BG [1 1 1]>>'))).toBe('modified');
});

describe('usage rights (ISO 32000-2, 12.8.2.3)', () => {
  const RIGHTS =
    '<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 9 20 9] /Contents <00>>>';
  const granted = async (pdf: Uint8Array) => {
    const { catalog, size } = await anatomy(pdf);
    const perms = withEntries(catalog.dict, { Perms: `<</UR3 ${size} 0 R>>` });
    return append(pdf, { [catalog.num]: perms, [size]: RIGHTS });
  };

  test('are nobody’s signature', async () => {
    const report = await verifyPdf(await granted(await basePdf()));
    expect(report).toMatchObject({ integrity: 'unsigned', verdict: 'NO-SIGNATURE' });
    expect(report.findings.map(({ code }) => code)).toEqual(['pdf-usage-rights']);
  });

  test('stand under the signature of who fills the form in', async () => {
    const pdf = await sign(await granted(await basePdf()), { signer: world.alice });
    expect(await integrityOf(pdf)).toBe('intact');
  });

  test('added to a signed file are a change', async () => {
    const pdf = await granted(await sign(await basePdf(), { signer: world.alice }));
    expect(await integrityOf(pdf)).toBe('modified');
  });
});
