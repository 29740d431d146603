import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/crypto/index.ts';
import { verifyOfd } from '../../src/ofd/index.ts';
import { writeSealSignature } from '../../src/seal/index.ts';
import { people } from '../seal/fixtures/people.ts';
import { type Files, HEAD, NS, plainFiles, sealFor, signedOfd, text } from './fixtures/ofd.ts';

const { maker, enterprise, root } = people('SM2');
const now = Date.now() + 300_000;
const day = (n: number) => new Date(now + n * 86_400_000).toISOString();
const trust = { anchors: [root], sealMakers: [maker.certificate] };
const seal = await sealFor(maker, enterprise, now);
const files = await signedOfd({ seal, signer: enterprise, time: day(0) });
const SIGNATURE = 'Doc_0/Signs/Sign_0/Signature.xml';

const verify = (changed: Files) => verifyOfd(zipSync(changed), { time: day(1), trust });
const answer = async (changed: Files) => {
  const { integrity, verdict, findings } = await verify(changed);
  return { integrity, verdict, codes: findings.map(({ code }) => code) };
};

describe('OFD: every signature, every file (GB/T 33190-2016 18)', () => {
  it('passes a sound document, and says who sealed it', async () => {
    const report = await verify(files);
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED', unprotected: [] });
    expect(report.signatures).toMatchObject([
      {
        ...{ field: SIGNATURE, kind: 'approval', form: 'seal', integrity: 'intact' },
        ...{ coverage: 'file', changes: 'none', time: expect.any(String) },
        signer: { name: '示例公司' },
        seal: { pictureMatches: true, verdict: 'TOTAL-PASSED', maker: expect.any(String) },
      },
    ]);
  });

  it.each([
    ['another seal file', { 'Doc_0/Signs/Sign_0/Seal.esl': seal.slice(0, -1) }, 'OFD_SEAL_DIFFERS'],
    ['a value that is none', { 'Doc_0/Signs/Sign_0/SignedValue.dat': utf8('?') }, undefined],
    [
      'a changed Signature.xml',
      { [SIGNATURE]: utf8(text(files[SIGNATURE]).replace('50 50', '60 60')) },
      'HASH_MISMATCH',
    ],
    [
      'a file that is listed twice, with two values',
      {
        [SIGNATURE]: utf8(
          text(files[SIGNATURE]).replace(
            /(<ofd:Reference .*?<\/ofd:Reference>)/,
            (one) => one + one.replace(/CheckValue>..../, 'CheckValue>AAAA'),
          ),
        ),
      },
      'OFD_PARSE',
    ],
  ])('does not pass %s', async (_, change, code) => {
    const got = await answer({ ...files, ...change });
    expect(got.integrity).not.toBe('intact');
    expect(got.verdict).not.toBe('TOTAL-PASSED');
    if (code) expect(got.codes).toContain(code);
  });

  it('takes a second signature, which changes the list of signatures', async () => {
    const both = await signedOfd({
      ...{ seal, signer: enterprise, time: day(0), files, name: 'Sign_1' },
    });
    const report = await verify(both);
    expect(report.integrity).toBe('intact');
    expect(report.signatures.map(({ coverage }) => coverage)).toEqual(['revision', 'file']);
  });

  it('hashes a file once, however many signatures list it', async () => {
    const list = 'Doc_0/Signs/Signatures.xml';
    const entry = /<ofd:Signature ID.*?\/>/;
    const many = { ...files, 'Doc_0/big': new Uint8Array(8 << 20) };
    const all = text(files[list]).replace(entry, (one) => one.repeat(64));
    const report = await verify({ ...many, [list]: utf8(all) });
    expect(report.signatures).toHaveLength(64);
  }, 30_000);

  it('notes a propertyInfo that names another file', async () => {
    const value = await writeSealSignature({
      ...{ seal, data: files[SIGNATURE] as Uint8Array, time: day(0), signer: enterprise },
      propertyInfo: '/Doc_0/Signs/Sign_1/Signature.xml',
    });
    const got = await answer({ ...files, 'Doc_0/Signs/Sign_0/SignedValue.dat': value });
    expect(got.codes).toContain('OFD_PROPERTY_INFO');
  });

  it('calls a document without signatures, or without the list that it names, unsigned', async () => {
    const plain = { 'OFD.xml': utf8(`${HEAD}<ofd:OFD ${NS}><ofd:DocBody/></ofd:OFD>`) };
    expect(await answer(plain)).toMatchObject({ integrity: 'unsigned', verdict: 'NO-SIGNATURE' });
    expect(await answer(plainFiles())).toMatchObject({
      ...{ integrity: 'unsigned', verdict: 'NO-SIGNATURE' },
      codes: ['OFD_SIGNATURES_MISSING'],
    });
  });

  it('vouches for nothing where the time asked about is no time', async () => {
    const report = await verifyOfd(zipSync(files), { time: 'yesterday', trust });
    expect(report.integrity).not.toBe('intact');
  });

  it('needs the trust for the verdict, not for the integrity', async () => {
    const report = await verifyOfd(zipSync(files), { time: day(1) });
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'INDETERMINATE' });
  });
});
