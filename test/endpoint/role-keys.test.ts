/** Contents by role: who holds a role gets what its role key opens, and nobody else does. */
import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type EnvelopeRecipient,
  type Signer,
  sha256Hex,
  toBase64,
} from '../../src/crypto/index.ts';
import { writeBundle } from '../../src/desk/bundle-package.ts';
import { type Endpoint, openEndpoint } from '../../src/endpoint/index.ts';
import { generateKey, liveKey } from '../../src/keys/index.ts';
import { readPackage, writePackage } from '../../src/packages/index.ts';
import { type Role, readCertificate, type TrustBundle } from '../../src/pki/index.ts';
import { issueCertificate, randomSerial } from '../../src/pki/issuing/index.ts';
import { signRequest } from '../../src/sync/index.ts';
import { type Deployment, deployment, TERM } from '../pki/bundle-fixture.ts';
import { deliver } from './deliver.ts';

const DAY = 86_400_000;
let now = Date.parse('2026-02-10T00:00:00Z');
let it: Deployment;
let endpoint: Endpoint;
let server: Server;
let directory: string;
let url: string;
let bundle: TrustBundle;
let bundleId: string;
const people: Record<string, Signer> = {};

async function open() {
  endpoint = await openEndpoint({ directory, now: () => new Date(now) });
  server = createServer((request, response) => void endpoint.handle(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

async function close() {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await endpoint.close();
}

async function staff(commonName: string): Promise<Signer> {
  const key = await liveKey(await generateKey('P-256'));
  const certificate = await issueCertificate({
    ...{ kind: 'staff-signing', subject: { organization: '主管机关', commonName } },
    ...{ spki: key.spki, serial: randomSerial(), ...TERM, issuer: it.root, pilot: false },
  });
  return { certificate, chain: [], suite: key.suite, sign: (data) => key.sign(data) };
}

const entry = async (name: string, roles: Role[]) => {
  const { certificate } = people[name] as Signer;
  const id = await sha256Hex(certificate);
  const since = new Date(now).toISOString();
  const of = { id, person: id, name, organization: '主管机关', since };
  return { ...of, roles, signing: toBase64(certificate) };
};

async function publish(roster: TrustBundle['roster']): Promise<string> {
  const issuedAt = new Date(now).toISOString();
  const follows = bundleId ? { seq: bundle.seq + 1, previous: bundleId } : {};
  bundle = { ...bundle, ...follows, issuedAt, roster };
  const written = await writeBundle(bundle, it.root, issuedAt);
  bundleId = written.id;
  return deliver(url, written.bytes);
}

const write = (signer: Signer, type: string, fields: object, recipients: EnvelopeRecipient[]) =>
  writePackage({
    record: {
      ...{ deployment: bundle.deployment, type, prev: [], at: new Date(now).toISOString() },
      ...fields,
    },
    confidential: { secret: true },
    recipients,
    signer,
  });

async function roleKey(by: string, group: string, spki?: Uint8Array) {
  const key = spki ?? (await generateKey('P-256')).spki;
  const signer = people[by] as Signer;
  const fields = { group, key: toBase64(key) };
  const { spki: own } = readCertificate(signer.certificate);
  const made = await write(signer, 'trust/role-key', fields, [{ spki: own }]);
  return { spki: key, answer: await deliver(url, made.bytes) };
}

/** An application's head, enveloped to a role key. @returns the digest of its body */
async function submitted(spki: Uint8Array) {
  const made = await write(it.enterprise, 'seal/letter', { party: '91110000MA000TE137' }, [
    { spki },
  ]);
  const answer = await deliver(url, made.bytes);
  return { answer, body: (await readPackage(made.head)).contents[0]?.digest ?? '' };
}

async function asks(who: string, body: string): Promise<number> {
  const uri = `${url}/v1/c/${body}`;
  const signer = people[who] as Signer;
  const headers = await signRequest({
    ...{ method: 'GET', uri, signer, encryptionCertificate: null, now: new Date(now) },
  });
  return (await fetch(uri, { headers })).status;
}

beforeAll(async () => {
  it = await deployment();
  bundle = it.bundle;
  for (const name of ['first', 'second', 'inspector', 'outside']) people[name] = await staff(name);
  directory = await mkdtemp(join(tmpdir(), 'role-keys-'));
  await open();
  const roster = [await entry('first', ['first-review']), await entry('inspector', ['inspector'])];
  expect(await publish(roster)).toBe('201');
});
afterAll(close);

describe('contents by role', () => {
  let body: string;

  test('who holds the role gets what its key opens; others of the roster do not', async () => {
    const { spki, answer } = await roleKey('first', 'review-and-issuing');
    expect(answer).toBe('201');
    ({ body } = await submitted(spki));
    expect(await asks('first', body)).toBe(200);
    expect(await asks('inspector', body)).toBe(403);
    expect(await asks('outside', body)).toBe(403);
  });

  test('forged reader: the key of another group, published as one of the own', async () => {
    const { spki } = await roleKey('first', 'review-and-issuing');
    const sent = await submitted(spki);
    expect((await roleKey('inspector', 'inspection', spki)).answer).toBe('201');
    expect(await asks('inspector', sent.body)).toBe(403);
  });

  test('forged reader: a role key by somebody outside the group opens nothing', async () => {
    const { spki } = await roleKey('inspector', 'review-and-issuing');
    const sent = await submitted(spki);
    expect(await asks('first', sent.body)).toBe(403);
  });

  test('who joins later gets what was sent before; who left gets nothing more', async () => {
    now += DAY;
    const roster = [
      await entry('second', ['second-review']),
      await entry('inspector', ['inspector']),
    ];
    expect(await publish(roster)).toBe('201');
    expect(await asks('second', body)).toBe(200);
    expect(await asks('first', body)).toBe(403);
  });

  test('after a restart the keys of who has left count as they did', async () => {
    await close();
    await open();
    expect(await asks('second', body)).toBe(200);
    expect(await asks('inspector', body)).toBe(403);
  });
});

describe('role-key-ended', () => {
  test('a head enveloped to a key that was replaced more than seven days ago is refused', async () => {
    const old = await roleKey('second', 'review-and-issuing');
    expect((await submitted(old.spki)).answer).toBe('201');
    now += DAY;
    const next = await roleKey('second', 'review-and-issuing');
    now += 6.9 * DAY;
    expect((await submitted(old.spki)).answer).toBe('201');
    now += 0.2 * DAY;
    expect((await submitted(old.spki)).answer).toBe('409 role-key-ended');
    expect((await submitted(next.spki)).answer).toBe('201');
  });
});
