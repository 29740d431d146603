import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { Malformed, utf8 } from '../../src/crypto/index.ts';
import { verifyOfd } from '../../src/ofd/index.ts';
import { readXml } from '../../src/ofd/xml.ts';
import { readZip } from '../../src/ofd/zip.ts';
import { writeSeal, writeSealSignature } from '../../src/seal/index.ts';
import { people, SEAL } from '../seal/fixtures/people.ts';
import { HEAD, NS, signedOfd } from './fixtures/ofd.ts';

const { maker, enterprise, root } = people('SM2');
const now = Date.now() + 300_000;
const day = (n: number) => new Date(now + n * 86_400_000).toISOString();
const trust = { anchors: [root], sealMakers: [maker.certificate] };
const seal = await writeSeal({
  ...SEAL,
  created: day(0),
  validStart: day(-1),
  validEnd: day(900),
  maker,
  holderCertificates: [enterprise.certificate],
});

const files = await signedOfd({ seal, signer: enterprise, time: day(0) });
const answer = async (changed: Record<string, Uint8Array>) => {
  const report = await verifyOfd(zipSync(changed), { time: day(1), trust });
  const [signature] = report.signatures;
  return [report.verdict, signature?.steps.flatMap((s) => (s.code ? [s.code] : []))];
};

describe('OFD, section 5: every signature, every file', () => {
  it('passes a sound document', async () => {
    expect(await answer(files)).toEqual(['TOTAL-PASSED', []]);
  });

  it.each([
    [
      'a changed page',
      { 'Doc_0/Document.xml': utf8(`${HEAD}<ofd:Document ${NS}> </ofd:Document>`) },
      'TOTAL-FAILED',
      'OFD_FILE_CHANGED',
    ],
    [
      'an added file',
      { 'Doc_0/Res/x.png': new Uint8Array(3) },
      'INDETERMINATE',
      'OFD_FILE_UNPROTECTED',
    ],
    [
      'another seal file',
      { 'Doc_0/Signs/Sign_0/Seal.esl': seal.slice(0, -1) },
      'TOTAL-FAILED',
      'OFD_SEAL_DIFFERS',
    ],
    [
      'a changed Signature.xml',
      { 'Doc_0/Signs/Sign_0/Signature.xml': undefined },
      'TOTAL-FAILED',
      'HASH_MISMATCH',
    ],
  ])('does not pass %s', async (_, change, verdict, code) => {
    const path = 'Doc_0/Signs/Sign_0/Signature.xml';
    const text = new TextDecoder().decode(files[path]);
    const [key] = Object.keys(change);
    const changed =
      key === path
        ? { [path]: utf8(text.replace('</ofd:Signature>', ' </ofd:Signature>')) }
        : change;
    const [got, found] = await answer({ ...files, ...(changed as Record<string, Uint8Array>) });
    expect(got).toBe(verdict);
    expect(found).toContain(code);
  });

  it('refuses a file that is listed twice, whichever value fits', async () => {
    const path = 'Doc_0/Signs/Sign_0/Signature.xml';
    const text = new TextDecoder().decode(files[path]);
    const twice = text.replace(/(<ofd:Reference .*?<\/ofd:Reference>)/, '$1$1');
    const bad = { ...files, [path]: utf8(twice) };
    expect(await answer(bad)).toEqual(['TOTAL-FAILED', ['OFD_PARSE']]);
  });

  it('hashes a file once, however many signatures list it', async () => {
    const list = 'Doc_0/Signs/Signatures.xml';
    const entry = '<ofd:Signature ID="1" BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/>';
    const many = { ...files, 'Doc_0/big': new Uint8Array(8 << 20) };
    const text = new TextDecoder().decode(files[list]).replace(entry, entry.repeat(64));
    const report = await verifyOfd(zipSync({ ...many, [list]: utf8(text) }), {
      time: day(1),
      trust,
    });
    expect(report.signatures).toHaveLength(64);
  }, 20_000);

  it('notes a propertyInfo that names another file', async () => {
    const path = 'Doc_0/Signs/Sign_0/SignedValue.dat';
    const value = await writeSealSignature({
      seal,
      data: files['Doc_0/Signs/Sign_0/Signature.xml'] as Uint8Array,
      propertyInfo: '/Doc_0/Signs/Sign_1/Signature.xml',
      time: day(0),
      signer: enterprise,
    });
    const bytes = zipSync({ ...files, [path]: value });
    const { signatures } = await verifyOfd(bytes, { time: day(1), trust });
    const noted = signatures[0]?.findings.map(({ code }) => code);
    expect(noted).toContain('OFD_PROPERTY_INFO');
  });

  it('finds a missing file, and a document without signatures', async () => {
    const { 'Doc_0/Document.xml': _, ...rest } = files;
    expect((await answer(rest))[1]).toContain('OFD_FILE_MISSING');
    const plain = { 'OFD.xml': utf8(`<ofd:OFD ${NS}><ofd:DocBody/></ofd:OFD>`) };
    expect((await answer(plain))[0]).toBe('NO-SIGNATURE');
  });

  it('never throws for truncated or changed bytes', async () => {
    const bytes = zipSync(files);
    for (let n = 0; n < bytes.length; n += 301) {
      expect((await verifyOfd(bytes.subarray(0, n))).verdict).toBe('TOTAL-FAILED');
    }
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const bad = bytes.slice();
          bad[at] = (bad[at] as number) ^ flip;
          await verifyOfd(bad, { trust });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('ZIP, bounded', () => {
  it.each([
    ['a name that climbs', { '../a': new Uint8Array(1) }],
    ['an absolute name', { '/a': new Uint8Array(1) }],
  ])('refuses %s', (_, entries) => {
    expect(() => readZip(zipSync(entries))).toThrow(Malformed);
  });

  it('stops a bomb at the size that its header claims', () => {
    const bytes = zipSync({ a: new Uint8Array(1_000_000) }, { level: 9 });
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(bytes.length - 6, true);
    view.setUint32(directory + 24, 10, true);
    expect(() => readZip(bytes)).toThrow(Malformed);
  });
});

describe('XML, the little that is needed', () => {
  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an unknown entity', '<a>&b;</a>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['CDATA', '<a><![CDATA[x]]></a>'],
    ['two roots', '<a/><a/>'],
    ['crossed elements', '<a><b></a></b>'],
    ['an unbound prefix', '<x:a/>'],
    ['an instruction', '<a><?x y?></a>'],
  ])('refuses %s', (_, text) => {
    expect(() => readXml(utf8(text))).toThrow(Malformed);
  });

  it('reads names, attributes, text and entities', () => {
    const xml = readXml(utf8('<a xmlns="n" b=\'1 &amp; 2\'>x&#65;<!-- c --><c/></a>'));
    expect(xml).toMatchObject({ name: 'a', namespace: 'n', text: 'xA' });
    expect(xml.attributes.get('b')).toBe('1 & 2');
    expect(xml.children[0]?.namespace).toBe('n');
  });
});
