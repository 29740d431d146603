/** The chain of a time-stamp authority that expires before the signature (EN 319 142-1, 5.4 and 5.5). */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  createTimeStampResponse,
  createTimeStampToken,
  readTimeStampRequest,
} from '../../src/cms/index.ts';
import { equal, toHex } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { PdfDocument } from '../../src/pdf/read/document.ts';
import type { PdfStream } from '../../src/pdf/read/objects.ts';
import { renewTimeStamp, signAtLevel } from '../../src/pdf/sign/index.ts';
import { chainEvidence, readCertificate } from '../../src/pki/index.ts';
import { createCrl } from '../../src/pki/issuing/index.ts';
import { type Identity, identity } from '../cms/peers.ts';
import { basePdf } from './fixtures/base.ts';
import { count, has, Peers } from './fixtures/peers.ts';

const DAY = 86_400_000;
const after = (days: number) => new Date(Date.now() + days * DAY).toISOString();
const seconds = (days: number) => `${after(days).slice(0, 19)}Z`;
const ca = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign';
const stamps = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping';

const root = identity('evidence-root', 'P-256');
const signer = identity('evidence-signer', 'P-256', root);
const tsaRoot = identity('evidence-tsa-root', 'P-256');
const tsaCa = identity('evidence-tsa-ca', 'P-256', tsaRoot, ca);
const short = identity('evidence-short', 'P-256', tsaCa, stamps, 30);
const longer = identity('evidence-longer', 'P-256', tsaCa, stamps, 90);
const other = identity('evidence-other', 'P-256');

const list = (issuer: Identity, day = 0, revoked: readonly Identity[] = []) =>
  createCrl({
    issuer: issuer.signer,
    number: day + 1,
    revoked: revoked.map(({ certificate }) => ({
      serial: readCertificate(certificate).serial as Uint8Array<ArrayBuffer>,
      time: seconds(day - 1),
      reason: 'keyCompromise' as const,
    })),
    thisUpdate: seconds(day - 0.001),
    nextUpdate: seconds(day + 7),
  });

let serial = 1;
/** Tokens of these authorities, one after another; each brings its own certificate and no other. */
function source(day: number, ...authorities: Identity[]) {
  return async (request: Uint8Array) => {
    const { imprint, nonce } = readTimeStampRequest(request);
    const { signer } = (authorities.length > 1 ? authorities.shift() : authorities[0]) as Identity;
    const options = { imprint, nonce, time: after(day), serial: serial++, policy: '1.2.3' };
    return createTimeStampResponse(await createTimeStampToken({ signer, ...options }));
  };
}

const certs = [root, tsaRoot, tsaCa, other].map(({ certificate }) => certificate);
/** As a verifier has it who knows the roots and nothing else. */
const trust = { anchors: [root.certificate, tsaRoot.certificate] };
const errors = (report: Awaited<ReturnType<typeof verifyPdf>>) =>
  report.findings.filter(({ severity }) => severity === 'error');

let base: Uint8Array;
let crls: Uint8Array[];
beforeAll(async () => {
  base = await basePdf();
  crls = [await list(root), await list(tsaCa), await list(tsaRoot), await list(other)];
});

const sign = (level: 'T' | 'LT' | 'LTA', authorities: Identity[], lists = crls) =>
  signAtLevel({
    pdf: base,
    signer: { ...signer.signer, chain: [root.certificate] },
    field: 'Signer',
    appearance: { kind: 'none' },
    reason: '提交',
    time: after(0),
    level,
    timeStamp: source(0, ...authorities),
    evidence: (about) => chainEvidence(about, { certs, crls: lists, ocsps: [] }),
  });

async function store(pdf: Uint8Array) {
  const document = await PdfDocument.open(pdf);
  const last = document.revisions[document.revisions.length - 1];
  if (!last) throw new Error('no revision');
  const dss = last.dict(last.catalog.raw('DSS'));
  const bytes = (items: ReturnType<typeof last.array>) =>
    (items ?? []).map((item) => last.data(last.resolve(item) as PdfStream));
  const vri = last.dict(dss?.raw('VRI'));
  return {
    certs: bytes(last.array(dss?.raw('Certs'))),
    crls: bytes(last.array(dss?.raw('CRLs'))),
    vri: [...(vri?.entries.values() ?? [])].map((entry) => ({
      certs: bytes(last.array(last.dict(entry)?.raw('Cert'))),
      crls: bytes(last.array(last.dict(entry)?.raw('CRL'))),
    })),
  };
}
const holds = (all: readonly Uint8Array[], one: Uint8Array | undefined) =>
  all.some((each) => one && equal(each, one));

describe('evidence of the time-stamp authority', () => {
  test('its issuers and their lists stand in the DSS and in the VRI, and nobody else', async () => {
    const { pdf, level, shortfall } = await sign('LT', [short]);
    expect({ level, shortfall }).toEqual({ level: 'LT', shortfall: null });
    const dss = await store(pdf);
    expect(dss.vri).toHaveLength(1);
    for (const { certs, crls: lists } of [dss, ...dss.vri]) {
      for (const { certificate } of [signer, root, short, tsaCa, tsaRoot]) {
        expect(holds(certs, certificate)).toBe(true);
      }
      expect(holds(certs, other.certificate)).toBe(false);
      expect(lists.map((der) => toHex(der)).sort()).toEqual(
        crls
          .slice(0, 3)
          .map((der) => toHex(der))
          .sort(),
      );
    }
    const report = await verifyPdf(pdf, { time: after(1), trust });
    expect(errors(report)).toEqual([]);
    expect(report.signatures[0]).toMatchObject({ timeProven: true, level: 'B-LT' });
    if (has('qpdf')) expect(new Peers(root.certificate).qpdf(pdf)).toContain('No syntax');
  });

  test('an archive stamp by a longer certificate proves the time after it has expired', async () => {
    const { pdf, level } = await sign('LTA', [short, longer]);
    expect(level).toBe('LTA');
    const report = await verifyPdf(pdf, { time: after(60), trust });
    expect(errors(report)).toEqual([]);
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    expect(report.signatures[0]).toMatchObject({ timeProven: true, level: 'B-LTA' });
    expect(report.signatures[0]?.timeStamps).toMatchObject([{ trusted: true }]);
    if (has('pdfsig')) {
      const words = new Peers(root.certificate).pdfsig(pdf);
      expect(count(words, 'Signature is Valid')).toBe(1);
    }
    const without = await verifyPdf((await sign('LT', [short])).pdf, { time: after(60), trust });
    expect(without.signatures[0]?.timeStamps).toMatchObject([{ trusted: false }]);
    expect(without.signatures[0]?.timeProven).toBe(false);
  });

  test('an authority that its own list calls compromised proves nothing', async () => {
    const lists = [await list(root), await list(tsaCa, 2, [short])];
    const { pdf } = await sign('LT', [short], lists);
    const report = await verifyPdf(pdf, { time: after(3), trust });
    expect(report.integrity).toBe('intact');
    expect(report.signatures[0]).toMatchObject({ timeProven: false });
  });
});

describe('renewal of the archive stamp', () => {
  const renew = async (pdf: Uint8Array, day: number, authority: Identity) => {
    const lists = [await list(root, day), await list(tsaCa, day), await list(tsaRoot, day)];
    return renewTimeStamp({
      pdf,
      timeStamp: source(day, authority),
      evidence: (about) => chainEvidence(about, { certs, crls: lists, ocsps: [] }),
    });
  };

  test('proves the time after the certificate of the first archive stamp has expired', async () => {
    const { pdf } = await sign('LTA', [short]);
    const expired = await verifyPdf(pdf, { time: after(60), trust });
    expect(expired.signatures.map(({ timeProven }) => timeProven)).toEqual([false, false]);

    const renewed = await renew(pdf, 20, longer);
    expect(renewed.subarray(0, pdf.length)).toEqual(pdf);
    const report = await verifyPdf(renewed, { time: after(60), trust });
    expect(errors(report)).toEqual([]);
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    expect(report.signatures.map(({ kind }) => kind)).toEqual([
      'approval',
      'timestamp',
      'timestamp',
    ]);
    expect(report.signatures.every(({ timeProven }) => timeProven)).toBe(true);
    expect(Date.parse(report.signatures[0]?.time as string)).toBeLessThan(Date.parse(after(1)));
    if (has('qpdf')) expect(new Peers(root.certificate).qpdf(renewed)).toContain('No syntax');

    const again = await renew(renewed, 80, longer);
    expect((await verifyPdf(again, { time: after(85), trust })).verdict).toBe('TOTAL-PASSED');
  });

  test('one that comes too late proves nothing of what had expired', async () => {
    const { pdf } = await sign('LTA', [short]);
    const late = await verifyPdf(await renew(pdf, 40, longer), { time: after(60), trust });
    expect(late.integrity).toBe('intact');
    expect(late.signatures.map(({ timeProven }) => timeProven)).toEqual([true, false, true]);
    expect(late.signatures[0]?.timeStamps).toMatchObject([{ trusted: false }]);
  });

  test('covers the evidence about what it keeps', async () => {
    const { pdf } = await sign('T', [short]);
    const renewed = await renew(pdf, 20, longer);
    const end = (await verifyPdf(renewed, { time: after(21), trust })).signatures[1]?.revision;
    const covered = await store(renewed.subarray(0, end));
    for (const { certificate } of [root, short, tsaCa, tsaRoot]) {
      expect(holds(covered.certs, certificate)).toBe(true);
    }
    expect(covered.crls).toHaveLength(3);
    expect(holds(covered.certs, longer.certificate)).toBe(false);
    expect(holds((await store(renewed)).certs, longer.certificate)).toBe(true);
  });

  test('what nobody signed is not kept', async () => {
    await expect(renew(base, 1, longer)).rejects.toMatchObject({ code: 'renew-unsigned' });
  });
});
