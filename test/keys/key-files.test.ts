import { execFileSync } from 'node:child_process';
import { createCipheriv, createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derWrite, readDer, utf8 } from '../../src/crypto/index.ts';
import { KeyRefused, KeyVault, liveKey, memoryKeyStorage } from '../../src/keys/index.ts';
import { importEnvelopedKey, importKeyFiles, keyFileSeconds } from '../../src/keys/pfx/index.ts';

const { bitString, integer, nullValue, octetString, oid, sequence } = derWrite;
const directory = mkdtempSync(join(tmpdir(), 'key-files-'));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string) => join(directory, name);
const openssl = (...args: string[]) =>
  execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
const read = (name: string) => new Uint8Array(readFileSync(at(name)));

const PASSWORD = '密码 test1234';
const NAMES = ['P-256', 'P-384', 'P-521', 'SM2', 'RSA'] as const;

function make(name: string, algorithm: string[], extra: string[] = []) {
  openssl('genpkey', ...algorithm, '-out', at(`${name}.key`));
  openssl(
    ...['req', '-x509', '-new', '-key', at(`${name}.key`), '-subj', `/C=CN/O=${name}/CN=${name}`],
    ...['-days', '3650', '-out', at(`${name}.crt`), ...extra],
  );
}

const SM2_SIGNS = ['-sm3', '-sigopt', 'distid:1234567812345678'];

beforeAll(() => {
  for (const curve of ['P-256', 'P-384', 'P-521']) {
    make(curve, ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`]);
  }
  make('SM2', ['-algorithm', 'SM2'], SM2_SIGNS);
  make('other', ['-algorithm', 'SM2'], SM2_SIGNS);
  make('RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']);
}, 60_000);

/** A key as `openssl pkcs8` writes it. */
function pkcs8(name: string, ...options: string[]): Uint8Array {
  const input = ['-topk8', '-in', at(`${name}.key`), '-out', at('out')];
  openssl('pkcs8', ...input, '-passout', `pass:${PASSWORD}`, ...options);
  return read('out');
}

const certificate = (name: string) => read(`${name}.crt`);
const scalarOf = (name: string) => {
  const [, , key] = readDer(pkcs8(name, '-nocrypt', '-outform', 'DER')).children;
  return readDer(key?.value as Uint8Array).children[1]?.value as Uint8Array;
};
const pointOf = (name: string) => {
  const der = openssl('pkey', '-in', at(`${name}.key`), '-pubout', '-outform', 'DER');
  return readDer(new Uint8Array(der)).children[1]?.value.subarray(1) as Uint8Array;
};

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof KeyRefused ? error.code : `threw ${error}`),
  );

describe('PKCS #8 with a certificate beside (RFC 5958)', () => {
  it.each(NAMES)(
    '%s in clear, PEM and DER: it pairs, and says that no password protects it',
    async (name) => {
      for (const form of ['PEM', 'DER']) {
        const files = [certificate(name), pkcs8(name, '-nocrypt', '-outform', form)];
        const { suite, keys, warnings } = await importKeyFiles(files, '');
        expect([suite, keys.signing?.suite, warnings]).toEqual([name, name, ['key-in-clear']]);
      }
    },
  );

  it.each([
    ['AES-256, SHA-256', 'P-256', ['-v2', 'aes-256-cbc']],
    ['AES-128, SHA-1', 'P-384', ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA1']],
    ['AES-192, SHA-224', 'P-521', ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA224']],
    ['AES-256, SHA-384', 'RSA', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA384']],
    ['AES-256, SHA-512', 'SM2', ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512']],
    ['SM4, SM3', 'SM2', ['-v2', 'sm4-cbc', '-v2prf', '1.2.156.10197.1.401.2']],
    ['SM4, SHA-256', 'SM2', ['-v2', 'sm4-cbc']],
    ['3DES of PKCS #12', 'RSA', ['-v1', 'PBE-SHA1-3DES']],
    ['scrypt', 'P-256', ['-scrypt', '-scrypt_N', '1024']],
  ])('encrypted: %s', async (_, name, options) => {
    let key: Uint8Array;
    try {
      key = pkcs8(name, ...options);
    } catch {
      // Not every OpenSSL knows HMAC-SM3 by its OID.
      return;
    }
    const files = [key, certificate(name)];
    expect(await importKeyFiles(files, PASSWORD)).toMatchObject({ suite: name, warnings: [] });
    expect(await codeOf(importKeyFiles(files, 'another'))).toBe('wrong-secret');
  });

  it.each(['P-256', 'RSA'])('%s as OpenSSL wrote it before PKCS #8', async (name) => {
    const kind = name === 'RSA' ? 'rsa' : 'ec';
    const old = openssl(
      kind,
      '-in',
      at(`${name}.key`),
      ...(name === 'RSA' ? ['-traditional'] : []),
    );
    const files = [new Uint8Array(old), certificate(name)];
    expect((await importKeyFiles(files, '')).suite).toBe(name);
  });

  it('what does not fit together is told by its kind', async () => {
    const key = pkcs8('SM2', '-nocrypt');
    expect(await codeOf(importKeyFiles([key, certificate('other')], ''))).toBe('key-mismatch');
    expect(await codeOf(importKeyFiles([key], ''))).toBe('no-certificate');
    expect(await codeOf(importKeyFiles([certificate('SM2')], ''))).toBe('no-key');
    expect(await codeOf(importKeyFiles([utf8('rubbish')], ''))).toBe('malformed');
    const unknown = pkcs8('P-256', '-v2', 'camellia-256-cbc');
    expect(await codeOf(importKeyFiles([unknown, certificate('P-256')], PASSWORD))).toBe(
      'unsupported-alg',
    );
    openssl('ec', '-in', at('P-256.key'), '-aes128', '-passout', 'pass:x', '-out', at('old'));
    expect(await codeOf(importKeyFiles([read('old'), certificate('P-256')], 'x'))).toBe(
      'unsupported-alg',
    );
  });

  it('a key whose public part is another’s is refused', async () => {
    const info = pkcs8('SM2', '-nocrypt', '-outform', 'DER');
    const own = Buffer.from(info).indexOf(pointOf('SM2'));
    info.set(pointOf('other'), own);
    expect(await codeOf(importKeyFiles([info, certificate('other')], ''))).toBe('malformed');
  });

  it('scrypt that wants more memory than a phone has is refused before it starts', async () => {
    const key = pkcs8('P-256', '-scrypt', '-scrypt_N', '1024', '-outform', 'DER');
    const N = Buffer.from(key).indexOf(Buffer.from([2, 2, 4, 0]));
    key.set([2, 2, 0x40, 0], N);
    const files = [key, certificate('P-256')];
    expect(await codeOf(importKeyFiles(files, PASSWORD))).toBe('wrong-secret');
    // r, the INTEGER behind N: 128 N r octets are 266 million.
    expect([...key.subarray(N + 4, N + 7)]).toEqual([2, 1, 8]);
    key[N + 6] = 127;
    expect(await codeOf(importKeyFiles(files, PASSWORD))).toBe('too-costly');
  });

  it('a file is costed without its password; more than the wait is refused; the wait can be ended', async () => {
    const key = pkcs8('P-256', '-v2', 'aes-256-cbc', '-iter', '400000');
    const files = [key, certificate('P-256')];
    const seconds = keyFileSeconds(files);
    expect(seconds).toBeGreaterThan(0.2);
    expect(await codeOf(importKeyFiles(files, PASSWORD, { seconds: 0.1 }))).toBe('too-costly');
    const stop = new AbortController();
    const shares: number[] = [];
    const onProgress = (done: number) => {
      shares.push(done);
      stop.abort();
    };
    const patience = { seconds: 60, onProgress, signal: stop.signal };
    expect(await codeOf(importKeyFiles(files, PASSWORD, patience))).toBe('cancelled');
    expect(shares.every((done) => done >= 0 && done <= 1)).toBe(true);
  });
});

const DATA = '1.2.156.10197.6.1.4.2.1';
const SM4 = '1.2.156.10197.1.104';

/** As CFCA's tools write `.sm2`: IV and key are SM3 of the password, in this order. */
function cfca(name: string, password: string, own = name): Uint8Array {
  const derived = createHash('sm3')
    .update(password)
    .update(Buffer.from([0, 0, 0, 1]))
    .digest();
  const cipher = createCipheriv('sm4-cbc', derived.subarray(16), derived.subarray(0, 16));
  const sealed = Buffer.concat([cipher.update(scalarOf(name)), cipher.final()]);
  const der = new Uint8Array(openssl('x509', '-in', at(`${own}.crt`), '-outform', 'DER'));
  const file = sequence(
    integer(1),
    sequence(oid(DATA), oid(SM4), octetString(sealed)),
    sequence(oid(DATA), octetString(der)),
  );
  return utf8(Buffer.from(file).toString('base64'));
}

describe('key files of CFCA (.sm2)', () => {
  it('base64 as it comes: key and certificate from one file', async () => {
    const file = cfca('SM2', PASSWORD);
    expect((await importKeyFiles([file], PASSWORD)).keys.signing?.suite).toBe('SM2');
    expect(await codeOf(importKeyFiles([file], 'another'))).toBe('wrong-secret');
  });

  it('a certificate put in place of the holder’s does not pair', async () => {
    expect(await codeOf(importKeyFiles([cfca('SM2', 'x', 'other')], 'x'))).toBe('key-mismatch');
  });

  it('every truncation and every changed octet is answered with a code', async () => {
    const file = new Uint8Array(Buffer.from(Buffer.from(cfca('SM2', 'x')).toString(), 'base64'));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(file.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (i, bits) => {
          const changed = file.slice();
          changed[i] = (changed[i] as number) ^ bits;
          for (const input of [changed, file.subarray(0, i)]) {
            expect(await codeOf(importKeyFiles([input], 'x'))).not.toContain('threw');
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** SM2EnvelopedKey of `name`'s key, to `holder`'s signing key; OpenSSL does the SM2 encryption. */
function enveloped(name: string, holder: string, { token = false, point = pointOf(name) } = {}) {
  const session = Buffer.alloc(16, 7);
  writeFileSync(at('session'), session);
  openssl('pkey', '-in', at(`${holder}.key`), '-pubout', '-out', at('holder.pub'));
  const sealed = openssl(
    ...['pkeyutl', '-encrypt', '-pubin', '-inkey', at('holder.pub'), '-in', at('session')],
  );
  const cipher = createCipheriv('sm4-ecb', session, null).setAutoPadding(false);
  const plain = Buffer.concat([Buffer.alloc(token ? 32 : 0), scalarOf(name)]);
  return sequence(
    sequence(oid(`${SM4}.1`), nullValue()),
    new Uint8Array(sealed),
    bitString(point),
    bitString(new Uint8Array(cipher.update(plain))),
  );
}

async function holder(name: string) {
  const raw = (await importKeyFiles([pkcs8(name, '-nocrypt'), certificate(name)], '')).keys.signing;
  if (!raw) throw new Error('no key');
  const live = await liveKey(raw);
  return (point: Uint8Array) => live.agree(point);
}

describe('keys under the envelope of GB/T 35276', () => {
  it('opened by the signing key it was made for, in both lengths', async () => {
    for (const token of [false, true]) {
      const file = enveloped('other', 'SM2', { token });
      const { key } = await importEnvelopedKey([file, certificate('other')], await holder('SM2'));
      expect(key.suite).toBe('SM2');
    }
  });

  it('another signing key does not open it, and a password is none', async () => {
    const file = enveloped('other', 'SM2');
    const files = [file, certificate('other')];
    expect(await codeOf(importEnvelopedKey(files, await holder('other')))).toBe('key-mismatch');
    expect(await codeOf(importKeyFiles(files, 'x'))).toBe('enveloped-key');
    const alone = [certificate('other')];
    expect(await codeOf(importEnvelopedKey(alone, await holder('SM2')))).toBe('no-key');
  });

  it('a key that is not the one whose public part stands beside it is refused', async () => {
    const point = pointOf('SM2');
    const files = [enveloped('other', 'SM2', { point }), certificate('other')];
    expect(await codeOf(importEnvelopedKey(files, await holder('SM2')))).toBe('malformed');
    const wrong = [enveloped('other', 'SM2'), certificate('SM2')];
    expect(await codeOf(importEnvelopedKey(wrong, await holder('SM2')))).toBe('key-mismatch');
  });

  it('every changed octet is answered with a code, and opens no other key', async () => {
    const file = enveloped('other', 'SM2');
    const agree = await holder('SM2');
    const own = (await importEnvelopedKey([file, certificate('other')], agree)).key.spki;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(file.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (i, bits) => {
          const changed = file.slice();
          changed[i] = (changed[i] as number) ^ bits;
          const outcome = await importEnvelopedKey([changed, certificate('other')], agree).then(
            ({ key }) => Buffer.from(key.spki).toString('hex'),
            (error: unknown) => (error instanceof KeyRefused ? 'refused' : `threw ${error}`),
          );
          expect(['refused', Buffer.from(own).toString('hex')]).toContain(outcome);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes the place of an encryption key that was never used, and of no other', async () => {
    const vault = new KeyVault({ storage: memoryKeyStorage() });
    const secret = { kind: 'password' as const, password: 'correct horse' };
    const { keys, suite } = await importKeyFiles(
      [pkcs8('SM2', '-nocrypt'), certificate('SM2')],
      '',
    );
    const { identity, session } = await vault.create({
      label: 'x',
      suite,
      keys,
      secrets: [secret],
    });
    const files = [enveloped('other', 'SM2'), certificate('other')];
    const { key, certificate: der } = await importEnvelopedKey(files, (p) => session.agree(p));
    const wrong = { ...secret, password: 'another horse' };
    expect(await codeOf(vault.takeEncryptionKey(identity.id, wrong, key))).toBe('wrong-secret');
    await vault.takeEncryptionKey(identity.id, secret, key);
    await vault.setCertificates(identity.id, { encryption: der });
    expect(session.decrypterOf().certificate).toEqual(der);
    vault.lock();
    const again = await vault.unlock(identity.id, secret);
    expect(again.decrypterOf().certificate).toEqual(der);
    const other = (await importEnvelopedKey(files, (p) => again.agree(p))).key;
    expect(await codeOf(vault.takeEncryptionKey(identity.id, secret, other))).toBe('key-in-use');
  });
});
