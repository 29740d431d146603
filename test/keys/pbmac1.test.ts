/** PBMAC1 in place of the old MAC (RFC 9579): files of openssl with their MacData exchanged. */
import { execFileSync } from 'node:child_process';
import { createHmac, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concat, derWrite, readDer } from '../../src/crypto/index.ts';
import { openPfx } from '../../src/keys/index.ts';

const { integer, nullValue, octetString, oid, sequence } = derWrite;
const folder = mkdtempSync(join(tmpdir(), 'pbmac1-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HMAC = {
  sha256: '1.2.840.113549.2.9',
  sha384: '1.2.840.113549.2.10',
  sha512: '1.2.840.113549.2.11',
};
type Hash = keyof typeof HMAC;

const PASSWORD = '密码 pw1234';
let authSafe: Uint8Array;
let content: Uint8Array;

beforeAll(() => {
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const curve = ['-pkeyopt', 'ec_paramgen_curve:P-256'];
  openssl('genpkey', '-algorithm', 'EC', ...curve, '-out', at('k'));
  openssl('req', '-x509', '-new', '-key', at('k'), '-subj', '/CN=x', '-out', at('c'));
  const out = ['-passout', `pass:${PASSWORD}`, '-out', at('p12')];
  openssl('pkcs12', '-export', '-inkey', at('k'), '-in', at('c'), ...out);
  const safe = readDer(new Uint8Array(readFileSync(at('p12')))).children[1];
  authSafe = safe?.raw as Uint8Array;
  content = safe?.children[1]?.children[0]?.value as Uint8Array;
});

interface Mac {
  prf: Hash;
  mac: Hash;
  password: string;
  iterations: number;
  /** Octets of the derived key, and what the parameters say of it. */
  size: number;
  stated: number | null;
  /** Octets of the tag that stand in the file. */
  tag: number;
}
const USUAL = {
  prf: 'sha256',
  mac: 'sha256',
  iterations: 2048,
  size: 32,
  stated: 32,
  tag: 32,
} as const;

const named = (hash: Hash) => sequence(oid(HMAC[hash]), nullValue());

function file(change: Partial<Mac> = {}): Uint8Array {
  const given: Mac = { ...USUAL, password: PASSWORD, ...change };
  const salt = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const { password, iterations, size, prf, mac } = given;
  const key = pbkdf2Sync(Buffer.from(password, 'utf8'), salt, iterations, size, prf);
  const tag = createHmac(mac, key).update(content).digest();
  const length = given.stated === null ? [] : [integer(given.stated)];
  const kdf = sequence(
    oid('1.2.840.113549.1.5.12'),
    sequence(octetString(salt), integer(iterations), ...length, named(prf)),
  );
  const algorithm = sequence(oid('1.2.840.113549.1.5.14'), sequence(kdf, named(mac)));
  const info = sequence(algorithm, octetString(new Uint8Array(tag).subarray(0, given.tag)));
  const unused = concat(octetString(new TextEncoder().encode('NOT USED')), integer(1));
  return sequence(integer(3), authSafe, sequence(info, unused));
}

const codeOf = async (pfx: Uint8Array, password = PASSWORD) => {
  const { ok, code } = await openPfx({ pfx, password });
  return ok ? 'ok' : code;
};

describe('PBMAC1 (RFC 9579)', () => {
  it.each<[string, Partial<Mac>]>([
    ['HMAC and PRF SHA-256', {}],
    ['HMAC SHA-256, PRF SHA-512', { prf: 'sha512' }],
    ['HMAC and PRF SHA-512', { prf: 'sha512', mac: 'sha512', size: 64, stated: 64, tag: 64 }],
    ['HMAC SHA-384', { mac: 'sha384', size: 48, stated: 48, tag: 48 }],
    ['a key shorter than the digest, as long as it says so', { size: 20, stated: 20 }],
  ])('%s', async (_, change) => {
    expect(await codeOf(file(change))).toBe('ok');
    expect(await codeOf(file(change), `${PASSWORD}!`)).toBe('mac');
    expect(await codeOf(file({ ...change, password: 'other' }))).toBe('mac');
  });

  it.each<[string, Partial<Mac>, string]>([
    ['no key length (5)', { stated: null }, 'malformed'],
    ['a key of less than 20 octets (5)', { size: 19, stated: 19 }, 'malformed'],
    ['a key of no octets', { stated: 0 }, 'malformed'],
    ['an absurd key length', { stated: 1 << 24 }, 'malformed'],
    ['another key length than was used', { stated: 33 }, 'mac'],
    ['a tag cut short', { tag: 16 }, 'mac'],
    ['no tag', { tag: 0 }, 'mac'],
  ])('refuses %s', async (_, change, code) => {
    expect(await codeOf(file(change))).toBe(code);
  });

  it('absurd rounds cost nothing', async () => {
    const absurd = file();
    const at = Buffer.from(absurd).lastIndexOf(Buffer.from([2, 2, 8, 0])) + 2;
    absurd.set([0x7f, 0xff], at);
    expect(await codeOf(absurd)).toBe('mac');
    const [version, safe, macData] = readDer(file()).children;
    const info = macData?.children[0];
    const kdf = info?.children[0]?.children[1]?.children[0];
    const [salt, , size, prf] = kdf?.children[1]?.children ?? [];
    const parameters = sequence(
      ...[salt, null, size, prf].map((n) => n?.raw ?? integer(0x7fffffff)),
    );
    const again = sequence(
      sequence(
        sequence(
          oid('1.2.840.113549.1.5.14'),
          sequence(sequence(oid('1.2.840.113549.1.5.12'), parameters), named('sha256')),
        ),
        info?.children[1]?.raw as Uint8Array,
      ),
      ...(macData?.children.slice(1).map(({ raw }) => raw) ?? []),
    );
    const pfx = sequence(version?.raw as Uint8Array, safe?.raw as Uint8Array, again);
    expect(await codeOf(pfx)).toBe('budget');
  });

  it('every truncation and every changed octet of its MacData is answered with a code', async () => {
    const good = file({ iterations: 1 });
    const from = good.length - 120;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: from, max: good.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (i, bits) => {
          const changed = good.slice();
          changed[i] = (changed[i] as number) ^ bits;
          expect(['mac', 'malformed', 'unsupported-alg', 'budget']).toContain(
            await codeOf(good.subarray(0, i)),
          );
          const report = await openPfx({ pfx: changed, password: PASSWORD });
          // The salt and rounds that PBMAC1 does not use may read anything (RFC 9579 4).
          if (report.ok) expect(i).toBeGreaterThanOrEqual(good.length - 13);
          else expect(report.certificates).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
