/** Forms of signature of other and older software: accepted for what they prove, and no more. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derWrite, digest, toHex } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { basePdf } from './fixtures/base.ts';
import { faultyCms } from './fixtures/cms.ts';
import { type SignFixture, sign } from './fixtures/sign.ts';
import { makeWorld, REFUSED, type World } from './fixtures/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'forms-'));
const file = (name: string): string => join(folder, name);
let world: World;
let base: Uint8Array;
let certificate: Uint8Array;

beforeAll(async () => {
  world = await makeWorld();
  base = await basePdf();
  const self = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=Old', '-days', '3000'];
  openssl(['req', ...self, '-keyout', file('key.pem'), '-out', file('cert.pem')]);
  openssl(['x509', '-in', file('cert.pem'), '-outform', 'DER', '-out', file('cert.der')]);
  certificate = readFileSync(file('cert.der'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function openssl(args: string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}

/** CMS with its content inside. */
async function attached(content: Uint8Array, ...more: string[]): Promise<Uint8Array> {
  writeFileSync(file('content'), content);
  const keys = ['-signer', file('cert.pem'), '-inkey', file('key.pem')];
  const form = ['-binary', '-nodetach', '-outform', 'DER', ...more];
  openssl(['cms', '-sign', '-in', file('content'), ...form, ...keys, '-out', file('cms')]);
  return readFileSync(file('cms'));
}

async function bareRsa(content: Uint8Array): Promise<Uint8Array> {
  writeFileSync(file('content'), content);
  const out = ['-out', file('value'), file('content')];
  openssl(['dgst', '-sha1', '-sign', file('key.pem'), ...out]);
  return derWrite.octetString(readFileSync(file('value')));
}

const signed = (options: Partial<SignFixture>) => sign(base, { signer: world.alice, ...options });
const cert = (): string => `/Cert <${toHex(certificate)}>`;

const OLD: Record<string, () => Partial<SignFixture>> = {
  'adbe.pkcs7.sha1': () => ({
    subFilter: 'adbe.pkcs7.sha1',
    cms: async (content) => attached(await digest('SHA-1', content)),
  }),
  'adbe.pkcs7.sha1 without attributes': () => ({
    subFilter: 'adbe.pkcs7.sha1',
    cms: async (content) => attached(await digest('SHA-1', content), '-noattr'),
  }),
  'adbe.x509.rsa_sha1': () => ({
    subFilter: 'adbe.x509.rsa_sha1',
    entries: cert(),
    cms: bareRsa,
  }),
};

describe.each(Object.keys(OLD))('%s', (name) => {
  const options = () => (OLD[name] as () => Partial<SignFixture>)();

  test('is intact and weak, never passed', async () => {
    const report = await verifyPdf(await signed(options()), { trust: { anchors: [certificate] } });
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'INDETERMINATE' });
    expect(report.signatures[0]).toMatchObject({
      subIndication: 'CRYPTO_CONSTRAINTS_FAILURE',
      signer: { subject: 'CN=Old' },
    });
  });

  test('over other bytes is broken', async () => {
    const pdf = await signed(options());
    pdf[20] = (pdf[20] as number) ^ 1;
    expect(REFUSED).toContain((await verifyPdf(pdf)).integrity);
    const { cms } = options();
    const other = { ...options(), cms: () => cms?.(new Uint8Array(9)) as Promise<Uint8Array> };
    const report = await verifyPdf(await signed(other));
    expect(report).toMatchObject({ integrity: 'broken', verdict: 'TOTAL-FAILED' });
  });
});

test('a digest inside is refused where the signature should be detached, and the reverse', async () => {
  const { cms } = (OLD['adbe.pkcs7.sha1'] as () => Partial<SignFixture>)();
  const inside = await signed({ subFilter: 'adbe.pkcs7.detached', ...(cms ? { cms } : {}) });
  expect(await verifyPdf(inside)).toMatchObject({ integrity: 'broken', verdict: 'TOTAL-FAILED' });
  const without = await signed({ subFilter: 'adbe.pkcs7.sha1' });
  expect(await verifyPdf(without)).toMatchObject({ integrity: 'broken', verdict: 'TOTAL-FAILED' });
});

test('a bare RSA value without, or with another certificate is broken', async () => {
  const other = `/Cert [<${toHex(world.alice.certificate)}> <${toHex(certificate)}>]`;
  for (const entries of ['', other, '/Cert /None', '/Cert <3000>']) {
    const pdf = await signed({ subFilter: 'adbe.x509.rsa_sha1', entries, cms: bareRsa });
    expect((await verifyPdf(pdf)).integrity, entries.slice(0, 20)).toBe('broken');
  }
});

test('ECDSA named by the kind of key alone goes by the digest beside it', async () => {
  const named = (fault = {}) =>
    signed({
      cms: (content) =>
        faultyCms(content, world.alice, { algorithm: '1.2.840.10045.2.1', ...fault }),
    });
  const trust = { anchors: [world.root.certificate] };
  const report = await verifyPdf(await named(), { time: '2026-06-01T12:00:00Z', trust });
  expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
  expect((await verifyPdf(await named({ flip: true }))).integrity).toBe('broken');
});
