import { beforeAll, describe, expect, it } from 'vitest';
import { derWrite as d } from '../../src/crypto/index.ts';
import { checkCrl, checkOcsp, verifyPath, EXTENSION as X } from '../../src/pki/index.ts';
import {
  type CrlOptions,
  caExtensions,
  certificate,
  crl,
  directoryName,
  ext,
  extension,
  namedBits,
  nameOf,
  type OcspOptions,
  ocsp,
  type Party,
  party,
  signed,
  uriName,
} from './forge.ts';

const time = '2026-06-01T00:00:00Z';
const SERIAL = 4711;
let root: Party;
let ca: Party;
let leaf: Party;
let rootCert: Uint8Array;
let caCert: Uint8Array;
let leafCert: Uint8Array;
let rootCrl: Uint8Array;

beforeAll(async () => {
  [root, ca, leaf] = [await party('Root'), await party('CA'), await party('Leaf')];
  const extensions = caExtensions(root, root);
  rootCert = await certificate({ subject: root, issuer: root, extensions });
  caCert = await certificate({ subject: ca, issuer: root, extensions: caExtensions(ca, root) });
  leafCert = await certificate({ subject: leaf, issuer: ca, serial: SERIAL });
  rootCrl = await crl({ issuer: root });
});

const idp = (...fields: Uint8Array[]) =>
  extension(X.issuingDistributionPoint, true, d.sequence(...fields));
const flag = (tag: number) => d.contextPrimitive(tag, new Uint8Array([0xff]));
const point = (...names: Uint8Array[]) => d.context(0, d.context(0, ...names));
const pointsOf = (...points: Uint8Array[]) =>
  extension(X.cRLDistributionPoints, false, d.sequence(...points));
const revoked = [{ serial: SERIAL }];

/** Status of the leaf by one CRL of its CA. */
const one = async (options: Partial<CrlOptions>, target = leafCert, extra = {}) =>
  (
    await checkCrl({
      crl: await crl({ issuer: ca, ...options }),
      issuer: caCert,
      target,
      time,
      ...extra,
    })
  ).status;

/** Code of the path with hard-fail revocation. */
const path = async (crls: Uint8Array[], input: Partial<Parameters<typeof verifyPath>[0]> = {}) =>
  (
    await verifyPath({
      target: leafCert,
      intermediates: [caCert],
      anchors: [{ cert: rootCert }],
      crls: [rootCrl, ...crls],
      time,
      revocation: 'hard-fail',
      ...input,
    })
  ).code;

describe('RFC 5280 6.3: checkCrl', () => {
  it('answers for a current CRL of the issuer', async () => {
    expect(await one({})).toBe('GOOD');
    expect(await one({ revoked })).toBe('REVOKED');
    expect(await one({ revoked: [{ serial: 1 }] })).toBe('GOOD');
  });
  it('thisUpdate ≤ time ≤ nextUpdate, and a maximum age', async () => {
    expect(await one({ thisUpdate: '2026-06-01T00:00:01Z' })).toBe('UNKNOWN');
    expect(await one({ nextUpdate: '2026-05-31T23:59:59Z' })).toBe('UNKNOWN');
    expect(await one({}, leafCert, { maxAgeSeconds: 86_400 })).toBe('UNKNOWN');
    expect(await one({ nextUpdate: null })).toBe('UNKNOWN');
    expect(await one({ nextUpdate: null, thisUpdate: '2026-05-30T00:00:00Z' })).toBe('GOOD');
  });
  it('scope: users, CAs, attribute certificates', async () => {
    expect(await one({ extensions: [idp(flag(1))] })).toBe('GOOD');
    for (const tag of [2, 5]) expect(await one({ extensions: [idp(flag(tag))] })).toBe('UNKNOWN');
    expect(await one({ extensions: [idp(flag(1), flag(2))] })).toBe('UNKNOWN');
    expect(await one({ extensions: [idp()] })).toBe('UNKNOWN');
    expect(await one({ extensions: [idp(flag(4))] })).toBe('UNKNOWN');
    expect(await one({ extensions: [idp(d.contextPrimitive(3, namedBits(2).slice(2)))] })).toBe(
      'UNKNOWN',
    );
  });
  it('distribution point: names must meet', async () => {
    const uri = uriName('http://crl.example.cn/1');
    const target = await certificate({
      subject: leaf,
      issuer: ca,
      extensions: [pointsOf(d.sequence(point(uri)))],
    });
    expect(await one({ extensions: [idp(point(uri))] }, target)).toBe('GOOD');
    expect(await one({ extensions: [idp(point(uriName('http://x.cn/')))] }, target)).toBe(
      'UNKNOWN',
    );
    expect(await one({ extensions: [idp(point(uri))] })).toBe('UNKNOWN');
  });
  it('5.2, 5.3: unknown critical extensions make a CRL say nothing', async () => {
    const odd = extension('1.2.3', true, d.nullValue());
    expect(await one({ extensions: [odd] })).toBe('UNKNOWN');
    expect(await one({ revoked: [{ serial: 1, extensions: [odd] }] })).toBe('UNKNOWN');
    expect(await one({ extensions: [extension('1.2.3', false, d.nullValue())] })).toBe('GOOD');
  });
  it('the signer: another key, another name, an issuer without cRLSign', async () => {
    const other = await party('CA');
    expect(await one({ issuer: other })).toBe('UNKNOWN');
    expect(await one({ issuer: root })).toBe('UNKNOWN');
    const issuer = await certificate({
      subject: ca,
      issuer: root,
      extensions: [ext.ca(), ext.keyUsage(32)],
    });
    const answer = await checkCrl({
      crl: await crl({ issuer: ca }),
      issuer,
      target: leafCert,
      time,
    });
    expect(answer.status).toBe('UNKNOWN');
  });
  it('5.1: form: version 1 with extensions, empty list of revoked, critical cRLNumber', async () => {
    const time1 = d.generalizedTime(new Date('2026-05-01'));
    const time2 = d.generalizedTime(new Date('2026-12-01'));
    const algorithm = d.sequence(d.oid('1.2.840.10045.4.3.2'));
    const number = d.context(0, d.sequence(extension(X.cRLNumber, false, d.integer(1))));
    const bad = [
      [algorithm, ca.name, time1, time2, number],
      [d.integer(1), algorithm, ca.name, time1, time2, d.sequence(), number],
      [d.integer(2), algorithm, ca.name, time1, time2],
      [
        d.integer(1),
        algorithm,
        ca.name,
        time1,
        time2,
        d.context(0, d.sequence(extension(X.cRLNumber, true, d.integer(1)))),
      ],
    ];
    const ask = async (parts: Uint8Array[]) => {
      const list = await signed(ca.key, d.sequence(...parts));
      return (await checkCrl({ crl: list, issuer: caCert, target: leafCert, time })).status;
    };
    expect(await ask([algorithm, ca.name, time1, time2])).toBe('GOOD');
    for (const parts of bad) expect(await ask(parts)).toBe('UNKNOWN');
  });
});

describe('RFC 5280 6.3: revocation along a path', () => {
  it('hard-fail needs an answer for each certificate, soft-fail takes silence', async () => {
    expect(await path([await crl({ issuer: ca })])).toBe('ok');
    expect(await path([])).toBe('revocation-unknown');
    expect(await path([], { revocation: 'soft-fail' })).toBe('ok');
    expect(await path([await crl({ issuer: ca, revoked })], { revocation: 'soft-fail' })).toBe(
      'revoked',
    );
  });
  it('reasons are collected until all are covered', async () => {
    const part = (bits: number, more: Partial<CrlOptions> = {}) =>
      crl({
        issuer: ca,
        extensions: [idp(d.contextPrimitive(3, namedBits(bits).slice(2)))],
        ...more,
      });
    const low = await part(0x01e);
    const high = await part(0x1e0);
    expect(await path([low])).toBe('revocation-unknown');
    expect(await path([low, high])).toBe('ok');
    expect(await path([low, await part(0x1e0, { revoked })])).toBe('revoked');
  });
  it('of two current lists the newer one speaks, in whatever order they come', async () => {
    const older = { thisUpdate: '2026-05-20T00:00:00Z' };
    const newer = { thisUpdate: '2026-05-30T00:00:00Z', number: 6 };
    const listed = async (a: Partial<CrlOptions>, b: Partial<CrlOptions>) => {
      const lists = [await crl({ issuer: ca, ...a }), await crl({ issuer: ca, ...b })];
      return [await path(lists), await path(lists.reverse())];
    };
    expect(await listed(older, { ...newer, revoked })).toEqual(['revoked', 'revoked']);
    expect(await listed({ ...older, revoked }, newer)).toEqual(['ok', 'ok']);
  });
  it('5.2.4: a delta speaks for its base, and removeFromCRL lifts a hold', async () => {
    const base = await crl({ issuer: ca, number: 5, revoked: [{ serial: SERIAL, reason: 6 }] });
    const delta = (options: Partial<CrlOptions>, from = 5) =>
      crl({
        issuer: ca,
        number: 6,
        extensions: [extension(X.deltaCRLIndicator, true, d.integer(from))],
        ...options,
      });
    expect(await path([base])).toBe('revoked');
    const lifted = await delta({ revoked: [{ serial: SERIAL, reason: 8 }] });
    expect(await path([base, lifted])).toBe('ok');
    const clean = await crl({ issuer: ca, number: 5 });
    expect(await path([clean, await delta({ revoked })])).toBe('revoked');
    // A delta on a newer base, or alone, says nothing.
    expect(await path([clean, await delta({ revoked }, 6)])).toBe('ok');
    expect(await path([await delta({})])).toBe('revocation-unknown');
  });
  it('5.2.5, 5.3.3: an indirect CRL counts through its own path only', async () => {
    const signer = await party('CRL signer');
    const signerCert = await certificate({
      subject: signer,
      issuer: root,
      extensions: [ext.keyUsage(64), ext.aki(root)],
    });
    const target = await certificate({
      subject: leaf,
      issuer: ca,
      serial: SERIAL,
      extensions: [pointsOf(d.sequence(d.context(2, directoryName(signer.name))))],
    });
    const issuerOf = (name: Uint8Array) => [
      extension(X.certificateIssuer, true, d.sequence(directoryName(name))),
    ];
    const indirect = (entries: CrlOptions['revoked'] = []) =>
      crl({ issuer: signer, extensions: [idp(flag(4))], revoked: entries });
    const input = { target, intermediates: [caCert, signerCert] };
    expect(await path([await indirect()], input)).toBe('ok');
    expect(await path([await indirect()], { ...input, intermediates: [caCert] })).toBe(
      'revocation-unknown',
    );
    const mine = { serial: SERIAL, extensions: issuerOf(ca.name) };
    expect(await path([await indirect([mine])], input)).toBe('revoked');
    // The issuer of an entry holds for those that follow; without one it is the CRL's own.
    const first = { serial: 1, extensions: issuerOf(ca.name) };
    expect(await path([await indirect([first, { serial: SERIAL }])], input)).toBe('revoked');
    expect(await path([await indirect([{ serial: SERIAL }])], input)).toBe('ok');
    const other = { serial: SERIAL, extensions: issuerOf(nameOf('CN=Other')) };
    expect(await path([await indirect([other])], input)).toBe('ok');
    // A direct CRL of a stranger is none.
    expect(await path([await crl({ issuer: signer })], input)).toBe('revocation-unknown');
  });
  it('a stolen, rolled-over key does not vouch for itself', async () => {
    const rolled = await party('CA');
    const self = await certificate({
      subject: rolled,
      issuer: ca,
      serial: 99,
      extensions: caExtensions(rolled, ca),
    });
    const target = await certificate({ subject: leaf, issuer: rolled, serial: SERIAL });
    const own = await crl({ issuer: rolled });
    const honest = await crl({ issuer: ca, revoked: [{ serial: 99 }] });
    const input = { target, intermediates: [caCert, self] };
    expect(await path([own], input)).not.toBe('ok');
    expect(await path([own, honest], input)).toBe('revoked');
  });
  it('evidence from after the moment judged counts for what it says about that moment', async () => {
    const later = (entry: NonNullable<CrlOptions['revoked']>[number]) =>
      crl({ issuer: ca, thisUpdate: '2026-08-01T00:00:00Z', revoked: [entry] });
    const input = { laterEvidence: true, revocation: 'soft-fail' as const };
    const before = await later({ serial: SERIAL, time: '2026-05-01T00:00:00Z' });
    const after = await later({ serial: SERIAL, time: '2026-07-01T00:00:00Z', reason: 4 });
    const compromised = await later({ serial: SERIAL, time: '2026-07-01T00:00:00Z', reason: 1 });
    expect(await path([before], input)).toBe('revoked');
    expect(await path([after], input)).toBe('ok');
    expect(await path([compromised], input)).toBe('revoked');
    expect(await path([before], { revocation: 'soft-fail' })).toBe('ok');
  });
});

describe('RFC 6960: checkOcsp', () => {
  const good = [{ serial: SERIAL, status: 'good' as const }];
  const ask = async (options: Partial<OcspOptions>, extra = {}) =>
    (
      await checkOcsp({
        response: await ocsp({ signer: ca, issuer: ca, singles: good, ...options }),
        issuer: caCert,
        target: leafCert,
        time,
        ...extra,
      })
    ).status;
  const delegate = async (extensions: Uint8Array[], options = {}) => {
    const signer = await party('Responder');
    const certificates = [
      await certificate({ subject: signer, issuer: ca, extensions, ...options }),
    ];
    return { signer, certificates };
  };
  const signing = ext.eku('1.3.6.1.5.5.7.3.9');

  it('by the issuer: good, revoked, unknown, and the worst of several', async () => {
    expect(await ask({})).toBe('GOOD');
    expect(await ask({ singles: [{ serial: SERIAL, status: 'revoked' }] })).toBe('REVOKED');
    expect(await ask({ singles: [{ serial: SERIAL, status: 'unknown' }] })).toBe('UNKNOWN');
    const both = [...good, { serial: SERIAL, status: 'revoked' as const }];
    expect(await ask({ singles: both })).toBe('REVOKED');
    expect(await ask({ singles: [{ serial: 1, status: 'good' }] })).toBe('UNKNOWN');
    expect(await ask({ singles: [] })).toBe('UNKNOWN');
  });
  it('4.2.2.1: currency', async () => {
    expect(await ask({ nextUpdate: '2026-05-31T00:00:00Z' })).toBe('UNKNOWN');
    expect(await ask({ thisUpdate: '2026-06-02T00:00:00Z' })).toBe('UNKNOWN');
    expect(await ask({}, { maxAgeSeconds: 60 })).toBe('UNKNOWN');
    expect(await ask({ producedAt: '2025-12-31T00:00:00Z' })).toBe('UNKNOWN');
    expect(await ask({ producedAt: '2026-06-02T00:00:00Z' })).toBe('UNKNOWN');
  });
  it('4.2.2.2: a delegate has id-kp-OCSPSigning from the issuer itself', async () => {
    expect(await ask(await delegate([signing]))).toBe('GOOD');
    expect(await ask(await delegate([ext.eku('1.3.6.1.5.5.7.3.1')]))).toBe('UNKNOWN');
    expect(await ask(await delegate([]))).toBe('UNKNOWN');
    expect(await ask(await delegate([signing], { issuer: root }))).toBe('UNKNOWN');
    expect(await ask(await delegate([signing], { notAfter: '2026-02-01T00:00:00Z' }))).toBe(
      'UNKNOWN',
    );
    const { signer } = await delegate([signing]);
    expect(await ask({ signer })).toBe('UNKNOWN');
  });
  it('the issuer named by CertID is the issuer', async () => {
    expect(await ask({ issuer: root })).toBe('UNKNOWN');
  });
  it('unknown critical extensions say nothing', async () => {
    const extensions = [extension('1.2.3', true, d.nullValue())];
    expect(await ask({ singles: [{ serial: SERIAL, status: 'good', extensions }] })).toBe(
      'UNKNOWN',
    );
  });
  it('counts along a path', async () => {
    const singles = [{ serial: SERIAL, status: 'revoked' as const }];
    const response = await ocsp({ signer: ca, issuer: ca, singles });
    expect(await path([], { ocsp: [response], revocation: 'soft-fail' })).toBe('revoked');
    const fine = await ocsp({ signer: ca, issuer: ca, singles: good });
    expect(await path([], { ocsp: [fine] })).toBe('ok');
    expect(await path([await crl({ issuer: ca, revoked })], { ocsp: [fine] })).toBe('revoked');
  });
});
