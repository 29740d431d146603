/** Associated files, as the signed revision has them and not as a later one would. */
import { AFRelationship, PDFDocument } from 'pdf-lib';
import { beforeAll, expect, test } from 'vitest';
import { fromUtf8, latin1, utf8 } from '../../src/crypto/index.ts';
import { extractAttachment, verifyPdf } from '../../src/pdf/index.ts';
import { anatomy } from './fixtures/base.ts';
import { sign } from './fixtures/sign.ts';
import { makeWorld, type World } from './fixtures/world.ts';
import { append, lastRevision, withEntries, write } from './fixtures/write.ts';

let world: World;
let signed: Uint8Array;
beforeAll(async () => {
  world = await makeWorld();
  const pdf = await PDFDocument.create();
  pdf.addPage([300, 300]);
  const options = { mimeType: 'application/json', afRelationship: AFRelationship.Data };
  await pdf.attach(utf8('{"amount":"1000"}'), 'licence.json', options);
  await pdf.attach(utf8('other'), 'other.txt', options);
  signed = await sign(await pdf.save(), { signer: world.alice });
});

const text = async (pdf: Uint8Array, name: string) => {
  const bytes = await extractAttachment(pdf, name);
  return bytes && fromUtf8(bytes);
};

test('by its name', async () => {
  expect(await text(signed, 'licence.json')).toBe('{"amount":"1000"}');
  expect(await text(signed, 'other.txt')).toBe('other');
  expect(await text(signed, 'absent.json')).toBeNull();
});

test('a later revision cannot put another in its place', async () => {
  const revision = await lastRevision(signed);
  const { catalog, size } = await anatomy(signed);
  const first = revision.array(catalog.dict.raw('AF'))?.[0] ?? null;
  const file = revision.dict(first);
  const embedded = file && revision.dict(file.raw('EF'));
  const num = Number(/(\d+) 0 R/.exec(write(embedded?.raw('F') ?? null))?.[1]);
  const after = await append(signed, {
    [num]: '<</Type /EmbeddedFile /Length 17>>\nstream\n{"amount":"9999"}\nendstream',
    [catalog.num]: withEntries(catalog.dict, { AF: `[${size} 0 R]` }),
    [size]: `<</Type /Filespec /F (licence.json) /UF (licence.json) /EF <</F ${num} 0 R>>>>`,
  });
  expect(latin1(after)).toContain('9999');
  expect((await verifyPdf(after)).integrity).toBe('modified');
  expect(await text(after, 'licence.json')).toBe('{"amount":"1000"}');
});

test('without a signature, or of what is no PDF, there is none', async () => {
  expect(await text(utf8('no pdf'), 'licence.json')).toBeNull();
  expect(
    await text(signed, 'licence.json').then(() =>
      extractAttachment(signed, 'licence.json', { field: 'Nobody' }),
    ),
  ).toBeNull();
});
