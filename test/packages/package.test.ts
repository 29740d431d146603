import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decryptWith, encryptTo, signDetached } from '../../src/cms/index.ts';
import { Malformed, type Signer, sha256, sha256Hex, utf8 } from '../../src/crypto/index.ts';
import {
  openPackage,
  readHead,
  readPackage,
  writePackage,
  writePackageFile,
} from '../../src/packages/index.ts';
import { writeManifest } from '../../src/packages/manifest.ts';
import { MANIFEST, SIGNATURE } from '../../src/packages/names.ts';
import { readZip, writeZip } from '../../src/packages/zip.ts';
import { certificateId, keyId, readCertificate } from '../../src/pki/index.ts';
import { at, get, identity, openssl, put } from '../cms/peers.ts';

const root = identity('root', 'P-256');
const alice = identity('alice', 'P-256', root);
const mallory = identity('mallory', 'P-256', root);
const desk = identity('desk', 'P-256', root);
const other = identity('other', 'P-256', root);
const signer: Signer = { ...alice.signer, chain: [root.certificate] };

const record = {
  deployment: 'dd'.repeat(32),
  type: 'application/submit',
  case: 'case-1',
  party: '91110000MA000TE137',
  prev: ['ab'.repeat(32)],
  at: '2026-03-01T08:00:00Z',
  subject: '自动进口许可',
};
const files = [
  { name: 'contract.pdf', bytes: utf8('%PDF-contract'), confidential: true },
  { name: 'notice.txt', bytes: utf8('public'), confidential: false, type: 'text/plain' },
];
const recipients = [desk.certificate, alice.certificate];
const confidential = { goods: '天然橡胶', quantity: '12.500' };
const { id, bytes, head } = await writePackage({ record, confidential, files, recipients, signer });

const code = async (zip: Uint8Array) => {
  try {
    await readPackage(zip);
    return 'ok';
  } catch (error) {
    if (error instanceof Malformed) return error.code;
    throw error;
  }
};

describe('ASiC-E package (EN 319 162-1), written and read', () => {
  it('reads its record, names its signer and keeps what is confidential closed', async () => {
    const pkg = await readPackage(bytes);
    expect(pkg.id).toBe(id);
    expect(pkg.id).toBe(await sha256Hex(head));
    expect(pkg.bytes).toEqual(head);
    expect(pkg.record).toMatchObject({
      ...record,
      v: 2,
      by: await certificateId(alice.certificate),
    });
    expect(pkg.signer).toEqual(alice.certificate);
    expect(pkg.hasBody).toBe(true);
    expect([...pkg.files.keys()]).toEqual(['contract.pdf.p7m', 'notice.txt']);
    expect(pkg.contents.map(({ type }) => type)).toEqual([
      'application/pkcs7-mime',
      'application/pkcs7-mime',
      'text/plain',
    ]);
    expect(Buffer.from(bytes).includes('橡胶')).toBe(false);
  });

  it.each([desk, alice])('opens for a recipient', async (who) => {
    const opened = await openPackage(await readPackage(bytes), who.decrypter);
    expect(opened.body).toEqual(confidential);
    expect(opened.files.get('contract.pdf')).toEqual(files[0]?.bytes);
    expect(opened.files.get('notice.txt')).toEqual(files[1]?.bytes);
  });

  it('does not open for anybody else', async () => {
    const open = openPackage(await readPackage(bytes), mallory.decrypter);
    await expect(open).rejects.toMatchObject({ code: 'cms-not-recipient' });
  });

  it('opens for a role key, which the record names by the digest of its SPKI', async () => {
    const { certificate, ...key } = desk.decrypter;
    const { spki } = readCertificate(certificate);
    const made = await writePackage({
      ...{ record, confidential, files, signer },
      recipients: [alice.certificate, { spki }],
    });
    const pkg = await readPackage(made.bytes);
    expect(pkg.record.to).toEqual(
      [await certificateId(alice.certificate), await keyId(spki)].sort(),
    );
    expect((await openPackage(pkg, { ...key, spki })).body).toEqual(confidential);
    await expect(openPackage(pkg, desk.decrypter)).rejects.toMatchObject({
      code: 'cms-not-recipient',
    });
    const foreign = readCertificate(mallory.certificate).spki;
    const open = openPackage(pkg, { ...key, spki: foreign });
    await expect(open).rejects.toMatchObject({ code: 'cms-not-recipient' });
  });

  it('a bare record is a package', async () => {
    const bare = await writePackage({ record: { ...record, prev: [] }, signer });
    const pkg = await readPackage(bare.bytes);
    expect(pkg).toMatchObject({ hasBody: false, body: null });
    expect(bare.bytes).toEqual(bare.head);
    expect(await openPackage(pkg, mallory.decrypter)).toEqual({ body: null, files: new Map() });
  });

  it('SM2 signs packages', async () => {
    const gm = identity('gm', 'SM2');
    const made = await writePackage({ record, signer: gm.signer });
    expect((await readPackage(made.bytes)).cms.digestAlgorithm).toBe('SM3');
  });

  it('openssl cms -verify -cades accepts the signature, openssl cms -decrypt the body', () => {
    const parts = unzipSync(bytes);
    put('m.xml', parts[MANIFEST] as Uint8Array);
    put('s.p7s', parts[SIGNATURE] as Uint8Array);
    put('body.p7m', parts['body.p7m'] as Uint8Array);
    openssl(
      `cms -verify -binary -cades -inform DER -purpose any -in s.p7s -content m.xml -CAfile root.pem -out ${at('x')}`,
    );
    const text = openssl(
      'cms -decrypt -binary -inform DER -in body.p7m -recip desk.pem -inkey desk.key',
    );
    const [header, body] = text.split('\n');
    expect(JSON.parse(header ?? '')).toMatchObject({ name: 'body', context: { case: 'case-1' } });
    expect(JSON.parse((body ?? '').replace(/\0+$/, ''))).toEqual(confidential);
  });

  it('a ciphertext tells the size of what it hides in steps of 4 kB', async () => {
    const sizes = new Set<number>();
    for (const goods of ['a', 'b'.repeat(3000)]) {
      const made = await writePackage({ record, confidential: { goods }, recipients, signer });
      sizes.add((await readHead(made.head)).contents[0]?.length ?? 0);
    }
    expect(sizes.size).toBe(1);
  });
});

describe('a head and its contents, apart and together', () => {
  it('the head is judged by itself; the file of head and contents is the package again', async () => {
    const alone = await readPackage(head);
    expect(alone).toMatchObject({ id, body: null, hasBody: true });
    expect(alone.files.size).toBe(0);
    const { present } = await readPackage(bytes);
    expect(writePackageFile(alone, present)).toEqual(bytes);
    expect(writePackageFile(alone, new Map())).toEqual(head);
  });

  it('any content may be missing; the head stays the same', async () => {
    const { present } = await readPackage(bytes);
    for (const name of present.keys()) {
      const some = new Map([...present].filter(([each]) => each !== name));
      const pkg = await readPackage(writePackageFile(await readHead(head), some));
      expect(pkg.id).toBe(id);
      expect([...pkg.present.keys()]).toEqual([...some.keys()]);
    }
  });

  it('a head over 64 kB is refused', async () => {
    const prev = Array.from({ length: 65 }, (_, i) => i.toString(16).padStart(64, '0'));
    await expect(writePackage({ record: { ...record, prev }, signer })).rejects.toMatchObject({
      code: 'record-prev',
    });
    const large = { ...record, note: 'x'.repeat(49 << 10) };
    await expect(writePackage({ record: large, signer })).rejects.toMatchObject({
      code: 'json-size',
    });
  });

  it('a version-1 package is refused', async () => {
    const old = await resign(
      signer,
      edited((text) => text.replace('"v":2', '"v":1')),
    );
    expect(await code(old)).toBe('record-v');
  });
});

/** Re-signs a package's parts as somebody else. */
async function resign(as: Signer, change: (name: string, value: Uint8Array) => Uint8Array) {
  const [mimetype, recordEntry, , , ...contents] = readZip(bytes);
  const payload = [recordEntry, ...contents].map((entry) => {
    const { name, bytes: value } = entry as { name: string; bytes: Uint8Array };
    return { name, bytes: change(name, value) };
  });
  const references = [];
  for (const { name, bytes: value } of payload) {
    const type = name.endsWith('.p7m')
      ? 'application/pkcs7-mime'
      : name === 'record.json'
        ? 'application/json'
        : 'text/plain';
    references.push({ uri: name, type, digest: await sha256(value) });
  }
  const manifest = writeManifest({ digest: 'SHA-256', references });
  const signature = await signDetached({ content: manifest, signer: as });
  return writeZip([
    mimetype as never,
    payload[0] as never,
    { name: MANIFEST, bytes: manifest },
    { name: SIGNATURE, bytes: signature },
    ...payload.slice(1),
  ]);
}

const edited = (edit: (text: string) => string) => (name: string, value: Uint8Array) =>
  name === 'record.json' ? utf8(edit(Buffer.from(value).toString())) : value;

describe('attacks on packages', () => {
  it('every byte flipped is reported: a package has no twin', async () => {
    const small = await writePackage({ record, signer });
    for (let i = 0; i < small.bytes.length; i++) {
      const bad = small.bytes.slice();
      bad[i] = (bad[i] as number) ^ 1;
      expect(await code(bad), `byte ${i}`).not.toBe('ok');
    }
  });

  it('every truncation, and trailing bytes', async () => {
    for (let n = 0; n < bytes.length; n += 7) {
      expect(await code(bytes.subarray(0, n))).not.toBe('ok');
    }
    expect(await code(new Uint8Array([...bytes, 10]))).toBe('zip-trailing');
  });

  const replace = (name: string, value: Uint8Array) =>
    writeZip(readZip(bytes).map((e) => (e.name === name ? { name, bytes: value } : e)));

  it('a content exchanged, added, moved; an entry that no head has', async () => {
    expect(await code(replace('files/notice.txt', utf8('PUBLIC')))).toBe('package-digest');
    const list = readZip(bytes);
    expect(await code(writeZip([...list, { name: 'files/x', bytes: utf8('') }]))).toBe(
      'package-layout',
    );
    const moved = [...list];
    [moved[5], moved[6]] = [moved[6] as never, moved[5] as never];
    expect(await code(writeZip(moved))).toBe('package-layout');
    const last = [list[1], list[0], ...list.slice(2)] as typeof list;
    expect(await code(writeZip(last))).toBe('package-mimetype');
    const hidden = [
      ...list.slice(0, 3),
      { name: 'META-INF/x.xml', bytes: utf8('') },
      ...list.slice(3),
    ];
    expect(await code(writeZip(hidden))).toBe('package-layout');
  });

  it('a content that the manifest names otherwise than the record', async () => {
    const other = edited((text) => text.replace('files/notice.txt', 'files/notes.txt'));
    expect(await code(await resign(signer, other))).toBe('package-manifest');
  });

  it('manifest and signature of two suites', async () => {
    const list = readZip(head);
    const manifest = utf8(
      Buffer.from((list[2] as { bytes: Uint8Array }).bytes)
        .toString()
        .replaceAll('http://www.w3.org/2001/04/xmlenc#sha256', 'urn:oid:1.2.156.10197.1.401'),
    );
    const signature = await signDetached({ content: manifest, signer });
    const mixed = list.map(({ name, bytes: value }) => ({
      name,
      bytes: name === MANIFEST ? manifest : name === SIGNATURE ? signature : value,
    }));
    expect(await code(writeZip(mixed))).toBe('package-digest');
  });

  it('re-signed by another without changing the record: by', async () => {
    expect(await code(await resign(mallory.signer, (_, value) => value))).toBe('package-by');
  });

  it("re-signed foreign ciphertext opens for nobody: inner 'by' differs from the outer", async () => {
    const mine = await certificateId(mallory.certificate);
    const by = edited((text) => text.replace(/"by":"[0-9a-f]+"/, `"by":"${mine}"`));
    const pkg = await readPackage(await resign(mallory.signer, by));
    await expect(openPackage(pkg, desk.decrypter)).rejects.toMatchObject({
      code: 'package-context',
    });
    const onlyFiles = { ...pkg, body: null };
    await expect(openPackage(onlyFiles, desk.decrypter)).rejects.toMatchObject({
      code: 'package-context',
    });
  });

  it.each([
    ['case', (text: string) => text.replace('case-1', 'case-2')],
    ['type', (text: string) => text.replace('/submit', '/amend')],
    ['deployment', (text: string) => text.replace('dd'.repeat(32), 'ee'.repeat(32))],
    ['party', (text: string) => text.replace('91110000MA000TE137', '91310000MA1FL0T285')],
  ])('own ciphertext under another %s: replayed, copied, swapped', async (_, edit) => {
    const pkg = await readPackage(await resign(signer, edited(edit)));
    await expect(openPackage(pkg, desk.decrypter)).rejects.toMatchObject({
      code: 'package-context',
    });
  });

  it('a recipient who passes the body on to others under the same record', async () => {
    const { body } = await readPackage(bytes);
    const plain = await decryptWith(body as Uint8Array, desk.decrypter);
    const wider = await encryptTo(plain, [desk.certificate, other.certificate]);
    // Serial numbers differ in length, and so do envelopes.
    const lengths = edited((text) =>
      text.replace(`"length":${(body as Uint8Array).length}`, `"length":${wider.length}`),
    );
    const zip = await resign(signer, (name, value) =>
      name === 'body.p7m' ? wider : lengths(name, value),
    );
    await expect(openPackage(await readPackage(zip), other.decrypter)).rejects.toMatchObject({
      code: 'cms-not-recipient',
    });
  });

  it('two enveloped files exchanged within one package', async () => {
    const pair = ['a', 'b'].map((name) => ({ name, bytes: utf8(name), confidential: true }));
    const made = await writePackage({ record, files: pair, recipients, signer });
    const pkg = await readPackage(made.bytes);
    const swapped = new Map([
      ['a.p7m', pkg.files.get('b.p7m') as Uint8Array],
      ['b.p7m', pkg.files.get('a.p7m') as Uint8Array],
    ]);
    await expect(openPackage({ ...pkg, files: swapped }, desk.decrypter)).rejects.toMatchObject({
      code: 'package-context',
    });
  });

  it('the manifest of another shape: DTD, other digest, other signature, comment', async () => {
    const parts = unzipSync(bytes);
    const manifest = Buffer.from(parts[MANIFEST] as Uint8Array).toString();
    for (const bad of [
      manifest.replace('?>\n', '?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n'),
      manifest.replaceAll('xmlenc#sha256', 'xmlenc#sha512'),
      manifest.replace('signature001', 'signature002'),
      manifest.replace('</asic:ASiCManifest>', '<!-- x --></asic:ASiCManifest>'),
      `${manifest} `,
    ]) {
      expect(await code(replace(MANIFEST, utf8(bad)))).toMatch(
        /^package-manifest$|^cms-message-digest$/,
      );
    }
  });

  it('the signature with the other s, an unsigned attribute or a further certificate', async () => {
    const manifest = unzipSync(bytes)[MANIFEST] as Uint8Array;
    const extraUnsigned = [{ oid: '1.2.3.4', value: utf8('\x05\x00') }];
    const stamped = await signDetached({ content: manifest, signer, extraUnsigned });
    expect(await code(replace(SIGNATURE, stamped))).toBe('cms-not-canonical');
    put('m.xml', manifest);
    const kinds = new Set<string>();
    for (let i = 0; i < 12; i++) {
      openssl(
        'cms -sign -binary -cades -nosmimecap -in m.xml -outform DER -out t.p7s -signer alice.pem -inkey alice.key',
      );
      kinds.add(await code(replace(SIGNATURE, get('t.p7s'))));
    }
    expect([...kinds].sort()).toEqual(['cms-not-canonical', 'ok']);
    openssl(
      'cms -sign -binary -cades -nosmimecap -in m.xml -outform DER -out t.p7s -signer alice.pem -inkey alice.key -certfile other.pem',
    );
    expect(await code(replace(SIGNATURE, get('t.p7s')))).toBe('cms-not-canonical');
  });

  it.each([
    ['record-type', { type: 'nonsense' }],
    ['record-case', { case: '' }],
    ['record-deployment', { deployment: 'x' }],
    ['record-party', { party: 'x' }],
    ['record-prev', { prev: ['x'] }],
    ['record-prev', { prev: ['ab'.repeat(32), 'ab'.repeat(32)] }],
    ['record-at', { at: 'yesterday' }],
    ['record-seen', { seen: { epoch: 1, size: -1, root: 'ab'.repeat(32) } }],
    ['record-seen', { seen: { epoch: 1, size: 1, root: 'ab'.repeat(32), more: 1 } }],
    ['json-number', { amount: 1.5 }],
  ])('%s: %j', async (expected, change) => {
    const made = writePackage({ record: { ...record, ...change }, signer });
    await expect(made).rejects.toMatchObject({ code: expected });
  });

  it('a confidential part without recipients, a public file that calls itself enveloped', async () => {
    await expect(writePackage({ record, confidential, signer })).rejects.toMatchObject({
      code: 'cms-recipients',
    });
    const file = { name: 'a.p7m', bytes: utf8(''), confidential: false };
    await expect(writePackage({ record, files: [file], signer })).rejects.toMatchObject({
      code: 'zip-name',
    });
  });

  it('random edits are reported', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 3,
        }),
        async (edits) => {
          const bad = bytes.slice();
          for (const [i, mask] of edits) bad[i] = (bad[i] as number) ^ mask;
          if (Buffer.compare(bad, bytes) !== 0) expect(await code(bad)).not.toBe('ok');
        },
      ),
      { numRuns: 200 },
    ));
});
