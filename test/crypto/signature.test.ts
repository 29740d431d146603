import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  derWrite as d,
  ecdsaToDer,
  ecdsaToRaw,
  fromHex,
  readPublicKey,
  signatureAlgorithmOf,
  toHex,
  utf8,
  verifySignature,
} from '../../src/crypto/index.ts';
import { sm2KeyPair, sm2PublicKey, sm2Sign, sm2Verify } from '../../src/crypto/sm/sm2.ts';
import { sm3 } from '../../src/crypto/sm/sm3.ts';

const folder = mkdtempSync(join(tmpdir(), 'signature-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);
const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
const file = (name: string) => new Uint8Array(readFileSync(path(name)));
const data = utf8('进口许可证 import licence');
writeFileSync(path('data'), data);

const sha256 = d.sequence(d.oid('2.16.840.1.101.3.4.2.1'), d.nullValue());
const sha384 = d.sequence(d.oid('2.16.840.1.101.3.4.2.2'), d.nullValue());
const pss = (hash: Uint8Array, mask: Uint8Array, salt: number) =>
  d.sequence(
    d.oid('1.2.840.113549.1.1.10'),
    d.sequence(
      d.context(0, hash),
      d.context(1, d.sequence(d.oid('1.2.840.113549.1.1.8'), mask)),
      d.context(2, d.integer(salt)),
    ),
  );

/** A key and a signature over `data`, made by openssl. */
function peer(name: string, key: string[], sign: string[]) {
  openssl('genpkey', ...key, '-out', path(`${name}.key`));
  openssl('pkey', '-in', path(`${name}.key`), '-pubout', '-outform', 'DER', '-out', path(name));
  const common = ['-sign', '-inkey', path(`${name}.key`), '-rawin', '-in', path('data')];
  openssl('pkeyutl', ...common, ...sign, '-out', path(`${name}.sig`));
  return { spki: file(name), signature: file(`${name}.sig`), data };
}

const ec = (curve: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`];
const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
const plain = (oid: string) => d.sequence(d.oid(oid));
const PSS_OPTIONS = ['rsa_padding_mode:pss', 'rsa_pss_saltlen:32'].flatMap((o) => ['-pkeyopt', o]);

describe('signatures of openssl', () => {
  it.each([
    ['p256', ec('P-256'), ['-digest', 'sha256'], plain('1.2.840.10045.4.3.2')],
    ['p384', ec('P-384'), ['-digest', 'sha384'], plain('1.2.840.10045.4.3.3')],
    ['p521', ec('P-521'), ['-digest', 'sha512'], plain('1.2.840.10045.4.3.4')],
    ['rsa', rsa, ['-digest', 'sha256'], d.sequence(d.oid('1.2.840.113549.1.1.11'), d.nullValue())],
    ['pss', rsa, ['-digest', 'sha256', ...PSS_OPTIONS], pss(sha256, sha256, 32)],
    ['ed25519', ['-algorithm', 'ED25519'], [], plain('1.3.101.112')],
    [
      'sm2',
      ec('SM2'),
      ['-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678'],
      signatureAlgorithmOf('SM2'),
    ],
  ])(
    '%s verifies, and not over other data or after a flipped bit',
    async (name, key, sign, algorithm) => {
      const input = { ...peer(name, key, sign), algorithm };
      expect(await verifySignature(input)).toEqual({ valid: true });
      expect((await verifySignature({ ...input, data: utf8('other') })).code).toBe('bad-signature');
      for (let i = 0; i < input.signature.length; i++) {
        const signature = input.signature.slice();
        signature[i] = (signature[i] as number) ^ 1;
        expect((await verifySignature({ ...input, signature })).valid, `octet ${i}`).toBe(false);
      }
    },
  );

  it('RFC 4055 3.1: parameters other than those it was made with do not verify', async () => {
    const input = { spki: file('pss'), signature: file('pss.sig'), data };
    const bare = await verifySignature({ ...input, algorithm: plain('1.2.840.113549.1.1.10') });
    expect(bare.code).toBe('unsupported-alg');
    const mask = await verifySignature({ ...input, algorithm: pss(sha256, sha384, 32) });
    expect(mask.code).toBe('bad-signature');
    const other = await verifySignature({ ...input, algorithm: pss(sha256, sha256, 20) });
    expect(other).toEqual({ valid: false, code: 'bad-signature' });
  });

  it('RFC 5758 3.2: parameters beside an ECDSA algorithm are refused', async () => {
    const algorithm = d.sequence(d.oid('1.2.840.10045.4.3.2'), d.nullValue());
    const input = { spki: file('p256'), signature: file('p256.sig'), data, algorithm };
    expect((await verifySignature(input)).code).toBe('unsupported-alg');
  });

  it('a key of one kind never answers for the algorithm of another', async () => {
    const algorithm = signatureAlgorithmOf('SM2');
    const input = { spki: file('p256'), signature: file('p256.sig'), data, algorithm };
    expect((await verifySignature(input)).valid).toBe(false);
    const swapped = { spki: file('sm2'), signature: file('sm2.sig'), data };
    const asEcdsa = { ...swapped, algorithm: signatureAlgorithmOf('P-256') };
    expect((await verifySignature(asEcdsa)).code).toBe('unsupported-alg');
  });
});

describe('ECDSA-Sig-Value (RFC 3279 2.2.3)', () => {
  it('has one encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (raw) => {
        raw[0] = (raw[0] as number) | 1;
        raw[32] = (raw[32] as number) | 1;
        expect(toHex(ecdsaToRaw(ecdsaToDer(raw), 32))).toBe(toHex(raw));
      }),
    );
  });
  it.each([
    ['zero r', d.sequence(d.integer(0), d.integer(1))],
    ['negative s', d.sequence(d.integer(1), d.integer(-1))],
    ['three numbers', d.sequence(d.integer(1), d.integer(1), d.integer(1))],
    ['too wide', d.sequence(d.integer(1n << 256n), d.integer(1))],
    ['an octet string', d.sequence(d.octetString(d.integer(1)), d.integer(1))],
  ])('refuses %s', (_, der) => expect(() => ecdsaToRaw(der, 32)).toThrow());
});

describe('SubjectPublicKeyInfo (RFC 5280 4.1.2.7)', () => {
  const key = (modulus: bigint, exponent: bigint) =>
    d.sequence(
      d.sequence(d.oid('1.2.840.113549.1.1.1'), d.nullValue()),
      d.bitString(d.sequence(d.integer(modulus), d.integer(exponent))),
    );
  const odd = (1n << 2047n) + 1n;
  it('accepts a sane RSA key and says how long it is', () => {
    expect(readPublicKey(key(odd, 65537n))).toMatchObject({ kind: 'RSA', bits: 2048 });
  });
  it.each([
    ['even modulus', key(odd + 1n, 65537n)],
    ['even exponent', key(odd, 65536n)],
    ['exponent one', key(odd, 1n)],
    ['negative modulus', key(-odd, 65537n)],
    ['512 bits', key((1n << 511n) + 1n, 65537n)],
    ['9000 bits', key((1n << 8999n) + 1n, 65537n)],
  ])('refuses an RSA key with %s', (_, spki) => expect(() => readPublicKey(spki)).toThrow());
  it('refuses explicit curve parameters and points off the curve', async () => {
    const point = new Uint8Array(65).fill(7);
    point[0] = 4;
    const named = (curve: Uint8Array) =>
      d.sequence(d.sequence(d.oid('1.2.840.10045.2.1'), curve), d.bitString(point));
    expect(() => readPublicKey(named(d.sequence(d.integer(1))))).toThrow('elliptic curve');
    for (const [curve, suite] of [
      ['1.2.840.10045.3.1.7', 'P-256'],
      ['1.2.156.10197.1.301', 'SM2'],
    ] as const) {
      const result = await verifySignature({
        spki: named(d.oid(curve)),
        algorithm: signatureAlgorithmOf(suite),
        signature: d.sequence(d.integer(1), d.integer(1)),
        data,
      });
      expect(result).toEqual({ valid: false, code: 'malformed' });
    }
  });
});

describe('SM2 with SM3 (GM/T 0003.5, GB/T 32905)', () => {
  const point = fromHex(
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  ) as Uint8Array;
  const privateKey = fromHex(
    '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8',
  ) as Uint8Array;
  const r = 0xf5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3n;
  const s = 0xb1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aan;
  const n = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
  const value = (a: bigint, b: bigint) => d.sequence(d.integer(a), d.integer(b));
  const message = utf8('message digest');

  it('reproduces the worked example', () => {
    expect(toHex(sm2PublicKey(privateKey))).toBe(toHex(point));
    expect(sm2Verify(point, value(r, s), message)).toBe(true);
  });
  it.each([
    ['r = 0', 0n, s],
    ['s = 0', r, 0n],
    ['r = n', n, s],
    ['r + n', r + n, s],
    ['s = n - s', r, n - s],
    ['r + s = n', r, n - r],
  ])('refuses %s', (_, a, b) => {
    let accepted = false;
    try {
      accepted = sm2Verify(point, value(a, b), message);
    } catch {}
    expect(accepted).toBe(false);
  });
  it('openssl verifies what we sign', () => {
    const pair = sm2KeyPair();
    const spki = d.sequence(
      d.sequence(d.oid('1.2.840.10045.2.1'), d.oid('1.2.156.10197.1.301')),
      d.bitString(pair.publicKey),
    );
    writeFileSync(path('own.pub'), spki);
    for (let i = 0; i < 4; i++) {
      const signature = sm2Sign(pair.privateKey, data, pair.publicKey);
      expect(sm2Verify(pair.publicKey, signature, data)).toBe(true);
      writeFileSync(path('own.sig'), signature);
      const input = ['-pubin', '-inkey', path('own.pub'), '-keyform', 'DER', '-in', path('data')];
      const options = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678'];
      const verify = ['pkeyutl', '-verify', ...input, '-sigfile', path('own.sig'), ...options];
      expect(openssl(...verify).toString()).toContain('Verified Successfully');
    }
  });
  it('SM3 of "abc"', () => {
    expect(toHex(sm3(utf8('abc')))).toBe(
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    );
  });
});
