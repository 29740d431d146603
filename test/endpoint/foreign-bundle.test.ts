/** Trust bundles that do not continue the trust in force are neither adopted nor stored. */
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Signer, sha256Hex, toBase64 } from '../../src/crypto/index.ts';
import { writeBundle } from '../../src/desk/bundle-package.ts';
import { openEndpoint } from '../../src/endpoint/index.ts';
import { Objects } from '../../src/endpoint/objects.ts';
import { readPackage } from '../../src/packages/index.ts';
import { readCertificate, type TrustBundle } from '../../src/pki/index.ts';
import { type Deployment, deployment } from '../pki/bundle-fixture.ts';
import { deliver } from './deliver.ts';

const NOW = new Date('2026-02-10T00:00:00Z');
type Made = Awaited<ReturnType<typeof writeBundle>>;

let ours: Deployment;
let theirs: Deployment;
let chain: Made[];
const open: (() => Promise<void>)[] = [];

const follow = async (
  bundle: TrustBundle,
  previous: Made,
  signer: Signer,
  change: Partial<TrustBundle> = {},
): Promise<Made> =>
  writeBundle(
    {
      ...bundle,
      seq: bundle.seq + 1,
      previous: previous.id,
      root: toBase64(signer.certificate),
      ...change,
    },
    signer,
    '2026-02-02T00:00:00Z',
  );

async function serve(directory?: string, options: { deployment?: string } = {}) {
  const warnings: string[] = [];
  const endpoint = await openEndpoint({
    directory: directory ?? (await mkdtemp(join(tmpdir(), 'bundles-'))),
    now: () => NOW,
    warn: (line) => warnings.push(line),
    ...options,
  });
  const server = createServer((request, response) => void endpoint.handle(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await endpoint.close();
  };
  open.push(close);
  const put = ({ bytes }: Made, headers: Record<string, string> = {}) =>
    deliver(url, bytes, headers);
  const has = async ({ id }: Made) => (await fetch(`${url}/v1/h/${id}`)).status === 200;
  return { put, has, close, warnings };
}

beforeAll(async () => {
  [ours, theirs] = await Promise.all([deployment(), deployment()]);
  const first = await writeBundle(ours.bundle, ours.root, NOW.toISOString());
  chain = [first];
  for (let seq = 1; seq < 4; seq++) {
    chain.push(await follow({ ...ours.bundle, seq }, chain.at(-1) as Made, ours.root));
  }
});
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const at = (seq: number) => chain[seq - 1] as Made;

describe('a self-made bundle with the hash of the deployment and a high number', () => {
  const forged = (seq: number) =>
    follow({ ...ours.bundle, seq: seq - 1 }, at(1), theirs.root, {
      anchors: theirs.bundle.anchors,
      roster: theirs.bundle.roster,
    });

  test('is refused and not stored, and nobody is locked out', async () => {
    const it = await serve();
    expect(await it.put(at(1))).toBe('201');
    for (const seq of [2, 99]) {
      const bundle = await forged(seq);
      expect(await it.put(bundle)).toBe('403 bundle-wrong-root');
      expect(await it.has(bundle)).toBe(false);
    }
    expect(await it.put(at(2))).toBe('201');
  });

  test('naming our root without its signature is refused', async () => {
    const it = await serve();
    await it.put(at(1));
    const root = toBase64(ours.root.certificate);
    const bundle = await follow(ours.bundle, at(1), theirs.root, { root });
    expect(await it.put(bundle)).toBe('403 bundle-wrong-root');
  });

  test('in a store where it was let in once it is not adopted at the next start', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'bundles-'));
    const bundle = await forged(99);
    const objects = await Objects.open(join(directory, 'segments'));
    const kind = { kind: 'head', digest: 'SHA-256', type: 'trust/bundle' } as const;
    const none = { case: null, number: null, party: null, prev: [], to: [], contents: [] };
    for (const { bytes } of [at(1), bundle]) {
      const { id, bytes: head, record, present, contents } = await readPackage(bytes);
      await objects.put(id, head, { ...kind, ...none, signer: record.by });
      for (const { name, digest } of contents) {
        const content = { kind: 'content', type: 'content', digest: 'SHA-256' } as const;
        const bytes = present.get(name) as Uint8Array;
        await objects.put(digest, bytes, { ...content, of: id, enveloped: false });
      }
    }
    await objects.close();
    const it = await serve(directory);
    expect(it.warnings.join()).toContain(bundle.id);
    expect(await it.put(at(2))).toBe('201');
  });
});

describe('the chain', () => {
  test('out of order: a gap is refused with its code until what is before has come', async () => {
    const it = await serve();
    await it.put(at(1));
    expect(await it.put(at(3))).toBe('409 bundle-gap');
    expect(await it.has(at(3))).toBe(false);
    expect([await it.put(at(2)), await it.put(at(3))]).toEqual(['201', '201']);
  });

  test('backwards: a predecessor that its successor names by hash is taken', async () => {
    const it = await serve();
    expect([await it.put(at(3)), await it.put(at(1))]).toEqual(['201', '409 bundle-rollback']);
    expect([await it.put(at(2)), await it.put(at(1)), await it.put(at(4))]).toEqual(
      Array(3).fill('201'),
    );
  });

  test('another bundle of the same number is a fork', async () => {
    const it = await serve();
    await it.put(at(1));
    await it.put(at(2));
    const other = await follow(ours.bundle, at(1), ours.root, { issuedAt: '2026-02-03T00:00:00Z' });
    expect(await it.put(other)).toBe('409 bundle-fork');
  });

  test('only the announced successor takes over from the root', async () => {
    const it = await serve();
    const nextRoot = await sha256Hex(readCertificate(theirs.root.certificate).spki);
    await it.put(at(1));
    const taken = { anchors: theirs.bundle.anchors, roster: [] };
    const early = await follow(ours.bundle, at(1), theirs.root, taken);
    expect(await it.put(early)).toBe('403 bundle-wrong-root');
    const announcing = await follow(ours.bundle, at(1), ours.root, { nextRoot });
    expect(await it.put(announcing)).toBe('201');
    const bundle = { ...ours.bundle, seq: 2 };
    expect(await it.put(await follow(bundle, announcing, theirs.root, taken))).toBe('201');
    const back = await follow({ ...bundle, seq: 3 }, at(1), ours.root);
    expect(await it.put(back)).toBe('403 bundle-wrong-root');
  });

  test('two at once: one of a fork gets in', async () => {
    const it = await serve();
    await it.put(at(1));
    const other = await follow(ours.bundle, at(1), ours.root, { issuedAt: '2026-02-03T00:00:00Z' });
    const answers = await Promise.all([it.put(at(2)), it.put(other)]);
    expect(answers.sort()).toEqual(['201', '409 bundle-fork']);
  });

  test('acknowledged and never logged: adopted at the next start', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'bundles-'));
    const before = await serve(directory);
    expect([await before.put(at(1)), await before.put(at(2))]).toEqual(['201', '201']);
    await before.close();
    const after = await serve(directory);
    expect(await after.put(at(4))).toBe('409 bundle-gap');
    expect(await after.put(at(3))).toBe('201');
  });
});

describe('whose endpoint it is', () => {
  const fingerprint = () => sha256Hex(ours.root.certificate);

  test('DEPLOYMENT: no other deployment gets in first', async () => {
    const it = await serve(undefined, { deployment: await fingerprint() });
    const foreign = await writeBundle(theirs.bundle, theirs.root, NOW.toISOString());
    expect(await it.put(foreign)).toBe('403 bundle-not-ours');
    expect(await it.put(at(1), { 'X-Forwarded-For': '192.0.2.1' })).toBe('201');
  });

  test('DEPLOYMENT: a store of another deployment is not served', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'bundles-'));
    const it = await serve(directory);
    await it.put(at(1));
    await it.close();
    const other = await sha256Hex(theirs.root.certificate);
    await expect(serve(directory, { deployment: other })).rejects.toThrow('another deployment');
    expect((await serve(directory, { deployment: await fingerprint() })).warnings).toEqual([]);
  });

  test('without it: the first bundle from loopback settles it, none that a proxy passed on', async () => {
    const it = await serve();
    const foreign = await writeBundle(theirs.bundle, theirs.root, NOW.toISOString());
    const proxied = { 'X-Forwarded-Proto': 'https' };
    expect(await it.put(foreign, proxied)).toBe('403 bundle-unsettled');
    expect(await it.put(at(1))).toBe('201');
    expect(await it.put(at(2), proxied)).toBe('201');
    expect(await it.put(foreign)).toBe('403 bundle-other-deployment');
  });
});
