import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRefused, KeyVault, memoryKeyStorage } from '../../src/keys/index.ts';
import { hashOf, hmac } from '../../src/keys/pfx/hash.ts';
import { exportIdentity, importPfx, openPfx } from '../../src/keys/pfx/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'pfx-'));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string) => join(directory, name);
const openssl = (...args: string[]) =>
  execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
const read = (path: string) => new Uint8Array(readFileSync(path));

/** A key with a self-signed certificate, in `<name>.key` and `<name>.crt`. */
function identity(name: string, algorithm: string[], extra: string[] = []) {
  openssl('genpkey', ...algorithm, '-out', at(`${name}.key`));
  openssl(
    ...['req', '-x509', '-new', '-key', at(`${name}.key`), '-subj', `/C=CN/O=${name}/CN=${name}`],
    ...['-days', '3650', '-out', at(`${name}.crt`), ...extra],
  );
}

let files = 0;
function pfx(name: string, password: string, options: string[] = []): Uint8Array {
  const out = at(`${files++}.p12`);
  openssl(
    ...['pkcs12', '-export', '-inkey', at(`${name}.key`), '-in', at(`${name}.crt`)],
    ...['-passout', `pass:${password}`, '-out', out, ...options],
  );
  return read(out);
}

beforeAll(() => {
  const ec = (curve: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`];
  identity('ec', ec('P-256'));
  identity('p384', ec('P-384'));
  identity('sm2', ['-algorithm', 'SM2'], ['-sm3', '-sigopt', 'distid:1234567812345678']);
  identity('rsa', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']);
});

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof KeyRefused ? error.code : `threw ${error}`),
  );

describe('hashes of the derivation (FIPS 180-4)', () => {
  it.each(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const)('%s as openssl has it', (name) => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 1000]) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff);
      const expected = createHash(name.replace('-', '')).update(message).digest();
      expect(Buffer.from(hashOf(name).digest(message)).equals(expected)).toBe(true);
    }
  });
});

describe('files made by openssl (RFC 7292, RFC 8018)', () => {
  it.each<[string, string, string[]]>([
    ['AES-256, SHA-256', 'ec', []],
    ['AES-128', 'ec', ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC']],
    ['3DES inside PBES2', 'ec', ['-keypbe', 'DES-EDE3-CBC']],
    ['MAC SHA-1', 'ec', ['-macalg', 'sha1']],
    ['MAC SHA-384', 'ec', ['-macalg', 'sha384']],
    ['MAC SHA-512', 'ec', ['-macalg', 'sha512']],
    ['3DES', 'ec', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['2-key 3DES', 'ec', ['-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-2DES']],
    ['RC2-40', 'ec', ['-legacy', '-keypbe', 'PBE-SHA1-RC2-40', '-certpbe', 'PBE-SHA1-RC2-40']],
    ['RC2-128', 'ec', ['-legacy', '-keypbe', 'PBE-SHA1-RC2-128', '-certpbe', 'PBE-SHA1-RC2-128']],
    ['the old default', 'rsa', ['-legacy']],
    ['nothing encrypted', 'ec', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
    ['one round', 'ec', ['-iter', '1', '-macalg', 'sha1']],
    ['no MAC rounds', 'ec', ['-nomaciter']],
    ['RSA', 'rsa', []],
    ['SM2', 'sm2', []],
    ['P-384', 'p384', []],
  ])('%s', async (_, name, options) => {
    for (const password of options.length === 0 ? ['test1234', '密码pw'] : ['密码pw']) {
      const file = pfx(name, password, options);
      const before = file.slice();
      const report = await openPfx({ pfx: file, password });
      expect(report).toMatchObject({ ok: true, keys: 1 });
      const der = openssl('x509', '-in', at(`${name}.crt`), '-outform', 'DER');
      expect(report.certificates).toEqual([new Uint8Array(der)]);
      expect(await openPfx({ pfx: file, password: `${password} ` })).toMatchObject({
        ok: false,
        code: 'mac',
      });
      expect(await codeOf(importPfx({ pfx: file, password }))).toBe('ok');
      expect(file).toEqual(before);
    }
  });

  it.each(['', '密'.repeat(40), '😀'])('password "%s"', async (password) => {
    for (const options of [[], ['-keypbe', 'PBE-SHA1-3DES']]) {
      expect(await openPfx({ pfx: pfx('ec', password, options), password })).toMatchObject({
        ok: true,
      });
    }
  });

  it('50 000 rounds, MAC SHA-512', async () => {
    const file = pfx('ec', 'test1234', ['-iter', '50000', '-macalg', 'sha512']);
    expect(await openPfx({ pfx: file, password: 'test1234' })).toMatchObject({ ok: true });
  });

  it('without a MAC it opens, and says that nothing protects it', async () => {
    const file = pfx('ec', 'test1234', ['-nomac']);
    expect(await openPfx({ pfx: file, password: 'test1234' })).toMatchObject({
      ok: true,
      keys: 1,
      findings: [{ code: 'pfx-no-mac', severity: 'warning' }],
    });
    expect(await openPfx({ pfx: file, password: 'another' })).toMatchObject({ code: 'mac' });
    expect((await importPfx({ pfx: file, password: 'test1234' })).suite).toBe('P-256');
  });

  it('without a MAC a key in clear is refused: it could be put in place of the holder’s', async () => {
    const planted = pfx('ec', 'test1234', ['-nomac', '-keypbe', 'NONE', '-certpbe', 'NONE']);
    expect(await openPfx({ pfx: planted, password: 'test1234' })).toMatchObject({
      ok: false,
      code: 'unsupported-alg',
      certificates: [],
    });
  });

  it('SM4 and SM3, as Chinese software writes them', async () => {
    const sm4 = ['-keypbe', 'SM4-CBC', '-certpbe', 'SM4-CBC', '-macalg', 'sm3'];
    const file = pfx('ec', 'test1234', sm4);
    const report = await openPfx({ pfx: file, password: 'test1234' });
    expect(report).toMatchObject({ ok: true, keys: 1, findings: [] });
    expect(await openPfx({ pfx: file, password: 'test1235' })).toMatchObject({ code: 'mac' });
    const changed = file.slice();
    changed[120] = (changed[120] as number) ^ 1;
    expect((await openPfx({ pfx: changed, password: 'test1234' })).ok).toBe(false);
  });

  it.each([1, 32, 64, 65, 200])('HMAC-SM3 under a key of %i octets', async (length) => {
    const key = new Uint8Array(length).fill(7);
    const data = new Uint8Array(length).fill(1);
    const expected = createHmac('sm3', key).update(data).digest();
    expect(Buffer.from(await hmac('SM3', key, data))).toEqual(expected);
  });

  it('ciphers outside the list are named so', async () => {
    const file = pfx('ec', 'test1234', ['-keypbe', 'CAMELLIA-256-CBC']);
    expect(await openPfx({ pfx: file, password: 'test1234' })).toMatchObject({
      ok: false,
      code: 'unsupported-alg',
    });
  });
});

describe('hostile files', () => {
  it('absurd rounds cost nothing', async () => {
    const file = pfx('ec', 'test1234', ['-iter', '70000']);
    // 70000 is 0x011170: as the MAC's last INTEGER it ends the file.
    const tail = file.length - 3;
    expect([...file.subarray(tail)]).toEqual([0x01, 0x11, 0x70]);
    const absurd = file.slice();
    absurd.set([0x7f, 0xff, 0xff], tail);
    expect(await openPfx({ pfx: absurd, password: 'test1234' })).toMatchObject({ code: 'budget' });
  });

  it('what takes longer than anybody waits is told by its cost, before it starts', async () => {
    const file = pfx('ec', 'test1234', ['-iter', '50000', '-macalg', 'sha512']);
    const report = await openPfx({ pfx: file, password: 'test1234', seconds: 0.2 });
    expect(report).toMatchObject({ ok: false, code: 'budget' });
    expect(report.seconds).toBeGreaterThan(0.2);
    const light = pfx('ec', 'test1234', ['-iter', '50000', '-macalg', 'sha1']);
    const other = await openPfx({ pfx: light, password: 'another' });
    expect(other.seconds).toBeLessThan(report.seconds);
  });

  it('every truncation and every changed byte is answered with a code', async () => {
    const file = pfx('ec', 'test1234', ['-iter', '1', '-macalg', 'sha1', '-nomaciter']);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(file.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (i, bits) => {
          const changed = file.slice();
          changed[i] = (changed[i] as number) ^ bits;
          const codes = ['mac', 'malformed', 'unsupported-alg', 'budget'];
          for (const input of [changed, file.subarray(0, i)]) {
            const report = await openPfx({ pfx: input, password: 'test1234' });
            expect(report.ok).toBe(false);
            expect(codes).toContain(report.code);
            expect(report.certificates).toEqual([]);
          }
        },
      ),
      // The version as another type than INTEGER: outside of what the MAC covers.
      { numRuns: 120, examples: [[4, 8]] },
    );
  });

  it('rubbish', async () => {
    for (const input of [
      new Uint8Array(0),
      new Uint8Array([0x30, 0x80]),
      new Uint8Array(2 << 20),
    ]) {
      expect(await openPfx({ pfx: input, password: '' })).toMatchObject({ code: 'malformed' });
    }
  });
});

describe('importing into the vault', () => {
  const passkey = (fill: number) => ({
    kind: 'passkey' as const,
    credential: new Uint8Array([1]),
    salt: new Uint8Array(32),
    prf: new Uint8Array(32).fill(fill),
  });

  it.each(['ec', 'sm2'])('%s: the key fits its certificate and signs', async (name) => {
    const file = pfx(name, 'test1234');
    const { suite, keys, certificates } = await importPfx({ pfx: file, password: 'test1234' });
    const vault = new KeyVault({ storage: memoryKeyStorage() });
    const { identity } = await vault.create({ label: name, suite, keys, secrets: [passkey(1)] });
    await vault.setCertificates(identity.id, certificates);
    vault.lock();
    const session = await vault.unlock(identity.id, passkey(1));
    const signer = session.signerOf();
    expect(Buffer.from(signer.certificate)).toEqual(
      Buffer.from(openssl('x509', '-in', at(`${name}.crt`), '-outform', 'DER')),
    );
    expect((await signer.sign(new Uint8Array(3)))[0]).toBe(0x30);
  });

  it('a certificate of another key does not fit', async () => {
    const out = at('two.p12');
    openssl(
      ...['pkcs12', '-export', '-nokeys', '-in', at('ec.crt'), '-passout', 'pass:test1234'],
      ...['-out', out],
    );
    expect(await codeOf(importPfx({ pfx: read(out), password: 'test1234' }))).toBe('no-key');
    expect(await codeOf(importPfx({ pfx: read(out), password: 'test12345' }))).toBe('wrong-secret');
  });
});

describe('files that we write', () => {
  it.each(['ec', 'sm2'])('%s: openssl opens them, and so do we', async (name) => {
    const password = '山高水长 test k7 风';
    const given = await importPfx({ pfx: pfx(name, 'test1234'), password: 'test1234' });
    const vault = new KeyVault({ storage: memoryKeyStorage() });
    const secret = { kind: 'passkey', prf: new Uint8Array(32) } as const;
    const way = { ...secret, credential: new Uint8Array(1), salt: new Uint8Array(32) };
    const { suite, keys } = given;
    const { identity } = await vault.create({ label: name, suite, keys, secrets: [way] });
    expect(await codeOf(exportIdentity(vault, identity.id, secret, password))).toBe('no-key');
    await vault.setCertificates(identity.id, given.certificates);
    expect(await codeOf(exportIdentity(vault, identity.id, secret, 'short'))).toBe('weak-password');
    const wrong = { kind: 'passkey', prf: new Uint8Array(32).fill(1) } as const;
    expect(await codeOf(exportIdentity(vault, identity.id, wrong, password))).toBe('wrong-secret');
    const file = await exportIdentity(vault, identity.id, secret, password);
    const path = at(`${name}-ours.p12`);
    writeFileSync(path, file);
    const options = ['-in', path, '-passin', `pass:${password}`, '-nodes', '-nocerts'];
    const pem = openssl('pkcs12', ...options).toString();
    writeFileSync(at('exported.key'), pem);
    const spki = (key: string) => openssl('pkey', '-in', at(key), '-pubout').toString();
    expect(spki('exported.key')).toBe(spki(`${name}.key`));
    const again = await importPfx({ pfx: file, password });
    expect(again.certificates).toEqual(given.certificates);
    expect(again.keys.signing?.spki).toEqual(given.keys.signing?.spki);
  });
});

const conformance = '../shared/conformance';
const shared = existsSync(join(conformance, 'pkcs12')) ? conformance : null;

describe.runIf(shared !== null)('public files', () => {
  it('pkcs12/: each as its index says', async () => {
    const folder = join(shared as string, 'pkcs12');
    const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as {
      cases: { id: string; file: string; password: string; expected: string }[];
    };
    for (const { id, file, password, expected } of index.cases) {
      if (!existsSync(join(folder, file))) continue;
      const report = await openPfx({ pfx: read(join(folder, file)), password });
      expect([id, report.ok ? 'ok' : `error:${report.code}`]).toEqual([
        id,
        expected.replace('ok-or-clear-error', 'ok'),
      ]);
    }
  });

  it.each([
    ['ses/own/sm2-enterprise.p12', 'test1234'],
    ['ses/ofdrw/ROOT.p12', '123456'],
    ['ses/ofdrw/USER.p12', '777777'],
  ])('%s', async (file, password) => {
    const bytes = read(join(shared as string, file));
    expect(await openPfx({ pfx: bytes, password: 'wrong' })).toMatchObject({ code: 'mac' });
    const { suite, keys } = await importPfx({ pfx: bytes, password });
    expect([suite, keys.signing?.suite]).toEqual(['SM2', 'SM2']);
  });
});
