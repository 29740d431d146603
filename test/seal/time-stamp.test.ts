import { describe, expect, it } from 'vitest';
import { createTimeStampToken } from '../../src/cms/index.ts';
import { derWrite as d, digest, readDer, type Signer, utf8 } from '../../src/crypto/index.ts';
import {
  readSeal,
  verifySeal,
  verifySealSignature,
  writeSeal,
  writeSealSignature,
} from '../../src/seal/index.ts';
import { people, SEAL } from './fixtures/people.ts';

const now = new Date(Date.now() + 300_000);
const day = (n: number) =>
  `${new Date(now.getTime() + n * 86_400_000).toISOString().slice(0, 19)}Z`;
const suites = { 'P-256': people('P-256'), SM2: people('SM2') };
const each = ['P-256', 'SM2'] as const;
const data = utf8('进口许可证申请表');

const stampBy = (signer: Signer, time: string) => async (value: Uint8Array) => {
  const hash = signer.suite === 'SM2' ? 'SM3' : 'SHA-256';
  const imprint = { hash, value: await digest(hash, value) } as const;
  return createTimeStampToken({ signer, imprint, time, serial: 7, policy: '1.2.3' });
};

async function stamped(
  suite: 'P-256' | 'SM2',
  {
    claimed = day(10),
    stamp = day(10),
    by = 'timeStamper' as 'timeStamper' | 'stranger',
    of = 'value',
  } = {},
) {
  const { maker, enterprise, root, [by]: signer } = suites[suite];
  const period = { created: day(0), validStart: day(-1), validEnd: day(100) };
  const seal = await writeSeal({
    ...SEAL,
    ...period,
    maker,
    holderCertificates: [enterprise.certificate],
  });
  const token = stampBy(signer, stamp);
  const signature = await writeSealSignature({
    ...{ seal, data, propertyInfo: 'form', time: claimed, signer: enterprise },
    timeStamp: (value) => token(of === 'value' ? value : data),
  });
  const trust = { anchors: [root], sealMakers: [maker.certificate] };
  return { seal, signature, trust };
}

const failed = (report: { steps: { result: string; code?: string }[] }) =>
  report.steps.flatMap(({ result, code }) => (result !== 'pass' && code ? [code] : []));

describe('the time stamp of a signature of version 4', () => {
  it.each(each)('makes its time the signing time, proven, %s', async (suite) => {
    const { signature, trust } = await stamped(suite, { stamp: `${day(10).slice(0, 19)}Z` });
    const report = await verifySealSignature(signature, { data, trust, time: day(20) });
    expect([report.verdict, failed(report)]).toEqual(['TOTAL-PASSED', []]);
    expect([report.timeProven, Date.parse(report.time ?? '')]).toEqual([true, Date.parse(day(10))]);
  });

  it('settles a seal that is over since, which a claim does not', async () => {
    const { signature, trust, seal } = await stamped('SM2');
    const later = { data, trust, time: day(200) };
    expect((await verifySealSignature(signature, later)).verdict).toBe('TOTAL-PASSED');
    const { enterprise } = suites.SM2;
    const claim = { seal, data, propertyInfo: 'form', time: day(10), signer: enterprise };
    const report = await verifySealSignature(await writeSealSignature(claim), later);
    expect([report.verdict, failed(report)]).toEqual(['INDETERMINATE', ['SEAL_EXPIRED']]);
    expect(report.timeProven).toBe(false);
  });

  it('shows that the seal was used after its end, whatever is claimed', async () => {
    const { signature, trust } = await stamped('P-256', { claimed: day(50), stamp: day(150) });
    const report = await verifySealSignature(signature, { data, trust, time: day(200) });
    expect([report.verdict, failed(report)]).toEqual(['TOTAL-FAILED', ['SIGN_TIME_OUTSIDE_SEAL']]);
  });

  it('counts only over the signature value, from a trusted authority, not before the claim', async () => {
    const codes = async (options: Parameters<typeof stamped>[1]) => {
      const { signature, trust } = await stamped('P-256', options);
      const report = await verifySealSignature(signature, { data, trust, time: day(20) });
      expect([report.verdict, report.timeProven]).toEqual(['INDETERMINATE', false]);
      return failed(report);
    };
    expect(await codes({ of: 'data' })).toEqual(['TIMESTAMP_BAD']);
    expect(await codes({ by: 'stranger' })).toEqual(['TIMESTAMP_UNTRUSTED']);
    expect(await codes({ claimed: day(10), stamp: day(5) })).toEqual(['TIMESTAMP_BAD']);
    expect(await codes({ stamp: day(30) })).toEqual(['TIMESTAMP_BAD']);
  });

  it('is changed in no byte without being noticed', async () => {
    const { signature, trust } = await stamped('P-256');
    const start = readDer(signature).children[4]?.at ?? 0;
    for (let at = start; at < signature.length; at += 41) {
      const bad = signature.slice();
      bad[at] = (bad[at] as number) ^ 0x10;
      const report = await verifySealSignature(bad, { data, trust, time: day(200) });
      expect(report.verdict).not.toBe('TOTAL-PASSED');
    }
  });
});

describe('the time stamp of a seal of version 5', () => {
  const version5 = async (
    suite: 'P-256' | 'SM2',
    token: (value: Uint8Array) => Promise<Uint8Array>,
  ) => {
    const { seal, trust } = await stamped(suite);
    const parts = readDer(seal).children.map(({ raw }) => raw);
    const stamp = d.context(0, d.bitString(await token(readSeal(seal).signature)));
    return { seal: d.sequence(...parts, stamp), trust };
  };

  it.each(each)('is verified over the value of the maker, %s', async (suite) => {
    const { seal, trust } = await version5(suite, stampBy(suites[suite].timeStamper, day(1)));
    const report = await verifySeal(seal, { trust, time: day(20) });
    expect([report.version, report.verdict, failed(report)]).toEqual([5, 'TOTAL-PASSED', []]);
    expect(report.steps).toContainEqual({ step: 'time-stamp', result: 'pass' });
  });

  it('that is of something else, or none at all, leaves the seal open', async () => {
    for (const token of [
      async () => new Uint8Array([1, 2, 3]),
      async () => stampBy(suites.SM2.timeStamper, day(1))(data),
    ]) {
      const { seal, trust } = await version5('SM2', token);
      const report = await verifySeal(seal, { trust, time: day(20) });
      expect([report.verdict, failed(report)]).toEqual(['INDETERMINATE', ['TIMESTAMP_BAD']]);
    }
  });
});
