/**
 * What real writers do against the standard and other readers pass over, each beside the attack
 * that would come in with it.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { signDetached } from '../../src/cms/index.ts';
import { concat, fromLatin1, latin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { PdfString, textOf } from '../../src/pdf/read/objects.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { fill, type SignFixture, SPACE, sign } from './fixtures/sign.ts';
import { makeWorld, REFUSED, type World } from './fixtures/world.ts';
import { append, lastRevision, withEntries, write } from './fixtures/write.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

/** A file written by hand: objects by number, a table from `first`, and a trailer. */
function byHand(
  objects: Record<number, string>,
  { first = 0, head = '%PDF-1.7\n', from = 0 } = {},
) {
  let out = head;
  const rows = ['0000000000 65535 f \n'];
  for (const [num, text] of Object.entries(objects)) {
    rows[Number(num)] = `${String(out.length - from).padStart(10, '0')} 00000 n \n`;
    out += `${num} 0 obj\n${text}\nendobj\n`;
  }
  const at = out.length - from;
  out += `xref\n${first} ${rows.length}\n${rows.join('')}trailer\n<</Size ${rows.length} /Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`;
  return fromLatin1(out);
}

const PLAIN = {
  1: '<</Type /Catalog /Pages 2 0 R>>',
  2: '<</Type /Pages /Count 1 /Kids [3 0 R]>>',
  3: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <<>>>>',
  4: '<</Length 3>>\nstream\nq Q\nendstream',
};

const signed = (pdf: Uint8Array, options: Partial<SignFixture> = {}) =>
  sign(pdf, { signer: world.alice, ...options });
const codes = (report: { findings: { code: string; severity: string }[] }, severity: string) =>
  report.findings.filter((f) => f.severity === severity).map((f) => f.code);

describe('a key twice in one dictionary (7.3.7)', () => {
  test('is told and passed over where it alters nothing, or says the same twice', async () => {
    const catalog = '<</Type /Catalog /PageMode /UseNone /Pages 2 0 R /PageMode /UseOutlines>>';
    const twoTypes = '<</Type /Catalog /Type /Catalog /Pages 2 0 R>>';
    for (const text of [catalog, twoTypes]) {
      const report = await verifyPdf(await signed(byHand({ ...PLAIN, 1: text })));
      expect(report.integrity).toBe('intact');
      expect(codes(report, 'warning')).toContain('pdf-key-twice');
    }
  });

  test.each([
    [
      'page contents',
      { ...PLAIN, 3: PLAIN[3].replace('/Contents 4 0 R', '/Contents 4 0 R /Contents 5 0 R') },
    ],
    ['page tree', { ...PLAIN, 1: '<</Type /Catalog /Pages 2 0 R /Pages 5 0 R>>' }],
    ['resources', { ...PLAIN, 3: PLAIN[3].replace('<<>>', '<</Font <<>> /Font <</F1 5 0 R>>>>') }],
  ])('is refused in %s', async (_, objects) => {
    await expect(signed(byHand(objects))).rejects.toThrow(/twice/);
    const pdf = latin1(await signed(byHand(PLAIN)));
    const rewritten = Object.entries(objects).reduce(
      (text, [num, value]) => text.replace(PLAIN[Number(num) as 1], value),
      pdf,
    );
    expect(REFUSED).toContain((await verifyPdf(fromLatin1(rewritten))).integrity);
  });

  test.each(['ByteRange', 'Contents', 'SubFilter', 'Type', 'M'])(
    'is refused in a signature dictionary: %s',
    async (key) => {
      const twice = {
        ByteRange: '[0 1 2 3]',
        Contents: '<00>',
        SubFilter: '/x',
        Type: '/Sig',
        M: '(a)',
      };
      const pdf = await signed(byHand(PLAIN), {
        entries: `/${key} ${twice[key as keyof typeof twice]}`,
      }).catch(() => null);
      if (pdf) expect(REFUSED).toContain((await verifyPdf(pdf)).integrity);
    },
  );

  test('is refused where a later revision writes another page tree beside the old one', async () => {
    const pdf = await signed(byHand(PLAIN));
    const { catalog } = await anatomy(pdf);
    const text = withEntries(catalog.dict, {}).replace('/Pages 2 0 R', '/Pages 2 0 R /Pages 3 0 R');
    expect(REFUSED).toContain(
      (await verifyPdf(await append(pdf, { [catalog.num]: text }))).integrity,
    );
  });
});

describe('a cross-reference table that counts from 1 (7.5.4)', () => {
  test('is read from its head, object 0', async () => {
    const report = await verifyPdf(await signed(byHand(PLAIN, { first: 1 })));
    expect(report.integrity).toBe('intact');
    expect(codes(report, 'warning')).toContain('pdf-xref-from-1');
  });

  test('is not read so in an update', async () => {
    const pdf = await signed(byHand(PLAIN));
    const text = latin1(await append(pdf, { 4: '<</Length 3>>\nstream\nQ q\nendstream' }));
    const at = text.lastIndexOf('xref\n4 1');
    const shifted = `${text.slice(0, at)}xref\n1 1\n0000000000 65535 f \n4 1${text.slice(at + 8)}`;
    expect(REFUSED).toContain((await verifyPdf(fromLatin1(shifted))).integrity);
  });
});

describe('cross-reference streams with fields of 8 octets (7.5.8.3)', () => {
  const wide = (high: number) => {
    const rows = [
      [0, 0, 65_535],
      [1, 9, 0],
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
    ];
    let out = '%PDF-1.7\n';
    for (const [num, text] of Object.entries(PLAIN)) {
      (rows[Number(num)] as number[])[1] = out.length;
      out += `${num} 0 obj\n${text}\nendobj\n`;
    }
    (rows[5] as number[])[1] = out.length;
    const data = rows.flatMap(([kind = 0, a = 0, b = 0]) => [
      kind,
      high,
      0,
      0,
      0,
      a >> 24,
      (a >> 16) & 255,
      (a >> 8) & 255,
      a & 255,
      b >> 8,
      b & 255,
    ]);
    const at = out.length;
    out += `5 0 obj\n<</Type /XRef /W [1 8 2] /Size 6 /Root 1 0 R /Length ${data.length}>>\nstream\n${String.fromCharCode(...data)}\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`;
    return fromLatin1(out);
  };

  test('are read', async () => {
    expect((await verifyPdf(await signed(wide(0), { xref: 'stream' }))).integrity).toBe('intact');
  });

  test('hold no offset that a number cannot hold', async () => {
    expect(await verifyPdf(wide(1))).toMatchObject({ integrity: 'unreadable' });
  });
});

describe('bytes before the header (7.5.2)', () => {
  const shiftedBase = (head: string, from: number) =>
    byHand(PLAIN, { head: `${head}%PDF-1.7\n`, from });

  test('put before a signed file are passed over and told', async () => {
    const pdf = await signed(byHand(PLAIN));
    for (const head of ['\n', '\r\n\r\n', '\xef\xbb\xbf', 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\n']) {
      const report = await verifyPdf(concat(fromLatin1(head), pdf));
      expect(report.integrity, JSON.stringify(head)).toBe('intact');
      expect(report.signatures[0]).toMatchObject({ coverage: 'partial' });
      expect(report.signatures[0]?.revision).toBe(pdf.length + head.length);
      expect(codes(report, 'warning')).toContain('pdf-leading-bytes');
    }
  });

  test('that offsets and signature count are signed', async () => {
    const report = await verifyPdf(await signed(shiftedBase('junk\n', 0)));
    expect(report).toMatchObject({ integrity: 'intact', signatures: [{ coverage: 'file' }] });
  });

  test('that hold another document, or a part of one, are not passed over', async () => {
    const pdf = await signed(byHand(PLAIN));
    for (const head of [
      '%PDF-1.7\n1 0 obj\n<<>>\nendobj\n',
      '4 0 obj\n<</Length 3>>\nstream\nQ q\nendstream\nendobj\n',
      'xref\n0 1\n',
      'x'.repeat(1100),
    ]) {
      const report = await verifyPdf(concat(fromLatin1(head), pdf));
      expect(['broken', 'unreadable'], head.slice(0, 12)).toContain(report.integrity);
    }
  });
});

describe('bytes after the end of file', () => {
  test('that are signed with the rest', async () => {
    const loose = concat(byHand(PLAIN), fromLatin1('\n--boundary--\n'));
    expect((await verifyPdf(await signed(loose))).integrity).toBe('intact');
    const { size } = await anatomy(byHand(PLAIN));
    const whole = await signed(byHand(PLAIN), { loose: '% from the archive\n' });
    expect(await verifyPdf(whole)).toMatchObject({
      integrity: 'intact',
      signatures: [{ coverage: 'file' }],
    });
    const more = concat(whole, fromLatin1('x'));
    expect(REFUSED).toContain((await verifyPdf(more)).integrity);
    const update = await append(whole, {
      [size + 9]: '(a)',
      4: '<</Length 3>>\nstream\nQ q\nendstream',
    });
    expect(REFUSED).toContain((await verifyPdf(update)).integrity);
    const second = await sign(whole, { signer: world.bob, field: 'Second' });
    expect((await verifyPdf(second)).integrity).toBe('intact');
  });

  test('that hold an end of file of their own are none', async () => {
    const whole = await signed(byHand(PLAIN), { loose: '1 0 obj\n<<>>\nendobj\n' });
    expect(REFUSED).toContain((await verifyPdf(whole)).integrity);
  });
});

describe('the value of a signature field in its widget (12.7.4.1)', () => {
  const form = {
    ...PLAIN,
    1: '<</Type /Catalog /Pages 2 0 R /AcroForm 5 0 R>>',
    3: PLAIN[3].replace('/Contents', '/Annots [7 0 R 8 0 R] /Contents'),
    5: '<</Fields [6 0 R] /SigFlags 3>>',
    6: '<</FT /Sig /T (S) /Kids [7 0 R 8 0 R]>>',
    7: '<</Type /Annot /Subtype /Widget /Parent 6 0 R /Rect [0 0 0 0] /F 132>>',
    8: '<</Type /Annot /Subtype /Widget /Parent 6 0 R /Rect [0 0 0 0] /F 132>>',
  };
  const placeholder = `<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 0000000000 0000000000 0000000000] /Contents <${'0'.repeat(2 * SPACE)}>>>`;
  const withValue = (num: 7 | 8, value: number) => form[num].replace('>>', `/V ${value} 0 R>>`);
  const inWidget = async (more: Record<number, string> = {}) =>
    fill(await append(byHand(form), { 9: placeholder, 7: withValue(7, 9), ...more }), (content) =>
      signDetached({ content, signer: world.alice }),
    );

  test('is found, and held to the same rules', async () => {
    const pdf = await inWidget();
    expect(await verifyPdf(pdf)).toMatchObject({
      integrity: 'intact',
      signatures: [{ field: 'S', coverage: 'file' }],
    });
    for (const objects of [
      { 4: '<</Length 3>>\nstream\nQ q\nendstream' },
      { 7: form[7] },
      { 6: form[6].replace('>>', '/V 3 0 R>>') },
    ]) {
      expect(REFUSED).toContain((await verifyPdf(await append(pdf, objects))).integrity);
    }
  });

  test('is none where two widgets name two', async () => {
    const pdf = await inWidget({ 8: withValue(8, 10), 10: '<</Type /Sig>>' });
    expect(REFUSED).toContain((await verifyPdf(pdf)).integrity);
    const later = await append(await inWidget(), { 8: withValue(8, 10), 10: '<</Type /Sig>>' });
    expect(REFUSED).toContain((await verifyPdf(later)).integrity);
  });
});

describe('a producer that renews its stamp in the page tree', () => {
  async function stamped(entries: Record<string, string>) {
    const pdf = await signed(byHand({ ...PLAIN, 2: PLAIN[2].replace('>>', '/ITXT (4.1.6)>>') }));
    const tree = (await lastRevision(pdf)).dict((await lastRevision(pdf)).catalog.raw('Pages'));
    if (!tree) throw new Error('no page tree');
    return verifyPdf(await append(pdf, { 2: withEntries(tree, entries) }));
  }

  test('changes nothing that was signed', async () => {
    expect(await stamped({ ITXT: '(5.5.6)' })).toMatchObject({ integrity: 'intact' });
  });

  test.each([
    { MediaBox: '[0 0 10 10]' },
    { Rotate: '180' },
    { Resources: '<<>>' },
    { ITXT: '<</Contents 4 0 R>>' },
    { Rotate: '(180)' },
    { UserUnit: '2' },
    { Private: '4 0 R' },
  ])('%o is another matter', async (entries) => {
    expect(await stamped(entries as unknown as Record<string, string>)).toMatchObject({
      integrity: 'modified',
    });
  });
});

describe('document information', () => {
  async function renewed(before: string, after: string) {
    const base = await basePdf();
    const info = (await lastRevision(base)).map.trailer.raw('Info');
    const num = Number(/\d+/.exec(write(info))?.[0]);
    const first = await append(base, { [num]: `<</Author ${before}>>` });
    return verifyPdf(await append(await signed(first), { [num]: `<</Author ${after}>>` }));
  }

  test('in another encoding says the same', async () => {
    const report = await renewed(
      '(M\xfcller \x85 \xa0)',
      '<feff004d00fc006c006c0065007200202013002020ac>',
    );
    expect(report.integrity).toBe('intact');
  });

  test('that says something else is a change', async () => {
    expect(await renewed('(Alice)', '<feff0041006c006900630065002e>')).toMatchObject({
      integrity: 'modified',
    });
  });
});

test('PDFDocEncoding (Annex D.3)', () => {
  const text = (...bytes: number[]) => textOf(new PdfString(Uint8Array.from(bytes)));
  expect(text(0x41, 0x18, 0x1f)).toBe('A\u02d8\u02dc');
  expect(text(0x80, 0x85, 0x8d, 0x8e, 0x92, 0x93, 0x9e, 0x9f, 0xa0)).toBe(
    '\u2022\u2013\u201c\u201d\u2122\ufb01\u017e\ufffd\u20ac',
  );
  expect(text(0xe9)).toBe('é');
});

test('usage rights written in the catalog itself (12.8.2.3)', async () => {
  const rights = (extra = '') =>
    `<</Type /Catalog /Pages 2 0 R /Perms <</UR3 <</Type /Sig /ByteRange [0 1 2 3] /Contents <00>>>>> ${extra}>>`;
  const plain = await verifyPdf(byHand({ ...PLAIN, 1: rights() }));
  expect(plain).toMatchObject({ integrity: 'unsigned', verdict: 'NO-SIGNATURE' });
  expect(codes(plain, 'info')).toEqual(['pdf-usage-rights']);
  // The same dictionary elsewhere is a signature that somebody hides.
  const hidden = await verifyPdf(byHand({ ...PLAIN, 1: rights().replace('/UR3', '/DocMDP') }));
  expect(hidden.integrity).toBe('broken');
  // Beside a signature: covered rights are told; rights that come later are a change.
  const before = await verifyPdf(await signed(byHand({ ...PLAIN, 1: rights() })));
  expect(before.integrity).toBe('intact');
  const pdf = await signed(byHand(PLAIN));
  const { catalog } = await anatomy(pdf);
  const added = withEntries(catalog.dict, {
    Perms: '<</UR3 <</Type /Sig /ByteRange [0 1 2 3] /Contents <00>>>>>',
  });
  expect((await verifyPdf(await append(pdf, { [catalog.num]: added }))).integrity).toBe('modified');
});
