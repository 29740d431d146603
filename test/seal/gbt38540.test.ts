import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, derWrite as d, Malformed, readDer } from '../../src/crypto/index.ts';
import {
  holderListed,
  readSeal,
  readSealSignature,
  writeSeal,
  writeSealSignature,
} from '../../src/seal/index.ts';
import { people, SEAL } from './fixtures/people.ts';

const suites = { 'P-256': people('P-256'), SM2: people('SM2') };
const seals = {
  'P-256': await sealOf('P-256'),
  SM2: await sealOf('SM2'),
};

async function sealOf(suite: 'P-256' | 'SM2') {
  const { maker, enterprise } = suites[suite];
  return writeSeal({ ...SEAL, maker, holderCertificates: [enterprise.certificate] });
}

const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof Malformed) return error.code;
    throw error;
  }
  return 'accepted';
};

/** The seal's DER with its children changed. */
function altered(der: Uint8Array, change: (parts: Uint8Array[]) => Uint8Array[]) {
  return d.sequence(...change(readDer(der).children.map((child) => child.raw)));
}

describe('SESeal version 4 (GB/T 38540-2020)', () => {
  it.each(['P-256', 'SM2'] as const)('reads back what it wrote, %s', async (suite) => {
    const { maker, enterprise, stranger } = suites[suite];
    const seal = readSeal(seals[suite]);
    expect(seal.version).toBe(4);
    expect(seal.info).toMatchObject(SEAL);
    expect(seal.makerCertificate).toEqual(maker.certificate);
    expect(await holderListed(seal.info.holders, enterprise.certificate)).toBe(true);
    expect(await holderListed(seal.info.holders, stranger.certificate)).toBe(false);
  });

  it('is read by openssl', () => {
    const text = execFileSync('openssl', ['asn1parse', '-inform', 'DER', '-i'], {
      input: seals.SM2,
      encoding: 'utf8',
    });
    expect(text).toContain('SM2-with-SM3');
    expect(text).toContain(SEAL.name);
  });

  it('refuses bytes left over, a truncated end and another element count', () => {
    const der = seals['P-256'];
    expect(codeOf(() => readSeal(concat(der, new Uint8Array([0, 0]))))).toBe('der-trailing');
    expect(codeOf(() => readSeal(der.subarray(0, -7)))).toBe('der-truncated');
    expect(codeOf(() => readSeal(altered(der, (parts) => parts.slice(0, 3))))).toBe('seal-version');
  });

  it('tells version 5 by its fifth element', () => {
    const stamp = d.context(0, d.bitString(new Uint8Array([1, 2, 3])));
    const seal = readSeal(altered(seals['P-256'], (parts) => [...parts, stamp]));
    expect([seal.version, seal.timeStamp]).toEqual([5, new Uint8Array([1, 2, 3])]);
  });

  it('matches a holder by digest (certListType 2)', async () => {
    const { enterprise } = suites.SM2;
    const { digest } = await import('../../src/crypto/index.ts');
    const value = await digest('SM3', enterprise.certificate);
    const list = (algorithm: string) =>
      ({ kind: 'digests', digests: [{ algorithm, value }] }) as const;
    expect(await holderListed(list('sm3'), enterprise.certificate)).toBe(true);
    expect(await holderListed(list('SHA256'), enterprise.certificate)).toBe(false);
    expect(await holderListed(list('MD5'), enterprise.certificate)).toBe(false);
  });

  it('refuses to write what the structure cannot carry', async () => {
    const { maker, enterprise } = suites['P-256'];
    const spec = { ...SEAL, maker, holderCertificates: [enterprise.certificate] };
    await expect(writeSeal({ ...spec, esID: '印' })).rejects.toThrow(RangeError);
    await expect(writeSeal({ ...spec, holderCertificates: [] })).rejects.toThrow(RangeError);
    await expect(writeSeal({ ...spec, validEnd: SEAL.validStart })).rejects.toThrow(RangeError);
    const picture = { ...SEAL.picture, widthMm: 40.5 };
    await expect(writeSeal({ ...spec, picture })).rejects.toThrow(RangeError);
  });
});

describe('readers meet hostile bytes', () => {
  it('answers every truncation and mutation with a code', async () => {
    const { enterprise } = suites['P-256'];
    const signature = await writeSealSignature({
      seal: seals['P-256'],
      data: new Uint8Array(8),
      propertyInfo: 'data',
      time: '2026-11-02T00:00:00Z',
      signer: enterprise,
    });
    expect(readSealSignature(signature).time).toBe('2026-11-02T00:00:00.000Z');
    for (const [der, read] of [
      [seals['P-256'], readSeal],
      [signature, readSealSignature],
    ] as const) {
      for (let n = 0; n < der.length; n += 7) {
        expect(codeOf(() => read(der.subarray(0, n)))).not.toBe('accepted');
      }
      fc.assert(
        fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
          const bad = der.slice();
          bad[at] = (bad[at] as number) ^ flip;
          codeOf(() => read(bad));
        }),
        { numRuns: 400 },
      );
    }
  });
});
