/**
 * What verifying a head costs beyond its hash and its signature, which nobody can save: one SHA-256
 * of the head and one ECDSA P-256 verification, both through WebCrypto as a page has them. `batch`
 * keeps what heads of one deployment share: the signer's certificate once read, his imported key,
 * and the judgement on his path. Each head's own signature and digests are computed every time.
 * `by itself` builds the path anew; its signatures, once verified, are remembered by content.
 */
import { ecdsaToDer, type Signer } from '../../src/crypto/index.ts';
import {
  packageVerifier,
  readHead,
  verifyPackage,
  writePackage,
} from '../../src/packages/index.ts';
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

/** Microseconds of processor time that one call takes, on all threads: a loaded machine does not count. */
async function time(calls: number, call: (i: number) => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) await call(i);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

const middle = (figures: number[]): number =>
  figures.toSorted((a, b) => a - b)[figures.length >> 1] as number;

/** Octets of public fields: the head comes to 4 kB with them. */
const PUBLIC_FIELDS = 1100;

async function someHeads() {
  const { root, signer } = await signers();
  const heads: Uint8Array[] = [];
  for (let i = 0; i < 50; i++) {
    const record = {
      deployment: 'dd'.repeat(32),
      type: 'application/submit',
      case: `c${i}`,
      prev: ['ab'.repeat(32)],
      at: TERM.notBefore,
      goods: Array.from({ length: PUBLIC_FIELDS / 55 }, (_, n) => ({
        name: `货物 ${n}`,
        code: '8471.30',
        count: i + n,
      })),
    };
    heads.push((await writePackage({ record, signer })).head);
  }
  return { root, heads };
}

export async function run(): Promise<
  { name: string; figure: number; limit: number; unit: string }[]
> {
  const { root, heads } = await someHeads();
  const at = (i: number) => heads[i % heads.length] as Uint8Array;
  const { pair } = await key();
  const message = new Uint8Array(150);
  const raw = await crypto.subtle.sign(ECDSA, pair.privateKey, message);
  const bare = async (i: number) => {
    await crypto.subtle.digest('SHA-256', at(i) as Uint8Array<ArrayBuffer>);
    if (!(await crypto.subtle.verify(ECDSA, pair.publicKey, raw, message))) throw new Error('bare');
  };
  const options = { trust: { anchors: [root] }, time: '2026-06-01T00:00:00Z' };
  const verify = packageVerifier(options);
  const passed = async (report: Promise<{ verdict: string }>) => {
    const { verdict } = await report;
    if (verdict !== 'TOTAL-PASSED') throw new Error(`head: ${verdict}`);
  };
  const WAYS = {
    bare,
    read: (i: number) => readHead(at(i)),
    many: (i: number) => passed(verify(at(i))),
    single: (i: number) => passed(verifyPackage(at(i), options)),
  };
  const taken: Record<keyof typeof WAYS, number[]> = { bare: [], read: [], many: [], single: [] };
  for (let round = 0; round < 9; round++) {
    for (const [name, way] of Object.entries(WAYS) as [
      keyof typeof WAYS,
      (i: number) => Promise<unknown>,
    ][]) {
      taken[name].push(await time(200, way));
    }
  }
  const floor = middle(taken.bare);
  const size = `${(at(0).length / 1024).toFixed(1)} kB`;
  const figure = (way: keyof typeof WAYS, name: string, limit: number) => ({
    name: `head of ${size} ${name} / SHA-256 and ECDSA alone`,
    figure: middle(taken[way]) / floor,
    limit,
    unit: 'ratio',
  });
  return [
    figure('read', 'read', 1.5),
    figure('many', 'verified in a batch', 1.5),
    figure('single', 'verified by itself, path included', 3),
    {
      name: `one head of ${size} verified, processor time`,
      figure: middle(taken.many),
      limit: 1000,
      unit: 'µs',
    },
  ];
}
