import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bitStringOf,
  readDer,
  type Signer,
  type Suite,
  toHex,
  verifySignature,
} from '../../src/crypto/index.ts';
import { generateKey, type LiveKey, liveKey } from '../../src/keys/index.ts';
import { isPilot, organizationOf, readCertificate, verifyPath } from '../../src/pki/index.ts';
import {
  type CertificateKind,
  createCrl,
  createCsr,
  createRootCertificate,
  emptyRegister,
  issueCertificate,
  nextCrl,
  randomSerial,
  readCsr,
  renew,
  revoke,
  selfSigned,
  subjectOf,
} from '../../src/pki/issuing/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'issuing-'));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
function pem(label: string, ...ders: Uint8Array[]): string {
  const path = join(directory, `${files++}.pem`);
  const one = (der: Uint8Array) =>
    `-----BEGIN ${label}-----\n${Buffer.from(der)
      .toString('base64')
      .replace(/(.{64})(?=.)/g, '$1\n')}\n-----END ${label}-----\n`;
  writeFileSync(path, ders.map(one).join(''));
  return path;
}
const openssl = (...args: string[]) =>
  execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const TERM = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };
const COMPANY = {
  organization: '示例进出口贸易有限公司',
  uscc: '91110000MA000TE137',
  commonName: '示例进出口贸易有限公司',
};
const signer = (key: LiveKey, certificate: Uint8Array, chain: Uint8Array[] = []): Signer => ({
  certificate,
  chain,
  suite: key.suite,
  sign: (data) => key.sign(data),
});
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  );

describe.each<Suite>(['P-256', 'SM2'])('certificates of the %s suite', (suite) => {
  const distid = suite === 'SM2' ? ['-vfyopt', 'distid:1234567812345678'] : [];
  let rootKey: LiveKey;
  let caKey: LiveKey;
  let root: Uint8Array;
  let ca: Uint8Array;
  let issuer: Signer;

  beforeAll(async () => {
    rootKey = await liveKey(await generateKey(suite));
    caKey = await liveKey(await generateKey(suite));
    root = await createRootCertificate({
      subject: { organization: '试点主管机关', commonName: 'Cinnabar 试点根' },
      key: rootKey,
      serial: randomSerial(),
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2056-01-01T00:00:00Z',
      pilot: true,
    });
    ca = await issueCertificate({
      kind: 'ca',
      subject: { organization: '试点主管机关', commonName: 'Cinnabar 试点签发' },
      spki: caKey.spki,
      serial: randomSerial(),
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2046-01-01T00:00:00Z',
      issuer: signer(rootKey, root),
      pilot: true,
    });
    issuer = signer(caKey, ca, [root]);
  });

  const issue = async (kind: CertificateKind, key?: LiveKey) =>
    issueCertificate({
      kind,
      subject: COMPANY,
      spki: (key ?? (await liveKey(await generateKey(suite)))).spki,
      serial: randomSerial(),
      ...TERM,
      issuer,
      pilot: true,
    });

  it.each<[CertificateKind, string]>([
    ['enterprise-signing', 'Digital Signature, Non Repudiation'],
    ['enterprise-encryption', 'Key Agreement'],
    ['staff-signing', 'Digital Signature, Non Repudiation'],
    ['staff-encryption', 'Key Agreement'],
    ['seal-maker', 'Digital Signature, Non Repudiation'],
  ])('%s: openssl verify -x509_strict, key usage, pilot policy', async (kind, usage) => {
    const leaf = await issue(kind);
    const path = pem('CERTIFICATE', leaf);
    // openssl gives the SM2 user id to the target alone, so each step is verified by itself.
    const strict = ['verify', '-x509_strict', '-partial_chain', ...distid, '-trusted'];
    expect(openssl(...strict, pem('CERTIFICATE', ca), path)).toContain('OK');
    const caPath = pem('CERTIFICATE', ca);
    expect(openssl(...strict, pem('CERTIFICATE', root), caPath)).toContain('OK');
    if (suite === 'P-256') {
      const files = ['-CAfile', pem('CERTIFICATE', root), '-untrusted', caPath];
      expect(openssl('verify', '-x509_strict', ...files, path)).toContain('OK');
    }
    const text = openssl('x509', '-in', path, '-noout', '-text');
    expect(text).toContain(`X509v3 Key Usage: critical\n                ${usage}`);
    expect(text).toContain('CA:FALSE');
    expect(text).toContain('1.3.6.1.4.1.32473.67.1');
    const read = readCertificate(leaf);
    expect(isPilot(read)).toBe(true);
    expect(organizationOf(read.subject)).toEqual({
      organization: COMPANY.organization,
      uscc: COMPANY.uscc,
    });
    expect(subjectOf(read.subject)).toEqual(COMPANY);
  });

  it('the path fails under another root of the same name', async () => {
    const other = await liveKey(await generateKey(suite));
    const impostor = await createRootCertificate({
      subject: { organization: '试点主管机关', commonName: 'Cinnabar 试点根' },
      key: other,
      serial: randomSerial(),
      ...TERM,
    });
    const verify = (anchor: Uint8Array) =>
      openssl(
        ...['verify', '-no-CApath', '-no-CAfile', ...distid, '-trusted'],
        ...[pem('CERTIFICATE', anchor), pem('CERTIFICATE', ca)],
      );
    expect(verify(root)).toContain('OK');
    // Its key identifier tells the impostor apart before any signature is tried.
    expect(() => verify(impostor)).toThrow(/unable to get local issuer certificate/);
  });

  it('a CA under the issuing CA breaks its path length (RFC 5280 4.2.1.9)', async () => {
    const key = await liveKey(await generateKey(suite));
    const sub = await issue('ca', key);
    const leaf = await issueCertificate({
      kind: 'staff-signing',
      subject: { ...COMPANY, commonName: '某人' },
      spki: caKey.spki,
      serial: randomSerial(),
      ...TERM,
      issuer: signer(key, sub),
      pilot: true,
    });
    const result = await verifyPath({
      target: leaf,
      intermediates: [ca, sub],
      anchors: [{ cert: root }],
      time: '2026-03-10T00:00:00Z',
      revocation: 'none',
    });
    expect(result.code).toBe('path-len');
    if (suite === 'P-256') {
      const untrusted = pem('CERTIFICATE', ca, sub);
      const files = ['-CAfile', pem('CERTIFICATE', root), '-untrusted', untrusted];
      expect(() => openssl('verify', ...files, pem('CERTIFICATE', leaf))).toThrow(
        /path length constraint exceeded/,
      );
    }
  });

  it('our own validator passes them, until a CRL revokes them (profile licence)', async () => {
    const [good, bad] = [await issue('enterprise-signing'), await issue('staff-signing')];
    const crl = await createCrl({
      issuer,
      number: 1,
      revoked: [
        { serial: readCertificate(bad).serial, time: '2026-02-01T00:00:00Z', reason: 'superseded' },
      ],
      thisUpdate: '2026-03-01T00:00:00Z',
      nextUpdate: '2026-04-01T00:00:00Z',
    });
    const judge = async (target: Uint8Array, crls: Uint8Array[]) =>
      (
        await verifyPath({
          target,
          intermediates: [ca],
          anchors: [{ cert: root }],
          time: '2026-03-10T00:00:00Z',
          revocation: crls.length > 0 ? 'hard-fail' : 'none',
          crls,
          profile: 'licence',
        })
      ).code;
    const rootCrl = await createCrl({
      issuer: signer(rootKey, root),
      number: 1,
      revoked: [],
      thisUpdate: '2026-03-01T00:00:00Z',
      nextUpdate: '2026-04-01T00:00:00Z',
    });
    expect(await judge(bad, [])).toBe('ok');
    expect(await judge(good, [crl, rootCrl])).toBe('ok');
    expect(await judge(bad, [crl, rootCrl])).toBe('revoked');
    expect(await judge(good, [crl])).toBe('revocation-unknown');
  });

  it('requests prove possession (RFC 2986) to us and to openssl', async () => {
    const key = await liveKey(await generateKey(suite));
    const csr = await createCsr({ subject: { ...COMPANY, serialNumber: 'A-7' }, key });
    const path = pem('CERTIFICATE REQUEST', csr);
    expect(
      openssl('req', '-verify', ...distid, '-in', path, '-noout', '-subject', '-nameopt', 'utf8'),
    ).toContain(COMPANY.organization);
    const result = await readCsr(csr);
    expect(result).toMatchObject({
      ok: true,
      request: { subject: { ...COMPANY, serialNumber: 'A-7' }, attributes: [] },
    });
    const forged = await createCsr({
      subject: COMPANY,
      key: { ...key, suite, spki: key.spki, sign: (data) => caKey.sign(data) },
    });
    expect(await readCsr(forged)).toEqual({ ok: false, code: 'bad-signature' });
  });

  it('CRLs: openssl crl -verify, number, reasons, revoked leaf refused', async () => {
    const [good, bad] = [await issue('staff-signing'), await issue('staff-signing')];
    const crl = await createCrl({
      issuer,
      number: 7,
      revoked: [
        {
          serial: readCertificate(bad).serial,
          time: '2026-02-01T00:00:00Z',
          reason: 'keyCompromise',
        },
        { serial: randomSerial(), time: '2026-02-01T00:00:00Z', reason: 'unspecified' },
      ],
      thisUpdate: '2026-03-01T00:00:00Z',
      nextUpdate: '2026-04-01T00:00:00Z',
    });
    const path = pem('X509 CRL', crl);
    const text = openssl('crl', '-in', path, '-noout', '-text');
    expect(text).toMatch(/CRL Number:\s+7/);
    expect(text).toMatch(/Key Compromise/);
    const check = (leaf: Uint8Array) =>
      openssl(
        ...['verify', ...distid, '-crl_check', '-CRLfile', path, '-attime', '1772928000'],
        ...['-CAfile', pem('CERTIFICATE', root), '-untrusted', pem('CERTIFICATE', ca)],
        pem('CERTIFICATE', leaf),
      );
    const [tbs, algorithm, signature] = readDer(crl).children;
    expect(
      await verifySignature({
        spki: caKey.spki,
        algorithm: algorithm!.raw,
        signature: bitStringOf(signature),
        data: tbs!.raw,
      }),
    ).toEqual({ valid: true });
    if (suite === 'P-256') {
      const verify = ['crl', '-verify', '-in', path, '-noout', '-CAfile', pem('CERTIFICATE', ca)];
      expect(openssl(...verify)).toBe('');
      expect(check(good)).toContain('OK');
      expect(() => check(bad)).toThrow(/certificate revoked/);
    }
  });
});

describe('what is not issued', () => {
  let key: LiveKey;
  let root: Uint8Array;
  beforeAll(async () => {
    key = await liveKey(await generateKey('P-256'));
    const subject = { organization: '机关', commonName: '根' };
    root = await createRootCertificate({ subject, key, serial: randomSerial(), ...TERM });
  });
  const attempt = (change: object) =>
    codeOf(
      issueCertificate({
        kind: 'staff-signing',
        subject: COMPANY,
        spki: key.spki,
        serial: randomSerial(),
        ...TERM,
        issuer: signer(key, root),
        ...change,
      }),
    );

  it.each([
    [{}, 'ok'],
    [{ notAfter: '2036-01-01T00:00:01Z' }, 'issue-term'],
    [{ notBefore: '2025-12-31T23:59:59Z' }, 'issue-term'],
    [{ notBefore: '2027-01-01T00:00:00Z', notAfter: '2026-06-01T00:00:00Z' }, 'issue-term'],
    [{ notBefore: 'soon' }, 'issue-term'],
    [{ pilot: true }, 'issue-pilot'],
    [{ serial: new Uint8Array(2) }, 'issue-serial'],
    [{ serial: new Uint8Array(21).fill(1) }, 'issue-serial'],
    [{ serial: new Uint8Array(20).fill(0x80) }, 'issue-serial'],
    [{ subject: { ...COMPANY, organization: '' } }, 'issue-subject'],
    [{ subject: { ...COMPANY, commonName: '长'.repeat(65) } }, 'issue-subject'],
    [{ subject: { ...COMPANY, commonName: 'a\u202eb' } }, 'issue-subject'],
    [{ subject: { ...COMPANY, uscc: '123' } }, 'issue-subject'],
    [{ subject: { ...COMPANY, serialNumber: '甲' } }, 'issue-subject'],
    [{ spki: new Uint8Array([0x30, 0]) }, 'der-type'],
  ])('%j: %s', async (change, code) => expect(await attempt(change)).toBe(code));

  it('a self-signed certificate certifies nothing', async () => {
    const certificate = await selfSigned({
      subject: COMPANY,
      key,
      serial: randomSerial(),
      ...TERM,
    });
    const text = openssl('x509', '-in', pem('CERTIFICATE', certificate), '-noout', '-text');
    expect(text).toContain('CA:FALSE');
    expect(text).not.toContain('Certificate Sign');
  });

  it('refuses requests from openssl that were changed, and never throws', async () => {
    const path = join(directory, 'rsa');
    openssl(
      ...['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${path}.key`, '-subj'],
      ...['/C=CN/O=Example/CN=Example', '-addext', 'subjectAltName=DNS:example.org'],
      ...['-outform', 'DER', '-out', `${path}.csr`],
    );
    const csr = new Uint8Array(execFileSync('cat', [`${path}.csr`]));
    expect(await readCsr(csr)).toMatchObject({
      ok: true,
      request: { attributes: ['1.2.840.113549.1.9.14'], publicKey: { kind: 'RSA' } },
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(csr.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, bits) => {
          const changed = csr.slice();
          changed[at] = (changed[at] as number) ^ bits;
          expect((await readCsr(changed)).ok).toBe(false);
          expect((await readCsr(csr.subarray(0, at))).ok).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('books of the authority', () => {
  let key: LiveKey;
  let issuer: Signer;
  beforeAll(async () => {
    key = await liveKey(await generateKey('P-256'));
    const subject = { organization: '机关', commonName: '根' };
    issuer = signer(
      key,
      await createRootCertificate({ subject, key, serial: randomSerial(), ...TERM }),
    );
  });
  const leaf = (notAfter: string, organization = 'A') =>
    issueCertificate({
      kind: 'staff-signing',
      subject: { organization, commonName: 'A' },
      spki: key.spki,
      serial: randomSerial(),
      notBefore: TERM.notBefore,
      notAfter,
      issuer,
    });

  it('an entry leaves only after a CRL past its term (RFC 5280 3.3)', async () => {
    const short = await leaf('2026-03-15T00:00:00Z');
    let register = revoke(emptyRegister(), short, {
      time: '2026-02-01T00:00:00Z',
      reason: 'superseded',
    });
    const serial = toHex(readCertificate(short).serial).toUpperCase();
    const listed: boolean[] = [];
    for (const month of ['03', '04', '05']) {
      const next = await nextCrl(register, {
        issuer,
        thisUpdate: `2026-${month}-01T00:00:00Z`,
        nextUpdate: `2026-${month}-28T00:00:00Z`,
      });
      register = next.register;
      const text = openssl('crl', '-in', pem('X509 CRL', next.crl), '-noout', '-text');
      listed.push(text.includes(serial));
    }
    expect(listed).toEqual([true, true, false]);
    expect(register.crlNumber).toBe(3);
  });

  it('a hold can be lifted or made final; what is final stays', async () => {
    const certificate = await leaf(TERM.notAfter);
    const hold = revoke(emptyRegister(), certificate, {
      time: '2026-02-01T00:00:00Z',
      reason: 'certificateHold',
    });
    const lift = { time: '2026-03-01T00:00:00Z', reason: null };
    expect(revoke(hold, certificate, lift).revoked).toEqual([]);
    const final = revoke(hold, certificate, {
      time: '2026-03-01T00:00:00Z',
      reason: 'keyCompromise',
    });
    expect(final.revoked).toMatchObject([
      { time: '2026-02-01T00:00:00Z', reason: 'keyCompromise' },
    ]);
    expect(() => revoke(final, certificate, lift)).toThrow(/already/);
    expect(() => revoke(emptyRegister(), certificate, lift)).toThrow(/hold/);
  });

  it('a renewal carries subject and key over', async () => {
    const old = await leaf('2026-03-15T00:00:00Z', '示例');
    const options = renew(old, {
      kind: 'staff-signing',
      issuer,
      serial: randomSerial(),
      notBefore: '2026-03-01T00:00:00Z',
      notAfter: '2027-03-01T00:00:00Z',
    });
    const renewed = readCertificate(await issueCertificate(options));
    expect(toHex(renewed.subject.raw)).toBe(toHex(readCertificate(old).subject.raw));
    expect(toHex(renewed.spki)).toBe(toHex(key.spki));
  });
});
