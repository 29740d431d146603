/** Attacks on what a seal seems to stand for: what is shown and not covered is never intact. */
import { existsSync, readFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { digest, toBase64, utf8 } from '../../src/crypto/index.ts';
import { verifyOfd } from '../../src/ofd/index.ts';
import { people } from '../seal/fixtures/people.ts';
import { type Files, NS, plainFiles, sealFor, signedOfd, text, xml } from './fixtures/ofd.ts';

const { maker, enterprise, stranger, root } = people('SM2');
const now = Date.now() + 300_000;
const day = (n: number) => new Date(now + n * 86_400_000).toISOString();
const trust = { anchors: [root], sealMakers: [maker.certificate] };
const seal = await sealFor(maker, enterprise, now);
const sealed = { seal, signer: enterprise, time: day(0) };
const verify = (files: Files) => verifyOfd(zipSync(files), { time: day(1), trust });
const codesOf = async (files: Files) => (await verify(files)).findings.map(({ code }) => code);

describe('a part outside the signature', () => {
  it.each(Object.keys(plainFiles()))('%s, never covered, is never intact', async (path) => {
    const files = await signedOfd({ ...sealed, uncovered: [path] });
    const report = await verify(files);
    expect(report.integrity).toBe('unchecked');
    expect(report.verdict).toBe('INDETERMINATE');
    expect(report.unprotected).toEqual([path]);
    expect(report.signatures[0]).toMatchObject({ integrity: 'unchecked', coverage: 'partial' });
  });

  it.each(Object.keys(plainFiles()))('%s, covered, cannot be rewritten or taken', async (path) => {
    const files = await signedOfd(sealed);
    const bytes = files[path] as Uint8Array;
    const bad = bytes.slice();
    bad[bad.length - 1] = (bad.at(-1) as number) ^ 1;
    expect((await verify({ ...files, [path]: bad })).integrity).not.toBe('intact');
    const { [path]: _, ...rest } = files;
    expect((await verify(rest)).integrity).not.toBe('intact');
  });

  it('OFD.xml rewritten to show another document', async () => {
    const files = await signedOfd({ ...sealed, uncovered: ['OFD.xml'] });
    const other = text(files['OFD.xml']).replace('Doc_0/Document.xml', 'Doc_1/Document.xml');
    const report = await verify({
      ...files,
      'OFD.xml': utf8(other),
      'Doc_1/Document.xml': xml(`<ofd:Document ${NS}/>`),
    });
    expect(report.integrity).toBe('unchecked');
    expect(report.unprotected).toEqual(['OFD.xml', 'Doc_1/Document.xml']);
  });

  it('a template that is swapped in through a resource list', async () => {
    const files = await signedOfd({ ...sealed, uncovered: ['Doc_0/PublicRes.xml'] });
    const report = await verify({
      ...files,
      'Doc_0/PublicRes.xml': xml(
        `<ofd:Res ${NS} BaseLoc="Else"><ofd:MediaFile>..\\other\\IMAGE.PNG</ofd:MediaFile></ofd:Res>`,
      ),
      'Doc_0/other/image.png': new Uint8Array(4),
    });
    expect(report.unprotected).toEqual(['Doc_0/PublicRes.xml', 'Doc_0/other/image.png']);
  });

  it('a part of OFD that nothing names counts, since readers look for it; other files are told', async () => {
    const files = await signedOfd(sealed);
    const stray = xml(`<ofd:Page ${NS}/>`);
    expect((await verify({ ...files, 'Doc_0/Pages/Page_1/Content.xml': stray })).integrity).toBe(
      'unchecked',
    );
    const report = await verify({ ...files, 'Doc_0/Res/x.png': new Uint8Array(3) });
    expect(report.integrity).toBe('intact');
    expect(report.findings.map(({ code }) => code)).toContain('OFD_FILE_EXTRA');
    expect(await codesOf({ ...files, '__MACOSX/x': new Uint8Array(1) })).not.toContain(
      'OFD_FILE_EXTRA',
    );
  });

  it('a template or an image, never covered, that was taken away', async () => {
    for (const path of ['Doc_0/Tpls/Tpl_0/Content.xml', 'Doc_0/Res/image_5.png']) {
      const { [path]: _, ...files } = await signedOfd({ ...sealed, uncovered: [path] });
      const report = await verify(files);
      expect(report.integrity).toBe('unchecked');
      expect(report.findings.map(({ code }) => code)).toContain('OFD_PART_MISSING');
    }
  });

  it('a part with a document type, whose text stands elsewhere', async () => {
    const files = plainFiles();
    files['Doc_0/Tpls/Tpl_0/Content.xml'] = utf8(
      `<!DOCTYPE a [<!ENTITY b SYSTEM "b.txt">]><ofd:Page ${NS}>&b;</ofd:Page>`,
    );
    const report = await verify(await signedOfd({ ...sealed, files }));
    expect(report.integrity).toBe('unchecked');
    expect(report.findings.map(({ code }) => code)).toContain('OFD_PART_UNREADABLE');
  });
});

describe('a signature that stands for nothing', () => {
  const page = 'Doc_0/Tpls/Tpl_0/Content.xml';

  it('does not exempt a file as its own seal, value or description', async () => {
    const files = await signedOfd({ ...sealed, uncovered: [page] });
    for (const part of ['Seal', 'SignedValue']) {
      const bad = 'Doc_0/Signs/Sign_9/Signature.xml';
      const lists = text(files['Doc_0/Signs/Signatures.xml']);
      const report = await verify({
        ...files,
        'Doc_0/Signs/Signatures.xml': utf8(
          lists.replace(
            '</ofd:Signatures>',
            `<ofd:Signature ID="9" BaseLoc="/${bad}"/></ofd:Signatures>`,
          ),
        ),
        [bad]: xml(
          `<ofd:Signature ${NS}><ofd:SignedValue>/${part === 'SignedValue' ? page : 'OFD.xml'}</ofd:SignedValue>` +
            `<ofd:SignedInfo><ofd:Seal><ofd:BaseLoc>/${page}</ofd:BaseLoc></ofd:Seal>` +
            '<ofd:References CheckMethod="SM3"/></ofd:SignedInfo></ofd:Signature>',
        ),
      });
      expect(report.unprotected).toContain(page);
      expect(report.integrity).not.toBe('intact');
    }
  });

  it('does not cover a file: a value forged over a list that fits', async () => {
    const files = await signedOfd({ ...sealed, uncovered: [page] });
    const second = await signedOfd({ ...sealed, files, name: 'Sign_1', signer: stranger });
    const report = await verify(second);
    expect(report.integrity).toBe('broken');
    expect(report.unprotected).toContain(page);
  });

  it('does not explain a changed list of signatures', async () => {
    const list = 'Doc_0/Signs/Signatures.xml';
    const once = await signedOfd(sealed);
    // A first signature that covers the list, as several makers write it.
    const path = 'Doc_0/Signs/Sign_0/Signature.xml';
    const value = toBase64(await digest('SM3', once[list] as Uint8Array));
    const reference = `<ofd:Reference FileRef="/${list}"><ofd:CheckValue>${value}</ofd:CheckValue></ofd:Reference>`;
    const covering: Files = {
      ...once,
      [path]: utf8(text(once[path]).replace('</ofd:References>', `${reference}$&`)),
    };
    const { writeSealSignature } = await import('../../src/seal/index.ts');
    covering['Doc_0/Signs/Sign_0/SignedValue.dat'] = await writeSealSignature({
      ...sealed,
      data: covering[path] as Uint8Array,
      propertyInfo: `/${path}`,
    });
    expect((await verify(covering)).integrity).toBe('intact');
    const good = await signedOfd({ ...sealed, files: covering, name: 'Sign_1' });
    const later = await verify(good);
    expect(later.integrity).toBe('intact');
    expect(later.signatures[0]).toMatchObject({ changes: 'permitted', coverage: 'revision' });
    const bad = await signedOfd({ ...sealed, files: covering, name: 'Sign_1', signer: stranger });
    expect((await verify(bad)).signatures[0]?.integrity).toBe('modified');
  });
});

const REAL = '../../shared/conformance/ses/ofd';
const sound = ['SESV4SignDoc.ofd', 'V4RideRight.ofd', 'allprotected.ofd', 'h.ofd'];
const here = existsSync(REAL);

describe.skipIf(!here)(`real files${here ? '' : ` (skipped: ${REAL} is not here)`}`, () => {
  const filesOf = (name: string): Files =>
    Object.fromEntries(
      Object.entries(unzipSync(new Uint8Array(readFileSync(`${REAL}/${name}`)))).filter(
        ([path]) => !path.endsWith('/'),
      ),
    );

  it.each(sound)(
    '%s is intact, and no part of it can be changed or taken',
    async (name) => {
      const files = filesOf(name);
      expect((await verify(files)).integrity).toBe('intact');
      for (const [path, bytes] of Object.entries(files)) {
        // The list of signatures is bound by what it lists: its other octets say nothing.
        const places = [0, bytes.length - 1];
        if (!path.endsWith('Signatures.xml')) places.push(bytes.length >> 1);
        for (const at of places) {
          const bad = bytes.slice();
          bad[at] = (bad[at] as number) ^ 4;
          const report = await verify({ ...files, [path]: bad });
          expect([path, at, report.integrity]).not.toEqual([path, at, 'intact']);
        }
        const { [path]: _, ...rest } = files;
        const without = await verify(rest);
        expect([path, without.integrity]).not.toEqual([path, 'intact']);
      }
    },
    120_000,
  );

  it.each(sound)('%s with a page, a document or an annotation slipped in', async (name) => {
    const files = filesOf(name);
    const page = xml(`<ofd:Page ${NS}><ofd:Content>9999</ofd:Content></ofd:Page>`);
    const bodies = text(files['OFD.xml']).replace(
      '</ofd:OFD>',
      '<ofd:DocBody><ofd:DocRoot>Doc_9/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
    );
    for (const change of [
      { 'Doc_0/Pages/Page_9/Content.xml': page },
      { 'Doc_9/Document.xml': page, 'OFD.xml': utf8(bodies) },
      { 'Doc_0/Annots/Annotations.xml': xml(`<ofd:Annotations ${NS}/>`) },
      { 'doc_0/document.xml': page },
    ]) {
      expect((await verify({ ...files, ...change })).integrity).not.toBe('intact');
    }
  });
});
