/** Changes that hide behind what is permitted: appearances, shared objects, unreadable ones. */
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyPdf } from '../../src/pdf/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { sign } from './fixtures/sign.ts';
import { integrityOf, makeWorld, VARIANTS, type World } from './fixtures/world.ts';
import { append, lastRevision, withEntries } from './fixtures/write.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const look = (text: string, resources = '<<>>'): string => {
  const content = `/Tx BMC q BT /Helv 9 Tf 2 2 Td (${text}) Tj ET Q EMC`;
  return `<</Type /XObject /Subtype /Form /BBox [0 0 200 24] /Resources ${resources} /Length ${content.length}>>\nstream\n${content}\nendstream`;
};
const HELVETICA = '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>';

/** A signed file with field `remark`, valued and shown as told. */
async function withField(
  variant: (typeof VARIANTS)[number],
  value: string,
  shown: string,
): Promise<{ pdf: Uint8Array; field: number; widget: number; look: number }> {
  const base = await basePdf({ ...variant.base, textFields: ['remark'] });
  const parts = await anatomy(base);
  const { num, dict } = parts.field('remark');
  const revision = await lastRevision(base);
  const kid = revision.array(dict.raw('Kids'))?.[0] as { num: number } | undefined;
  const widget = kid?.num ?? num;
  const own = revision.dict(revision.object(widget));
  const objects: Record<number, string> = {
    [num]: withEntries(dict, { V: `(${value})` }),
    [parts.size]: look(shown),
    [parts.size + 1]: HELVETICA,
  };
  objects[widget] = withEntries(own as never, {
    AP: `<</N ${parts.size} 0 R>>`,
    ...(widget === num ? { V: `(${value})` } : {}),
  });
  const xref = variant.sign.xref ? { xref: variant.sign.xref } : {};
  const made = await append(base, objects, xref);
  const pdf = await sign(made, { signer: world.alice, ...variant.sign });
  return { pdf, field: num, widget, look: parts.size };
}

describe.each(VARIANTS)('$name', (variant) => {
  const xref = variant.sign.xref ? { xref: variant.sign.xref } : {};
  const allowed = variant.sign.certify === 1 ? 'modified' : 'intact';

  test('a field that shows other words while its value stays', async () => {
    const { pdf, look: shown } = await withField(variant, '1000', '1000');
    expect(await integrityOf(pdf)).toBe('intact');
    const report = await verifyPdf(await append(pdf, { [shown]: look('9999') }, xref));
    expect(report.integrity).toBe('modified');
    expect(report.signatures[0]?.changesList.map((c) => c.code)).toContain('field-look');
  });

  test('a field filled with one thing and drawn as another', async () => {
    const { pdf, field, look: shown } = await withField(variant, '1000', '1000');
    const dict = (await anatomy(pdf)).field('remark').dict;
    const filled = (text: string) =>
      append(pdf, { [field]: withEntries(dict, { V: '(2000)' }), [shown]: look(text) }, xref);
    expect(await integrityOf(await filled('2000'))).toBe(allowed);
    expect(await integrityOf(await filled('9999'))).toBe('modified');
  });

  test('an appearance drawn again for the value that stands there', async () => {
    const { pdf, look: shown } = await withField(variant, '1000', '');
    expect(await integrityOf(await append(pdf, { [shown]: look('1000') }, xref))).toBe(allowed);
  });

  test('a form field that is the resources of the page at the same time', async () => {
    const base = await basePdf(variant.base);
    const { catalog, page, size } = await anatomy(base);
    const { num, dict } = page(1);
    const prepared = await append(
      base,
      {
        [num]: withEntries(dict, { Group: `${size} 0 R`, Annots: `[${size} 0 R]` }),
        [size]:
          '<</Type /Annot /Subtype /Widget /FT /Ch /T (twin) /S /Transparency /I true /Rect [0 0 9 9]>>',
        [catalog.num]: withEntries(catalog.dict, { AcroForm: `<</Fields [${size} 0 R]>>` }),
      },
      xref,
    );
    const pdf = await sign(prepared, { signer: world.alice, ...variant.sign });
    expect(await integrityOf(pdf)).toBe('intact');
    const twin = (await anatomy(pdf)).field('twin');
    const after = await append(pdf, { [size]: withEntries(twin.dict, { I: 'false' }) }, xref);
    expect(await integrityOf(after)).toBe('modified');
  });

  test('a font behind an overlay that strict readers cannot read', async () => {
    const base = await basePdf(variant.base);
    const { page, size } = await anatomy(base);
    const { num, dict } = page(1);
    const broken = `<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</Font <</F9 ${size + 1} 0 R>>>> /Length 99999999>>\nstream\n/F9 9 Tf\nendstream`;
    const plainXref = { xref: 'table' } as const;
    const prepared = await append(
      base,
      {
        [num]: withEntries(dict, { Resources: `<</XObject <</Over ${size} 0 R>>>>` }),
        [size]: broken,
        [size + 1]: HELVETICA,
      },
      variant.base.objectStreams ? xref : plainXref,
    );
    const pdf = await sign(prepared, { signer: world.alice, ...variant.sign });
    const next = (await anatomy(pdf)).size;
    // The renewed information names the font, as if it belonged to it.
    const after = await append(
      pdf,
      {
        [size + 1]: HELVETICA.replace('Helvetica', 'Symbol'),
        [next]: `<</ModDate (D:20260602120000Z) /Producer ${size + 1} 0 R>>`,
      },
      { ...xref, trailer: { Info: `${next} 0 R` } },
    );
    expect(await integrityOf(after)).toBe('modified');
  });

  test('a form and a resource dictionary moved into objects of their own', async () => {
    const base = await basePdf(variant.base);
    const { catalog, page, size } = await anatomy(base);
    const direct = await append(
      base,
      {
        [catalog.num]: withEntries(catalog.dict, { AcroForm: '<</Fields []>>' }),
        [page(1).num]: withEntries(page(1).dict, { Group: '<</S /Transparency>>' }),
        [size]: 'null',
      },
      xref,
    );
    const pdf = await sign(direct, { signer: world.alice, ...variant.sign });
    const now = await anatomy(pdf);
    const form = now.form?.dict;
    if (!form) throw new Error('no form');
    const next = now.size;
    const moved = {
      [now.catalog.num]: withEntries(now.catalog.dict, { AcroForm: `${next} 0 R` }),
      [next]: withEntries(form, {}),
      [now.page(1).num]: withEntries(now.page(1).dict, { Group: `${next + 1} 0 R` }),
      [next + 1]: '<</S /Transparency>>',
    };
    expect(await integrityOf(await append(pdf, moved, xref))).toBe('intact');
    moved[next + 1] = '<</S /Transparency /K true>>';
    expect(await integrityOf(await append(pdf, moved, xref))).toBe('modified');
  });
});

describe('changes in a later step', () => {
  const content = 'BT ET';
  const stream = `<</Length ${content.length}>>\nstream\n${content}\nendstream`;

  test('after steps that changed nothing, or other things', async () => {
    const pdf = await sign(await basePdf(), { signer: world.alice });
    const { page, catalog, size } = await anatomy(pdf);
    const contents = page(1).dict.raw('Contents') as { num: number } | readonly { num: number }[];
    const target = Array.isArray(contents) ? contents[0].num : (contents as { num: number }).num;
    const same = await append(pdf, { [catalog.num]: withEntries(catalog.dict, {}) });
    const other = await append(same, { [size + 5]: '<</A 1>>' });
    expect(await integrityOf(other)).toBe('intact');
    for (const before of [same, other]) {
      expect(await integrityOf(await append(before, { [target]: stream }))).toBe('modified');
    }
  });

  test('of what an earlier step brought', async () => {
    const first = await sign(await basePdf(), { signer: world.alice });
    const second = await sign(first, {
      signer: world.bob,
      field: 'Second',
      rect: '100 100 200 180',
      appearance: 'q Q',
    });
    const { num } = (await anatomy(second)).field('Second');
    const third = await append(second, { [num + 40]: '<</A 1>>' });
    expect(await integrityOf(third)).toBe('intact');
    const drawn = `<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 5>>\nstream\n${content}\nendstream`;
    expect(await integrityOf(await append(third, { [num + 1]: drawn }))).toBe('modified');
  });
});
