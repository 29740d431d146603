/** Universal signature forgery: a signature made unusable, hoping that validators skip it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { fromLatin1, latin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { anatomy } from './fixtures/base.ts';
import { patch, signatureAt } from './fixtures/sign.ts';
import { makeWorld, REFUSED, signedVariant, VARIANTS, type World } from './fixtures/world.ts';
import { append } from './fixtures/write.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

/** Text in place of the ByteRange entry, of the same length. */
const RANGES: Record<string, (numbers: number[]) => string> = {
  'without value': () => '/ByteRange',
  null: () => '/ByteRange null',
  empty: () => '/ByteRange []',
  'three numbers': ([a, b, c]) => `/ByteRange [${a} ${b} ${c}]`,
  negative: ([a, b, c, d]) => `/ByteRange [${a} -${b} ${c} ${d}]`,
  zeros: () => '/ByteRange [0 0 0 0]',
  'first range only': ([a, b]) => `/ByteRange [${a} ${b} 0 0]`,
  overlapping: ([a, b, c, d]) => `/ByteRange [${a} ${(c ?? 0) + 5} ${b} ${d}]`,
  'whole file': ([, , c, d]) => `/ByteRange [0 ${(c ?? 0) + (d ?? 0)} 0 0]`,
  'too long': ([a, b, c, d]) => `/ByteRange [${a} ${b} ${c} ${(d ?? 0) + 10}]`,
  'too short': ([a, b, c, d]) => `/ByteRange [${a} ${b} ${c} ${(d ?? 0) - 10}]`,
  'starts late': ([, b, c, d]) => `/ByteRange [1 ${(b ?? 0) - 1} ${c} ${d}]`,
  real: ([a, b, c, d]) => `/ByteRange [${a}.0 ${b} ${c} ${d}]`,
  huge: ([a, b, c]) => `/ByteRange [${a} ${b} ${c} 99999999999999]`,
  'another name': ([a, b, c, d]) => `/ByteRangf [${a} ${b} ${c} ${d}]`,
  'escaped name': ([a, b, c, d]) => `/Byte#52ange[${a} ${b} ${c} ${d}]`,
  'a name': () => '/ByteRange /Nothing',
};

describe.each(VARIANTS.slice(0, 3))('$name', (variant) => {
  test.each(Object.keys(RANGES))('ByteRange: %s', async (name) => {
    const pdf = await signedVariant(world, variant);
    const { range, numbers } = signatureAt(pdf);
    const old = /\/ByteRange \[[\d ]+\]/.exec(latin1(pdf))?.[0] as string;
    const text = (RANGES[name] as (n: number[]) => string)(numbers).padEnd(old.length);
    const out = pdf.slice();
    out.set(fromLatin1(text), range);
    const report = await verifyPdf(out);
    expect(REFUSED).toContain(report.integrity);
  });

  test.each(['/Contentz', '/Content#73x'])('Contents: another name %s', async (name) => {
    const pdf = await signedVariant(world, variant);
    const { open } = signatureAt(pdf);
    const out = pdf.slice();
    out.set(fromLatin1(name.slice(0, 9)), open - 10);
    expect(REFUSED).toContain((await verifyPdf(out)).integrity);
  });

  test.each([
    ['empty', (n: number) => `<>${' '.repeat(n - 2)}`],
    ['null', (n: number) => `null${' '.repeat(n - 4)}`],
    ['zeros', (n: number) => `<${'0'.repeat(n - 2)}>`],
    ['zero byte', (n: number) => `<00>${' '.repeat(n - 4)}`],
    ['literal', (n: number) => `(${'0'.repeat(n - 2)})`],
    ['reference', (n: number) => `1 0 R${' '.repeat(n - 5)}`],
    ['garbage', (n: number) => `<${'3082'.repeat(n / 4).slice(0, n - 2)}>`],
  ])('Contents: %s', async (_, value) => {
    const pdf = await signedVariant(world, variant);
    const { open, close } = signatureAt(pdf);
    const out = pdf.slice();
    out.set(fromLatin1(value(close - open)), open);
    expect(REFUSED).toContain((await verifyPdf(out)).integrity);
  });

  test('the whole signature removed or unusable in a later update', async () => {
    const pdf = await signedVariant(world, variant);
    const { field } = await anatomy(pdf);
    const value = latin1(pdf).match(/\/V (\d+) 0 R/)?.[1] as string;
    for (const text of [
      'null',
      '<<>>',
      '<</Type /Sig /Filter /Adobe.PPKLite /ByteRange [] /Contents <>>>',
    ]) {
      const after = await append(pdf, { [Number(value)]: text });
      expect(REFUSED).toContain((await verifyPdf(after)).integrity);
    }
    const { num } = field('Signature1');
    const freed = await append(pdf, {}, { free: [Number(value), num] });
    expect(REFUSED).toContain((await verifyPdf(freed)).integrity);
  });

  test('the field hidden from the form', async () => {
    const pdf = await signedVariant(world, variant);
    expect(REFUSED).toContain((await verifyPdf(patch(pdf, '/FT /Sig', '/FT /Btn'))).integrity);
    // A form of signature that nobody here can compute: said as such, never unchanged.
    const unknown = patch(pdf, '/SubFilter /ETSI', '/SubFilter /XXXX');
    expect((await verifyPdf(unknown)).integrity).toBe('unchecked');
    expect(REFUSED).toContain(
      (await verifyPdf(patch(pdf, '/AcroForm', '/AcroForn', true))).integrity,
    );
  });
});
