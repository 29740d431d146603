/** Whatever is done to a signed file: an answer, never an exception, and never intact when covered. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { latin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { signatureAt } from './fixtures/sign.ts';
import { makeWorld, signedVariant, VARIANTS, type World } from './fixtures/world.ts';

let world: World;
const files: Uint8Array[] = [];
beforeAll(async () => {
  world = await makeWorld();
  for (const variant of VARIANTS) files.push(await signedVariant(world, variant));
});

const INTEGRITY = ['intact', 'modified', 'broken', 'unsigned', 'unreadable'];

async function answer(pdf: Uint8Array): Promise<string> {
  const report = await verifyPdf(pdf);
  expect(INTEGRITY).toContain(report.integrity);
  expect(report.findings.map((finding) => finding.code)).not.toContain('pdf-reader');
  return report.integrity;
}

describe('property', () => {
  test('a covered byte changed is never intact, and never unsigned', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(files.length - 1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        async (which, where, flip) => {
          const pdf = (files[which] as Uint8Array).slice();
          const { open, close } = signatureAt(pdf);
          const covered = pdf.length - (close - open);
          let at = Math.min(covered - 1, Math.floor(where * covered));
          if (at >= open) at += close - open;
          pdf[at] = (pdf[at] as number) ^ flip;
          expect(['modified', 'broken', 'unreadable']).toContain(await answer(pdf));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('bytes removed, inserted or doubled anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(files.length - 1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.boolean(),
        async (which, where, bytes, remove) => {
          const pdf = files[which] as Uint8Array;
          const { open, close } = signatureAt(pdf);
          const at = Math.floor(where * (pdf.length - 1));
          const rest = pdf.subarray(remove ? Math.min(pdf.length, at + bytes.length) : at);
          const middle = remove ? new Uint8Array(0) : bytes;
          const changed = new Uint8Array(at + middle.length + rest.length);
          changed.set(pdf.subarray(0, at));
          changed.set(middle, at);
          changed.set(rest, at + middle.length);
          const integrity = await answer(changed);
          const tail = at >= pdf.length - 8;
          // Loose bytes before the header are passed over, as readers do.
          const head = at === 0 && !remove;
          if (!tail && !head && !(at > open && at < close)) expect(integrity).not.toBe('intact');
        },
      ),
      { numRuns: 300 },
    );
  });

  test('cut anywhere', async () => {
    const pdf = files[1] as Uint8Array;
    for (let end = 0; end < pdf.length; end += 97) {
      const integrity = await answer(pdf.subarray(0, end));
      expect(integrity === 'intact').toBe(false);
    }
  });

  test('numbers and names of the structure exchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(files.length - 1),
        fc.nat(400),
        fc.constantFrom(
          '0',
          '1',
          '-1',
          '9999999999',
          'null',
          '/X',
          '[',
          '<<',
          '>>',
          '(',
          ')',
          'R',
          'obj',
          'stream',
          'endobj',
        ),
        async (which, index, token) => {
          const text = latin1(files[which] as Uint8Array);
          const tokens = [...text.matchAll(/\b\d+\b|\/[A-Z]\w+/g)];
          const hit = tokens[index % tokens.length];
          if (!hit) return;
          const changed = text.slice(0, hit.index) + token + text.slice(hit.index + hit[0].length);
          const bytes = Uint8Array.from(changed, (c) => c.charCodeAt(0));
          const integrity = await answer(bytes);
          if (changed !== text) expect(integrity).not.toBe('intact');
        },
      ),
      { numRuns: 400 },
    );
  });

  test('arbitrary bytes, with and without the signs of a PDF', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, framed) => {
        const head = new TextEncoder().encode(framed ? '%PDF-1.7\n' : '');
        const tail = new TextEncoder().encode(framed ? '\nstartxref\n9\n%%EOF\n' : '');
        const pdf = new Uint8Array([...head, ...bytes, ...tail]);
        expect(['unreadable', 'broken', 'unsigned']).toContain(await answer(pdf));
      }),
      { numRuns: 200 },
    );
  });
});
