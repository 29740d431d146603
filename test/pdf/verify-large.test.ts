/** Large and hostile files: bounded work, and the caller's bytes left as they were. */
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { equal, fromLatin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { signPdf } from '../../src/pdf/sign/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { signatureAt } from './fixtures/sign.ts';
import { makeWorld, type World } from './fixtures/world.ts';
import { append, startxrefOf } from './fixtures/write.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

describe('a file of 20 MB', () => {
  test('is digested in place, twice, and stays as it was', async () => {
    const base = await basePdf();
    const filler = `<</Length 20000000>>\nstream\n${'x'.repeat(20_000_000)}\nendstream`;
    let pdf: Uint8Array = await append(base, { [(await anatomy(base)).size]: filler });
    for (const field of ['A', 'B']) {
      const options = { pdf, signer: world.alice, field, page: 0, rect: [0, 0, 0, 0] as const };
      pdf = await signPdf({
        ...options,
        appearance: { kind: 'none' },
        reason: '',
        time: '2026-06-01T12:00:00Z',
      });
    }
    const copy = pdf.slice();
    const report = await verifyPdf(pdf);
    expect(report.integrity).toBe('intact');
    expect(report.signatures.map((s) => s.coverage)).toEqual(['revision', 'file']);
    expect(equal(pdf, copy)).toBe(true);
    const { open } = signatureAt(pdf);
    pdf[open - 4_000_000] = 0x79;
    expect((await verifyPdf(pdf)).integrity).toBe('broken');
  });
});

/** A file of one classic section, objects as text. */
function classic(objects: Record<number, string>): Uint8Array {
  let out = '%PDF-1.7\n';
  let xref = 'xref\n0 1\n0000000000 65535 f \n';
  for (const [num, text] of Object.entries(objects)) {
    xref += `${num} 1\n${String(out.length).padStart(10, '0')} 00000 n \n`;
    out += `${num} 0 obj\n${text}\nendobj\n`;
  }
  const size = Math.max(...Object.keys(objects).map(Number)) + 1;
  return fromLatin1(
    `${out}${xref}trailer\n<</Size ${size} /Root 1 0 R>>\nstartxref\n${out.length}\n%%EOF\n`,
  );
}

const SKELETON = {
  1: '<</Type /Catalog /Pages 2 0 R /AcroForm 4 0 R>>',
  2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
  3: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>',
};
const FORGED = '<</FT /Sig /T (s) /V <</Type /Sig /ByteRange [0 1 2 3] /Contents <00>>>>>';
const many = (count: number, item: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i));

const BOMBS: Record<string, () => Uint8Array | Promise<Uint8Array>> = {
  'nested arrays': () => classic({ ...SKELETON, 4: '['.repeat(100_000) }),
  'strings without end': () =>
    classic({
      ...SKELETON,
      4: `<</Fields [${many(20_000, (i) => `${i + 10} 0 R`).join(' ')}]>>`,
      ...Object.fromEntries(many(20_000, () => '(').map((text, i) => [i + 10, text])),
    }),
  'a stream that expands a thousand times': () => {
    const zipped = deflateSync(Buffer.alloc(200e6, 32)).toString('latin1');
    const head = '%PDF-1.7\n';
    return fromLatin1(
      `${head}1 0 obj\n<</Type /XRef /W [1 4 1] /Size 9000 /Root 1 0 R /Filter /FlateDecode /Length ${zipped.length}>>\nstream\n${zipped}\nendstream\nendobj\nstartxref\n${head.length}\n%%EOF\n`,
    );
  },
  'millions of tokens': () =>
    classic({ ...SKELETON, 4: `<</Fields [] /X [${'<</a<</b/c>>>>'.repeat(500_000)}]>>` }),
  'a page tree that contains itself': () =>
    classic({
      ...SKELETON,
      2: '<</Type /Pages /Kids [2 0 R] /Count 1>>',
      4: `<</Fields [5 0 R]>>`,
      5: FORGED,
    }),
  'references in a circle': () => classic({ ...SKELETON, 4: '5 0 R', 5: '6 0 R', 6: '5 0 R' }),
  'a million signs of a signature': () =>
    fromLatin1(`%PDF-1.7\n${'/ByteRange [0 1 2 3]\n'.repeat(300_000)}`),
  'a Prev that leads to itself': () => {
    const pdf = classic({ ...SKELETON, 4: '<<>>' });
    const at = startxrefOf(pdf);
    const text = new TextDecoder('latin1')
      .decode(pdf)
      .replace('/Root 1 0 R>>', `/Root 1 0 R /Prev ${at}>>`);
    return fromLatin1(text);
  },
  'hundreds of revisions': async () => {
    let pdf = classic({ ...SKELETON, 4: '<</Fields [5 0 R]>>', 5: FORGED });
    for (let i = 0; i < 120; i++) pdf = await append(pdf, { 60: `<</X ${i}>>` });
    return pdf;
  },
};

test.each(Object.keys(BOMBS))('%s: an answer within three seconds', async (name) => {
  const pdf = await (BOMBS[name] as () => Promise<Uint8Array>)();
  const start = process.cpuUsage();
  const report = await verifyPdf(pdf);
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1000).toBeLessThan(3000);
  expect(['unreadable', 'broken', 'unsigned']).toContain(report.integrity);
  expect(report.findings.map((finding) => finding.code)).not.toContain('pdf-reader');
});
