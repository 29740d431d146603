/**
 * Every octet that a deployment of the Chinese suite writes: what a whole case leaves on a device,
 * what its people can open of it, what the endpoint keeps and says. Algorithms are looked for by
 * their identifiers in DER and by their words in text.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyStorage } from '../../src/desk/key-storage.ts';
import { KeyVault } from '../../src/keys/index.ts';
import { openPackage, readPackage } from '../../src/packages/index.ts';
import { AlgorithmsWritten } from './algorithms-written.ts';
import { bindSeal, Clock, type Device, device, NAMES, submitted } from './device.ts';
import { serve } from './nine-devices.ts';

let it: Device;
let directory: string;
let server: Awaited<ReturnType<typeof serve>>;
const requests: string[] = [];
const noting: typeof fetch = (input, init) => {
  for (const [name, value] of new Headers(init?.headers)) requests.push(`${name}: ${value}`);
  return fetch(input, init);
};

beforeAll(async () => {
  const clock = new Clock();
  it = await device({ clock, fetch: noting });
  await it.desk.createPilot({ lang: 'zh-CN', suite: 'SM2' });
  directory = await mkdtemp(join(tmpdir(), 'chinese-suite-'));
  server = await serve(directory, clock);
  await bindSeal(it);
  const caseId = await submitted(it);
  await it.as(NAMES.first);
  await it.desk.review('first', [caseId], 'pass', []);
  await it.as(NAMES.second);
  await it.desk.review('second', [caseId], 'pass', []);
  await it.as(NAMES.enterprise);
  await it.desk.printLicence(caseId, 'copy');
  await it.as(NAMES.inspector);
  const [licence] = await it.desk.licenceRegister();
  const use = { declaration: '420020261000000001', customs: '4200', date: '2026-03-02' };
  await it.desk.recordUse(licence?.number ?? '', { ...use, quantity: '1' });
  await it.as(NAMES.issuer);
  await it.desk.revokeLicence(caseId, '企业申请撤销');
  await it.desk.setEndpoint(server.url);
  const done = await it.desk.syncNow();
  expect(done, JSON.stringify(done)).toMatchObject({ problem: null, waiting: 0 });
}, 180_000);

afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

/** OpenSSL's. */
const sm3 = (bytes: Uint8Array) => createHash('sm3').update(bytes).digest('hex');

/** `algorithm where`, without what differs from run to run. */
const told = (walk: AlgorithmsWritten) =>
  [...new Set(walk.found.map(({ algorithm, where }) => `${algorithm} in ${where}`))].sort();

describe('what a deployment of the Chinese suite writes', () => {
  test('heads and contents, as they travel', async () => {
    const walk = new AlgorithmsWritten();
    for (const { bytes } of await it.store.packages()) {
      const { record } = await readPackage(bytes);
      await walk.walk(record.type, bytes);
    }
    expect(walk.chinese).toBeGreaterThan(300);
    expect(told(walk)).toEqual([]);
  });

  test('what has no name of an algorithm beside it: ids, names of certificates and contents', async () => {
    for (const { bytes } of await it.store.packages()) {
      const pkg = await readPackage(bytes);
      expect(sm3(pkg.bytes)).toBe(pkg.id);
      expect(sm3(pkg.signer)).toBe(pkg.record.by);
      for (const { name, digest } of pkg.contents) {
        const content = name === 'body.p7m' ? pkg.body : pkg.files.get(name.replace('files/', ''));
        if (content) expect(sm3(content)).toBe(digest);
      }
    }
  });

  test('what is inside the envelopes: bodies, PDFs, seals, attachments', async () => {
    const walk = new AlgorithmsWritten();
    const vault = new KeyVault({ storage: keyStorage(it.store) });
    const opened = new Set<string>();
    let issues = 0;
    for (const { id } of await vault.list()) {
      const session = await vault.unlock(id, { kind: 'device' });
      if (!session.certificates.encryption) continue;
      for (const stored of await it.store.packages()) {
        const pkg = await readPackage(stored.bytes);
        if (opened.has(pkg.id)) continue;
        const inside = await openPackage(pkg, session.decrypterOf()).catch(() => null);
        if (!inside) continue;
        opened.add(pkg.id);
        const pdf = inside.files.get('licence.pdf');
        if (pdf && pkg.record.type === 'licence/issue') {
          expect(sm3(pdf)).toBe(pkg.record['pdf']);
          const { token } = inside.body as { token: string };
          expect(sm3(new TextEncoder().encode(token))).toBe(pkg.record['token']);
          issues++;
        }
        await walk.value(`${pkg.record.type} body`, inside.body);
        for (const [name, bytes] of inside.files)
          await walk.walk(`${pkg.record.type} ${name}`, bytes);
      }
    }
    expect(opened.size).toBeGreaterThan(8);
    expect(issues).toBe(1);
    expect(told(walk)).toEqual([]);
  });

  test('what else the device keeps: keys, drafts, trust, what it knows of the log', async () => {
    const walk = new AlgorithmsWritten();
    for (const space of ['people', 'settings', 'drafts', 'numbers', 'issuing', 'log', 'keys']) {
      for (const { value } of await it.store.records(space)) await walk.value(space, value);
    }
    expect(told(walk)).toEqual([]);
  });

  test('what the endpoint keeps and says, and what is asked of it', async () => {
    const walk = new AlgorithmsWritten();
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      // The key of Ed25519 lies there for a deployment of the other suite; it signs nothing here.
      if (!entry.isFile() || entry.name === 'checkpoint-key.pem') continue;
      const bytes = await readFile(join(entry.parentPath, entry.name));
      await walk.walk(`endpoint ${entry.name.replace(/\d+/, '')}`, bytes);
    }
    const note = await (await fetch(`${server.url}/v1/checkpoint`)).text();
    await walk.value('checkpoint', note);
    expect(requests.some((line) => line.includes('alg="sm2-sm3-der"'))).toBe(true);
    await walk.value('request', requests.join('\n'));
    expect(told(walk)).toEqual([]);
  });
});

describe('one suite alone', () => {
  test('nobody of the other suite is certified', async () => {
    const file = execFileSync(
      'openssl',
      'req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=x'.split(
        ' ',
      ),
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    await it.as(NAMES.root);
    const request = { file: new Uint8Array(file), name: '外人', serialNumber: '' };
    await expect(it.desk.issueStaff({ ...request, roles: ['inspector'] })).rejects.toMatchObject({
      code: 'csr-suite',
    });
  });
});
