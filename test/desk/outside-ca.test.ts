import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { certificatesIn, readPem } from '../../src/pki/index.ts';
import { type Device, device, NAMES } from './device.ts';

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error) => error.code,
  );

describe('keys made here and certified by openssl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outside-'));
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }).toString();
  const file = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
  let it: Device;

  beforeAll(async () => {
    it = await device();
    await it.desk.createPilot({ lang: 'zh-CN' });
    await it.as(NAMES.enterprise);
    const request = await it.desk.requestFile();
    const blocks = new TextDecoder().decode(request).match(/-----BEGIN[\s\S]*?-----END.*\n/g) ?? [];
    expect(blocks).toHaveLength(2);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Outside');
    for (const [i, purpose] of ['signing', 'encryption'].entries()) {
      writeFileSync(join(folder, `${purpose}.csr`), blocks[i] as string);
      const usage = i === 0 ? 'digitalSignature,nonRepudiation' : 'keyAgreement';
      writeFileSync(join(folder, `${purpose}.cnf`), `keyUsage=critical,${usage}\n`);
      const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30'];
      const what = ['-in', `${purpose}.csr`, '-extfile', `${purpose}.cnf`];
      openssl('x509', '-req', ...what, ...by, '-out', `${purpose}.pem`);
    }
  });

  test('the requests verify, and name enterprise and credit code', () => {
    const text = openssl('req', '-in', 'signing.csr', '-verify', '-noout', '-subject', '-utf8');
    expect(text).toContain('NTRCN-91110000MA000TE137');
  });

  test('PEM, DER and PKCS #7 in both spellings hold the same certificates', () => {
    openssl('x509', '-in', 'signing.pem', '-outform', 'DER', '-out', 'one.cer');
    const bundle = ['-nocrl', '-certfile', 'signing.pem', '-certfile', 'encryption.pem'];
    openssl('crl2pkcs7', ...bundle, '-out', 'both.p7b');
    openssl('crl2pkcs7', ...bundle, '-outform', 'DER', '-out', 'both.p7c');
    const [signing] = readPem(file('signing.pem'));
    expect(certificatesIn(file('one.cer'))).toEqual([signing?.der]);
    expect(certificatesIn(file('both.p7b'))).toEqual(certificatesIn(file('both.p7c')));
    expect(certificatesIn(file('both.p7b'))).toHaveLength(2);
  });

  test('an authority that the deployment does not trust is named, and nothing changes', async () => {
    const before = (await it.desk.overview()).people;
    const outcome = it.desk.installCertificates(file('both.p7b'));
    expect(await codeOf(outcome)).toBe('certificates-unknown');
    await outcome.catch((error) => expect(error.params.issuer).toContain('Outside'));
    expect((await it.desk.overview()).people).toEqual(before);
  });

  test('certificates for another key are refused', async () => {
    await it.as(NAMES.first);
    expect(await codeOf(it.desk.installCertificates(file('both.p7b')))).toBe(
      'certificates-refused',
    );
  });

  test('what is no certificate file is refused', async () => {
    const junk = new TextEncoder().encode('not a certificate');
    expect(await codeOf(it.desk.installCertificates(junk))).toBe('malformed');
  });
});

describe('PKCS #12 with keys of other kinds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kinds-'));
  const openssl = (line: string) =>
    execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'pipe' });
  const file = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
  const pfx = (options = '') => {
    openssl(`pkcs12 -export -in c.pem -inkey k.pem -passout pass:x1 -out out.p12${options}`);
    return file('out.p12');
  };
  let it: Device;

  beforeAll(async () => {
    it = await device();
    await it.desk.createPilot({ lang: 'zh-CN' });
  });

  test.each(['rsa:2048', 'ec -pkeyopt ec_paramgen_curve:P-384'])(
    '%s: certified by the deployment, its holder takes the desk',
    async (kind) => {
      openssl(`req -new -newkey ${kind} -nodes -keyout k.pem -out r.csr -subj /CN=R`);
      await it.as(NAMES.root);
      const name = `郑外 ${kind.slice(0, 2)}`;
      const request = { file: file('r.csr'), name, serialNumber: '9' };
      const answer = await it.desk.issueStaff({ ...request, roles: ['inspector'] });
      writeFileSync(join(folder, 'c.pem'), answer);
      await it.desk.publishTrust({});
      // As PKCS #12, and as a private key with its certificate beside.
      const files = kind.startsWith('rsa') ? [pfx()] : [file('k.pem'), file('c.pem')];
      const made = await it.desk.importKey({ files, password: 'x1', newPassword: '' });
      expect(made.warnings).toEqual(kind.startsWith('rsa') ? [] : ['key-in-clear']);
      const { person } = made;
      await it.desk.sitDown(person);
      const found = (await it.desk.overview()).people.find(({ id }) => id === person);
      expect(found).toMatchObject({ name, roles: ['inspector'], unlocked: true });
    },
  );

  test('a stranger with an RSA key, a wrong password and a curve of no use are told apart', async () => {
    openssl('req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -subj /CN=R');
    expect(
      await codeOf(it.desk.importKey({ files: [pfx()], password: 'wrong', newPassword: '' })),
    ).toBe('key-file-password');
    expect(
      await codeOf(it.desk.importKey({ files: [pfx()], password: 'x1', newPassword: '' })),
    ).toBe('pfx-refused');
    openssl('genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out k.pem');
    openssl('req -x509 -new -key k.pem -out c.pem -subj /CN=R');
    expect(
      await codeOf(it.desk.importKey({ files: [pfx()], password: 'x1', newPassword: '' })),
    ).toBe('key-unsupported');
  });
});
