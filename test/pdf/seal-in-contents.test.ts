/** The third form of SM2 in PDF: an SES_Signature in Contents over the covered bytes. */
import { describe, expect, test } from 'vitest';
import { concat, fromLatin1, latin1, type Signer } from '../../src/crypto/index.ts';
import { type PdfReport, verifyPdf } from '../../src/pdf/index.ts';
import { writeSeal, writeSealSignature } from '../../src/seal/index.ts';
import { people, SEAL } from '../seal/fixtures/people.ts';
import { basePdf } from './fixtures/base.ts';
import { patch, type SignFixture, sign, signatureAt } from './fixtures/sign.ts';

const now = Date.now() + 300_000;
const day = (n: number) => new Date(now + n * 86_400_000).toISOString();
const { root, maker, enterprise, stranger } = people('SM2');
const base = await basePdf();
const trust = { anchors: [root], sealMakers: [maker.certificate] };

const seal = (holder: Signer, version: 1 | 4 = 4) =>
  writeSeal({
    ...SEAL,
    ...{ created: day(0), validStart: day(-1), validEnd: day(900), version, maker },
    holderCertificates: [holder.certificate],
  });

async function sealed(over: Partial<SignFixture> = {}, der?: Uint8Array): Promise<Uint8Array> {
  const data = der ?? (await seal(enterprise));
  return sign(base, {
    signer: enterprise,
    subFilter: 'GM.sm2seal',
    entries: '/Prop_Build <</Filter <</Name /Gomain.GMPkiLite>>>>',
    cms: (content) =>
      writeSealSignature({
        seal: data,
        data: content,
        propertyInfo: 'pdf',
        time: day(0),
        signer: enterprise,
      }),
    ...over,
  });
}

const check = (pdf: Uint8Array): Promise<PdfReport> => verifyPdf(pdf, { trust, time: day(1) });
const codes = ({ findings }: PdfReport) => findings.map(({ code }) => code);

describe('a seal’s signature in Contents', () => {
  test.each([1, 4] as const)('version %i verifies; seal, maker and holder are told', async (v) => {
    const report = await check(await sealed({}, await seal(enterprise, v)));
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    const [signature] = report.signatures;
    expect(signature).toMatchObject({ coverage: 'file', subFilter: 'GM.sm2seal' });
    expect(signature?.certificate).toEqual(enterprise.certificate);
    expect(signature?.signer?.name).not.toBe('');
    expect(signature?.seal).toMatchObject({ name: SEAL.name, verdict: 'TOTAL-PASSED' });
    expect(signature?.seal?.maker).not.toBe('');
  });

  test('under another SubFilter it is told by its form; anything else stays unchecked', async () => {
    const report = await check(await sealed({ subFilter: 'Vendor.seal' }));
    expect(report.integrity).toBe('intact');
    const other = await check(
      await sealed({ subFilter: 'Vendor.own', cms: async () => fromLatin1('0123') }),
    );
    expect(other.integrity).toBe('unchecked');
  });

  test('nobody trusted: intact, and no more', async () => {
    const report = await verifyPdf(await sealed(), { time: day(1) });
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'INDETERMINATE' });
  });
});

describe('attacks', () => {
  test('a covered byte changed', async () => {
    const report = await check(patch(await sealed(), '/MediaBox', '/mediaBox'));
    expect(report).toMatchObject({ integrity: 'broken', verdict: 'TOTAL-FAILED' });
  });

  test('the digest of other content', async () => {
    const report = await check(
      await sealed({
        cms: async (content) =>
          writeSealSignature({
            seal: await seal(enterprise),
            data: concat(content, fromLatin1(' ')),
            propertyInfo: 'pdf',
            time: day(0),
            signer: enterprise,
          }),
      }),
    );
    expect(report.integrity).toBe('broken');
    expect(report.signatures[0]?.subIndication).toBe('HASH_FAILURE');
    expect(codes(report)).toContain('HASH_MISMATCH');
  });

  test('the seal of somebody else, whom the signer is not', async () => {
    const report = await check(await sealed({}, await seal(stranger)));
    expect(report).toMatchObject({ integrity: 'broken', verdict: 'TOTAL-FAILED' });
    expect(codes(report)).toContain('SIGNER_NOT_IN_SEAL');
  });

  test('a seal that its holder made himself', async () => {
    const own = await writeSeal({
      ...SEAL,
      ...{ created: day(0), validStart: day(-1), validEnd: day(900) },
      maker: enterprise,
      holderCertificates: [enterprise.certificate],
    });
    expect((await check(await sealed({}, own))).verdict).not.toBe('TOTAL-PASSED');
  });

  test('the signature of an earlier version of the file put into a later one', async () => {
    const [old, later] = [await sealed(), await sealed({ entries: '/Reason (other)' })];
    const [from, to] = [signatureAt(old), signatureAt(later)];
    const text = latin1(later);
    const mixed =
      text.slice(0, to.open) + latin1(old).slice(from.open, from.close) + text.slice(to.close);
    const report = await check(fromLatin1(mixed));
    expect(report).toMatchObject({ integrity: 'broken', verdict: 'TOTAL-FAILED' });
  });

  test('no such signature where the SubFilter says one', async () => {
    const report = await check(await sealed({ cms: async () => fromLatin1('0123456789') }));
    expect(report.integrity).toBe('broken');
  });
});
