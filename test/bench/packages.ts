/** What verifying a package costs beyond its hash and its signature, which nobody can save. */
import { ecdsaToDer, type Signer, sha256 } from '../../src/crypto/index.ts';
import { packageVerifier, verifyPackage, writePackage } from '../../src/packages/index.ts';
import {
  createRootCertificate,
  issueCertificate,
  randomSerial,
} from '../../src/pki/issuing/index.ts';

const TERM = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function key() {
  const pair = await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  const sign = async (data: Uint8Array) =>
    ecdsaToDer(
      new Uint8Array(await crypto.subtle.sign(ECDSA, pair.privateKey, Uint8Array.from(data))),
    );
  return { pair, suite: 'P-256' as const, spki, sign };
}

async function signers(): Promise<{ root: Uint8Array; signer: Signer }> {
  const [rootKey, staffKey] = [await key(), await key()];
  const subject = { organization: '测试', commonName: '测试' };
  const root = await createRootCertificate({
    ...TERM,
    subject,
    key: rootKey,
    serial: randomSerial(),
  });
  const issuer: Signer = { ...rootKey, certificate: root, chain: [] };
  const certificate = await issueCertificate({
    ...TERM,
    kind: 'staff-signing',
    subject: { ...subject, commonName: '初审' },
    spki: staffKey.spki,
    serial: randomSerial(),
    issuer,
  });
  return { root, signer: { ...staffKey, certificate, chain: [] } };
}

/** Microseconds that one call takes, one after the other: the best of several rounds. */
async function time(rounds: number, calls: number, call: (i: number) => Promise<unknown>) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) await call(i);
    best = Math.min(best, ((performance.now() - start) * 1000) / calls);
  }
  return best;
}

export async function run(): Promise<
  { name: string; figure: number; limit: number; unit: string }[]
> {
  const { root, signer } = await signers();
  const packages: Uint8Array[] = [];
  for (let i = 0; i < 50; i++) {
    const file = {
      name: 'payload.bin',
      bytes: new Uint8Array(18_000).fill(i),
      confidential: false,
    };
    const record = {
      deployment: 'dd'.repeat(32),
      type: 'application/submit',
      case: `c${i}`,
      prev: [],
      at: TERM.notBefore,
    };
    packages.push((await writePackage({ record, files: [file], signer })).bytes);
  }
  const at = (i: number) => packages[i % packages.length] as Uint8Array;
  const { pair } = await key();
  const message = new Uint8Array(150);
  const raw = await crypto.subtle.sign(ECDSA, pair.privateKey, message);
  const bare = async (i: number) => {
    await sha256(at(i));
    if (!(await crypto.subtle.verify(ECDSA, pair.publicKey, raw, message))) throw new Error('bare');
  };
  const trust = { anchors: [root] };
  const options = { trust, time: '2026-06-01T00:00:00Z' };
  const verify = packageVerifier(options);
  const passed = async (report: Promise<{ verdict: string }>) => {
    const { verdict } = await report;
    if (verdict !== 'TOTAL-PASSED') throw new Error(`package: ${verdict}`);
  };
  const rounds = 7;
  const floor = await time(rounds, 200, bare);
  const many = await time(rounds, 200, (i) => passed(verify(at(i))));
  const single = await time(rounds, 200, (i) => passed(verifyPackage(at(i), options)));
  return [
    {
      name: 'package of 20 kB verified in a batch / SHA-256 and ECDSA alone',
      figure: many / floor,
      limit: 3,
      unit: 'ratio',
    },
    {
      name: 'package of 20 kB verified by itself, path included / SHA-256 and ECDSA alone',
      figure: single / floor,
      limit: 5,
      unit: 'ratio',
    },
    {
      name: 'one package of 20 kB verified, one after the other',
      figure: many,
      limit: 1000,
      unit: 'µs',
    },
  ];
}
