/** Heads and contents at the endpoint: what is logged, and who gets what (design, sections 5 and 9). */
import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson, type Signer, utf8 } from '../../src/crypto/index.ts';
import { type Endpoint, openEndpoint } from '../../src/endpoint/index.ts';
import { readPackage, writePackage, writePackageFile } from '../../src/packages/index.ts';
import { readCertificate } from '../../src/pki/index.ts';
import { signRequest } from '../../src/sync/index.ts';
import {
  type Descriptor,
  readEntryBundle,
  readHeadBatch,
  readLogEntry,
  writeHeadBatch,
} from '../../src/sync/log/index.ts';
import { pass, submit } from '../workflow/case.ts';
import { type Made, USCC, World } from '../workflow/world.ts';
import { deliver } from './deliver.ts';

const NOW = new Date('2026-03-02T02:00:00Z');

let world: World;
let endpoint: Endpoint;
let server: Server;
let url: string;
let directory: string;
let submitted: Made;
let other: Made;
let registered: Made;

beforeAll(async () => {
  world = await World.create();
  directory = await mkdtemp(join(tmpdir(), 'heads-'));
  await open();
  submitted = await submit(world);
  other = await world.step(world.b, 'seal/apply', 'seal-b', [], {
    body: { kind: 'round', name: '乙公司', lower: '', code: '' },
  });
  registered = await world.step(world.stranger, 'enterprise/register', 'reg-c', [], {
    fields: { name: '丙公司', csrs: { signing: 'AAAA', encryption: 'AAAA' } },
  });
  for (const each of [world.bundlePackage, ...world.bound, submitted, other, registered]) {
    expect(await deliver(url, each.bytes)).toBe('201');
  }
});
afterAll(() => close());

async function open(): Promise<void> {
  endpoint = await openEndpoint({ directory, now: () => NOW });
  server = createServer((request, response) => void endpoint.handle(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

async function close(): Promise<void> {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await endpoint.close();
}

async function get(path: string, signer: Signer | null): Promise<Response> {
  const uri = `${url}${path}`;
  const headers = signer
    ? await signRequest({ method: 'GET', uri, signer, encryptionCertificate: null, now: NOW })
    : {};
  return fetch(uri, { headers });
}

async function headsOf(signer: Signer | null): Promise<string[]> {
  const batch = readHeadBatch(
    new Uint8Array(await (await get('/v1/heads?from=0', signer)).arrayBuffer()),
  );
  return Promise.all(batch.heads.map(async ({ bytes }) => (await readPackage(bytes)).id));
}

describe('admission', () => {
  test('a head is logged once its contents are stored; contents of no head are not taken', async () => {
    const made = await submit(world, 'case-b');
    const pkg = await readPackage(made.bytes);
    const [body] = pkg.contents;
    const content = pkg.present.get('body.p7m') as Uint8Array;
    const put = async (path: string, bytes: Uint8Array) => {
      const response = await fetch(`${url}/v1/${path}`, {
        method: 'PUT',
        body: new Uint8Array(bytes),
      });
      const said = (await response.json()) as { code?: string };
      return `${response.status} ${said.code ?? ''}`.trim();
    };
    expect(await put(`c/${body?.digest}`, content)).toBe('409 content-unexpected');
    expect(await put(`h/${made.id}`, pkg.bytes)).toBe('409 contents-missing');
    expect((await get(`/v1/h/${made.id}`, world.by('first'))).status).toBe(404);
    const changed = content.slice();
    changed[100] = (changed[100] as number) ^ 1;
    expect(await put(`c/${body?.digest}`, changed)).toBe('422 hash');
    const longer = new Uint8Array(content.length + 1);
    expect(await put(`c/${body?.digest}`, longer)).toBe('413 too-large');
    expect(await put(`c/${body?.digest}`, content)).toBe('201');
    expect(await put(`h/${made.id}`, pkg.bytes)).toBe('201');
    expect(await put(`h/${made.id}`, pkg.bytes)).toBe('200');
  });

  test('copied ciphertext: a head that names the content of another is refused', async () => {
    const { record, contents, present } = await readPackage(submitted.bytes);
    const { v: _v, by: _by, to: _to, contents: _contents, ...rest } = record;
    const bytes = present.get('body.p7m') as Uint8Array;
    // The thief names the ciphertext as a file of his own.
    const stolen = await writePackage({
      record: { ...rest, party: USCC.b },
      files: [{ name: 'copy.cms', bytes, confidential: false }],
      signer: world.b,
    });
    expect((await readPackage(stolen.bytes)).contents[0]?.digest).toBe(contents[0]?.digest);
    expect(await deliver(url, stolen.bytes)).toBe('409 content-taken');
  });

  test('cross-deployment replay: a head made for another deployment is refused', async () => {
    const foreign = await writePackage({
      record: {
        deployment: 'f'.repeat(64),
        type: 'seal/apply',
        party: USCC.a,
        prev: [],
        at: NOW.toISOString(),
      },
      signer: world.a,
    });
    expect(await deliver(url, foreign.bytes)).toBe('403 deployment');
  });

  test('heads in one batch are answered each by itself, and logged in their order', async () => {
    const good = await submit(world, 'case-c');
    const pkg = await readPackage(good.bytes);
    const bare = await world.step(
      world.by('first'),
      'application/first-review',
      'case-a',
      [submitted],
      { fields: pass.fields },
    );
    const post = async (...offered: Uint8Array[]) => {
      const heads = offered.map((bytes, index) => ({ index, bytes }));
      const body = new Uint8Array(writeHeadBatch({ next: 0, heads }));
      const answer = await fetch(`${url}/v1/heads`, { method: 'POST', body });
      const said = (await answer.json()) as {
        results: { code?: string; index?: number; missing?: string[] }[];
      };
      return said.results;
    };
    const junk = utf8('junk');
    const first = await post(pkg.bytes, bare.bytes, junk);
    // What follows a head that lacks contents waits for it, so that nothing overtakes.
    expect(first.map(({ code }) => code)).toEqual([
      'contents-missing',
      'contents-missing',
      'zip-truncated',
    ]);
    expect(first.map(({ missing }) => missing?.length)).toEqual([
      pkg.contents.length,
      0,
      undefined,
    ]);
    for (const { name, digest } of pkg.contents) {
      const body = new Uint8Array(pkg.present.get(name) as Uint8Array);
      await fetch(`${url}/v1/c/${digest}`, { method: 'PUT', body });
    }
    const [one, two] = await post(pkg.bytes, bare.bytes);
    expect(two?.index).toBe((one?.index ?? -2) + 1);
    expect((await post(bare.bytes, pkg.bytes)).map(({ index }) => index)).toEqual([
      two?.index,
      one?.index,
    ]);
  });
});

describe('who gets which heads', () => {
  test('strangers get trust records, a party its own cases, staff all', async () => {
    expect(await headsOf(null)).toEqual([world.bundlePackage.id]);
    const a = await headsOf(world.a);
    expect(a).toContain(submitted.id);
    expect(a).not.toContain(other.id);
    const b = await headsOf(world.b);
    expect(b).toContain(other.id);
    expect(b).not.toContain(submitted.id);
    const staff = await headsOf(world.by('inspector'));
    expect(staff).toEqual(expect.arrayContaining([submitted.id, other.id, registered.id]));
  });

  test('a registrant gets the case that his own key opened, its answer included', async () => {
    expect(await headsOf(world.stranger)).toEqual([world.bundlePackage.id, registered.id]);
    const reasons = { fields: { reasons: ['材料不全'] }, party: '91440300MA5DTE3T0C' };
    const type = 'enterprise/reject';
    const no = await world.step(world.by('registrar'), type, 'reg-c', [registered], reasons);
    expect(await deliver(url, no.bytes)).toBe('201');
    expect(await headsOf(world.stranger)).toContain(no.id);
    expect(await headsOf(world.a)).not.toContain(no.id);
  });

  test('swapped party: a certificate that names another code gets nothing of it', async () => {
    const impostor = await world.selfMade('甲公司', USCC.a);
    expect(await headsOf(impostor)).toEqual([world.bundlePackage.id]);
    const unbound = await world.renew(world.a, '甲公司', USCC.a);
    expect(await headsOf(unbound)).toEqual([world.bundlePackage.id]);
  });

  test('a content goes to its author, never to a stranger, and whole', async () => {
    const { contents, present } = await readPackage(submitted.bytes);
    const path = `/v1/c/${contents[0]?.digest}`;
    expect((await get(path, null)).status).toBe(401);
    expect((await get(path, world.b)).status).toBe(403);
    expect((await get(path, world.by('first'))).status).toBe(403);
    const own = new Uint8Array(await (await get(path, world.a)).arrayBuffer());
    expect(own).toEqual(present.get('body.p7m'));
    const file = writePackageFile(await readPackage(submitted.bytes), new Map([['body.p7m', own]]));
    expect(file).toEqual(submitted.bytes);
  });
});

describe('after a while', () => {
  test('a registrar who left: whom he bound still gets his cases, over a restart as well', async () => {
    const roster = world.roster.filter(({ name }) => name !== 'registrar');
    const { serial } = readCertificate(world.by('both').certificate);
    const time = `${world.now().slice(0, 19)}Z`;
    const crls = [
      await world.crl(world.staffCa, [{ serial, time, reason: 'affiliationChanged' }], 2),
    ];
    const [, next] = await world.publish({ roster, crls }, [world.bundle, world.bundlePackage]);
    expect((await headsOf(world.by('both'))).length).toBeGreaterThan(2);
    expect(await deliver(url, next.bytes)).toBe('201');
    const before = await headsOf(world.a);
    await close();
    await open();
    expect(await headsOf(world.a)).toEqual(before);
    expect(before).toContain(submitted.id);
    // On the roster still, and revoked: nothing but what is everybody's.
    expect(await headsOf(world.by('both'))).toEqual([world.bundlePackage.id, next.id]);
  });
});

describe('entries and descriptors', () => {
  const descriptors = async (signer: Signer | null) =>
    (
      (await (await get('/v1/descriptors?from=0', signer)).json()) as {
        descriptors: { index: number; descriptor: Descriptor }[];
      }
    ).descriptors;

  test('an entry tells strangers id, time and a salted digest, and is what its descriptor says', async () => {
    const all = await descriptors(world.by('first'));
    const path = `/v1/tile/entries/000.p/${all.length}`;
    const bytes = new Uint8Array(await (await get(path, null)).arrayBuffer());
    const entries = readEntryBundle(bytes).map(readLogEntry);
    expect(entries.map(({ time }) => time)).toEqual(all.map(() => NOW.getTime() / 1000));
    for (const { index, descriptor } of all) {
      const digest = createHash('sha256').update(canonicalJson(descriptor)).digest('hex');
      expect(entries[index]?.descriptor).toBe(digest);
    }
    expect(Buffer.from(bytes).includes('application')).toBe(false);
  });

  test('a party sees its own, numbered without a gap', async () => {
    const own = (await descriptors(world.a)).filter(({ descriptor }) => descriptor.party);
    expect(own.every(({ descriptor }) => descriptor.party === USCC.a)).toBe(true);
    expect(own.map(({ descriptor }) => descriptor.running)).toEqual(own.map((_, i) => i));
    const strangers = await descriptors(null);
    expect(strangers.every(({ descriptor }) => descriptor.type.startsWith('trust/'))).toBe(true);
  });
});
