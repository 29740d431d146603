/** The long-term view: by which evidence, from where and how old, and until when. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  createTimeStampResponse,
  createTimeStampToken,
  readTimeStampRequest,
} from '../../src/cms/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { type Level, signAtLevel } from '../../src/pdf/sign/index.ts';
import { readCertificate } from '../../src/pki/index.ts';
import { type CrlOptions, createCrl } from '../../src/pki/issuing/index.ts';
import { identity } from '../cms/peers.ts';
import { basePdf } from './fixtures/base.ts';

const root = identity('view-root', 'P-256');
const usage = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping';
const tsa = identity('view-tsa', 'P-256', root, usage);
const alice = identity('view-alice', 'P-256', root);
const now = Date.now();
const DAY = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();
const ends = (who: typeof root) => iso(readCertificate(who.certificate).notAfter);

const listOf = (thisUpdate: number, revoked: CrlOptions['revoked'] = []) =>
  createCrl({
    issuer: root.signer,
    number: 1,
    revoked,
    thisUpdate: iso(thisUpdate),
    nextUpdate: iso(now + 30 * DAY),
  });

let crl: Uint8Array;
let base: Uint8Array;
beforeAll(async () => {
  crl = await listOf(now - 3 * DAY);
  base = await basePdf();
});

async function signed(level: Level): Promise<Uint8Array> {
  const { pdf } = await signAtLevel({
    pdf: base,
    signer: { ...alice.signer, chain: [root.certificate] },
    field: 'Seal',
    appearance: { kind: 'none' },
    reason: '提交',
    time: iso(now),
    level,
    async timeStamp(request) {
      const { imprint, nonce } = readTimeStampRequest(request);
      const time = iso(Date.now());
      const stamp = { signer: tsa.signer, imprint, time, serial: 7, policy: '1.2.3', nonce };
      return createTimeStampResponse(await createTimeStampToken(stamp));
    },
    evidence: () => ({ certs: [root.certificate], crls: [crl], ocsps: [] }),
  });
  return pdf;
}

const view = async (pdf: Uint8Array, crls: Uint8Array[] = []) => {
  const report = await verifyPdf(pdf, {
    trust: { anchors: [root.certificate], crls },
    longTerm: true,
  });
  expect(report.integrity).toBe('intact');
  return report.signatures[0];
};

describe('what a signature can be verified by later', () => {
  test('B: nothing stored; a list of the checker is said to be his, with its date', async () => {
    const pdf = await signed('B');
    const bare = await view(pdf);
    expect(bare?.longTerm?.chain.map(({ anchor, revocation }) => [anchor, revocation])).toEqual([
      [false, undefined],
      [true, undefined],
    ]);
    expect(bare?.longTerm).toMatchObject({ until: ends(alice), by: 'chain' });
    const listed = await view(pdf, [crl]);
    expect(listed?.longTerm?.chain[0]?.revocation).toMatchObject({
      status: 'good',
      kind: 'crl',
      source: 'list',
      thisUpdate: iso(Math.floor((now - 3 * DAY) / 1000) * 1000),
    });
  });

  test('LT: the list stands in the document, and all holds as long as the stamp’s authority', async () => {
    const one = await view(await signed('LT'));
    expect(one?.provenLevel).toBe('B-LT');
    expect(one?.longTerm?.chain[0]?.revocation?.source).toBe('document');
    expect(one?.longTerm).toMatchObject({ until: ends(tsa), by: 'time-stamp' });
    expect(one?.timeStamps[0]?.until).toBe(ends(tsa));
  });

  test('a revocation in any source comes before what says the contrary', async () => {
    const serial = readCertificate(alice.certificate).serial;
    const revoked = [{ serial, time: iso(now - DAY), reason: 'keyCompromise' as const }];
    const one = await view(await signed('LT'), [await listOf(now - DAY, revoked)]);
    expect(one?.longTerm?.chain[0]?.revocation).toMatchObject({
      status: 'revoked',
      source: 'list',
    });
  });

  test('the top of a chain that nobody trusts is no trusted root', async () => {
    const pdf = await signed('B');
    const stranger = identity('stranger', 'P-256');
    for (const anchors of [[], [stranger.certificate]]) {
      const report = await verifyPdf(pdf, { trust: { anchors }, longTerm: true });
      const chain = report.signatures[0]?.longTerm?.chain ?? [];
      expect(chain.length).toBeGreaterThan(0);
      expect(chain.filter(({ anchor }) => anchor)).toEqual([]);
    }
  });

  test('not asked for, not given', async () => {
    const report = await verifyPdf(await signed('B'), { trust: { anchors: [root.certificate] } });
    expect(report.signatures[0]?.longTerm).toBeUndefined();
  });
});
