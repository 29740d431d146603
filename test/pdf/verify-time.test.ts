/** Time stamps on signatures, document time stamps, and evidence in the DSS (check 30). */
import { beforeAll, describe, expect, test } from 'vitest';
import { OID, signAttached, signDetached } from '../../src/cms/index.ts';
import { isLowS } from '../../src/cms/low-s.ts';
import { derWrite, latin1, sha256 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { createCrl } from '../../src/pki/issuing/index.ts';
import { identity } from '../cms/peers.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { type FixtureSigner, signerUnder } from './fixtures/identities.ts';
import { sign } from './fixtures/sign.ts';
import { makeWorld, type World } from './fixtures/world.ts';
import { append, withEntries } from './fixtures/write.ts';

const { integer, octetString, oid, sequence, tlv } = derWrite;
const root = identity('pdf-tsa-root', 'P-256');
const usage = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping';
const tsa = identity('pdf-tsa', 'P-256', root, usage);

let world: World;
let brief: FixtureSigner;
let base: Uint8Array;
beforeAll(async () => {
  world = await makeWorld();
  brief = await signerUnder(world.root, 'Brief', {
    notBefore: '2025-01-01T00:00:00Z',
    notAfter: after(30),
  });
  base = await basePdf();
});

/** So many days from now, when the time-stamping authority's certificates begin; whole seconds. */
const after = (days: number): string =>
  `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19)}Z`;
const STAMPED = after(1);
const LATER = after(180);

async function token(data: Uint8Array, time = STAMPED, imprint?: Uint8Array): Promise<Uint8Array> {
  const content = sequence(
    integer(1),
    oid('1.2.3.4'),
    sequence(sequence(oid(OID.sha256)), octetString(imprint ?? (await sha256(data)))),
    integer(7),
    tlv(0x18, new TextEncoder().encode(time.replace(/[-:T]/g, ''))),
  );
  return signAttached({ content, contentType: OID.tstInfo, signer: tsa.signer });
}

/** Signs with a token over the signature value, which is low-S from the start and so kept as it is. */
const stampedCms =
  (signer: FixtureSigner, make: (signature: Uint8Array) => Promise<Uint8Array>) =>
  async (content: Uint8Array): Promise<Uint8Array> => {
    let signature = new Uint8Array();
    const keeping = {
      ...signer,
      sign: async (data: Uint8Array) => {
        while (signature.length === 0 || !isLowS(signature))
          signature = new Uint8Array(await signer.sign(data));
        return signature;
      },
    };
    await signDetached({ content, signer: keeping });
    const value = await make(signature);
    const extraUnsigned = [{ oid: OID.signatureTimeStamp, value }];
    return signDetached({ content, signer: keeping, extraUnsigned });
  };

const trusted = (time: string) => ({
  time,
  trust: { anchors: [world.root.certificate, root.certificate] },
});

describe('signature time stamp', () => {
  const signedAt = (time?: string, imprint?: Uint8Array) =>
    sign(base, {
      signer: brief,
      cms: stampedCms(brief, (signature) => token(signature, time, imprint)),
    });

  test('proves the time, also after the certificate has expired', async () => {
    const report = await verifyPdf(await signedAt(), trusted(LATER));
    expect(report.findings.filter((f) => f.severity === 'error')).toEqual([]);
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    expect(report.signatures[0]).toMatchObject({
      time: STAMPED.replace('Z', '.000Z'),
      timeProven: true,
      level: 'B-T',
      provenLevel: 'B-T',
      judgedAt: { time: new Date(STAMPED).toISOString(), by: 'time-stamp' },
    });
  });

  test('stands in the level, and is not proven, where its authority is not trusted', async () => {
    const options = { time: after(2), trust: { anchors: [world.root.certificate] } };
    const report = await verifyPdf(await signedAt(), options);
    expect(report.signatures[0]).toMatchObject({
      verdict: 'TOTAL-PASSED',
      level: 'B-T',
      provenLevel: 'B-B',
      timeProven: false,
      timeStamps: [{ time: new Date(STAMPED).toISOString(), trusted: false }],
    });
  });

  test('made after the time of the check: no pass', async () => {
    const report = await verifyPdf(await signedAt(), trusted(after(-1)));
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'INDETERMINATE' });
    expect(report.signatures[0]).toMatchObject({ timeProven: false, provenLevel: 'B-B' });
    expect(report.findings.map(({ code }) => code)).toContain('pdf-check-before-stamp');
  });

  test.each([
    ['proven', 'TOTAL-PASSED', 'time-stamp'],
    ['claimed', 'TOTAL-PASSED', 'claimed'],
    ['now', 'INDETERMINATE', 'now'],
  ] as const)('judged as of: %s', async (timeOfCheck, verdict, by) => {
    const report = await verifyPdf(await signedAt(), { ...trusted(LATER), timeOfCheck });
    expect(report.verdict).toBe(verdict);
    expect(report.signatures[0]?.judgedAt?.by).toBe(by);
  });

  test('by an authority that is not trusted proves nothing', async () => {
    const options = { time: LATER, trust: { anchors: [world.root.certificate] } };
    const report = await verifyPdf(await signedAt(), options);
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'INDETERMINATE' });
    expect(report.signatures[0]).toMatchObject({
      timeProven: false,
      subIndication: 'OUT_OF_BOUNDS_NO_POE',
    });
  });

  test('of another signature breaks this one', async () => {
    const report = await verifyPdf(await signedAt(STAMPED, new Uint8Array(32)), trusted(LATER));
    expect(report.integrity).toBe('broken');
  });

  test('without one, an expired certificate leaves it open', async () => {
    const report = await verifyPdf(await sign(base, { signer: brief }), trusted(LATER));
    expect(report.signatures[0]).toMatchObject({
      verdict: 'INDETERMINATE',
      subIndication: 'OUT_OF_BOUNDS_NO_POE',
    });
  });
});

describe('document time stamp', () => {
  const stamp = (pdf: Uint8Array, imprint?: Uint8Array) =>
    sign(pdf, {
      signer: world.alice,
      field: 'Stamp',
      subFilter: 'ETSI.RFC3161',
      cms: (content) => token(content, STAMPED, imprint),
    });

  test.each([undefined, 1, 2, 3] as const)(
    'is permitted under P=%s and proves the time',
    async (certify) => {
      const signed = await sign(base, { signer: brief, ...(certify ? { certify } : {}) });
      const report = await verifyPdf(await stamp(signed), trusted(LATER));
      expect(report.findings.filter((f) => f.severity === 'error')).toEqual([]);
      expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
      expect(report.signatures[0]).toMatchObject({
        timeProven: true,
        time: STAMPED.replace('Z', '.000Z'),
      });
      expect(report.signatures[1]).toMatchObject({
        kind: 'timestamp',
        coverage: 'file',
        timeProven: true,
      });
    },
  );

  test('with a picture it is no document time stamp', async () => {
    const signed = await sign(base, { signer: brief, certify: 1 });
    const shown = await sign(signed, {
      signer: world.alice,
      field: 'Stamp',
      subFilter: 'ETSI.RFC3161',
      rect: '0 0 500 500',
      appearance: 'q 1 g 0 0 99 99 re f Q',
      cms: (content) => token(content),
    });
    expect((await verifyPdf(shown, trusted(LATER))).integrity).toBe('modified');
  });

  test('of other bytes is broken', async () => {
    const signed = await sign(base, { signer: brief });
    const report = await verifyPdf(await stamp(signed, new Uint8Array(32)), trusted(LATER));
    expect(report.signatures.map((s) => s.integrity)).toEqual(['intact', 'broken']);
    expect(report.signatures[1]?.subIndication).toBe('HASH_FAILURE');
  });

  test('made after the time of the check: no pass', async () => {
    const signed = await sign(base, { signer: world.alice });
    const report = await verifyPdf(await stamp(signed), trusted(after(-1)));
    expect(report.signatures[1]).toMatchObject({
      kind: 'timestamp',
      verdict: 'INDETERMINATE',
      time: new Date(STAMPED).toISOString(),
      timeProven: false,
    });
    expect(report.signatures[0]).toMatchObject({ level: 'B-T', provenLevel: 'B-B' });
    expect(report.verdict).toBe('INDETERMINATE');
  });

  test('evidence in the DSS counts: a CRL that names the signer', async () => {
    const signed = await sign(base, { signer: world.bob });
    const { catalog, size } = await anatomy(signed);
    const { readCertificate } = await import('../../src/pki/index.ts');
    const crl = await createCrl({
      issuer: world.root.signer,
      number: 1,
      revoked: [
        {
          serial: readCertificate(world.bob.certificate).serial,
          time: '2026-05-01T00:00:00Z',
          reason: 'keyCompromise',
        },
      ],
      thisUpdate: '2026-05-02T00:00:00Z',
      nextUpdate: '2027-05-02T00:00:00Z',
    } as never);
    const after = await append(signed, {
      [catalog.num]: withEntries(catalog.dict, { DSS: `<</Type /DSS /CRLs [${size} 0 R]>>` }),
      [size]: `<</Length ${crl.length}>>\nstream\n${latin1(crl)}\nendstream`,
    });
    const time = '2026-07-01T00:00:00Z';
    expect((await verifyPdf(signed, trusted(time))).verdict).toBe('TOTAL-PASSED');
    const report = await verifyPdf(after, trusted(time));
    expect(report.integrity).toBe('intact');
    expect(report.verdict).not.toBe('TOTAL-PASSED');
  });
});

describe('revocation data inside the CMS', () => {
  const revoking = async () => {
    const { readCertificate } = await import('../../src/pki/index.ts');
    const { serial } = readCertificate(world.bob.certificate);
    return createCrl({
      issuer: world.root.signer,
      number: 2,
      revoked: [{ serial, time: '2026-05-01T00:00:00Z', reason: 'keyCompromise' }],
      thisUpdate: '2026-05-02T00:00:00Z',
      nextUpdate: '2027-05-02T00:00:00Z',
    } as never);
  };
  const values = (crl: Uint8Array) => sequence(tlv(0xa0, sequence(crl)));

  test.each([
    ['revocationInfoArchival, signed (ISO 32000-2, 12.8.3.3.2)', '1.2.840.113583.1.1.8', true],
    ['revocation-values, unsigned (EN 319 122-1)', '1.2.840.113549.1.9.16.2.24', false],
  ])('%s counts', async (_, type, inside) => {
    const { faultyCms } = await import('./fixtures/cms.ts');
    const crl = await revoking();
    const pdf = await sign(base, {
      signer: world.bob,
      cms: (content) =>
        inside
          ? faultyCms(content, world.bob, { extraSigned: [{ oid: type, value: values(crl) }] })
          : signDetached({
              content,
              signer: world.bob,
              extraUnsigned: [{ oid: type, value: values(crl) }],
            }),
    });
    const report = await verifyPdf(pdf, trusted('2026-07-01T00:00:00Z'));
    expect(report.integrity).toBe('intact');
    expect(report.verdict).not.toBe('TOTAL-PASSED');
    expect(report.findings.map(({ code }) => code)).toContain('path-revoked');
  });
});
