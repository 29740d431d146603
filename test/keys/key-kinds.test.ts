/** Certificates of outside CAs: what their keys sign and open here, judged by openssl. */
import { readFileSync } from 'node:fs';
import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { decryptWith, encryptTo, signDetached, verifyDetached } from '../../src/cms/index.ts';
import { Malformed, utf8 } from '../../src/crypto/index.ts';
import { KeyRefused, type KeySession, KeyVault, memoryKeyStorage } from '../../src/keys/index.ts';
import { exportIdentity, importPfx } from '../../src/keys/pfx/index.ts';
import { importKey } from '../../src/keys/private-key.ts';
import { openPackage, readPackage, writePackage } from '../../src/packages/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { signPdf } from '../../src/pdf/sign/index.ts';
import { signRequest, verifyRequest } from '../../src/sync/request-signature.ts';
import { at, get, openssl, put, run } from '../cms/peers.ts';

const KINDS = {
  'P-256': 'EC -pkeyopt ec_paramgen_curve:P-256',
  'P-384': 'EC -pkeyopt ec_paramgen_curve:P-384',
  'P-521': 'EC -pkeyopt ec_paramgen_curve:P-521',
  RSA: 'RSA -pkeyopt rsa_keygen_bits:2048',
  'RSA-PSS': 'RSA-PSS -pkeyopt rsa_keygen_bits:2048',
  Ed25519: 'ED25519',
  SM2: 'SM2',
} as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];
/** Those that openssl 3.0 verifies in CMS: SM2 and Ed25519 are not among them. */
const judged = kinds.filter((kind) => kind !== 'SM2' && kind !== 'Ed25519');
const receiving = kinds.filter((kind) => kind !== 'RSA-PSS' && kind !== 'Ed25519');

const SECRET = { kind: 'passkey', prf: new Uint8Array(32).fill(7) } as const;
const WAY = { ...SECRET, credential: new Uint8Array([1]), salt: new Uint8Array(32) };
const content = utf8('朱砂 content');
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) =>
      error instanceof KeyRefused || error instanceof Malformed ? error.code : `threw ${error}`,
  );

openssl('genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out ca.key');
openssl('req -x509 -new -sha384 -key ca.key -subj /CN=OutsideCA -days 3650 -out ca.pem');

/** `NAME.key`, `NAME.pem` issued by the outside CA, and both in `NAME.p12`. */
function issue(name: string, algorithm: string, password = '密码 1234'): Uint8Array {
  openssl(`genpkey -algorithm ${algorithm} -out ${name}.key`);
  openssl(`pkey -in ${name}.key -pubout -out ${name}.pub`);
  const usage = 'keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,keyAgreement';
  put(`${name}.ext`, `${usage}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n`);
  openssl(
    `x509 -new -force_pubkey ${name}.pub -subj /C=CN/O=Test/CN=${name} -CA ca.pem -CAkey ca.key -days 365 -extfile ${name}.ext -out ${name}.pem`,
  );
  const export_ = `pkcs12 -export -inkey ${name}.key -in ${name}.pem -certfile ca.pem -out ${name}.p12`;
  run('openssl', ...export_.split(' '), '-passout', `pass:${password}`);
  return get(`${name}.p12`);
}

const files = new Map(kinds.map((kind) => [kind, issue(kind, KINDS[kind])]));

async function open(kind: Kind): Promise<{ vault: KeyVault; id: string; session: KeySession }> {
  const pfx = files.get(kind) as Uint8Array;
  const { suite, keys, certificates } = await importPfx({ pfx, password: '密码 1234' });
  expect(suite).toBe(kind);
  const vault = new KeyVault({ storage: memoryKeyStorage() });
  const { identity } = await vault.create({ label: kind, suite, keys, secrets: [WAY] });
  await vault.setCertificates(identity.id, certificates);
  vault.lock();
  return { vault, id: identity.id, session: await vault.unlock(identity.id, SECRET) };
}

describe.each(kinds)('%s', (kind) => {
  it('signs packages and requests; locked, it signs no more', async () => {
    const { vault, session } = await open(kind);
    const signer = session.signerOf();
    expect(signer.chain).toHaveLength(1);
    const record = {
      deployment: 'dd'.repeat(32),
      type: 'application/submit',
      prev: [],
      at: '2026-11-23T08:00:00Z',
    };
    const { bytes } = await writePackage({ record, signer });
    expect((await readPackage(bytes)).signer).toEqual(signer.certificate);
    const now = new Date('2026-11-23T08:00:00Z');
    const asked = { method: 'GET', uri: 'https://a.example/x', encryptionCertificate: null, now };
    const headers = await signRequest({ ...asked, signer });
    const given = {
      certificates: headers['Cinnabar-Certificates'] as string,
      input: headers['Signature-Input'] as string,
      signature: headers['Signature'] as string,
    };
    const { certificate } = await verifyRequest('GET', 'https://a.example/x', given);
    expect(certificate).toEqual(signer.certificate);
    expect(await codeOf(verifyRequest('PUT', 'https://a.example/x', given))).toBe(
      'request-signature',
    );
    vault.lock();
    expect(await codeOf(signer.sign(content))).toBe('locked');
  });

  it('signs PDFs', async () => {
    const { session } = await open(kind);
    const blank = await PDFDocument.create();
    blank.addPage();
    const pdf = await signPdf({
      pdf: await blank.save({ useObjectStreams: false }),
      signer: session.signerOf(),
      field: 'A',
      page: 0,
      rect: [0, 0, 0, 0],
      appearance: { kind: 'none' },
      reason: 'x',
      time: '2026-11-23T08:00:00Z',
    });
    const time = '2026-11-23T08:00:00Z';
    const { signatures } = await verifyPdf(pdf, { time });
    expect(signatures).toMatchObject([{ integrity: 'intact', coverage: 'file' }]);
    const changed = pdf.slice();
    changed[9] = (changed[9] as number) ^ 1;
    const after = await verifyPdf(changed, { time });
    expect(after.signatures[0]?.integrity).not.toBe('intact');
  });

  it('goes out as PKCS #12 again, and openssl reads it', async () => {
    const { vault, id } = await open(kind);
    const file = await exportIdentity(vault, id, SECRET, '山高水长 k7 风');
    put('again.p12', file);
    const line = 'pkcs12 -in again.p12 -nodes -nocerts -out again.key -passin';
    run('openssl', ...line.split(' '), 'pass:山高水长 k7 风');
    openssl('pkey -in again.key -pubout -out again.pub');
    expect(readFileSync(at('again.pub'))).toEqual(readFileSync(at(`${kind}.pub`)));
    const again = await importPfx({ pfx: file, password: '山高水长 k7 风' });
    expect([again.suite, again.certificates.signing]).toEqual([
      kind,
      (await importPfx({ pfx: files.get(kind) as Uint8Array, password: '密码 1234' })).certificates
        .signing,
    ]);
  });
});

describe.each(judged)('%s', (kind) => {
  it('openssl verifies what it signs', async () => {
    const { session } = await open(kind);
    const cms = await signDetached({
      content,
      signer: session.signerOf(),
      signingTime: '2026-11-23T08:00:00Z',
    });
    put('content', content);
    put('sig.der', cms);
    const line =
      'cms -verify -cades -inform DER -in sig.der -content content -binary -CAfile ca.pem -purpose any -out out';
    openssl(line);
    expect(await verifyDetached(cms, content)).toMatchObject({ ok: true, weak: false });
  });
});

describe.each(receiving)('%s', (kind) => {
  it('opens what was encrypted to it, in a package too, and nothing else', async () => {
    const { session } = await open(kind);
    const decrypter = session.decrypterOf();
    const sealed = await encryptTo(content, [decrypter.certificate]);
    expect(await decryptWith(sealed, decrypter)).toEqual(content);
    const record = {
      deployment: 'dd'.repeat(32),
      type: 'application/submit',
      prev: [],
      at: '2026-11-23T08:00:00Z',
    };
    const { bytes } = await writePackage({
      record,
      confidential: { goods: '橡胶' },
      recipients: [decrypter.certificate],
      signer: session.signerOf(),
    });
    const opened = await openPackage(await readPackage(bytes), decrypter);
    expect(opened.body).toEqual({ goods: '橡胶' });
    const broken = sealed.slice();
    broken[broken.length - 1] = (broken[broken.length - 1] as number) ^ 1;
    expect(await codeOf(decryptWith(broken, decrypter))).toBe('cms-decrypt');
    session.lock();
    expect(await codeOf(decryptWith(sealed, decrypter))).toBe('locked');
  });
});

describe('RSA-OAEP (RFC 8017 7.1)', () => {
  const seal = (options: string[]) => {
    put('content', content);
    const line =
      'cms -encrypt -binary -aes-256-gcm -in content -outform DER -out sealed.der -recip RSA.pem';
    run('openssl', ...line.split(' '), ...options);
    return get('sealed.der');
  };
  const oaep = ['-keyopt', 'rsa_padding_mode:oaep'];

  it('opens what openssl encrypts with SHA-256, names what it cannot', async () => {
    const decrypter = (await open('RSA')).session.decrypterOf();
    const sha256 = seal([...oaep, '-keyopt', 'rsa_oaep_md:sha256']);
    expect(await decryptWith(sha256, decrypter)).toEqual(content);
    expect(await codeOf(decryptWith(seal(oaep), decrypter))).toBe('unsupported-alg');
    expect(await codeOf(decryptWith(seal([]), decrypter))).toBe('unsupported-alg');
  });

  it('answers alike whatever of the encrypted key is changed', async () => {
    const decrypter = (await open('RSA')).session.decrypterOf();
    const sealed = await encryptTo(content, [decrypter.certificate]);
    const head = Buffer.from(sealed).indexOf(Buffer.from([4, 0x82, 1, 0])) + 4;
    for (const i of [0, 1, 100, 255]) {
      const changed = sealed.slice();
      changed[head + i] = (changed[head + i] as number) ^ 1;
      expect(await codeOf(decryptWith(changed, decrypter))).toBe('cms-decrypt');
    }
  });
});

describe('keys that are refused', () => {
  it.each<[string, string]>([
    ['RSA of 1024 bits', 'RSA -pkeyopt rsa_keygen_bits:1024'],
    ['secp256k1', 'EC -pkeyopt ec_paramgen_curve:secp256k1'],
    ['Ed448', 'ED448'],
    ['three primes', 'RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3'],
    [
      'RSA-PSS bound to SHA-384',
      'RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha384 -pkeyopt rsa_pss_keygen_mgf1_md:sha384',
    ],
  ])('%s', async (_, algorithm) => {
    const pfx = issue('odd', algorithm);
    expect(await codeOf(importPfx({ pfx, password: '密码 1234' }))).toBe('unsupported-alg');
  });

  it.each(kinds)('%s: every truncation and changed octet of its PKCS #8', async (kind) => {
    openssl(`pkcs8 -topk8 -nocrypt -in ${kind}.key -outform DER -out odd.p8`);
    const good = get('odd.p8');
    const own = (await importKey(good)).spki;
    const step = Math.ceil(good.length / 24);
    for (let i = 0; i < good.length; i += step) {
      expect(['malformed', 'unsupported-alg']).toContain(
        await codeOf(importKey(good.subarray(0, i))),
      );
      const changed = good.slice();
      changed[i] = (changed[i] as number) ^ 0x41;
      try {
        const key = await importKey(changed);
        // Without a public part beside it another scalar is simply another key.
        if (kind !== 'Ed25519') expect(key.spki).toEqual(own);
      } catch (error) {
        expect((error as KeyRefused).code).toMatch(/^(malformed|unsupported-alg)$/);
      }
    }
  });
});
