/** What `npm run samples` wrote: of a pilot, so that nobody takes it for more, and for a long time. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fromBase64 } from '../../src/crypto/index.ts';
import { verifyOfd } from '../../src/ofd/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { isPilot, readCertificate, readTrustBundleJson } from '../../src/pki/index.ts';

const file = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../public/samples/${name}`, import.meta.url)));

/** Not one of us will be asked then. */
const LATER = '2070-01-01T00:00:00Z';

it('every certificate carries the pilot policy and outlives its readers', () => {
  const bundle = readTrustBundleJson(file('trust.json'));
  expect(bundle.pilot).toBe(true);
  const listed = [
    bundle.root,
    ...bundle.anchors.map(({ certificate }) => certificate),
    ...bundle.roster.map(({ signing }) => signing),
  ].map((text) => readCertificate(fromBase64(text) as Uint8Array));
  for (const certificate of listed) {
    expect(isPilot(certificate)).toBe(true);
    expect(certificate.notAfter).toBeGreaterThan(Date.parse(LATER));
  }
});

it('the answers are the same in 2070', async () => {
  const options = { time: LATER, trust: readTrustBundleJson(file('trust.json')) };
  expect(await verifyPdf(file('licence.pdf'), options)).toMatchObject({
    integrity: 'intact',
    verdict: 'TOTAL-PASSED',
  });
  expect(await verifyPdf(file('licence-changed.pdf'), options)).toMatchObject({
    integrity: 'modified',
    verdict: 'TOTAL-FAILED',
  });
  expect(await verifyPdf(file('licence-foreign-seal.pdf'), options)).toMatchObject({
    integrity: 'intact',
    verdict: 'TOTAL-FAILED',
  });
  expect(await verifyOfd(file('delivery-note.ofd'), options)).toMatchObject({
    integrity: 'intact',
    verdict: 'TOTAL-PASSED',
  });
});
