/** The same inputs, clock, keys and nonces give the same bytes, in another process and time zone too. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { createCrl } from '../../src/pki/issuing/index.ts';
import { at, identity } from '../cms/peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'byte-stable-'));
const program = join(folder, 'byte-stable.mjs');

beforeAll(async () => {
  const root = identity('stable-root', 'RSA');
  const usage = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping';
  identity('stable-tsa', 'RSA', root, usage);
  identity('stable-rsa', 'RSA', root);
  identity('stable-ecdsa', 'P-256', root);
  for (const name of ['root', 'tsa', 'rsa', 'ecdsa']) {
    for (const end of ['der', 'key']) {
      copyFileSync(at(`stable-${name}.${end}`), join(folder, `${name}.${end}`));
    }
  }
  const crl = await createCrl({
    issuer: { ...root.signer, suite: 'RSA' },
    number: 1,
    revoked: [],
    thisUpdate: '2026-11-23T00:00:00Z',
    nextUpdate: '2027-11-23T00:00:00Z',
  });
  writeFileSync(join(folder, 'crl.der'), crl);
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: join(import.meta.dirname, 'fixtures/byte-stable.ts'),
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      rolldownOptions: { output: { entryFileNames: 'byte-stable.mjs' } },
    },
  });
}, 60_000);

const made = (zone: string): Record<string, string> =>
  JSON.parse(
    execFileSync(process.execPath, [program, folder], {
      encoding: 'utf8',
      env: { ...process.env, TZ: zone, LANG: zone === 'UTC' ? 'C' : 'zh_CN.UTF-8' },
    }),
  ) as Record<string, string>;

test('composed and signed twice, in two processes: byte for byte the same', () => {
  const [one, two] = [made('UTC'), made('Asia/Shanghai')];
  expect(Object.keys(one)).toEqual([
    ...['seal', 'token', 'form', 'letter', 'licence', 'signed at T', 'signed at LTA'],
  ]);
  expect(two).toEqual(one);
}, 60_000);
