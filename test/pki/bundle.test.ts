import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex, toBase64, utf8 } from '../../src/crypto/index.ts';
import { generateKey, liveKey } from '../../src/keys/index.ts';
import {
  acceptFirst,
  acceptUpdate,
  bundleAge,
  bundleFingerprint,
  readTrustBundleJson,
  type TrustBundle,
  writeTrustBundleJson,
} from '../../src/pki/index.ts';
import { createRootCertificate, randomSerial } from '../../src/pki/issuing/index.ts';
import { codeOf, type Deployment, deployment, TERM } from './bundle-fixture.ts';

let real: Deployment;
let pilot: Deployment;
beforeAll(async () => {
  real = await deployment();
  pilot = await deployment(true);
});

const changed = (change: (bundle: TrustBundle) => void, from = real.bundle): TrustBundle => {
  const bundle = structuredClone(from);
  change(bundle);
  return bundle;
};

describe('trust bundle content (design, section 4)', () => {
  it('comes back as it was written, in one form only', () => {
    const bytes = writeTrustBundleJson(real.bundle);
    expect(readTrustBundleJson(bytes)).toEqual(real.bundle);
    expect(writeTrustBundleJson(readTrustBundleJson(bytes))).toEqual(bytes);
  });

  it.each<[string, (bundle: TrustBundle) => void, string]>([
    ['nothing', () => {}, 'ok'],
    ['unknown member', (b) => Object.assign(b, { extra: 1 }), 'bundle-shape'],
    ['another version', (b) => Object.assign(b, { v: 2 }), 'bundle-shape'],
    [
      'texture neither on nor off',
      (b) => Object.assign(b.policy, { sealTexture: 'yes' }),
      'bundle-shape',
    ],
    ['no policy', (b) => Reflect.deleteProperty(b, 'policy'), 'bundle-shape'],
    ['unknown role', (b) => (b.roster[0]!.roles = ['king' as never]), 'bundle-shape'],
    ['role twice', (b) => (b.roster[0]!.roles = ['issuer', 'issuer']), 'bundle-shape'],
    ['no role', (b) => (b.roster[0]!.roles = []), 'bundle-size'],
    ['person twice', (b) => b.roster.push(b.roster[0]!), 'bundle-roster'],
    ['upper-case id', (b) => (b.deployment = b.deployment.toUpperCase()), 'bundle-shape'],
    ['no such day', (b) => (b.issuedAt = '2026-02-30T00:00:00Z'), 'bundle-time'],
    ['local time', (b) => (b.issuedAt = '2026-02-01T00:00:00+08:00'), 'bundle-time'],
    ['ends before it begins', (b) => (b.nextUpdate = b.issuedAt), 'bundle-term'],
    ['anchor of rubbish', (b) => (b.anchors[0]!.certificate = 'AAAA'), 'bundle-certificate'],
    ['anchor cut', (b) => (b.anchors[0]!.certificate = b.root.slice(0, -4)), 'bundle-certificate'],
    ['anchor for nothing', (b) => (b.anchors[0]!.certifies = []), 'bundle-size'],
    ['too many anchors', (b) => (b.anchors = Array(65).fill(b.anchors[0])), 'bundle-size'],
    ['CRL of rubbish', (b) => (b.crls = ['MIA']), 'bundle-shape'],
    ['CRL in BER', (b) => (b.crls = ['MIAAAA==']), 'bundle-crl'],
    ['control character', (b) => (b.name.zh = 'a\u0000'), 'bundle-shape'],
    ['long name', (b) => (b.name.zh = 'a'.repeat(201)), 'bundle-size'],
    ['not NFC', (b) => (b.name.en = 'e\u0301'), 'json-string'],
    ['fraction', (b) => (b.policy.fogDegree = 0.5), 'json-number'],
    ['javascript: address', (b) => (b.endpoints[0]!.url = 'javascript:alert(1)'), 'bundle-shape'],
    ['seq 0', (b) => (b.seq = 0), 'bundle-shape'],
    ['first with predecessor', (b) => (b.previous = b.deployment), 'bundle-previous'],
    ['second without', (b) => (b.seq = 2), 'bundle-previous'],
    ['pilot flag on a real root', (b) => (b.pilot = true), 'bundle-pilot'],
  ])('%s: %s', async (_, change, code) => {
    expect(await codeOf(() => writeTrustBundleJson(changed(change)))).toBe(code);
  });

  it('a real bundle refuses everything that a pilot made (design, section 5)', async () => {
    const attempts: ((b: TrustBundle) => void)[] = [
      (b) => b.anchors.push(pilot.bundle.anchors[0]!),
      (b) => b.intermediates.push(pilot.bundle.root),
      (b) => b.roster.push(pilot.bundle.roster[0]!),
      (b) => (b.root = pilot.bundle.root),
    ];
    for (const attempt of attempts) {
      expect(await codeOf(() => writeTrustBundleJson(changed(attempt)))).toBe('bundle-pilot');
    }
    expect(await codeOf(() => writeTrustBundleJson(pilot.bundle))).toBe('ok');
    const unmarked = changed((b) => (b.pilot = false), pilot.bundle);
    expect(await codeOf(() => writeTrustBundleJson(unmarked))).toBe('bundle-pilot');
  });

  it('every changed or missing byte is answered with a code or another bundle', () => {
    const bytes = writeTrustBundleJson(real.bundle);
    const code = (input: Uint8Array) => {
      try {
        return writeTrustBundleJson(readTrustBundleJson(input));
      } catch (error) {
        return (error as { code?: string }).code ?? `threw ${error}`;
      }
    };
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const other = bytes.slice();
        other[at] = (other[at] as number) ^ bits;
        const answer = code(other);
        if (typeof answer === 'string') expect(answer).toMatch(/^(json|bundle)-/);
        else expect(answer).toEqual(other);
        expect(code(bytes.subarray(0, at))).toMatch(/^json-/);
      }),
      { numRuns: 400 },
    );
  });
});

describe('adopting bundles', () => {
  const received = (bundle: TrustBundle, id: string, signer = real.root.certificate) => ({
    bundle,
    id,
    signer,
  });
  const [FIRST, SECOND, THIRD] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [
    string,
    string,
    string,
  ];
  const second = (change: (bundle: TrustBundle) => void = () => {}) =>
    changed((b) => {
      Object.assign(b, { seq: 2, previous: FIRST, issuedAt: '2026-02-02T00:00:00Z' });
      change(b);
    });

  it('the first is pinned by its fingerprint', async () => {
    expect(await acceptFirst(received(real.bundle, FIRST))).toBe('ok');
    expect(await bundleFingerprint(real.bundle)).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
    expect(await acceptFirst(received(real.bundle, FIRST, real.issuer.certificate))).toBe(
      'wrong-signer',
    );
    const renamed = changed((b) => (b.deployment = FIRST));
    expect(await acceptFirst(received(renamed, FIRST))).toBe('bundle-deployment');
    const swapped = changed((b) => (b.roster[0]!.signing = toBase64(real.enterprise.certificate)));
    expect(await acceptFirst(received(swapped, FIRST))).toBe('bundle-roster');
  });

  it('rollback, fork, freeze and skipping', async () => {
    const current = received(real.bundle, FIRST);
    const next = received(second(), SECOND);
    expect(await acceptUpdate(current, next)).toBe('ok');
    expect(await acceptUpdate(current, current)).toBe('same');
    expect(await acceptUpdate(next, current)).toBe('rollback');
    expect(await acceptUpdate(current, received(real.bundle, THIRD))).toBe('fork');
    const stranger = received(
      second((b) => (b.previous = THIRD)),
      SECOND,
    );
    expect(await acceptUpdate(current, stranger)).toBe('fork');
    const third = received(
      second((b) => Object.assign(b, { seq: 3, previous: SECOND })),
      THIRD,
    );
    expect(await acceptUpdate(current, third)).toBe('ok');
    const older = received(
      second((b) => (b.issuedAt = '2026-01-02T00:00:00Z')),
      SECOND,
    );
    expect(await acceptUpdate(current, older)).toBe('rollback');
    const unsigned = received(second(), SECOND, real.issuer.certificate);
    expect(await acceptUpdate(current, unsigned)).toBe('wrong-signer');
  });

  it('another deployment, or a pilot that would be real, never takes its place', async () => {
    const current = received(real.bundle, FIRST);
    const other = received(pilot.bundle, SECOND, pilot.root.certificate);
    expect(await acceptUpdate(current, other)).toBe('other-deployment');
    const disguised = received(
      changed((b) => (b.deployment = real.bundle.deployment), pilot.bundle),
      SECOND,
      pilot.root.certificate,
    );
    expect(await acceptUpdate(current, disguised)).toBe('pilot');
  });

  it('a new root counts only where the bundle in force announced its key', async () => {
    const key = await liveKey(await generateKey('P-256'));
    const certificate = await createRootCertificate({
      subject: { organization: '主管机关', commonName: '新根' },
      key,
      serial: randomSerial(),
      ...TERM,
    });
    const announced = changed((b) => {
      b.deployment = real.bundle.deployment;
    });
    announced.nextRoot = await sha256Hex(key.spki);
    const rotated = received(
      second((b) => (b.root = toBase64(certificate))),
      SECOND,
      certificate,
    );
    expect(await acceptUpdate(received(real.bundle, FIRST), rotated)).toBe('wrong-root');
    expect(await acceptUpdate(received(announced, FIRST), rotated)).toBe('ok');
    const byOld = received(rotated.bundle, SECOND);
    expect(await acceptUpdate(received(announced, FIRST), byOld)).toBe('wrong-signer');
  });

  it('shows its age', () => {
    const age = (time: string) => bundleAge(real.bundle, time);
    expect(age('2026-02-01T00:00:00Z')).toEqual({
      state: 'fresh',
      ageSeconds: 0,
      overdueSeconds: 0,
    });
    expect(age('2026-03-01T00:00:00Z').state).toBe('fresh');
    expect(age('2026-03-01T00:01:00Z')).toMatchObject({ state: 'stale', overdueSeconds: 60 });
    expect(age('2026-01-31T00:00:00Z').state).toBe('not-yet');
  });

  it('reads bytes that are no bundle with a code', async () => {
    expect(await codeOf(() => readTrustBundleJson(utf8('{}')))).toBe('bundle-shape');
    expect(await codeOf(() => readTrustBundleJson(new Uint8Array(9 << 20)))).toBe('json-size');
  });
});
