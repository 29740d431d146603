import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  canonicalJson,
  fromUtf8,
  type Signer,
  sha256Hex,
  toBase64,
  utf8,
} from '../../src/crypto/index.ts';
import {
  acceptStatusList,
  createStatusList,
  emptyStatuses,
  readStatusList,
  SHARD_SIZE,
  shardIndex,
  statusAt,
  statusOf,
  type TrustBundle,
  withStatus,
} from '../../src/pki/index.ts';
import { codeOf, type Deployment, deployment } from './bundle-fixture.ts';

let world: Deployment;
beforeAll(async () => {
  world = await deployment();
});

const FIRST = {
  list: '11-2026-1',
  seq: 1,
  thisUpdate: '2026-02-01T00:00:00Z',
  nextUpdate: '2026-02-02T00:00:00Z',
};
const create = (change: object = {}) =>
  createStatusList({
    ...{ signer: world.issuer, ...FIRST, upTo: 9, bits: emptyStatuses() },
    ...change,
  });

/** A list with members changed and the signature made anew, as a hostile issuer could. */
async function resigned(change: Record<string, unknown>, signer: Signer = world.issuer) {
  const { signature: _, ...body } = JSON.parse(fromUtf8(await create()) as string) as Record<
    string,
    unknown
  >;
  Object.assign(body, change);
  const signature = toBase64(await signer.sign(utf8(canonicalJson(body))));
  return utf8(canonicalJson({ ...body, signature }));
}

describe('two bits a licence (IETF Token Status List packing)', () => {
  it('packs the lowest bits first', () => {
    const bits = withStatus(withStatus(emptyStatuses(), 0, 'revoked'), 3, 'used');
    expect(bits[0]).toBe(0b11_00_00_01);
    expect(withStatus(bits, 3, 'suspended')[0]).toBe(0b10_00_00_01);
    expect([0, 1, 2, 3].map((i) => statusAt(bits, i))).toEqual([
      'revoked',
      'valid',
      'valid',
      'used',
    ]);
  });

  it('has no status outside its shard', async () => {
    for (const index of [-1, 0.5, SHARD_SIZE, Number.NaN]) {
      expect(await codeOf(() => statusAt(emptyStatuses(), index))).toBe('status-index');
    }
  });
});

describe('a status list', () => {
  it('comes back as it was signed', async () => {
    const bits = withStatus(emptyStatuses(), 131_071, 'suspended');
    const bytes = await create({ bits });
    const list = await readStatusList(bytes);
    expect(list).toMatchObject({
      ...FIRST,
      previous: null,
      issuer: await sha256Hex(world.issuer.certificate),
    });
    expect(list.bits).toEqual(bits);
    expect(list.id).toBe(await sha256Hex(bytes));
  });

  it('stays small: 1 % revoked in a shard', async () => {
    let bits = emptyStatuses();
    for (let count = 0, x = 1; count < SHARD_SIZE / 100; count++) {
      x = (x * 1_103_515_245 + 12_345) % 2 ** 31;
      bits = withStatus(bits, x >> 14, 'revoked');
    }
    expect((await create({ bits })).length).toBeLessThan(5000);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['nothing', {}, 'ok'],
    ['another shard size', { size: 8 }, 'bundle-shape'],
    ['too short inside', { statuses: toBase64(deflateSync(new Uint8Array(32_767))) }, 'zlib-size'],
    ['too long inside', { statuses: toBase64(deflateSync(new Uint8Array(32_769))) }, 'zlib-size'],
    [
      'a decompression bomb',
      { statuses: toBase64(deflateSync(new Uint8Array(30 << 20))) },
      'zlib-size',
    ],
    ['no zlib', { statuses: 'AAAAAAAA' }, 'zlib-data'],
    ['seq 2 without predecessor', { seq: 2 }, 'status-previous'],
    ['term of nothing', { nextUpdate: FIRST.thisUpdate }, 'status-term'],
    ['issuer of another', { issuer: '0'.repeat(64) }, 'status-issuer'],
    ['unknown member', { note: 'x' }, 'bundle-shape'],
  ])('%s: %s', async (_, change, code) => {
    expect(await codeOf(async () => readStatusList(await resigned(change)))).toBe(code);
  });

  it('is refused under another key', async () => {
    const forged = await resigned({}, world.enterprise);
    expect(await codeOf(() => readStatusList(forged))).toBe('status-signature');
  });

  it('is refused with any byte changed or missing', async () => {
    const bytes = await create();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, bit) => {
          const other = bytes.slice();
          other[at] = (other[at] as number) ^ bit;
          const pattern = /^(json|bundle|status|zlib|der|x509|ecdsa|unsupported|key)-/;
          expect(await codeOf(() => readStatusList(other))).toMatch(pattern);
          expect(await codeOf(() => readStatusList(bytes.subarray(0, at)))).toMatch(/^json-/);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('only moves forward', async () => {
    const first = await readStatusList(await create());
    const next = (change: object) =>
      create({ seq: 2, previous: first.id, ...change }).then(readStatusList);
    const second = await next({});
    expect(acceptStatusList(first, second)).toBe('ok');
    expect(acceptStatusList(first, first)).toBe('same');
    expect(acceptStatusList(second, first)).toBe('rollback');
    expect(acceptStatusList(first, await next({ seq: 5 }))).toBe('ok');
    expect(acceptStatusList(first, await next({ list: 'other' }))).toBe('other-list');
    expect(acceptStatusList(first, await next({ upTo: 8 }))).toBe('rollback');
  });

  it('of two of one number the later counts, whichever issuer signed it', async () => {
    const first = await readStatusList(await create());
    const second = await readStatusList(await create({ signer: world.enterprise }));
    expect(acceptStatusList(first, second)).toBe('ok');
    expect(acceptStatusList(second, first)).toBe('ok');
  });

  it('revoked is final: nothing else takes its place at any index', async () => {
    for (const index of [0, 1, 2, 3, 4, 131_071]) {
      const bits = withStatus(emptyStatuses(), index, 'revoked');
      const revoked = await readStatusList(await create({ bits, upTo: 131_072 }));
      for (const status of ['valid', 'suspended', 'used', 'revoked'] as const) {
        const next = withStatus(withStatus(bits, index, status), (index + 5) % 131_072, 'used');
        const other = await readStatusList(await create({ bits: next, upTo: 131_072 }));
        expect(acceptStatusList(revoked, other)).toBe(status === 'revoked' ? 'ok' : 'cleared');
      }
    }
  });
});

describe('status of a licence', () => {
  const trust = async (...lists: Uint8Array[]): Promise<{ bundle: TrustBundle }> => ({
    bundle: { ...world.bundle, statusLists: lists.map(toBase64) },
  });
  const NOW = '2026-02-01T12:00:00Z';
  const LATER = '2026-02-03T00:00:00Z';

  it('in time, stale, listed, unknown', async () => {
    const bits = withStatus(withStatus(emptyStatuses(), 7, 'revoked'), 8, 'used');
    const given = await trust(await create({ bits }));
    const ask = (index: number, time: string, list = FIRST.list) =>
      statusOf(given, list, index, time).then(({ status }) => status);
    expect(await ask(6, NOW)).toBe('valid');
    expect(await ask(6, FIRST.nextUpdate)).toBe('valid');
    expect(await ask(6, LATER)).toBe('stale');
    expect(await ask(7, NOW)).toBe('revoked');
    expect(await ask(7, LATER)).toBe('revoked');
    expect(await ask(8, NOW)).toBe('used');
    expect(await ask(6, NOW, 'other')).toBe('unknown');
    expect(await ask(-1, NOW)).toBe('unknown');
    expect((await statusOf({ bundle: null }, FIRST.list, 6, NOW)).status).toBe('unknown');
  });

  it('takes the newest list, and only from an issuer', async () => {
    const older = await create({ bits: withStatus(emptyStatuses(), 7, 'suspended') });
    const { id } = await readStatusList(older);
    const newer = await create({ seq: 2, previous: id });
    expect((await statusOf(await trust(newer, older), FIRST.list, 7, NOW)).status).toBe('valid');
    expect((await statusOf(await trust(older), FIRST.list, 7, NOW)).status).toBe('suspended');
    const foreign = await create({ signer: world.enterprise });
    expect((await statusOf(await trust(foreign), FIRST.list, 7, NOW)).status).toBe('unknown');
    expect((await statusOf(await trust(utf8('{}')), FIRST.list, 7, NOW)).status).toBe('unknown');
  });
});

describe('order within a shard', () => {
  it('is a permutation', async () => {
    const key = new Uint8Array(16).fill(5);
    const seen = new Set<number>();
    for (let count = 0; count < 512; count++) seen.add(await shardIndex(key, count * 256));
    expect(seen.size).toBe(512);
    expect(Math.max(...seen)).toBeLessThan(SHARD_SIZE);
    expect(await codeOf(() => shardIndex(key, SHARD_SIZE))).toBe('shard-full');
  });

  it('tells nothing of neighbours', async () => {
    const a = await Promise.all([0, 1, 2, 3].map((n) => shardIndex(new Uint8Array(16), n)));
    const b = await Promise.all([0, 1, 2, 3].map((n) => shardIndex(new Uint8Array(16).fill(1), n)));
    expect(a).not.toEqual(b);
    for (let i = 1; i < 4; i++)
      expect(Math.abs((a[i] as number) - (a[i - 1] as number))).toBeGreaterThan(8);
  });
});
