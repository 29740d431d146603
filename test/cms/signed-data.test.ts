import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signAttached, signDetached, verifyAttached, verifyDetached } from '../../src/cms/index.ts';
import { concat, derWrite, readBer, readDer, utf8 } from '../../src/crypto/index.ts';
import { at, get, identity, openssl, put } from './peers.ts';

const root = identity('root', 'P-256');
const staff = identity('staff', 'P-256', root);
const gmRoot = identity('gm-root', 'SM2');
const gm = identity('gm', 'SM2', gmRoot);
const rsa = identity('rsa', 'RSA', root);
const content = utf8('朱砂 manifest\n');
put('content', content);
const signer = { ...staff.signer, chain: [root.certificate] };
const signed = await signDetached({ content, signer, signingTime: '2026-03-01T08:00:00Z' });

describe('CAdES-B (EN 319 122-1) written', () => {
  it('verifies here, with what it claims', async () => {
    const report = await verifyDetached(signed, content);
    expect(report).toMatchObject({
      ok: true,
      code: 'ok',
      findings: [],
      digestAlgorithm: 'SHA-256',
      claimedTime: '2026-03-01T08:00:00.000Z',
      essPresent: true,
      weak: false,
      length: signed.length,
    });
    expect(report.signer).toEqual(staff.certificate);
    expect(report.certificates).toHaveLength(2);
  });

  it('is accepted by openssl cms -verify -cades', () => {
    put('ours.p7s', signed);
    openssl(
      `cms -verify -binary -cades -inform DER -purpose any -in ours.p7s -content content -CAfile root.pem -out ${at('x')}`,
    );
    expect(get('x')).toEqual(content);
  });

  it('carries no signing time unless given (PAdES) and takes unsigned attributes', async () => {
    const extraUnsigned = [{ oid: '1.2.840.113549.1.9.16.2.14', value: derWrite.nullValue() }];
    const cms = await signDetached({ content, signer, signingTime: null, extraUnsigned });
    const report = await verifyDetached(cms, {
      ranges: [content.subarray(0, 3), content.subarray(3)],
    });
    expect(report.ok).toBe(true);
    expect(report.claimedTime).toBeUndefined();
    expect(report.unsigned).toEqual([
      { oid: '1.2.840.113549.1.9.16.2.14', value: derWrite.nullValue() },
    ]);
  });

  it('signs with SM2 and SM3', async () => {
    const cms = await signDetached({
      content,
      signer: { ...gm.signer, chain: [gmRoot.certificate] },
    });
    const report = await verifyDetached(cms, content);
    expect(report).toMatchObject({
      ok: true,
      digestAlgorithm: 'SM3',
      signatureAlgorithm: '1.2.156.10197.1.501',
    });
    expect((await verifyDetached(cms, utf8('other'))).code).toBe('cms-message-digest');
  });

  it('attaches content of another type', async () => {
    const tst = '1.2.840.113549.1.9.16.1.4';
    const cms = await signAttached({ content, contentType: tst, signer });
    expect(await verifyAttached(cms, tst)).toMatchObject({ ok: true, content });
    expect((await verifyAttached(cms, '1.2.3')).code).toBe('cms-content-type');
    expect((await verifyDetached(cms, content)).code).toBe('cms-content-type');
  });
});

describe('openssl cms -sign read', () => {
  const sign = (options: string) => {
    openssl(`cms -sign -binary -in content -outform DER -out theirs.p7s ${options}`);
    return get('theirs.p7s');
  };

  it.each([
    ['P-256, CAdES', '-cades -signer staff.pem -inkey staff.key', 'SHA-256'],
    ['RSA, CAdES', '-cades -md sha512 -signer rsa.pem -inkey rsa.key', 'SHA-512'],
    ['RSA-PSS', '-cades -signer rsa.pem -inkey rsa.key -keyopt rsa_padding_mode:pss', 'SHA-256'],
    ['signer by key identifier', '-cades -keyid -signer staff.pem -inkey staff.key', 'SHA-256'],
  ])('%s', async (_, options, hash) => {
    const cms = sign(`${options} -nosmimecap`);
    for (const allowBer of [false, true]) {
      const report = await verifyDetached(cms, content, { allowBer });
      expect(report.findings).toEqual([]);
      expect(report).toMatchObject({ ok: true, digestAlgorithm: hash, essPresent: true });
    }
  });

  it('without a signing-certificate attribute it says so', async () => {
    const report = await verifyDetached(sign('-signer staff.pem -inkey staff.key'), content);
    expect(report).toMatchObject({ ok: true, essPresent: false });
  });

  it('SHA-1 is weak, MD5 refused', async () => {
    const sha1 = await verifyDetached(sign('-md sha1 -signer rsa.pem -inkey rsa.key'), content);
    expect(sha1).toMatchObject({ ok: true, weak: true, digestAlgorithm: 'SHA-1' });
    const md5 = await verifyDetached(sign('-md md5 -signer rsa.pem -inkey rsa.key'), content);
    expect(md5).toMatchObject({ ok: false, code: 'cms-digest-algorithm' });
  });

  it('check 15: two signers are refused', async () => {
    const cms = sign('-signer staff.pem -inkey staff.key -signer rsa.pem -inkey rsa.key');
    expect((await verifyDetached(cms, content)).code).toBe('cms-signer-count');
  });

  it('check 16: attached content is refused where detached is meant', async () => {
    const cms = sign('-nodetach -signer staff.pem -inkey staff.key');
    expect((await verifyDetached(cms, content)).code).toBe('cms-content');
  });

  it('check 18: no signed attributes', async () => {
    const cms = sign('-noattr -signer staff.pem -inkey staff.key');
    expect((await verifyDetached(cms, content)).code).toBe('cms-signed-attributes');
  });

  it('check 22: no certificate embedded, or none that fits', async () => {
    const none = sign('-nocerts -signer staff.pem -inkey staff.key');
    expect((await verifyDetached(none, content)).code).toBe('cms-signer-missing');
    const other = sign('-nocerts -certfile rsa.pem -signer staff.pem -inkey staff.key');
    expect((await verifyDetached(other, content)).code).toBe('cms-signer-missing');
  });

  it('streamed BER with indefinite lengths: read where allowed, refused in DER', async () => {
    const cms = sign('-cades -stream -nodetach -signer staff.pem -inkey staff.key');
    expect((await verifyDetached(cms, content)).code).toBe('der-indefinite');
    const type = '1.2.840.113549.1.7.1';
    const padded = concat(cms, new Uint8Array(9));
    expect((await verifyAttached(padded, type, { allowBer: true })).code).toBe('der-trailing');
    const report = await verifyAttached(padded, type, { allowBer: true, allowTrailing: true });
    expect(report).toMatchObject({ ok: true, length: cms.length, content });
  });
});

/** The parts of our signature, so that one of them can be exchanged. */
function rebuild(
  change: Partial<
    Record<
      'version' | 'digests' | 'type' | 'certificates' | 'attributes' | 'info',
      (der: Uint8Array) => Uint8Array
    >
  >,
  cms: Uint8Array = signed,
) {
  const { sequence, context, tlv } = derWrite;
  const keep = (der: Uint8Array) => der;
  const [oid, wrapper] = readDer(cms).children;
  const [version, digests, type, certificates, infos] = wrapper?.children[0]?.children ?? [];
  const info = infos?.children[0]?.children.map((n) => n.raw) ?? [];
  info[3] = (change.attributes ?? keep)(info[3] as Uint8Array);
  const signerInfo = (change.info ?? keep)(sequence(...info));
  return sequence(
    oid?.raw as Uint8Array,
    context(
      0,
      sequence(
        (change.version ?? keep)(version?.raw as Uint8Array),
        (change.digests ?? keep)(digests?.raw as Uint8Array),
        (change.type ?? keep)(type?.raw as Uint8Array),
        (change.certificates ?? keep)(certificates?.raw as Uint8Array),
        tlv(0x31, signerInfo),
      ),
    ),
  );
}

/** A signature over attributes of our choosing. */
async function withAttributes(list: [string, Uint8Array[]][]): Promise<Uint8Array> {
  const { sequence, setOf, oid, octetString, tlv } = derWrite;
  const set = setOf(...list.map(([type, values]) => sequence(oid(type), setOf(...values))));
  const value = await staff.signer.sign(set);
  return rebuild({
    info: (der) => {
      const parts = readDer(der).children.map((n) => n.raw);
      parts[3] = tlv(0xa0, readDer(set).value);
      parts[5] = octetString(value);
      return sequence(...parts);
    },
  });
}

const sha = (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest());
const ess = (certificate: Uint8Array) => {
  const { sequence, octetString } = derWrite;
  return sequence(sequence(sequence(octetString(sha(certificate)))));
};
const T = '1.2.840.113549.1.9.3';
const D = '1.2.840.113549.1.9.4';
const E = '1.2.840.113549.1.9.16.2.47';
const data = derWrite.oid('1.2.840.113549.1.7.1');
const digestOf = derWrite.octetString(sha(content));

describe('attacks on signed data', () => {
  const code = async (cms: Uint8Array, of = content) => (await verifyDetached(cms, of)).code;

  it('the tool of these tests changes nothing by itself', async () => {
    expect(await code(rebuild({}))).toBe('ok');
    const attributes: [string, Uint8Array[]][] = [
      [T, [data]],
      [D, [digestOf]],
      [E, [ess(staff.certificate)]],
    ];
    expect(await code(await withAttributes(attributes))).toBe('ok');
  });

  it('check 18: an attribute twice, an attribute with two values', async () => {
    const other = derWrite.octetString(sha(utf8('other')));
    expect(
      await code(
        await withAttributes([
          [T, [data]],
          [D, [digestOf]],
          [D, [other]],
        ]),
      ),
    ).toBe('cms-attribute-twice');
    expect(
      await code(
        await withAttributes([
          [T, [data]],
          [D, [digestOf, other]],
        ]),
      ),
    ).toBe('cms-attribute-twice');
  });

  it('check 19: content-type attribute wrong or absent', async () => {
    const tst = derWrite.oid('1.2.840.113549.1.9.16.1.4');
    expect(
      await code(
        await withAttributes([
          [T, [tst]],
          [D, [digestOf]],
        ]),
      ),
    ).toBe('cms-content-type-attribute');
    expect(await code(await withAttributes([[D, [digestOf]]]))).toBe('cms-content-type-attribute');
  });

  it('check 20: message digest wrong or absent', async () => {
    expect(await code(await withAttributes([[T, [data]]]))).toBe('cms-message-digest');
    expect(await code(signed, utf8('other'))).toBe('cms-message-digest');
  });

  it('check 23: signing certificate names another', async () => {
    expect(
      await code(
        await withAttributes([
          [T, [data]],
          [D, [digestOf]],
          [E, [ess(root.certificate)]],
        ]),
      ),
    ).toBe('cms-ess');
  });

  it('check 17: digest not announced; algorithms disagree', async () => {
    const { sequence, setOf, oid } = derWrite;
    const sha512 = sequence(oid('2.16.840.1.101.3.4.2.3'));
    expect(await code(rebuild({ digests: () => setOf(sha512) }))).toBe('cms-digest-algorithm');
    const info = (der: Uint8Array) => {
      const parts = readDer(der).children.map((n) => n.raw);
      parts[4] = sequence(oid('1.2.840.10045.4.3.4'));
      return sequence(...parts);
    };
    expect(await code(rebuild({ info }))).toBe('cms-signature-algorithm');
  });

  it('check 14: versions that do not fit', async () => {
    expect(await code(rebuild({ version: () => derWrite.integer(3) }))).toBe('cms-version');
  });

  it('check 22: certificate swapped for one with the same name and serial number', async () => {
    const parts = readDer(staff.certificate).children[0]?.children.map((n) => n.raw) ?? [];
    const [, algorithm, value] = readDer(staff.certificate).children.map((n) => n.raw);
    parts[6] = readDer(rsa.certificate).children[0]?.children[6]?.raw as Uint8Array;
    const twin = derWrite.sequence(
      derWrite.sequence(...parts),
      algorithm as Uint8Array,
      value as Uint8Array,
    );
    const certificates = () => derWrite.tlv(0xa0, twin);
    const report = await verifyDetached(rebuild({ certificates }), content);
    expect(report.findings.map((f) => f.code)).toEqual(['cms-ess', 'cms-signature']);
  });

  it('attributes out of DER order are refused in DER, and read where BER is', async () => {
    const attributes = (der: Uint8Array) =>
      derWrite.tlv(
        0xa0,
        ...readDer(der)
          .children.map((n) => n.raw)
          .reverse(),
      );
    expect(await code(rebuild({ attributes }))).toBe('der-set-order');
    expect((await verifyDetached(rebuild({ attributes }), content, { allowBer: true })).code).toBe(
      'ok',
    );
  });

  it('every byte flipped is reported, but in certificates of issuers', async () => {
    const alone = await signDetached({ content, signer: staff.signer });
    for (let i = 0; i < alone.length; i++) {
      for (const bit of [1, 0x80]) {
        const bad = alone.slice();
        bad[i] = (bad[i] as number) ^ bit;
        expect((await verifyDetached(bad, content)).ok, `byte ${i}`).toBe(false);
      }
    }
  });

  it('every truncation is reported, in DER and BER', async () => {
    for (let n = 0; n < signed.length; n++) {
      const cut = signed.subarray(0, n);
      expect((await verifyDetached(cut, content)).ok).toBe(false);
      expect((await verifyDetached(cut, content, { allowBer: true, allowTrailing: true })).ok).toBe(
        false,
      );
    }
  });

  it('random bytes get an answer, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(signed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        async (edits, allowBer) => {
          const bad = signed.slice();
          for (const [i, byte] of edits) bad[i] = byte;
          const report = await verifyDetached(bad, content, { allowBer, allowTrailing: allowBer });
          return typeof report.code === 'string';
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('BER (X.690 clause 8), bounded', () => {
  it('re-encodes indefinite lengths, long lengths and segmented octet strings', () => {
    const { node, length } = readBer(
      Uint8Array.from(Buffer.from('30802480040101040102000004820001ff0000', 'hex')),
    );
    expect(Buffer.from(node.raw).toString('hex')).toBe('3007040201020401ff');
    expect(length).toBe(19);
  });

  it('equals DER on DER', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (value) => {
        const der = derWrite.sequence(derWrite.octetString(value), derWrite.integer(value.length));
        expect(readBer(der).node.raw).toEqual(readDer(der).raw);
      }),
    ));

  it.each([
    ['ber-depth', '3080'.repeat(60)],
    ['ber-truncated', '30800000'.slice(0, 6)],
    ['ber-truncated', '3082ffff00'],
    ['ber-length', '04800000'],
    ['ber-tag', '3f80'],
    ['ber-tag', '2c030c0141'],
    ['ber-length', '30890000000000000000010000'],
  ])('%s', (code, hex) => {
    expect(() => readBer(Uint8Array.from(Buffer.from(hex, 'hex')))).toThrowError(
      expect.objectContaining({ code }),
    );
  });
});

describe('content in ranges', () => {
  it('above 64 MiB is hashed in steps, to the same digest', async () => {
    const half = new Uint8Array(33 << 20).fill(7);
    const hash = createHash('sha256').update(half).update(half).digest();
    const cms = await signDetached({
      content: { digest: async () => new Uint8Array(hash) },
      signer: staff.signer,
    });
    expect((await verifyDetached(cms, { ranges: [half, half] })).ok).toBe(true);
    half[0] = 8;
    expect((await verifyDetached(cms, { ranges: [half, half] })).code).toBe('cms-message-digest');
  });
});
