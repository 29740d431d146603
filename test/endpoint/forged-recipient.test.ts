/** Who reads an enveloped package: both certificates verify, and are one holder's. */
import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Signer } from '../../src/crypto/index.ts';
import { writeBundle } from '../../src/desk/bundle-package.ts';
import { type Endpoint, openEndpoint } from '../../src/endpoint/index.ts';
import { generateKey, liveKey } from '../../src/keys/index.ts';
import { readPackage, writePackage } from '../../src/packages/index.ts';
import { judgeHolder, normaliseTrust, readCertificate } from '../../src/pki/index.ts';
import {
  type CertificateKind,
  createRootCertificate,
  issueCertificate,
  randomSerial,
} from '../../src/pki/issuing/index.ts';
import { signRequest } from '../../src/sync/index.ts';
import { type Deployment, deployment, TERM } from '../pki/bundle-fixture.ts';
import { deliver } from './deliver.ts';

const NOW = new Date('2026-02-10T00:00:00Z');
const VICTIM = { organization: '受害企业', commonName: '受害企业' };
const ATTACKER = { organization: '攻击企业', commonName: '攻击企业' };

let it: Deployment;
let endpoint: Endpoint;
let server: Server;
let url: string;
let id: string;
let victim: { signer: Signer; encryption: Uint8Array };
let attacker: { signer: Signer; encryption: Uint8Array };

async function certified(
  kind: CertificateKind,
  subject: typeof VICTIM,
  issuer: Signer,
  serial = randomSerial(),
): Promise<Signer> {
  const key = await liveKey(await generateKey('P-256'));
  const certificate = await issueCertificate({
    ...{ kind, subject, spki: key.spki, serial, ...TERM, issuer, pilot: false },
  });
  return { certificate, chain: [], suite: key.suite, sign: (data) => key.sign(data) };
}

const person = async (subject: typeof VICTIM) => ({
  signer: await certified('enterprise-signing', subject, it.root),
  encryption: (await certified('enterprise-encryption', subject, it.root)).certificate,
});

/** A certificate authority that calls itself as the real one does. */
async function namesake(): Promise<Signer> {
  const key = await liveKey(await generateKey('P-256'));
  const subject = { organization: '主管机关', commonName: '根' };
  const certificate = await createRootCertificate({
    ...{ subject, key, pilot: false, serial: randomSerial(), ...TERM },
  });
  return { certificate, chain: [], suite: key.suite, sign: (data) => key.sign(data) };
}

beforeAll(async () => {
  it = await deployment();
  [victim, attacker] = await Promise.all([person(VICTIM), person(ATTACKER)]);
  const directory = await mkdtemp(join(tmpdir(), 'recipient-'));
  endpoint = await openEndpoint({ directory, now: () => NOW });
  server = createServer((request, response) => void endpoint.handle(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const bundle = await writeBundle(it.bundle, it.root, NOW.toISOString());
  const made = await writePackage({
    record: {
      deployment: it.bundle.deployment,
      type: 'seal/letter',
      case: 'a',
      prev: [],
      at: NOW.toISOString(),
    },
    confidential: { secret: true },
    recipients: [victim.encryption],
    signer: it.issuer,
  });
  id = (await readPackage(made.head)).contents[0]?.digest ?? '';
  for (const each of [bundle, made]) expect(await deliver(url, each.bytes)).toBe('201');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await endpoint.close();
});

async function asks(signer: Signer, encryptionCertificate: Uint8Array | null): Promise<number> {
  const uri = `${url}/v1/c/${id}`;
  const headers = await signRequest({
    ...{ method: 'GET', uri, signer, encryptionCertificate, now: NOW },
  });
  return (await fetch(uri, { headers })).status;
}

const victimsSerial = () => readCertificate(victim.encryption).serial;

describe('a package enveloped to somebody', () => {
  test('is read by its recipient and its author', async () => {
    expect(await asks(victim.signer, victim.encryption)).toBe(200);
    expect(await asks(it.issuer, null)).toBe(200);
    expect(await asks(attacker.signer, attacker.encryption)).toBe(403);
  });

  test('own subject, the issuer’s name, the victim’s serial, signed by nobody who may', async () => {
    const forged = await certified(
      'enterprise-encryption',
      ATTACKER,
      await namesake(),
      victimsSerial(),
    );
    const [f, v] = [forged.certificate, victim.encryption].map(readCertificate);
    expect([f?.issuer.raw, f?.serial]).toEqual([v?.issuer.raw, v?.serial]);
    expect(await asks(attacker.signer, forged.certificate)).toBe(403);
  });

  test('both certificates forged under the issuer’s name', async () => {
    const ca = await namesake();
    const signer = await certified('enterprise-signing', VICTIM, ca);
    expect(await asks(signer, victim.encryption)).toBe(403);
    const forged = await certified('enterprise-encryption', VICTIM, ca, victimsSerial());
    expect(await asks(signer, forged.certificate)).toBe(403);
  });

  test('the victim’s own certificate beside another’s signature', async () => {
    expect(await asks(attacker.signer, victim.encryption)).toBe(403);
  });

  test('a signing certificate as encryption certificate', async () => {
    const forged = await certified('enterprise-signing', ATTACKER, it.root, victimsSerial());
    expect(await asks(attacker.signer, forged.certificate)).toBe(403);
  });
});

describe('one holder', () => {
  const judged = (signing: Uint8Array, encryption: Uint8Array, bundle = it.bundle) =>
    judgeHolder({
      signing,
      encryption,
      ...{ time: NOW.toISOString(), trust: normaliseTrust(bundle), purpose: 'any' },
    });

  test('two anchors of one name: what the other key certified is another issuer’s', async () => {
    const other = await namesake();
    const anchor = { certificate: Buffer.from(other.certificate).toString('base64') };
    const anchors = [...it.bundle.anchors, { ...anchor, certifies: ['enterprise' as const] }];
    const forged = await certified('enterprise-encryption', ATTACKER, other, victimsSerial());
    const { certificate } = attacker.signer;
    expect(await judged(certificate, forged.certificate)).not.toBe('ok');
    expect(await judged(certificate, forged.certificate, { ...it.bundle, anchors })).toBe(
      'other-issuer',
    );
    expect(await judged(certificate, attacker.encryption)).toBe('ok');
    expect(await judged(certificate, victim.encryption)).toBe('other-subject');
    expect(await judged(certificate, certificate)).toBe('key-usage');
  });
});
