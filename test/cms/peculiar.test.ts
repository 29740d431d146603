import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyDetached } from '../../src/cms/index.ts';
import { concat, derWrite as d, digest, ecdsaToDer, owned } from '../../src/crypto/index.ts';
import { readCertificate, verifyPath } from '../../src/pki/index.ts';
import { certificate, nameOf, type Party, party, signed } from '../pki/forge.ts';

const content = new TextEncoder().encode('the document');
const DATA = '1.2.840.113549.1.7.1';
const SHA256 = d.sequence(d.oid('2.16.840.1.101.3.4.2.1'), d.nullValue());
const ECDSA = d.sequence(d.oid('1.2.840.10045.4.3.2'));

const who = await party(nameOf('C=CN', 'CN=Signer'));
const own = await certificate({ subject: who, issuer: who });
const stranger = await party('stranger');

interface Made {
  key?: Party;
  certificate?: Uint8Array;
  /** eContent octets, in the message only. */
  attached?: Uint8Array;
  announced?: Uint8Array;
  digestAlgorithm?: Uint8Array;
  signatureAlgorithm?: Uint8Array;
  outer?: string;
  type?: string;
  issuer?: Uint8Array;
  essIssuer?: Uint8Array;
  over?: Uint8Array;
  /** CMSAlgorithmProtection: digest, and signature under [1]. */
  protection?: [Uint8Array, Uint8Array];
}

/** SignedData as peers write it, with one thing otherwise. */
async function made(options: Made = {}): Promise<Uint8Array> {
  const { key = who, certificate: cert = own, type = DATA } = options;
  const { issuer, serial } = readName(cert);
  const sid = d.sequence(options.issuer ?? issuer, d.tlv(2, serial));
  const ess = d.sequence(
    d.octetString(await digest('SHA-256', cert)),
    d.sequence(d.sequence(d.context(4, options.essIssuer ?? issuer)), d.tlv(2, serial)),
  );
  const attribute = (oid: string, value: Uint8Array) => d.sequence(d.oid(oid), d.setOf(value));
  const [digestName, signatureName] = options.protection ?? [];
  const protection =
    digestName && signatureName
      ? [
          attribute(
            '1.2.840.113549.1.9.52',
            d.sequence(digestName, concat(new Uint8Array([0xa1]), signatureName.subarray(1))),
          ),
        ]
      : [];
  const attributes = d.setOf(
    attribute('1.2.840.113549.1.9.3', d.oid(type)),
    attribute(
      '1.2.840.113549.1.9.4',
      d.octetString(await digest('SHA-256', options.over ?? content)),
    ),
    attribute('1.2.840.113549.1.9.16.2.47', d.sequence(d.sequence(ess))),
    ...protection,
  );
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const raw = await crypto.subtle.sign(algorithm, key.key.privateKey, owned(attributes));
  const digestAlgorithm = options.digestAlgorithm ?? SHA256;
  const info = d.sequence(
    d.integer(1),
    sid,
    digestAlgorithm,
    concat(new Uint8Array([0xa0]), attributes.subarray(1)),
    options.signatureAlgorithm ?? ECDSA,
    d.octetString(ecdsaToDer(new Uint8Array(raw))),
  );
  const attached = options.attached ? [d.context(0, d.octetString(options.attached))] : [];
  const data = d.sequence(
    d.integer(1),
    d.setOf(options.announced ?? digestAlgorithm),
    d.sequence(d.oid(type), ...attached),
    d.context(0, cert),
    d.setOf(info),
  );
  return d.sequence(d.oid(options.outer ?? '1.2.840.113549.1.7.2'), d.context(0, data));
}

/** Issuer and serial number; a forged certificate is its own issuer. */
function readName(cert: Uint8Array) {
  try {
    const { issuer, serial } = readCertificate(cert);
    return { issuer: issuer.raw, serial };
  } catch {
    return { issuer: who.name, serial: new Uint8Array([7]) };
  }
}

const lenient = { allowBer: true, allowEmpty: true } as const;
const code = async (options: Made, how: typeof lenient | object = lenient) =>
  (await verifyDetached(await made(options), content, how)).code;

describe('RFC 5652 as peers of the field write it', () => {
  it('an empty eContent is none', async () => {
    expect(await code({ attached: new Uint8Array() })).toBe('ok');
    expect(await code({ attached: new Uint8Array() }, {})).toBe('cms-content');
  });

  it('content of its own stays refused, and so does another document', async () => {
    expect(await code({ attached: new Uint8Array([0]) })).toBe('cms-content');
    const other = await verifyDetached(
      await made({ attached: new Uint8Array(), over: new Uint8Array() }),
      content,
      lenient,
    );
    expect(other.code).toBe('cms-message-digest');
  });

  it.each([
    ['the digest by the OID of a signature', { digestAlgorithm: ECDSA }],
    ['the digest with parameters that mean nothing', { digestAlgorithm: withParameters() }],
    ['the announced digest by the OID of a signature', { announced: ECDSA }],
    [
      'the signature by the kind of key',
      { signatureAlgorithm: d.sequence(d.oid('1.2.840.10045.2.1')) },
    ],
    [
      'ecdsa-with-Specified',
      { signatureAlgorithm: d.sequence(d.oid('1.2.840.10045.4.3'), SHA256) },
    ],
  ] as const)('%s', async (_, options) => {
    expect(await code(options)).toBe('ok');
    expect(await code({ ...options, key: stranger })).toBe('cms-signature');
    expect(await code(options, {})).not.toBe('ok');
  });

  it('a digest that the document does not have stays broken, whatever it is called', async () => {
    const options = {
      digestAlgorithm: d.sequence(d.oid('1.2.840.10045.4.3.4')),
      signatureAlgorithm: d.sequence(d.oid('1.2.840.10045.2.1')),
    };
    expect(await code(options)).toBe('cms-message-digest');
  });

  it('digests that do not agree are refused: announced, used, and in the signature', async () => {
    const sha1 = d.sequence(d.oid('1.3.14.3.2.26'));
    expect(await code({ announced: sha1 })).toBe('cms-digest-algorithm');
    const other = { signatureAlgorithm: d.sequence(d.oid('1.2.840.10045.4.1')) };
    expect(await code(other)).toBe('cms-signature-algorithm');
  });

  it('RFC 6211: protected names of algorithms are kept', async () => {
    expect(await code({ protection: [SHA256, ECDSA] })).toBe('ok');
    const named: [Uint8Array, Uint8Array] = [SHA256, ECDSA];
    const digestSpelt = { digestAlgorithm: ECDSA, protection: named };
    expect(await code(digestSpelt)).toBe('cms-digest-algorithm');
    const kind = d.sequence(d.oid('1.2.840.10045.2.1'));
    const signatureSpelt = { signatureAlgorithm: kind, protection: named };
    expect(await code(signatureSpelt)).toBe('cms-signature-algorithm');
  });

  it('GM/T 0010: content of its own type inside, and of no other', async () => {
    const gm = { outer: '1.2.156.10197.6.1.4.2.2', type: '1.2.156.10197.6.1.4.2.1' };
    expect(await code(gm)).toBe('ok');
    expect(await code({ ...gm, type: '1.2.156.10197.6.1.4.2.3' })).toBe('cms-content-type');
    expect(await code(gm, {})).toBe('cms-content-type');
  });
});

function withParameters() {
  return d.sequence(d.oid('2.16.840.1.101.3.4.2.1'), d.sequence());
}

describe('names that differ in their string types (RFC 5280 7.1)', () => {
  const country = new Uint8Array([0x13, 2, 0x43, 0x4e]);
  const printable = nameOf(['C', country], ['CN', d.printableString('signer')]);
  const other = nameOf(['C', country], ['CN', d.printableString('Someone')]);

  it('are the same name in issuerAndSerialNumber and in ESS', async () => {
    expect(await code({ issuer: printable })).toBe('ok');
    expect(await code({ essIssuer: printable })).toBe('ok');
    expect(await code({ essIssuer: printable }, {})).toBe('cms-ess');
  });

  it('another name stays refused (certificate substitution, RFC 2634 5)', async () => {
    expect(await code({ essIssuer: other })).toBe('cms-ess');
    expect(await code({ issuer: other })).toBe('cms-signer-missing');
  });
});

describe('what is wrong with a certificate costs trust, not integrity', () => {
  /** The certificate with another end of its signed part. */
  const withTail = async (tail: Uint8Array, serial: Uint8Array = d.integer(7)) => {
    const time = (text: string) => d.generalizedTime(new Date(text));
    const tbs = d.sequence(
      ...[d.context(0, d.integer(2)), serial, ECDSA, who.name],
      d.sequence(time('2026-01-01T00:00:00Z'), time('2027-01-01T00:00:00Z')),
      ...[who.name, who.spki, tail],
    );
    return signed(who.key, tbs);
  };
  const defaulted = d.sequence(
    d.oid('2.5.29.15'),
    d.boolean(false),
    d.octetString(new Uint8Array([3, 2, 0, 1])),
  );

  it.each([
    ['an empty list of extensions', d.context(3, d.sequence())],
    ['DEFAULT FALSE written out', d.context(3, d.sequence(defaulted))],
  ])('%s', async (_, tail) => {
    const cert = await withTail(tail);
    const report = await verifyDetached(await made({ certificate: cert }), content, lenient);
    expect(report).toMatchObject({ ok: true, findings: [{ code: 'cms-certificate' }] });
    const time = '2026-06-01T00:00:00Z';
    expect(await verifyPath({ target: cert, anchors: [{ cert: own }], time })).toMatchObject({
      valid: false,
      code: 'malformed',
    });
    expect((await verifyDetached(await made({ certificate: cert }), content)).ok).toBe(false);
    expect(await code({ certificate: cert, key: stranger })).toBe('cms-signature');
  });

  it('a key that cannot be computed with is unsupported, and a changed document still broken', async () => {
    const dsa = d.sequence(d.sequence(d.oid('1.2.840.10040.4.1')), d.bitString(new Uint8Array(9)));
    const cert = await certificate({ subject: { ...who, spki: dsa }, issuer: who });
    expect(await code({ certificate: cert })).toBe('unsupported-alg');
    const broken = await made({ certificate: cert, over: new Uint8Array(1) });
    expect((await verifyDetached(broken, content, lenient)).code).toBe('cms-message-digest');
  });

  it('a digest that is not known is unsupported', async () => {
    expect(await code({ digestAlgorithm: d.sequence(d.oid('1.2.3.4')) })).toBe('unsupported-alg');
  });
});

describe('mutations of a genuine signature', () => {
  it('never pass with another signer or another document, and never throw', async () => {
    const genuine = await made();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(genuine.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = genuine.slice();
          changed[at] = (changed[at] as number) ^ by;
          const report = await verifyDetached(changed, content, lenient);
          if (!report.ok) return;
          // What still verifies was signed by this key: only unsigned parts may differ.
          const spki = Buffer.from(who.spki);
          expect(Buffer.from(report.signer as Uint8Array).includes(spki)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
