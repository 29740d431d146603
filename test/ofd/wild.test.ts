/** What software in the field writes, and the attack beside each that must not come in with it. */
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { concat, digest, toBase64, utf8 } from '../../src/crypto/index.ts';
import { verifyOfd } from '../../src/ofd/index.ts';
import { people } from '../seal/fixtures/people.ts';
import {
  type Files,
  gmSignedData,
  NS,
  plainFiles,
  sealFor,
  signedOfd,
  text,
  xml,
} from './fixtures/ofd.ts';

const { maker, enterprise, root } = people('SM2');
const now = Date.now() + 300_000;
const day = (n: number) => new Date(now + n * 86_400_000).toISOString();
const trust = { anchors: [root], sealMakers: [maker.certificate] };
const seal = await sealFor(maker, enterprise, now);
const sealed = { seal, signer: enterprise, time: day(0) };
const options = { time: day(1), trust };
const verify = (files: Files) => verifyOfd(zipSync(files), options);

/** Before sealing. */
const mapped = (change: (text: string) => string): Files =>
  Object.fromEntries(
    Object.entries(plainFiles()).map(([path, bytes]) => [
      path,
      path.endsWith('.xml') ? utf8(change(text(bytes))) : bytes,
    ]),
  );

describe('XML as it is written', () => {
  it.each([
    'http://www.ofdspec.org',
    'http://www.ofdspec.org/2013',
    'https://www.ofdspec.org/2016',
  ])('the namespace %s', async (namespace) => {
    const files = mapped((xmlText) => xmlText.replaceAll('http://www.ofdspec.org/2016', namespace));
    const made = await signedOfd({ ...sealed, files });
    expect((await verify(made)).integrity).toBe('intact');
  });

  it('no prefix, CDATA, instructions, a byte order mark', async () => {
    const files = plainFiles();
    files['OFD.xml'] = utf8(
      '\uFEFF<?xml version="1.0"?><?app x?><OFD xmlns="http://www.ofdspec.org/2016"><DocBody>' +
        '<DocRoot><![CDATA[Doc_0/Document.xml]]></DocRoot>' +
        '<Signatures><![CDATA[/Doc_0/Signs/Signatures.xml]]></Signatures></DocBody></OFD>',
    );
    expect((await verify(await signedOfd({ ...sealed, files }))).integrity).toBe('intact');
    const report = await verify(
      await signedOfd({ ...sealed, files, uncovered: ['Doc_0/Document.xml'] }),
    );
    expect(report.unprotected).toEqual(['Doc_0/Document.xml']);
  });

  it('GBK, declared or not, and UTF-16', async () => {
    const gbk = new Uint8Array([0xc9, 0xcf, 0xba, 0xa3]);
    for (const declared of ['encoding="GBK"', 'encoding="GB2312"', 'encoding="UTF-8"', '']) {
      const files = plainFiles();
      const [head, tail] = text(files['OFD.xml']).split('<ofd:DocInfo/>') as [string, string];
      const start = head.replace('encoding="UTF-8"', declared);
      files['OFD.xml'] = concat(
        utf8(`${start}<ofd:DocInfo><ofd:Author>`),
        gbk,
        utf8(`</ofd:Author></ofd:DocInfo>${tail}`),
      );
      expect((await verify(await signedOfd({ ...sealed, files }))).integrity).toBe('intact');
    }
    const files = plainFiles();
    const wide = [...text(files['Doc_0/Tpls/Tpl_0/Content.xml']).replace(/encoding="UTF-8"/, '')];
    files['Doc_0/Tpls/Tpl_0/Content.xml'] = new Uint8Array(
      Uint16Array.from([0xfeff, ...wide.map((c) => c.charCodeAt(0))]).buffer,
    );
    expect((await verify(await signedOfd({ ...sealed, files }))).integrity).toBe('intact');
  });

  it('backslashes, another case, paths from the root without a slash', async () => {
    const files = mapped((xmlText) =>
      xmlText
        .replace('Doc_0/Document.xml', 'doc_0\\Document.XML')
        .replace('/Doc_0/Signs/Signatures.xml', '.\\Doc_0\\Signs\\.\\Signatures.xml')
        .replace('"Pages/Page_0/Content.xml"', '"Doc_0/Pages/Page_0/Content.xml"'),
    );
    const report = await verify(await signedOfd({ ...sealed, files }));
    expect(report).toMatchObject({ integrity: 'intact', unprotected: [] });
    expect(report.findings.map(({ code }) => code)).not.toContain('OFD_PART_MISSING');
    const page = 'Doc_0/Pages/Page_0/Content.xml';
    const open = await verify(await signedOfd({ ...sealed, files, uncovered: [page] }));
    expect(open.unprotected).toEqual([page]);
  });
});

describe('digests by other names', () => {
  it('takes SM3 under any name where the values fit, and vouches for none that do not', async () => {
    for (const method of ['1.2.156.10197.1.401', '1.2.156.10197.1.401.2', 'sm3']) {
      const files = await signedOfd({ ...sealed, method });
      expect((await verify(files)).integrity).toBe('intact');
    }
    const files = await signedOfd({ ...sealed, method: '1.2.156.10197.1.401.2' });
    const page = 'Doc_0/Tpls/Tpl_0/Content.xml';
    const report = await verify({ ...files, [page]: xml(`<ofd:Page ${NS}/>`) });
    expect(report.integrity).toBe('unchecked');
    expect(report.findings.map(({ code }) => code)).toContain('OFD_DIGEST_UNKNOWN');
  });
});

describe('Type="Sign": signed data of GB/T 35275 (GM/T 0099 7.2.2)', () => {
  const sm3 = (bytes: Uint8Array) => digest('SM3', bytes);
  const forms = {
    'over the digest, attached': async (file: Uint8Array) =>
      gmSignedData(enterprise, await sm3(file), true),
    'over the digest in Base64': async (file: Uint8Array) =>
      gmSignedData(enterprise, utf8(toBase64(await sm3(file))), true),
    'over the file, attached': (file: Uint8Array) => gmSignedData(enterprise, file, true),
    'over the file, detached': (file: Uint8Array) => gmSignedData(enterprise, file, false),
    'over the digest, detached': async (file: Uint8Array) =>
      gmSignedData(enterprise, await sm3(file), false),
    'stored as Base64': async (file: Uint8Array) =>
      utf8(toBase64(await gmSignedData(enterprise, await sm3(file), true))),
  };

  it.each(Object.entries(forms))('%s', async (_, value) => {
    const files = await signedOfd({ ...sealed, value });
    const report = await verify(files);
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    expect(report.signatures[0]).toMatchObject({
      ...{ form: 'signed-data', coverage: 'file' },
      signer: { name: '示例公司' },
    });
    const path = 'Doc_0/Signs/Sign_0/Signature.xml';
    const other = { ...files, [path]: utf8(`${text(files[path])}\n`) };
    expect((await verify(other)).integrity).not.toBe('intact');
  });

  it('does not take signed data over something else, or with another value', async () => {
    const value = () => gmSignedData(enterprise, utf8('something else'), true);
    const report = await verify(await signedOfd({ ...sealed, value }));
    expect(report.integrity).toBe('modified');
    const broken = async (file: Uint8Array) => {
      const der = (await gmSignedData(enterprise, await sm3(file), true)).slice();
      der[der.length - 1] = (der.at(-1) as number) ^ 1;
      return der;
    };
    expect((await verify(await signedOfd({ ...sealed, value: broken }))).integrity).toBe('broken');
  });

  it('a bare value without a certificate cannot be checked, with one it can', async () => {
    const files = await signedOfd({ ...sealed, value: (file) => enterprise.sign(file) });
    expect(await verify(files)).toMatchObject({ integrity: 'unchecked' });
    const certificates = [enterprise.certificate];
    const report = await verifyOfd(zipSync(files), { ...options, certificates });
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
  });
});

describe('encrypted OFD says what it is (GM/T 0099 C)', () => {
  it('by its Encryptions.xml, with and without OFD.xml', async () => {
    const files = await signedOfd(sealed);
    const encryptions = xml(`<ofd:Encryptions ${NS}/>`);
    const page = 'Doc_0/Pages/Page_0/Content.xml';
    const { [page]: _, ...rest } = files;
    const both = await verify({ ...rest, 'Encryptions.xml': encryptions });
    expect(both.integrity).toBe('unchecked');
    expect(both.findings.map(({ code }) => code)).toContain('OFD_ENCRYPTED');
    const alone = await verify({ 'Encryptions.xml': encryptions, 'a.dat': new Uint8Array(9) });
    expect(alone).toMatchObject({ integrity: 'unreadable', signatures: [] });
    expect(alone.findings.map(({ code }) => code)).toEqual(['OFD_ENCRYPTED']);
  });
});
