/** PAdES B, T, LT and LTA (EN 319 142-1, 6), one to five signatures, before every judge at hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestTimeStamp } from '../../src/cms/index.ts';
import { digest, toHex } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { PdfDocument } from '../../src/pdf/read/document.ts';
import { type Level, type LevelOptions, signAtLevel, signPdf } from '../../src/pdf/sign/index.ts';
import { createCrl } from '../../src/pki/issuing/index.ts';
import { identity } from '../cms/peers.ts';
import { basePdf } from './fixtures/base.ts';
import { type OpensslTsa, opensslTsa } from './fixtures/openssl-tsa.ts';
import { count, has, Peers, signaturesOf } from './fixtures/peers.ts';

const root = identity('levels-root', 'P-256');
const usage = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping';
const tsa = identity('levels-tsa', 'P-256', root, usage);
const signers = ['one', 'two', 'three', 'four', 'five'].map((name) =>
  identity(`levels-${name}`, 'P-256', root),
);
const peers = new Peers(root.certificate);
const now = () => new Date().toISOString();

let authority: OpensslTsa;
let crl: Uint8Array;
let base: Uint8Array;
beforeAll(async () => {
  authority = await opensslTsa(tsa, root);
  base = await basePdf();
  crl = await createCrl({
    issuer: root.signer,
    number: 1,
    revoked: [],
    thisUpdate: new Date(Date.now() - 60_000).toISOString(),
    nextUpdate: new Date(Date.now() + 86_400_000).toISOString(),
  });
});
afterAll(() => authority.close());

const source = () => requestTimeStamp({ address: authority.address, fetch });

function at(level: Level, pdf: Uint8Array, n: number, over: Partial<LevelOptions> = {}) {
  return signAtLevel({
    pdf,
    signer: { ...(signers[n - 1] as (typeof signers)[number]).signer, chain: [root.certificate] },
    field: `Signer${n}`,
    appearance: { kind: 'none' },
    reason: '提交',
    time: now(),
    level,
    timeStamp: source(),
    evidence: () => ({ certs: [root.certificate], crls: [crl], ocsps: [] }),
    ...over,
  });
}

const trust = { anchors: [root.certificate] };

describe.each(['B', 'T', 'LT', 'LTA'] as const)('PAdES B-%s', (level) => {
  test('one to five signatures: our verifier, pdfsig, qpdf and openssl', async () => {
    let pdf = base;
    for (let n = 1; n <= 5; n++) {
      const made = await at(level, pdf, n);
      expect(made).toMatchObject({ level, shortfall: null });
      expect(made.pdf.subarray(0, pdf.length)).toEqual(pdf);
      pdf = made.pdf;

      const report = await verifyPdf(pdf, { time: now(), trust });
      const errors = report.findings.filter((finding) => finding.severity !== 'info');
      expect(errors).toEqual([]);
      expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
      const signatures = report.signatures.filter((one) => one.kind !== 'timestamp');
      expect(signatures.map((one) => one.level)).toEqual(Array(n).fill(`B-${level}`));
      expect(signatures.map((one) => one.timeProven)).toEqual(Array(n).fill(level !== 'B'));
      expect(report.signatures.length).toBe(level === 'LTA' ? 2 * n : n);

      for (const one of signaturesOf(pdf)) expect(peers.openssl(one)).toBe(true);
      if (has('qpdf')) expect(peers.qpdf(pdf)).toContain('No syntax or stream encoding errors');
      if (has('pdfsig')) {
        const words = peers.pdfsig(pdf);
        expect(count(words, 'Signature is Valid')).toBe(n);
        expect(count(words, 'Certificate is Trusted')).toBe(n);
      }
    }
  }, 60_000);
});

test('VRI names each signature by the SHA-1 of its Contents (ISO 32000-2, 12.8.4.4)', async () => {
  const { pdf } = await at('LTA', (await at('LT', base, 1)).pdf, 2);
  const document = await PdfDocument.open(pdf);
  const last = document.revisions[document.revisions.length - 1];
  const dss = last?.dict(last.catalog.raw('DSS'));
  const vri = last?.dict(dss?.raw('VRI'));
  const expected: string[] = [];
  for (const { contents } of signaturesOf(pdf)) {
    expected.push(toHex(await digest('SHA-1', contents)).toUpperCase());
  }
  expect([...(vri?.entries.keys() ?? [])]).toEqual(expected);
  for (const name of expected) {
    const entry = last?.dict(vri?.raw(name));
    expect(entry?.has('Cert') && entry.has('CRL')).toBe(true);
  }
  expect(last?.array(dss?.raw('CRLs'))).toHaveLength(1);
});

describe('what an authority does not give', () => {
  const broken = (fetcher: typeof fetch) =>
    requestTimeStamp({ address: 'https://tsa.invalid/', fetch: fetcher, patience: 200 });
  const answer = (body: BodyInit, type = 'application/timestamp-reply', status = 200) =>
    broken(async () => new Response(body, { status, headers: { 'content-type': type } }));
  const silent = broken(
    (_, init) =>
      new Promise((_resolve, fail) => {
        init?.signal?.addEventListener('abort', () => fail(init.signal?.reason));
      }),
  );

  test.each([
    ['tsp-unreachable', broken(() => Promise.reject(new TypeError('no network')))],
    ['tsp-unreachable', silent],
    ['tsp-busy', answer('busy', 'text/plain', 503)],
    ['tsp-none', answer('', 'text/plain', 404)],
    ['tsp-answer', answer('', 'text/plain', 500)],
    ['tsp-answer', answer('<html>', 'text/html')],
    ['tsp-rejected', answer(new Uint8Array([0x30, 5, 0x30, 3, 2, 1, 2]))],
  ])('%s: signed all the same, at level B, and said so', async (code, timeStamp) => {
    const made = await at('LTA', base, 1, { timeStamp });
    expect(made).toMatchObject({ level: 'B', shortfall: { code } });
    const report = await verifyPdf(made.pdf, { time: now(), trust });
    expect(report.verdict).toBe('TOTAL-PASSED');
    expect(report.signatures[0]?.level).toBe('B-B');
  });

  test('an answer to an earlier request is not taken', async () => {
    let kept: Uint8Array | null = null;
    const replayed = async (request: Uint8Array<ArrayBuffer>) => {
      kept ??= await source()(request);
      return kept;
    };
    const first = await at('T', base, 1, { timeStamp: replayed });
    expect(first.level).toBe('T');
    const second = await at('T', first.pdf, 2, { timeStamp: replayed });
    expect(second).toMatchObject({ level: 'B', shortfall: { code: 'tst-imprint' } });
  });

  test('without an authority, and without revocation data', async () => {
    const none = await at('LT', base, 1, { timeStamp: undefined as never });
    expect(none).toMatchObject({ level: 'B', shortfall: { code: 'tsp-none' } });
    const bare = await at('LT', base, 1, { evidence: () => ({ certs: [], crls: [], ocsps: [] }) });
    expect(bare).toMatchObject({ level: 'T', shortfall: { code: 'evidence-none' } });
  });

  test('signPdf itself refuses where a stamp was asked for and none came', async () => {
    const signer = signers[0]?.signer as LevelOptions['signer'];
    const options = { pdf: base, signer, field: 'A', appearance: { kind: 'none' } as const };
    const timeStamp = answer('', 'text/plain', 500);
    await expect(signPdf({ ...options, reason: '', time: now(), timeStamp })).rejects.toMatchObject(
      { code: 'tsp-answer' },
    );
  });

  test('a token larger than the room left for it', async () => {
    const fat = identity('levels-fat', 'P-256', root, `nsComment=${'x'.repeat(9000)}`);
    const { createTimeStampResponse, createTimeStampToken, readTimeStampRequest } = await import(
      '../../src/cms/index.ts'
    );
    const timeStamp = async (request: Uint8Array) => {
      const { imprint, nonce } = readTimeStampRequest(request);
      const signer = { ...tsa.signer, chain: [root.certificate, fat.certificate] };
      const options = { imprint, nonce, time: now(), serial: 1, policy: '1.2.3' };
      return createTimeStampResponse(await createTimeStampToken({ signer, ...options }));
    };
    const { pdf, level } = await at('LTA', base, 1, { timeStamp });
    expect(level).toBe('LTA');
    const report = await verifyPdf(pdf, { time: now(), trust });
    expect(report.findings.filter((finding) => finding.severity === 'error')).toEqual([]);
    expect(report.verdict).toBe('TOTAL-PASSED');
  });
});
