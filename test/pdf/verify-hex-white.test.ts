/** White space in Contents (check 9): other readers skip it, and no signature covers it. */
import { beforeAll, expect, test } from 'vitest';
import { verifyPdf } from '../../src/pdf/index.ts';
import { basePdf } from './fixtures/base.ts';
import { authority, signerUnder } from './fixtures/identities.ts';
import { sign, signatureAt } from './fixtures/sign.ts';

const time = '2026-06-01T12:00:00Z';
let pdf: Uint8Array;
beforeAll(async () => {
  const signer = await signerUnder(await authority('Root'), 'Signer');
  pdf = new Uint8Array(await sign(await basePdf(), { signer }));
});

test('Contents without white space is intact', async () => {
  expect((await verifyPdf(pdf, { time })).integrity).toBe('intact');
});

test.each([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20])(
  'byte %i in the padding is refused',
  async (byte) => {
    const { close } = signatureAt(pdf);
    for (const places of [[close - 2], [close - 20], [close - 21, close - 20]]) {
      const changed = pdf.slice();
      for (const at of places) changed[at] = byte;
      const report = await verifyPdf(changed, { time });
      expect(report.integrity).not.toBe('intact');
      expect(report.integrity).not.toBe('unsigned');
    }
  },
);
