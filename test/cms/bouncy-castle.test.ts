/**
 * BouncyCastle (Debian's libbcpkix-java) reads what a deployment of the Chinese suite writes: heads,
 * certificates, contents. OpenSSL's `cms` knows no identity of SM2 and can judge none of them.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { encryptTo } from '../../src/cms/index.ts';
import { concat, sha256Hex, toHex } from '../../src/crypto/index.ts';
import { generateKey } from '../../src/keys/index.ts';
import { isEnveloped, readPackage } from '../../src/packages/index.ts';
import { bindSeal, NAMES, pilot, submitted } from '../desk/device.ts';

/** Private keys that the deployment made, and what it sealed, by SHA-256. */
const noted = vi.hoisted(() => ({ keys: [] as Uint8Array[], sealed: [] as Promise<string>[] }));
vi.mock('../../src/crypto/sm/sm2.ts', async (original) => {
  const sm2 = await original<typeof import('../../src/crypto/sm/sm2.ts')>();
  const sm2KeyPair = () => {
    const pair = sm2.sm2KeyPair();
    noted.keys.push(pair.privateKey.slice());
    return pair;
  };
  return { ...sm2, sm2KeyPair };
});
vi.mock('../../src/cms/sm-envelope.ts', async (original) => {
  const envelope = await original<typeof import('../../src/cms/sm-envelope.ts')>();
  const smSeal: typeof envelope.smSeal = (plaintext, points) => {
    noted.sealed.push(sha256Hex(plaintext));
    return envelope.smSeal(plaintext, points);
  };
  return { ...envelope, smSeal };
});

const JARS = ['bcprov', 'bcutil', 'bcpkix'].map((name) => `/usr/share/java/${name}.jar`);

function canJudge(): boolean {
  try {
    // A source file is run only where the compiler is there.
    const modules = execFileSync('java', ['--list-modules'], { encoding: 'utf8' });
    return modules.includes('jdk.compiler') && JARS.every((jar) => existsSync(jar));
  } catch {
    return false;
  }
}

const skipped = !canJudge();
if (skipped)
  console.info('BouncyCastle is not asked: java, or libbcpkix-java, is not on this machine');

describe.skipIf(skipped)('BouncyCastle reads the Chinese suite', () => {
  let folder: string;
  let said: Map<string, string>;
  const plain = new Map<string, Uint8Array>();
  let written: Uint8Array | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bouncy-castle-'));
    const it = await pilot(undefined, 'SM2');
    await bindSeal(it);
    const caseId = await submitted(it);
    await it.as(NAMES.first);
    await it.desk.review('first', [caseId], 'pass', []);
    await it.as(NAMES.second);
    await it.desk.review('second', [caseId], 'pass', []);
    for (const { bytes } of await it.store.packages()) await write(await readPackage(bytes));
    const [[id] = ['']] = await it.store.packages().then((all) => all.map((each) => [each.id]));
    await copyFile(join(folder, `${id}.p7s`), join(folder, 'changed.p7s'));
    await writeFile(join(folder, 'changed.xml'), '<asic:ASiCManifest/>');
    const forged = (written as Uint8Array).slice();
    forged[forged.length - 20] = (forged.at(-20) as number) ^ 1;
    await writeFile(join(folder, 'forged.p7m'), forged);
    const key = await generateKey('SM2');
    for (const size of [0, 1, 15, 16, 17, 4096, 100_000]) {
      const bytes = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)));
      plain.set(`content-${size}.p7m`, bytes);
      await writeFile(join(folder, `content-${size}.p7m`), await encryptTo(bytes, [key]));
    }
    await writeFile(join(folder, 'keys'), noted.keys.map(toHex).join('\n'));
    said = ask();
  }, 180_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Manifest and signature of the head, the signer's certificate before those above it, contents. */
  async function write(pkg: Awaited<ReturnType<typeof readPackage>>) {
    const { id, bytes, signer, certificates, contents, present } = pkg;
    for (const { name } of contents.filter(isEnveloped)) {
      const content = present.get(name);
      if (!content) continue;
      const file = `written-${id}-${name.replace('/', '-').replace(/\.\w+$/, '')}`;
      await writeFile(join(folder, `${file}.p7m`), content);
      written ??= content;
    }
    const archive = join(folder, `${id}.zip`);
    await writeFile(archive, bytes);
    for (const [entry, name] of [
      ['META-INF/ASiCManifest001.xml', `${id}.xml`],
      ['META-INF/signature001.p7s', `${id}.p7s`],
    ] as const) {
      await writeFile(join(folder, name), execFileSync('unzip', ['-p', archive, entry]));
    }
    const above = certificates.filter((each) => toHex(each) !== toHex(signer));
    if (above.length > 0) await writeFile(join(folder, `${id}.cer`), concat(signer, ...above));
  }

  function ask(): Map<string, string> {
    const source = new URL('oracle/ChineseSuite.java', import.meta.url).pathname;
    const out = execFileSync('java', ['-cp', JARS.join(':'), source, folder], {
      encoding: 'utf8',
    });
    return new Map(
      out
        .trim()
        .split('\n')
        .map((line) => {
          const [what, name = '', ...rest] = line.split(' ');
          return [name, `${what} ${rest.join(' ')}`] as const;
        }),
    );
  }
  const named = (end: string) => [...said].filter(([name]) => name.endsWith(end));

  test('the signature of each head, over SM3, by SM2', () => {
    expect(named('.p7s').length).toBeGreaterThan(15);
    const refused = named('.p7s').filter(([, answer]) => answer !== 'head ok');
    expect(refused.map(([name]) => name)).toEqual(['changed.p7s']);
  });

  test('the certificates that sign them', () => {
    expect(named('.cer').length).toBeGreaterThan(8);
    expect(named('.cer').filter(([, answer]) => answer !== 'certificate ok')).toEqual([]);
  });

  test('contents: SM4-GCM, the key by SM2 encryption', async () => {
    for (const [name, bytes] of plain) {
      expect([name, said.get(name)]).toEqual([name, `content ${await sha256Hex(bytes)}`]);
    }
  });

  test('each content of the deployment, as it was sealed; not one that was changed', async () => {
    const sealed = new Set(await Promise.all(noted.sealed));
    const opened = [...said].filter(([name]) => name.startsWith('written-'));
    expect(opened.length).toBeGreaterThan(10);
    const told = ([, answer]: [string, string]) => answer.replace('content ', '');
    expect(opened.filter((each) => !sealed.has(told(each)))).toEqual([]);
    expect(new Set(opened.map(told)).size).toBe(opened.length);
    expect(said.get('forged.p7m')).toMatch(/^refused .*InvalidCipherText/);
  });

  test('a manifest that was changed is refused', () => {
    expect(said.get('changed.p7s')).toMatch(/signature|digest|Digest/);
  });
});
