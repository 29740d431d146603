import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Cbor,
  fromBase45,
  readCbor,
  sha256,
  sha256Hex,
  toBase45,
  toBase64,
  writeCbor,
} from '../../src/crypto/index.ts';
import {
  addMonths,
  chinaDate,
  encodeLicenceToken,
  type Licence,
  licenceFromApplication,
  licenceJson,
  MAX_COSE,
  makeLicenceToken,
  qrCode,
  readLicenceToken,
  sampleApplication,
  type TokenVerdict,
  withTotals,
} from '../../src/licence/index.ts';
import {
  createStatusList,
  emptyStatuses,
  type LicenceStatus,
  type TrustBundle,
  withStatus,
} from '../../src/pki/index.ts';
import { createCrl } from '../../src/pki/issuing/index.ts';
import { type Deployment, deployment } from '../pki/bundle-fixture.ts';
import { people } from '../seal/fixtures/people.ts';
import { AUTHORITY } from './authority.ts';

const time = '2026-02-20T08:00:00Z';
let world: Deployment;
let licence: Licence;
let text: string;
let trust: TrustBundle;

function licenceOf(change: Partial<Licence> = {}): Licence {
  const base = licenceFromApplication(sampleApplication(), {
    number: '26-11-000417',
    authority: AUTHORITY,
    issuedOn: '2026-02-10',
    statusList: { id: '11-2026-1', index: 7 },
    pilot: false,
  });
  return { ...base, ...change };
}

async function withList(status: LicenceStatus, nextUpdate = '2026-02-25T00:00:00Z') {
  const list = await createStatusList({
    signer: world.issuer,
    list: '11-2026-1',
    seq: 1,
    thisUpdate: '2026-02-01T00:00:00Z',
    nextUpdate,
    upTo: 8,
    bits: withStatus(emptyStatuses(), 7, status),
  });
  return { ...world.bundle, authority: AUTHORITY, statusLists: [toBase64(list)] };
}

beforeAll(async () => {
  world = await deployment();
  licence = licenceOf();
  text = await encodeLicenceToken(licence, world.issuer);
  trust = await withList('valid');
});

const verdictOf = async (token: string, options: object = {}): Promise<TokenVerdict> =>
  (await readLicenceToken(token, { time, trust, ...options })).verdict;

/** Codes of findings; that there is no CRL in a small deployment is of no account here. */
const codesOf = ({ findings }: { findings: { code: string }[] }): string[] =>
  findings.map((finding) => finding.code).filter((code) => code !== 'path-revocation-unknown');

/** The token with its COSE changed and spelled again. */
function respelled(change: (cose: Cbor[]) => Cbor): string {
  const cose = readCbor(fromBase45(text.slice(4)) as Uint8Array) as Cbor[];
  return `EL1:${toBase45(writeCbor(change(cose)))}`;
}

describe('valid', () => {
  test('every signed field comes back', async () => {
    const report = await readLicenceToken(text, { time, trust });
    expect(report.verdict).toBe('valid');
    expect(codesOf(report)).toEqual([]);
    expect(report.licence).toMatchObject({
      number: licence.number,
      importer: licence.importer,
      consignee: licence.consignee,
      goods: { name: licence.goods.name, hs: licence.goods.hs },
      ports: licence.ports,
      tradeCountry: licence.tradeCountry,
      originCountries: licence.originCountries,
      currency: licence.currency,
      amount: '7142500',
      totalQuantity: '70000',
      authority: licence.authority,
      issuedOn: '2026-02-10',
      validUntil: '2026-08-10',
      maxUses: 6,
      statusList: { id: '11-2026-1', index: 7 },
      contractNumber: 'SL-2026-0417',
      pilot: false,
      shortened: false,
    });
    expect(report.licence?.lines[0]).toMatchObject({ spec: '粉矿，铁品位 62%', quantity: '52000' });
  });
  test('the digest is that of licence.json', async () => {
    const report = await readLicenceToken(text, { time, trust });
    const digest = await sha256Hex(licenceJson(licence));
    expect(report.licence?.digest).toBe(digest.slice(0, 32));
  });
  test('bare trust knows no status, and says so', async () => {
    const bare = { anchors: [world.root.certificate], intermediates: [world.issuer.certificate] };
    const report = await readLicenceToken(text, { time, trust: bare });
    expect(report.verdict).toBe('valid');
    expect(codesOf(report)).toEqual(['status-unchecked']);
  });
  test('a typical licence fits QR version 16-M, alphanumeric', () => {
    expect(qrCode(text).version).toBeLessThanOrEqual(16);
    expect(text).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
  });
  test('SM2 signs tokens too', async () => {
    const sm = people('SM2');
    // These certificates begin now.
    const soon = new Date(Date.now() + 300_000).toISOString();
    const issuedOn = chinaDate(soon);
    const token = await encodeLicenceToken(
      licenceOf({ issuedOn, validUntil: addMonths(issuedOn, 6) }),
      sm.enterprise,
    );
    const bare = { anchors: [sm.root], intermediates: [sm.enterprise.certificate] };
    expect(await verdictOf(token, { trust: bare, time: soon })).toBe('valid');
  });
});

describe('dates, in China Standard Time', () => {
  test('expired after the last second of the last day', async () => {
    const bundle = {
      ...trust,
      nextUpdate: '2027-01-01T00:00:00Z',
      statusLists: (await withList('valid', '2027-01-01T00:00:00Z')).statusLists,
    };
    expect(await verdictOf(text, { trust: bundle, time: '2026-08-10T15:59:59Z' })).toBe('valid');
    expect(await verdictOf(text, { trust: bundle, time: '2026-08-10T16:00:00Z' })).toBe('expired');
  });
  test('before the day of issue it is not a licence yet', async () => {
    expect(await verdictOf(text, { time: '2026-02-09T15:59:59Z' })).toBe('invalid');
    expect(await verdictOf(text, { time: '2026-02-09T16:00:00Z' })).toBe('valid');
  });
});

describe('status', () => {
  test.each<[LicenceStatus, TokenVerdict]>([
    ['revoked', 'revoked'],
    ['suspended', 'suspended'],
    ['used', 'used'],
  ])('%s', async (status, verdict) => {
    expect(await verdictOf(text, { trust: await withList(status) })).toBe(verdict);
  });
  test('an old list, an old bundle: stale', async () => {
    const old = await withList('valid', '2026-02-15T00:00:00Z');
    expect(await verdictOf(text, { trust: old })).toBe('stale');
    const bundle = { ...trust, nextUpdate: '2026-02-19T00:00:00Z' };
    expect(await verdictOf(text, { trust: bundle })).toBe('stale');
  });
  test('revoked stays revoked in an old list', async () => {
    const old = await withList('revoked', '2026-02-15T00:00:00Z');
    expect(await verdictOf(text, { trust: old })).toBe('revoked');
  });
  test('a list that does not cover the licence: never valid', async () => {
    const other = licenceOf({ statusList: { id: '11-2026-2', index: 7 } });
    expect(await verdictOf(await encodeLicenceToken(other, world.issuer))).toBe('stale');
  });
  test('a deployment without any list: valid, and unchecked is said', async () => {
    const report = await readLicenceToken(text, { time, trust: world.bundle });
    expect(report.verdict).toBe('valid');
    expect(codesOf(report)).toEqual(['status-unchecked']);
  });
});

describe('issuer', () => {
  test('nobody trusted: what the code says is claimed, not shown as signed', async () => {
    const stranger = await readLicenceToken(text, { time });
    expect(stranger.licence).toBeUndefined();
    expect(stranger.claimed).toMatchObject({
      number: licence.number,
      importer: licence.importer,
      validUntil: '2026-08-10',
      authority: { code: '110000', zh: '110000', en: '110000' },
    });
    expect((await readLicenceToken(text, { time, trust })).claimed).toBeUndefined();
  });
  test('is called as the trust data say, or as its certificate where its code is another', async () => {
    const named = async (authority: typeof AUTHORITY) =>
      (await readLicenceToken(text, { time, trust: { ...trust, authority } })).licence?.authority;
    const renamed = { code: '110000', zh: '许可证事务局', en: 'Licensing Bureau' };
    expect(await named(renamed)).toEqual(renamed);
    const own = (await readLicenceToken(text, { time, trust })).issuer?.organization as string;
    expect(await named({ ...renamed, code: '310000' })).toEqual({
      code: '110000',
      zh: own,
      en: own,
    });
  });
  test('nobody trusted, another deployment: unknown issuer', async () => {
    expect((await readLicenceToken(text, { time })).verdict).toBe('unknown-issuer');
    expect(await verdictOf(text, { trust: (await deployment()).bundle })).toBe('unknown-issuer');
  });
  test('a certificate of the deployment without the role of an issuer', async () => {
    const forged = await encodeLicenceToken(licence, world.enterprise);
    expect(await verdictOf(forged)).toBe('unknown-issuer');
    const roster = [
      ...trust.roster,
      {
        id: await sha256Hex(world.enterprise.certificate),
        person: await sha256Hex(world.enterprise.certificate),
        since: trust.issuedAt,
        name: '某企业',
        organization: '某企业',
        roles: ['first-review' as const],
        signing: toBase64(world.enterprise.certificate),
      },
    ];
    expect(await verdictOf(forged, { trust: { ...trust, roster } })).toBe('unknown-issuer');
  });
  test('signed by another key under the issuer’s key id', async () => {
    const forged = { ...world.enterprise, certificate: world.issuer.certificate };
    expect(await verdictOf(await encodeLicenceToken(licence, forged))).toBe('invalid');
  });
  test('an issuer revoked later counts for what a list counts; revoked before or for compromise, it is invalid', async () => {
    const revokedAt = async (when: string, reason: string) => {
      const { readCertificate } = await import('../../src/pki/index.ts');
      const crl = await createCrl({
        issuer: world.root,
        number: 1,
        revoked: [
          {
            serial: readCertificate(world.issuer.certificate).serial,
            time: when,
            reason,
          },
        ],
        thisUpdate: '2026-02-18T00:00:00Z',
        nextUpdate: '2026-03-18T00:00:00Z',
      } as Parameters<typeof createCrl>[0]);
      return verdictOf(text, { trust: { ...trust, crls: [toBase64(crl)], statusLists } });
    };
    let { statusLists } = trust;
    expect(await revokedAt('2026-02-18T00:00:00Z', 'superseded')).toBe('valid');
    statusLists = [];
    expect(await revokedAt('2026-02-18T00:00:00Z', 'superseded')).toBe('unknown-issuer');
    expect(await revokedAt('2026-02-18T00:00:00Z', 'keyCompromise')).toBe('invalid');
    expect(await revokedAt('2026-02-05T00:00:00Z', 'superseded')).toBe('invalid');
  });
});

describe('what is no token', () => {
  test.each<[string, TokenVerdict]>([
    ['', 'no-code'],
    ['https://example.invalid/', 'not-a-licence'],
    ['HC1:NCFOXN%TS3DH3', 'not-a-licence'],
    ['el1:ABC', 'not-a-licence'],
    ['EL2:ABC', 'not-a-licence'],
    ['EL1:', 'invalid'],
    ['EL1:abc', 'invalid'],
    ['EL1:BB8', 'invalid'],
  ])('%j: %s', async (input, verdict) => expect(await verdictOf(input)).toBe(verdict));

  test('the other signature of the pair, a bare tag 61, extra elements', async () => {
    const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const twin = respelled(([a, b, c, d]) => {
      const bytes = d as Uint8Array;
      const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).toString('hex')}`);
      const other = Buffer.from((N - s).toString(16).padStart(64, '0'), 'hex');
      return [
        a as Cbor,
        b as Cbor,
        c as Cbor,
        new Uint8Array([...bytes.subarray(0, 32), ...other]),
      ];
    });
    expect(await verdictOf(twin)).toBe('invalid');
    expect(await verdictOf(respelled((cose) => [...cose, null]))).toBe('invalid');
  });
});

describe('mutation', () => {
  test('any changed character is never valid', async () => {
    const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:abé\u0000'];
    const index = fc.integer({ min: 0, max: text.length - 1 });
    await fc.assert(
      fc.asyncProperty(index, fc.constantFrom(...alphabet), async (at, character) => {
        fc.pre(text[at] !== character);
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        expect(['valid', 'expired', 'used', 'suspended']).not.toContain(await verdictOf(changed));
      }),
      { numRuns: 1500 },
    );
  });
  test('any truncation, insertion or exchange is never valid', async () => {
    for (let n = 0; n < text.length; n += 3) {
      expect(await verdictOf(text.slice(0, n))).not.toBe('valid');
      expect(await verdictOf(`${text.slice(0, n)}0${text.slice(n)}`)).not.toBe('valid');
    }
    expect(await verdictOf(`${text} `)).not.toBe('valid');
    expect(await verdictOf(` ${text}`)).not.toBe('valid');
  });
  test('any text ends in a verdict', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), async (input) => {
        expect(typeof (await verdictOf(`EL1:${input}`))).toBe('string');
      }),
    );
  });
  test('any payload that the issuer did not sign is invalid', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (where, mask) => {
        const token = respelled(([a, b, payload, d]) => {
          const bytes = Uint8Array.from(payload as Uint8Array);
          const at = where % bytes.length;
          bytes[at] = (bytes[at] as number) ^ mask;
          return [a as Cbor, b as Cbor, bytes, d as Cbor];
        });
        expect(await verdictOf(token)).toBe('invalid');
      }),
      { numRuns: 300 },
    );
  });
});

describe('a licence longer than fits QR version 18-M', () => {
  const long = (): Licence => {
    const base = sampleApplication();
    const lines = Array.from({ length: 20 }, (_, i) => ({
      ...base.lines[0]!,
      spec: `第 ${i + 1} 种规格，示例型号，特别长的说明文字`,
    }));
    const { totals, lines: computed } = withTotals({ ...base, lines });
    return licenceOf({ lines: computed, totals });
  };
  test('is cut the same way each time, marked, and still valid', async () => {
    const { text: token, shortened } = await makeLicenceToken(long(), world.issuer);
    expect(shortened[0]).toBe('lines');
    expect((fromBase45(token.slice(4)) as Uint8Array).length).toBeLessThanOrEqual(MAX_COSE);
    expect(qrCode(token).version).toBeLessThanOrEqual(18);
    const report = await readLicenceToken(token, { time, trust });
    expect(report.verdict).toBe('valid');
    expect(codesOf(report)).toEqual(['token-shortened']);
    expect(report.licence).toMatchObject({ shortened: true, lineCount: 20 });
    expect(report.licence?.lines[0]?.spec.endsWith('…')).toBe(true);
    expect(report.licence?.totalQuantity).toBe(long().totals.quantity);
    const again = await readLicenceToken((await makeLicenceToken(long(), world.issuer)).text, {
      time,
      trust,
    });
    expect(again.licence).toEqual(report.licence);
  });
  test('the longest names still fit', async () => {
    const name = '示例'.repeat(50);
    const worst = {
      ...long(),
      importer: { name, code: licence.importer.code },
      consignee: { name: `另${name}`, code: licence.consignee.code },
      goods: { ...licence.goods, name: '货'.repeat(80) },
    };
    const { text: token, shortened } = await makeLicenceToken(worst, world.issuer);
    expect(qrCode(token).version).toBeLessThanOrEqual(18);
    expect(shortened).toContain('consignee.name');
    expect(await verdictOf(token)).toBe('valid');
  });
});

test('key id = first 8 bytes of SHA-256 of the certificate', async () => {
  const cose = readCbor(fromBase45(text.slice(4)) as Uint8Array) as Cbor[];
  const header = readCbor(cose[0] as Uint8Array) as Map<Cbor, Cbor>;
  expect(header.get(4)).toEqual((await sha256(world.issuer.certificate)).slice(0, 8));
  expect(header.get(1)).toBe(-7);
});
