import { beforeAll, describe, expect, it } from 'vitest';
import { derWrite as d } from '../../src/crypto/index.ts';
import {
  certificateId,
  explainPath,
  judgeCertificate,
  KEY_USAGE,
  normaliseTrust,
  type PathInput,
  PILOT_POLICY,
  type TrustBundle,
  verifyPath,
  verifyPathReport,
} from '../../src/pki/index.ts';
import {
  caExtensions,
  certificate,
  directoryName,
  dnsName,
  ext,
  extension,
  nameOf,
  type Party,
  party,
  uriName,
} from './forge.ts';

const time = '2026-06-01T00:00:00Z';
let root: Party;
let ca: Party;
let leaf: Party;
let rootCert: Uint8Array;
let caCert: Uint8Array;
let leafCert: Uint8Array;

beforeAll(async () => {
  root = await party('Root');
  ca = await party('CA');
  leaf = await party('Leaf');
  rootCert = await certificate({
    subject: root,
    issuer: root,
    extensions: caExtensions(root, root),
  });
  caCert = await certificate({ subject: ca, issuer: root, extensions: caExtensions(ca, root) });
  leafCert = await certificate({ subject: leaf, issuer: ca });
});

const check = (input: Partial<PathInput> = {}) =>
  verifyPath({
    target: leafCert,
    intermediates: [caCert],
    anchors: [{ cert: rootCert }],
    time,
    ...input,
  });
/** The code when the leaf, or the CA, carries these extensions or options. */
const withLeaf = async (options: Partial<Parameters<typeof certificate>[0]>, input = {}) =>
  (
    await check({
      target: await certificate({ subject: leaf, issuer: ca, ...options }),
      ...input,
    })
  ).code;
const withCa = async (options: Partial<Parameters<typeof certificate>[0]>, input = {}) =>
  (
    await check({
      intermediates: [await certificate({ subject: ca, issuer: root, ...options })],
      ...input,
    })
  ).code;
const caWith = (...more: Uint8Array[]) => ({ extensions: [...caExtensions(ca, root), ...more] });
const leafWith = (...more: Uint8Array[]) => ({ extensions: [ext.aki(ca), ...more] });

describe('RFC 5280 6.1: a path', () => {
  it('is valid, and named leaf to anchor', async () => {
    expect(await check()).toEqual({
      valid: true,
      code: 'ok',
      policies: [],
      path: await Promise.all([leafCert, caCert, rootCert].map(certificateId)),
    });
  });

  it('no-path: without the CA, without the anchor, under another anchor of that name', async () => {
    expect((await check({ intermediates: [] })).code).toBe('no-path');
    expect((await check({ anchors: [] })).code).toBe('no-path');
    const other = await party('Root');
    const cert = await certificate({ subject: other, issuer: other });
    expect((await check({ anchors: [{ cert }] })).code).toBe('bad-signature');
  });

  it('6.1.3 a 2: both bounds of validity are inclusive, to the second', async () => {
    const term = { notBefore: '2026-02-01T00:00:00Z', notAfter: '2026-03-01T00:00:00Z' };
    const at = (moment: string) => withLeaf(term, { time: moment });
    expect(await at('2026-01-31T23:59:59Z')).toBe('not-yet-valid');
    expect(await at('2026-02-01T00:00:00Z')).toBe('ok');
    expect(await at('2026-03-01T00:00:00.999Z')).toBe('ok');
    expect(await at('2026-03-01T00:00:01Z')).toBe('expired');
    expect(await withCa({ ...caWith(), ...term })).toBe('expired');
  });

  it('an expired anchor is still a name and a key, unless its constraints are enforced', async () => {
    const cert = await certificate({
      subject: root,
      issuer: root,
      extensions: caExtensions(root, root),
      notAfter: '2026-02-01T00:00:00Z',
    });
    expect((await check({ anchors: [{ cert }] })).code).toBe('ok');
    expect((await check({ anchors: [{ cert, enforceConstraints: true }] })).code).toBe('expired');
  });

  it('6.1.3 a 1: a changed octet of the signed part breaks the signature', async () => {
    const changed = leafCert.slice();
    const at = changed.findIndex((_, i) => changed[i] === 0x4c && changed[i + 1] === 0x65);
    changed[at] = 0x6c;
    expect((await check({ target: changed })).code).toBe('bad-signature');
  });

  it('4.1.1.2: inner and outer algorithm are one', async () => {
    const innerAlgorithm = d.sequence(d.oid('1.2.840.10045.4.3.3'));
    expect(await withLeaf({ innerAlgorithm })).toBe('malformed');
  });

  it('6.1.4 k: an issuer is a CA', async () => {
    expect(await withCa({})).toBe('not-a-ca');
    const no = extension('2.5.29.19', true, d.sequence());
    expect(await withCa({ extensions: [no, ext.ski(ca)] })).toBe('not-a-ca');
  });

  it('4.2.1.3: keyUsage sets a bit; trailing zero bits change nothing', async () => {
    const usage = (...octets: number[]) =>
      leafWith(extension('2.5.29.15', true, d.tlv(0x03, new Uint8Array(octets))));
    expect(await withLeaf(usage(0, 0xc0))).toBe('ok');
    expect(await withLeaf(usage(0, 0))).toBe('malformed');
    expect(await withLeaf(usage(4, 0xcf))).toBe('malformed');
    expect(await withLeaf(usage(0))).toBe('malformed');
  });

  it('4.2.1.3, 4.2.1.9: a target that is no CA bears no mark of one', async () => {
    const pathLen = extension('2.5.29.19', true, d.sequence(d.integer(1)));
    const marks = leafWith(pathLen, ext.keyUsage(1 | 32));
    const odd = await certificate({ subject: leaf, issuer: ca, ...marks });
    for (const profile of ['licence', 'webpki'] as const) {
      const strict = await check({ target: odd, profile });
      expect(strict.valid).toBe(false);
    }
    // Outside CAs write such leaves, and OpenSSL takes them; they issue nothing all the same.
    expect((await check({ target: odd })).code).toBe('ok');
    const below = await certificate({ subject: await party('below'), issuer: leaf });
    const path = await check({ target: below, intermediates: [caCert, odd] });
    expect(path.code).toBe('not-a-ca');
    expect(await withLeaf(leafWith(ext.ca(), ext.keyUsage(32)))).toBe('ok');
  });

  it('6.1.4 n: keyUsage of an issuer has keyCertSign', async () => {
    expect(await withCa({ extensions: [ext.ca(), ext.keyUsage(64)] })).toBe('key-usage');
    expect(await withCa({ extensions: [ext.ca()] })).toBe('ok');
  });

  it('6.1.4 l, m: pathLen counts what is between, self-issued not', async () => {
    const sub = await party('Sub');
    const subCert = await certificate({ subject: sub, issuer: ca, extensions: [ext.ca()] });
    const target = await certificate({ subject: leaf, issuer: sub });
    const under = async (pathLen: number) => {
      const cert = await certificate({
        subject: ca,
        issuer: root,
        extensions: [ext.ca(pathLen)],
      });
      return (await check({ target, intermediates: [cert, subCert] })).code;
    };
    expect(await under(1)).toBe('ok');
    expect(await under(0)).toBe('path-len');
    const rolled = await party('CA');
    const rollover = await certificate({ subject: rolled, issuer: ca, extensions: [ext.ca(0)] });
    const first = await certificate({ subject: ca, issuer: root, extensions: [ext.ca(0)] });
    const byNewKey = await certificate({ subject: leaf, issuer: rolled });
    expect((await check({ target: byNewKey, intermediates: [first, rollover] })).code).toBe('ok');
    expect((await check({ maxDepth: 0 })).code).toBe('path-len');
    expect((await check({ maxDepth: 1 })).code).toBe('ok');
  });

  it('4.2: an unknown critical extension stops the path, an unknown other one does not', async () => {
    const unknown = (critical: boolean) => extension('1.2.3.4', critical, d.nullValue());
    expect(await withLeaf(leafWith(unknown(true)))).toBe('unknown-critical-ext');
    expect(await withCa(caWith(unknown(true)))).toBe('unknown-critical-ext');
    expect(await withLeaf(leafWith(unknown(false)))).toBe('ok');
    expect(await withLeaf(leafWith(unknown(false), unknown(false)))).toBe('malformed');
  });

  it('4.2.1.4: a critical policy with an unknown qualifier stops the path', async () => {
    const qualifier = d.sequence(d.sequence(d.oid('1.2.3.4'), d.nullValue()));
    const value = d.sequence(d.sequence(d.oid('1.2.3'), qualifier));
    expect(await withLeaf(leafWith(extension('2.5.29.32', true, value)))).toBe(
      'unknown-critical-ext',
    );
    expect(await withLeaf(leafWith(extension('2.5.29.32', false, value)))).toBe('ok');
  });

  it('one second beyond its bounds a certificate of any place does not count', async () => {
    const bounds = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-05-31T23:59:59Z' };
    const late = { ...bounds, notAfter: '2026-06-01T00:00:00Z' };
    expect(await withLeaf({ ...leafWith(), ...bounds })).toBe('expired');
    expect(await withLeaf({ ...leafWith(), ...late })).toBe('ok');
    expect(await withCa({ ...caWith(), ...bounds })).toBe('expired');
    expect(await withCa({ ...caWith(), ...late })).toBe('ok');
    const soon = { ...bounds, notBefore: '2026-06-01T00:00:01Z', notAfter: late.notAfter };
    expect(await withLeaf({ ...leafWith(), ...soon, notAfter: '2027-01-01T00:00:00Z' })).toBe(
      'not-yet-valid',
    );
  });

  it('key roll-over: by either key of one name, through either cross-certificate', async () => {
    const oldRoot = await party('Rolling');
    const newRoot = await party('Rolling');
    const self = (subject: Party, issuer: Party) =>
      certificate({ subject, issuer, extensions: caExtensions(subject, issuer) });
    const [oldCert, newCert] = [await self(oldRoot, oldRoot), await self(newRoot, newRoot)];
    const newByOld = await self(newRoot, oldRoot);
    const under = await certificate({
      subject: ca,
      issuer: newRoot,
      extensions: caExtensions(ca, newRoot),
    });
    const by = async (anchor: Uint8Array, ...pool: Uint8Array[]) =>
      (await check({ intermediates: [under, ...pool], anchors: [{ cert: anchor }] })).code;
    expect(await by(newCert)).toBe('ok');
    expect(await by(oldCert, newByOld)).toBe('ok');
    expect(await by(oldCert, newCert, newByOld)).toBe('ok');
    expect(await by(newCert, newByOld, oldCert)).toBe('ok');
    // The name is the anchor's and the key is not: nothing vouches for the new one.
    expect((await check({ intermediates: [under], anchors: [{ cert: oldCert }] })).valid).toBe(
      false,
    );
    expect(
      (await check({ intermediates: [under, newCert], anchors: [{ cert: oldCert }] })).valid,
    ).toBe(false);
  });

  it('a cross-signed CA: the path over the anchor that is trusted, with its own pathLen', async () => {
    const other = await party('Other root');
    const otherCert = await certificate({
      subject: other,
      issuer: other,
      extensions: caExtensions(other, other),
    });
    const cross = await certificate({
      subject: ca,
      issuer: other,
      extensions: caExtensions(ca, other, 0),
    });
    const anchors = [{ cert: otherCert }];
    expect((await check({ intermediates: [caCert, cross], anchors })).code).toBe('ok');
    expect((await check({ intermediates: [caCert], anchors })).valid).toBe(false);
    const sub = await party('Sub of cross');
    const subCert = await certificate({
      subject: sub,
      issuer: ca,
      extensions: caExtensions(sub, ca),
    });
    const target = await certificate({ subject: leaf, issuer: sub });
    const intermediates = [subCert, caCert, cross];
    // pathLen 0 of the cross-certificate bars what the other root allows.
    expect((await check({ target, intermediates, anchors })).code).toBe('path-len');
    expect((await check({ target, intermediates })).code).toBe('ok');
  });

  it('an anchor that is not self-signed, not a CA, or bears other key purposes is a name and a key', async () => {
    const above = await party('Above');
    const server = '1.3.6.1.5.5.7.3.1';
    const rootWith = async (...extensions: Uint8Array[]) =>
      certificate({ subject: root, issuer: above, extensions });
    const no = extension('2.5.29.19', true, d.sequence());
    const client = ext.eku('1.3.6.1.5.5.7.3.2');
    for (const cert of [
      await rootWith(...caExtensions(root, above)),
      await rootWith(no, ext.ski(root)),
      await rootWith(ext.keyUsage(1), ext.ski(root)),
      await rootWith(...caExtensions(root, above), client),
    ]) {
      const anchors = [{ cert }];
      expect((await check({ anchors, purpose: { ekus: [server] } })).code).toBe('ok');
    }
    const enforced = async (cert: Uint8Array) =>
      (
        await check({
          anchors: [{ cert, enforceConstraints: true }],
          purpose: { ekus: [server] },
        })
      ).code;
    expect(await enforced(await rootWith(no, ext.ski(root)))).toBe('not-a-ca');
    expect(await enforced(await rootWith(ext.ca(), ext.keyUsage(1), ext.ski(root)))).toBe(
      'key-usage',
    );
    expect(await enforced(await rootWith(...caExtensions(root, above), client))).toBe('eku');
  });

  it('4.1.2.2: serial numbers of every form have their profile', async () => {
    const withSerial = async (serial: number, profile: 'rfc5280' | 'webpki' | 'licence') =>
      (
        await check({
          target: await certificate({ subject: leaf, issuer: ca, serial }),
          profile,
        })
      ).valid;
    for (const serial of [0, -1]) {
      expect(await withSerial(serial, 'rfc5280')).toBe(true);
      expect(await withSerial(serial, 'licence')).toBe(false);
    }
  });

  it('4.2: an extension twice is refused, whatever its values say', async () => {
    for (const twice of [ext.eku('1.3.6.1.5.5.7.3.1'), ext.keyUsage(1), ext.dns('a.example.cn')]) {
      expect(await withLeaf(leafWith(twice, twice))).toBe('malformed');
    }
    // Such an issuer is none.
    expect(await withCa(caWith(ext.ca()))).toBe('no-path');
  });

  it('tries another path where one fails', async () => {
    const expired = await certificate({
      subject: ca,
      issuer: root,
      ...caWith(),
      notAfter: '2026-02-01T00:00:00Z',
    });
    expect((await check({ intermediates: [expired, caCert] })).valid).toBe(true);
    expect((await check({ intermediates: [caCert, expired] })).valid).toBe(true);
  });

  it('an anchor as target is a path of one only where the caller says so', async () => {
    const input = { target: rootCert, intermediates: [] };
    expect((await check(input)).code).toBe('no-path');
    expect(await check({ ...input, anchorAsTarget: true })).toMatchObject({ valid: true });
    const later = { ...input, anchorAsTarget: true, time: '2028-01-01T00:00:00Z' };
    expect((await check(later)).code).toBe('expired');
  });
});

describe('RFC 5280 7.1: names compare', () => {
  const issued = (name: Uint8Array) => withLeaf({ issuerName: name });
  it.each([
    ['in any case and with any white space', nameOf('CN=  cA ')],
    ['as PrintableString', nameOf(['CN', d.printableString('CA')])],
    ['as BMPString', nameOf(['CN', d.tlv(0x1e, new Uint8Array([0, 0x43, 0, 0x41]))])],
    ['with what is mapped to nothing', nameOf('CN=C\u200bA')],
  ])('%s', async (_, name) => expect(await issued(name)).toBe('ok'));
  it.each([
    ['other text', nameOf('CN=CB')],
    ['a further RDN', nameOf('CN=CA', 'O=x')],
    ['another attribute', nameOf('O=CA')],
    ['a separator inside the text', nameOf('CN=CA\u0003"')],
  ])('not: %s', async (_, name) => expect(await issued(name)).toBe('no-path'));
});

describe('RFC 5280 4.2.1.10: name constraints', () => {
  const code = async (constraints: Uint8Array, ...leafExtensions: Uint8Array[]) => {
    const cert = await certificate({ subject: ca, issuer: root, ...caWith(constraints) });
    return withLeaf(leafWith(...leafExtensions), { intermediates: [cert] });
  };
  const permitted = (...names: Uint8Array[]) => ext.constraints(names);
  const excluded = (...names: Uint8Array[]) => ext.constraints([], names);
  const san = (name: Uint8Array) => extension('2.5.29.17', false, d.sequence(name));

  it.each([
    ['a host below the permitted one', permitted(dnsName('example.cn')), 'a.example.cn', 'ok'],
    ['the permitted host itself', permitted(dnsName('example.cn')), 'EXAMPLE.cn', 'ok'],
    ['a host beside it', permitted(dnsName('example.cn')), 'badexample.cn', 'name-constraints'],
    ['an excluded host', excluded(dnsName('example.cn')), 'a.example.cn', 'name-constraints'],
    [
      'a wildcard over an excluded host',
      excluded(dnsName('b.example.cn')),
      '*.example.cn',
      'name-constraints',
    ],
    ['a wildcard inside the permitted', permitted(dnsName('example.cn')), '*.example.cn', 'ok'],
    [
      'a wildcard above the permitted',
      permitted(dnsName('b.example.cn')),
      '*.example.cn',
      'name-constraints',
    ],
  ])('DNS: %s', async (_, constraint, name, expected) => {
    expect(await code(constraint, ext.dns(name))).toBe(expected);
  });

  it.each([
    ['https://a.example.cn/x', '.example.cn', 'ok'],
    ['https://example.cn/x', '.example.cn', 'name-constraints'],
    ['https://example.cn:8080/', 'example.cn', 'ok'],
    ['https://evil.cn/@example.cn', 'example.cn', 'name-constraints'],
    ['https://example.cn@evil.cn/', 'example.cn', 'name-constraints'],
    ['urn:example', 'example.cn', 'name-constraints'],
    ['https://192.0.2.1/', 'example.cn', 'name-constraints'],
  ])('URI: %s under %s', async (uri, base, expected) => {
    expect(await code(permitted(uriName(base)), san(uriName(uri)))).toBe(expected);
  });

  it('directory names: by RDN, from the top', async () => {
    const subject = { ...leaf, name: nameOf('C=CN', 'O=Acme', 'CN=x') };
    const test = async (...parts: string[]) => {
      const constraints = permitted(directoryName(nameOf(...parts)));
      const cert = await certificate({ subject: ca, issuer: root, ...caWith(constraints) });
      return withLeaf({ subject }, { intermediates: [cert] });
    };
    expect(await test('C=cn', 'O=ACME')).toBe('ok');
    expect(await test('O=Acme')).toBe('name-constraints');
    expect(await test('C=CN', 'O=Acme', 'CN=x', 'CN=y')).toBe('name-constraints');
  });

  it('a constrained otherName is refused, absent it does no harm', async () => {
    const other = d.context(0, d.oid('1.2.3'), d.context(0, d.nullValue()));
    expect(await code(permitted(other))).toBe('ok');
    expect(await code(permitted(other), san(other))).toBe('name-constraints');
  });

  it.each([
    ['nothing at all', ext.constraints([])],
    [
      'a minimum',
      extension(
        '2.5.29.30',
        true,
        d.sequence(
          d.context(
            0,
            d.sequence(dnsName('example.cn'), d.contextPrimitive(0, new Uint8Array([1]))),
          ),
        ),
      ),
    ],
    [
      'a non-contiguous mask',
      permitted(d.contextPrimitive(7, new Uint8Array([10, 0, 0, 0, 255, 0, 255, 0]))),
    ],
    ['a wildcard', permitted(dnsName('*.example.cn'))],
    ['a leading dot in DNS', permitted(dnsName('.example.cn'))],
  ])('a malformed constraint (%s) refuses the path', async (_, constraints) => {
    expect(await code(constraints, ext.dns('a.example.cn'))).not.toBe('ok');
  });

  it('self-issued issuers are exempt, a self-issued target is not', async () => {
    const constraints = permitted(directoryName(nameOf('O=only')));
    const cert = await certificate({ subject: ca, issuer: root, ...caWith(constraints) });
    const rolled = await party('CA');
    const rollover = await certificate({ subject: rolled, issuer: ca, extensions: [ext.ca()] });
    const target = await certificate({
      subject: { ...leaf, name: nameOf('O=only', 'CN=x') },
      issuer: rolled,
    });
    expect((await check({ target, intermediates: [cert, rollover] })).code).toBe('ok');
    expect((await check({ target: rollover, intermediates: [cert] })).code).toBe(
      'name-constraints',
    );
  });
});

describe('RFC 5280 6.1: policies', () => {
  const P = '1.2.3.1';
  const Q = '1.2.3.2';
  const ANY = '2.5.29.32.0';
  const run = async (
    caExt: Uint8Array[],
    leafExt: Uint8Array[],
    input: Partial<PathInput> = {},
  ) => {
    const cert = await certificate({ subject: ca, issuer: root, ...caWith(...caExt) });
    const target = await certificate({ subject: leaf, issuer: ca, ...leafWith(...leafExt) });
    return check({ target, intermediates: [cert], ...input });
  };
  it('reports the user-constrained set', async () => {
    expect((await run([ext.policies(P, Q)], [ext.policies(Q)])).policies).toEqual([Q]);
    const asked = { initialPolicySet: [P], explicitPolicy: true };
    expect((await run([ext.policies(ANY)], [ext.policies(P)], asked)).policies).toEqual([P]);
    expect((await run([ext.policies(Q)], [ext.policies(Q)], asked)).code).toBe('policy');
  });
  it('maps policies, in the words of the anchor', async () => {
    const result = await run([ext.policies(P), ext.mappings([P, Q])], [ext.policies(Q)]);
    expect(result.policies).toEqual([P]);
    const inhibited = { inhibitPolicyMapping: true, explicitPolicy: true };
    const refused = await run(
      [ext.policies(P), ext.mappings([P, Q])],
      [ext.policies(Q)],
      inhibited,
    );
    expect(refused.code).toBe('policy');
  });
  it('6.1.4 a: anyPolicy is never mapped', async () => {
    expect((await run([ext.policies(P), ext.mappings([P, ANY])], [])).code).toBe('policy');
    expect((await run([ext.policies(P), ext.mappings([ANY, P])], [])).code).toBe('policy');
  });
  it('RFC 5937: policies of an anchor count where its constraints are enforced', async () => {
    const anchored = async (enforceConstraints: boolean, ...more: Uint8Array[]) => {
      const extensions = [...caExtensions(root, root), ...more];
      const cert = await certificate({ subject: root, issuer: root, extensions });
      const asked = { initialPolicySet: [P], explicitPolicy: true };
      const anchors = [{ cert, enforceConstraints }];
      return (await run([ext.policies(Q)], [ext.policies(Q)], { ...asked, anchors })).code;
    };
    expect(await anchored(false, ext.policies(P), ext.mappings([P, Q]))).toBe('policy');
    expect(await anchored(true, ext.policies(P), ext.mappings([P, Q]))).toBe('ok');
    expect(await anchored(true, ext.policies(P))).toBe('policy');
    expect(await anchored(true, ext.policies(P), ext.mappings([P, ANY]))).toBe('policy');
  });
  it('RFC 5937: an enforced anchor without basicConstraints is one, a leaf is none', async () => {
    const anchored = async (extensions: Uint8Array[]) => {
      const cert = await certificate({ subject: root, issuer: root, extensions });
      return (await check({ anchors: [{ cert, enforceConstraints: true }] })).code;
    };
    expect(await anchored([ext.ski(root)])).toBe('ok');
    expect(await anchored([extension('2.5.29.19', true, d.sequence())])).toBe('not-a-ca');
    expect(await anchored([ext.ca(0), ext.keyUsage(32)])).toBe('path-len');
  });
  it('requireExplicitPolicy of the CA binds the target', async () => {
    const require = extension(
      '2.5.29.36',
      true,
      d.sequence(d.contextPrimitive(0, new Uint8Array([0]))),
    );
    expect((await run([ext.policies(P), require], [ext.policies(P)])).code).toBe('ok');
    expect((await run([ext.policies(P), require], [])).code).toBe('policy');
  });
});

describe('purpose', () => {
  const server = '1.3.6.1.5.5.7.3.1';
  it('4.2.1.12: key purposes narrow from the CA down', async () => {
    const purpose = { ekus: [server] };
    expect(await withLeaf(leafWith(ext.eku(server)), { purpose })).toBe('ok');
    expect(await withLeaf(leafWith(ext.eku('1.3.6.1.5.5.7.3.2')), { purpose })).toBe('eku');
    expect(await withCa(caWith(ext.eku('1.3.6.1.5.5.7.3.2')), { purpose })).toBe('eku');
    expect(await withLeaf(leafWith(ext.eku('2.5.29.37.0')), { purpose })).toBe('ok');
  });
  it('critical application policies of Microsoft: read beside extendedKeyUsage, and binding', async () => {
    const client = '1.3.6.1.5.5.7.3.2';
    const policies = (...oids: string[]) =>
      extension(
        '1.3.6.1.4.1.311.21.10',
        true,
        d.sequence(...oids.map((oid) => d.sequence(d.oid(oid)))),
      );
    const purpose = { ekus: [server] };
    const both = leafWith(ext.eku(server, client), policies(server, client));
    expect(await withLeaf(both, { purpose })).toBe('ok');
    expect(await withLeaf(both, { purpose, profile: 'licence' })).not.toBe('ok');
    expect(await withLeaf(leafWith(ext.eku(server, client), policies(client)), { purpose })).toBe(
      'eku',
    );
    expect(await withLeaf(leafWith(ext.eku(client), policies(server)), { purpose })).toBe('eku');
    // Without extendedKeyUsage, or in another form, nobody processes them.
    expect(await withLeaf(leafWith(policies(server)), { purpose })).toBe('unknown-critical-ext');
    const broken = extension('1.3.6.1.4.1.311.21.10', true, d.nullValue());
    expect(await withLeaf(leafWith(ext.eku(server), broken))).toBe('unknown-critical-ext');
  });
  it('4.2.1.12: anyExtendedKeyUsage and key purposes of the Web, by profile and place', async () => {
    const purpose = { ekus: [server] };
    const client = '1.3.6.1.5.5.7.3.2';
    const any = '2.5.29.37.0';
    // Server-gated crypto (Netscape, Microsoft) stands for nothing.
    for (const old of ['2.16.840.1.113730.4.1', '1.3.6.1.4.1.311.10.3.3']) {
      expect(await withCa(caWith(ext.eku(old)), { purpose })).toBe('eku');
    }
    expect(await withCa(caWith(ext.eku(any, client)), { purpose })).toBe('ok');
    expect(await withCa(caWith(ext.eku(client)), {})).toBe('ok');
    const leafAny = leafWith(ext.eku(any));
    expect(await withLeaf(leafAny, { purpose, profile: 'webpki' })).toBe('eku');
    expect(await withLeaf(leafWith(), { purpose })).toBe('ok');
    expect(await withLeaf(leafWith(ext.eku(client, server)), { purpose })).toBe('ok');
  });
  it('key usage of the target, where the caller needs it', async () => {
    const purpose = { keyUsage: KEY_USAGE.digitalSignature | KEY_USAGE.nonRepudiation };
    expect(await withLeaf(leafWith(ext.keyUsage(16)), { purpose })).toBe('key-usage');
    expect(await withLeaf(leafWith(ext.keyUsage(2)), { purpose })).toBe('ok');
  });
  it.each([
    ['a.example.cn', 'A.example.cn', 'ok'],
    ['*.example.cn', 'a.example.cn', 'ok'],
    ['*.example.cn', 'b.a.example.cn', 'peer-name'],
    ['*.example.cn', 'example.cn', 'peer-name'],
    ['a.example.cn', 'b.example.cn', 'peer-name'],
  ])('RFC 9525: %s for %s', async (name, value, expected) => {
    const purpose = { peerNames: [{ kind: 'DNS' as const, value }] };
    expect(await withLeaf(leafWith(ext.dns(name)), { purpose })).toBe(expected);
  });
});

describe('budget', () => {
  it('a web of cross-signed CAs ends', async () => {
    const parties = await Promise.all(Array.from({ length: 9 }, (_, i) => party(`X${i}`)));
    const intermediates: Uint8Array[] = [];
    for (const subject of parties) {
      for (const issuer of parties) {
        if (subject === issuer) continue;
        intermediates.push(await certificate({ subject, issuer, extensions: [ext.ca()] }));
      }
    }
    const target = await certificate({ subject: leaf, issuer: parties[0] as Party });
    expect((await check({ target, intermediates })).code).toBe('budget');
  });
  it('stops when the timer says so', async () => {
    let now = 0;
    expect((await check({ budgetMs: 10, timer: () => (now += 20) })).code).toBe('budget');
  });
  it('policy mappings do not multiply (CVE-2023-0464)', async () => {
    const oids = Array.from({ length: 12 }, (_, i) => `1.2.3.${i}`);
    const all = oids.flatMap((a) => oids.map((b): [string, string] => [a, b]));
    const chain = await Promise.all(Array.from({ length: 12 }, (_, i) => party(`L${i}`)));
    const intermediates: Uint8Array[] = [];
    let issuer = root;
    for (const subject of chain) {
      const extensions = [ext.ca(), ext.policies(...oids), ext.mappings(...all)];
      intermediates.push(await certificate({ subject, issuer, extensions }));
      issuer = subject;
    }
    const target = await certificate({
      subject: leaf,
      issuer,
      ...{ extensions: [ext.policies('1.2.3.0')] },
    });
    const result = await check({ target, intermediates, explicitPolicy: true });
    expect(result.policies).toHaveLength(12);
  });
  it('many names against many constraints end', async () => {
    const names = Array.from({ length: 1100 }, (_, i) => `n${i}.cn`);
    const cert = await certificate({
      subject: ca,
      issuer: root,
      ...caWith(ext.constraints(names.map((n) => dnsName(n)))),
    });
    const named = (count: number) => leafWith(ext.dns(...names.slice(0, count)));
    expect(await withLeaf(named(1100), { intermediates: [cert] })).toBe('budget');
    // 2 to the 20th comparisons are within it, and so are names of another form, however many.
    expect(await withLeaf(named(900), { intermediates: [cert] })).toBe('ok');
    const addresses = extension(
      '2.5.29.17',
      false,
      d.sequence(...names.map((n) => uriName(`http://${n}/`))),
    );
    expect(await withLeaf(leafWith(addresses), { intermediates: [cert] })).toBe('ok');
  });
});

describe('profiles', () => {
  it('licence takes the strict side where rfc5280 has no opinion', async () => {
    const cases: [Partial<Parameters<typeof certificate>[0]>, string][] = [
      [{}, 'ok'],
      [{ serial: -5 }, 'malformed'],
      [{ serial: 0 }, 'malformed'],
      [{ extensions: [ext.ski(leaf)] }, 'malformed'],
      [leafWith(ext.constraints([dnsName('a.cn')])), 'malformed'],
    ];
    for (const [options, expected] of cases) {
      expect(await withLeaf(options, { profile: 'licence' })).toBe(expected);
      expect(await withLeaf(options, { profile: 'rfc5280' })).toBe('ok');
    }
  });
  it('a time that is none is refused, not guessed', async () => {
    expect((await check({ time: 'yesterday' })).code).toBe('malformed');
  });
});

describe('pilots', () => {
  it('a certificate under the pilot policy is none in a real deployment', async () => {
    const target = await certificate({
      subject: leaf,
      issuer: ca,
      ...leafWith(ext.policies(PILOT_POLICY)),
    });
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
    const judge = (pilot: boolean) =>
      judgeCertificate({
        certificate: target,
        pool: [caCert],
        time,
        trust: normaliseTrust({
          deployment: 'x',
          pilot,
          anchors: [{ certificate: base64(rootCert), certifies: ['staff'] }],
          intermediates: [],
          crls: [],
          roster: [],
        } as unknown as TrustBundle),
        purpose: 'staff',
      });
    expect(await judge(true)).toMatchObject({ verdict: 'TOTAL-PASSED', pilot: true });
    expect(await judge(false)).toMatchObject({ verdict: 'INDETERMINATE', code: 'pilot' });
  });
});

describe('the report', () => {
  it('names each check, its certificate and its clause, and goes on after the first failure', async () => {
    const target = await certificate({
      subject: leaf,
      issuer: ca,
      notAfter: '2026-02-01T00:00:00Z',
    });
    const input = { target, intermediates: [caCert], anchors: [{ cert: rootCert }], time };
    const report = await verifyPathReport(input);
    expect(report).toMatchObject({ valid: false, code: 'expired' });
    const [id, caId] = [await certificateId(target), await certificateId(caCert)];
    const find = (check: string, certificate: string) =>
      report.steps.find((step) => step.check === check && step.certificate === certificate);
    expect(find('validity', id)).toMatchObject({ code: 'expired', clause: 'RFC 5280 6.1.3 a 2' });
    expect(find('validity', caId)?.code).toBe('ok');
    expect(find('signature', id)?.code).toBe('ok');
    const { certificates } = await explainPath(input);
    expect(certificates.map(({ subject }) => subject.text)).toEqual([
      'CN=Leaf',
      'CN=CA',
      'CN=Root',
    ]);
  });
});
