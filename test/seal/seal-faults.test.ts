/** One fault at a time, in a seal or signature that is otherwise sound: exactly the code of that fault. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concat,
  type DerNode,
  derWrite as d,
  digest,
  Malformed,
  readDer,
  TAG,
  utf8,
} from '../../src/crypto/index.ts';
import {
  readSeal,
  verifySeal,
  verifySealSignature,
  writeSeal,
  writeSealSignature,
} from '../../src/seal/index.ts';
import { people, SEAL } from './fixtures/people.ts';

const { maker, enterprise, stranger, root } = people('P-256');
const now = Date.now() + 300_000;
const day = (n: number) => new Date(now + n * 86_400_000).toISOString();
const data = utf8('进口许可证申请表');
const trust = { anchors: [root], sealMakers: [maker.certificate] };
const options = { data, trust, time: day(1) };

const period = { created: day(0), validStart: day(-1), validEnd: day(900) };
const spec = { ...SEAL, ...period, maker, holderCertificates: [enterprise.certificate] };
const stamp = { data, propertyInfo: 'form', time: day(0), signer: enterprise };
const seals = {
  1: await writeSeal({ ...spec, version: 1 }),
  4: await writeSeal(spec),
  5: await version5(),
};
const signatures = {
  1: await writeSealSignature({ ...stamp, seal: seals[1] }),
  4: await writeSealSignature({ ...stamp, seal: seals[4] }),
  5: await writeSealSignature({ ...stamp, seal: seals[5] }),
};
const versions = [1, 4, 5] as const;

function raws(der: Uint8Array): Uint8Array[] {
  return readDer(der).children.map(({ raw }) => raw);
}
const at = (der: Uint8Array, ...path: number[]): Uint8Array =>
  path.reduce((found, i) => raws(found)[i] as Uint8Array, der);

/** The value with one part, found by its path, put in another way; nothing is signed anew. */
function changed(
  der: Uint8Array,
  [first, ...rest]: readonly number[],
  change: (part: Uint8Array) => Uint8Array[],
): Uint8Array {
  const { tag } = readDer(der);
  const parts = raws(der).flatMap((part, i) =>
    i !== first ? [part] : rest.length > 0 ? [changed(part, rest, change)] : change(part),
  );
  return d.tlv(tag, concat(...parts));
}

/** Version 5: a version 4 whose header says 5. */
async function version5() {
  const [info, ...rest] = raws(await writeSeal(spec)) as [Uint8Array, ...Uint8Array[]];
  const next = changed(info, [0, 1], () => [d.integer(5)]);
  const value = await maker.sign(next);
  return d.sequence(next, rest[0] as Uint8Array, rest[1] as Uint8Array, d.bitString(value));
}

/** Signed anew by the maker after the change, so that nothing but the change is wrong. */
async function resealed(path: number[], change: (part: Uint8Array) => Uint8Array[]) {
  const [info, certificate, algorithm] = raws(seals[4]) as [Uint8Array, Uint8Array, Uint8Array];
  const next = changed(info, path, change);
  return d.sequence(next, certificate, algorithm, d.bitString(await maker.sign(next)));
}

/** The same for what the signer signs. */
async function resigned(
  path: number[],
  change: (part: Uint8Array) => Uint8Array[],
  { seal = seals[4], signer = enterprise } = {},
) {
  const whole = await writeSealSignature({ ...stamp, seal, signer });
  const [tbs, certificate, algorithm] = raws(whole) as [Uint8Array, Uint8Array, Uint8Array];
  const next = changed(tbs, path, change);
  return d.sequence(next, certificate, algorithm, d.bitString(await signer.sign(next)));
}

const codes = ({ steps }: { steps: { code?: string }[] }) =>
  steps.flatMap(({ code }) => (code === undefined ? [] : [code]));
const time = (days: number) => d.generalizedTime(new Date(day(days)));
const ia5 = (text: string) => d.ia5String(text);

describe('SESeal: one fault, one code', () => {
  it.each([
    ['the header is not ES', [0, 0], () => [ia5('EX')], 'SEAL_PARSE'],
    ['the header has no vendor', [0, 2], () => [], 'SEAL_PARSE'],
    [
      'a negative version',
      [0, 1],
      () => [d.tlv(TAG.INTEGER, new Uint8Array([0xff]))],
      'SEAL_PARSE',
    ],
    ['the id is UTF-8', [1], () => [d.utf8String('ES-1')], 'SEAL_PARSE'],
    ['the id has an eighth bit', [1], () => [d.tlv(TAG.IA5, new Uint8Array([0xd3]))], 'SEAL_PARSE'],
    ['the name is no UTF-8', [2, 1], () => [d.tlv(TAG.UTF8, new Uint8Array([0xff]))], 'SEAL_PARSE'],
    ['certListType 3', [2, 2], () => [d.integer(3)], 'SEAL_PARSE'],
    ['digests said, certificates given', [2, 2], () => [d.integer(2)], 'SEAL_PARSE'],
    [
      'a UTCTime in version 4',
      [2, 4],
      () => [d.tlv(TAG.UTC_TIME, utf8('260101000000Z'))],
      'SEAL_PARSE',
    ],
    [
      'the 30th of February',
      [2, 5],
      () => [d.tlv(TAG.GENERALIZED_TIME, utf8('20260230000000Z'))],
      'SEAL_PARSE',
    ],
    [
      'a time without zone',
      [2, 5],
      () => [d.tlv(TAG.GENERALIZED_TIME, utf8('20260101000000'))],
      'SEAL_PARSE',
    ],
    ['an eighth property', [2, 6], (p: Uint8Array) => [p, p], 'SEAL_PARSE'],
    ['a picture without size', [3, 3], () => [], 'SEAL_PARSE'],
    [
      'a picture of negative size',
      [3, 2],
      () => [d.tlv(TAG.INTEGER, new Uint8Array([0x80]))],
      'SEAL_PARSE',
    ],
    [
      'a picture in two pieces',
      [3, 1],
      (p: Uint8Array) => [d.tlv(0x24, concat(p, p))],
      'SEAL_PARSE',
    ],
    ['elements in another order', [3], (p: Uint8Array) => [p, at(seals[4], 0, 2)], 'SEAL_PARSE'],
    ['an unknown critical extension', [3], withExtension(true), 'SEAL_EXT_CRITICAL'],
    ['over since yesterday', [2, 6], () => [time(0.5)], 'SEAL_EXPIRED'],
    ['not valid before tomorrow', [2, 5], () => [time(2)], 'SEAL_NOT_YET'],
  ] as [string, number[], (part: Uint8Array) => Uint8Array[], string][])(
    '%s',
    async (_, path, change, code) => {
      expect(codes(await verifySeal(await resealed(path, change), options))).toEqual([code]);
    },
  );

  it.each([
    ['an unknown extension that is not critical', [3], withExtension(false)],
    ['a type that nobody knows', [2, 0], () => [d.integer(99)]],
    ['made after its validity began', [2, 4], () => [time(0.5)]],
  ] as [string, number[], (part: Uint8Array) => Uint8Array[]][])(
    'no fault: %s',
    async (_, path, change) => {
      expect((await verifySeal(await resealed(path, change), options)).verdict).toBe(
        'TOTAL-PASSED',
      );
    },
  );

  it('says so when it ends before it starts, and never passes', async () => {
    const reversed = await resealed([2, 6], () => [time(-2)]);
    expect(codes(await verifySeal(reversed, options))).toEqual(['SEAL_EXPIRED']);
  });

  it.each([
    ['RSA with SHA-1', '1.2.840.113549.1.1.5'],
    ['RSA with SHA-256, under a P-256 key', '1.2.840.113549.1.1.11'],
    ['SM2, under a P-256 key', '1.2.156.10197.1.501'],
    ['an unknown one', '1.2.3.4'],
  ])('the algorithm is %s', async (_, oid) => {
    const seal = changed(seals[4], [2], () => [d.oid(oid)]);
    expect(codes(await verifySeal(seal, options))).toEqual(['SEAL_ALG']);
  });

  it('its maker’s certificate is none, or is changed', async () => {
    const none = changed(seals[4], [1], () => [d.octetString(utf8('nobody'))]);
    const report = await verifySeal(none, options);
    expect(report.verdict).toBe('TOTAL-FAILED');
    expect(codes(report)).toContain('SEAL_SIG');
    const other = changed(seals[4], [1], () => [d.octetString(enterprise.certificate)]);
    expect(codes(await verifySeal(other, options))).toEqual(['SEAL_SIG', 'MAKER_UNTRUSTED']);
  });
});

/** After the picture: ExtensionDatas with one entry. */
function withExtension(critical: boolean) {
  const entry = [d.oid('1.2.3.4'), ...(critical ? [d.boolean(true)] : []), d.octetString(data)];
  return (picture: Uint8Array) => [picture, d.sequence(d.sequence(...entry))];
}

describe('SES_Signature: one fault, one code', () => {
  it('the content is another: dataHash of it, of nothing, of the wrong digest', async () => {
    for (const hash of [
      await digest('SHA-256', utf8('other')),
      new Uint8Array(),
      (await digest('SHA-256', data)).subarray(0, 31),
      await digest('SM3', data),
    ]) {
      const bad = await resigned([3], () => [d.bitString(hash)]);
      expect(codes(await verifySealSignature(bad, options))).toEqual(['HASH_MISMATCH']);
    }
  });

  it.each([
    [
      'dataHash put in without signing anew',
      [0, 3],
      () => [d.bitString(new Uint8Array(32))],
      ['SIG_VALUE', 'HASH_MISMATCH'],
    ],
    ['propertyInfo changed', [0, 4], () => [ia5('else')], ['SIG_VALUE']],
    ['the time changed', [0, 2], () => [time(0.5)], ['SIG_VALUE']],
    ['propertyInfo in UTF-8', [0, 4], () => [d.utf8String('form')], ['SIG_PARSE']],
    [
      'another holder’s certificate',
      [1],
      () => [d.octetString(stranger.certificate)],
      ['SIG_VALUE', 'SIGNER_NOT_IN_SEAL'],
    ],
    ['no time', [0, 2], () => [], ['SIG_PARSE']],
    ['a sixth element', [3], (p: Uint8Array) => [p, p, p], ['SIG_PARSE']],
    [
      'a time stamp that is none',
      [3],
      (p: Uint8Array) => [p, d.context(0, d.bitString(data))],
      ['TIMESTAMP_BAD'],
    ],
    ['a time stamp without its tag', [3], (p: Uint8Array) => [p, d.bitString(data)], ['SIG_PARSE']],
  ] as [string, number[], (part: Uint8Array) => Uint8Array[], string[]][])(
    '%s',
    async (_, path, change, expected) => {
      const report = await verifySealSignature(changed(signatures[4], path, change), options);
      expect(codes(report)).toEqual(expected);
      expect(report.verdict).not.toBe('TOTAL-PASSED');
    },
  );

  it('the seal inside is of version 1, and the signature of 4, or the other way', async () => {
    const old = changed(signatures[4], [0, 1], () => [seals[1]]);
    const young = changed(signatures[1], [0, 1], () => [seals[4]]);
    for (const bad of [old, young]) {
      expect(codes(await verifySealSignature(bad, options))).toEqual(['SIG_PARSE']);
    }
  });

  it('the seal was not made by a seal maker, though signer and holder are in order', async () => {
    const seal = await writeSeal({ ...spec, maker: stranger });
    const bad = await writeSealSignature({ ...stamp, seal });
    expect(codes(await verifySealSignature(bad, options))).toEqual(['MAKER_UNTRUSTED']);
  });

  it.each([
    ['nobody', [2, 3], () => [d.sequence()]],
    ['somebody else', [2, 3], () => [d.sequence(d.octetString(stranger.certificate))]],
    [
      'the holder’s name, not the certificate',
      [2, 3],
      () => [d.sequence(d.octetString(utf8('示例')))],
    ],
  ] as [string, number[], (part: Uint8Array) => Uint8Array[]][])(
    'the seal lists %s',
    async (_, path, change) => {
      const seal = await resealed(path, change);
      const bad = await writeSealSignature({ ...stamp, seal });
      expect(codes(await verifySealSignature(bad, options))).toEqual(['SIGNER_NOT_IN_SEAL']);
    },
  );

  it('the seal lists digests: of the signer, of another, under a name that is no digest', async () => {
    const listed = async (certificate: Uint8Array, name: string) => {
      const value = await digest('SHA-256', certificate);
      const entry = d.sequence(d.printableString(name), d.octetString(value));
      const [info] = raws(seals[4]) as [Uint8Array];
      const two = changed(info, [2, 2], () => [d.integer(2)]);
      const seal = await resealed([2], () => [changed(at(two, 2), [3], () => [d.sequence(entry)])]);
      return codes(
        await verifySealSignature(await writeSealSignature({ ...stamp, seal }), options),
      );
    };
    expect(await listed(enterprise.certificate, 'SHA256')).toEqual([]);
    expect(await listed(stranger.certificate, 'SHA256')).toEqual(['SIGNER_NOT_IN_SEAL']);
    expect(await listed(enterprise.certificate, 'SM3')).toEqual(['SIGNER_NOT_IN_SEAL']);
    expect(await listed(enterprise.certificate, 'MD5')).toEqual(['SIGNER_NOT_IN_SEAL']);
  });
});

/** Every node of a DER value, each with its place and length. */
function nodes(node: DerNode): DerNode[] {
  return [node, ...node.children.flatMap(nodes)];
}

describe('structure, every version', () => {
  const sound = versions.flatMap((version) => [
    ['seal', version, seals[version]] as const,
    ['signature', version, signatures[version]] as const,
  ]);
  const judge = (kind: string, der: Uint8Array) =>
    kind === 'seal' ? verifySeal(der, options) : verifySealSignature(der, options);

  it.each(sound)('%s of version %i: passes as it stands', async (kind, version, der) => {
    const report = await judge(kind, der);
    expect([report.verdict, codes(report)]).toEqual(['TOTAL-PASSED', []]);
    expect('seal' in report ? report.seal.version : report.version).toBe(version);
  });

  it.each(sound)(
    '%s of version %i: no element may go, come twice or be of another type',
    async (kind, _, der) => {
      const paths = (node: DerNode, path: number[]): number[][] =>
        node.children.flatMap((child, i) => [[...path, i], ...paths(child, [...path, i])]);
      const retagged = (part: Uint8Array) => [concat(new Uint8Array([0x87]), part.subarray(1))];
      for (const path of paths(readDer(der), [])) {
        for (const change of [
          () => [],
          (p: Uint8Array) => [p, p],
          retagged,
          () => [d.nullValue()],
        ]) {
          const report = await judge(kind, changed(der, path, change));
          expect([path, report.verdict]).not.toEqual([path, 'TOTAL-PASSED']);
        }
      }
    },
  );

  it.each(sound)(
    '%s of version %i: no BER, no long lengths, nothing behind',
    async (kind, _, der) => {
      const format = kind === 'seal' ? 'SEAL_' : 'SIG_';
      for (const { at: start, raw, value } of nodes(readDer(der))) {
        const header = raw.length - value.length;
        const splice = (head: number[], tail: number[] = []) =>
          concat(
            der.subarray(0, start + 1),
            new Uint8Array(head),
            der.subarray(start + header, start + raw.length),
            new Uint8Array(tail),
            der.subarray(start + raw.length),
          );
        const long = [0x84, ...[24, 16, 8, 0].map((shift) => (value.length >> shift) & 0xff)];
        for (const bad of [splice(long), splice([0x80], [0, 0])]) {
          const [code, ...more] = codes(await judge(kind, bad));
          expect(code?.startsWith(format) && more.length === 0).toBe(true);
        }
      }
      const behind = codes(await judge(kind, concat(der, new Uint8Array([5, 0]))));
      expect(behind).toEqual([kind === 'seal' ? 'SEAL_TRAILING' : 'SIG_PARSE']);
    },
  );

  it('deep, wide and huge: refused before it costs anything', async () => {
    let deep: Uint8Array = d.sequence();
    for (let i = 0; i < 2000; i++) deep = d.sequence(deep);
    const wide = d.sequence(...Array.from({ length: 20_000 }, () => d.nullValue()));
    const huge = new Uint8Array(7 * 1024 * 1024).fill(0x30);
    for (const bad of [deep, wide, huge]) {
      expect(codes(await verifySeal(bad, options))).toEqual(['SEAL_PARSE']);
      expect(codes(await verifySealSignature(bad, options))).toEqual(['SIG_PARSE']);
    }
  });
});

const SAMPLES = join(import.meta.dirname, '../../../shared/conformance/ses');
const folder = [
  process.env['CONFORMANCE'] && join(process.env['CONFORMANCE'], 'ses'),
  SAMPLES,
].find((path) => path && existsSync(path));

describe.skipIf(!folder)('samples of others', () => {
  const files = ['own', 'ofdrw'].flatMap((name) =>
    folder && existsSync(join(folder, name))
      ? readdirSync(join(folder, name))
          .filter((file) => /\.(esl|dat|DER)$/.test(file))
          .map((file) => join(folder, name, file))
      : [],
  );
  it.each(files)('%s: no changed byte goes unnoticed', async (file) => {
    const der = new Uint8Array(readFileSync(file));
    const judge = (bytes: Uint8Array) =>
      file.endsWith('.dat')
        ? verifySealSignature(bytes, { time: '2026-01-01T00:00:00Z' })
        : verifySeal(bytes, { time: '2026-01-01T00:00:00Z' });
    // A certificate is vouched for by its own signature, and these lead to no anchor here.
    const certificates = /PARSE|TRAILING/.test(codes(await judge(der)).join())
      ? []
      : nodes(readDer(der)).filter(
          ({ tag, value }) => tag === TAG.OCTET_STRING && value[1] === 0x82,
        );
    const inside = (i: number) =>
      certificates.some(({ at: start, raw }) => start <= i && i < start + raw.length);
    const before = codes(await judge(der)).join();
    if (/PARSE|TRAILING|SEAL_SIG|SIG_VALUE|TIMESTAMP_BAD/.test(before)) return;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(der.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (i, flip) => {
          fc.pre(!inside(i));
          const bad = der.slice();
          bad[i] = (bad[i] as number) ^ flip;
          expect(codes(await judge(bad)).join()).not.toBe(before);
          expect(() => readSeal(der.subarray(0, i))).toThrow(Malformed);
        },
      ),
      { numRuns: 12 },
    );
  });
});
