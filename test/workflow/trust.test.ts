import { beforeAll, describe, expect, test } from 'vitest';
import { readPackage, writePackage } from '../../src/packages/index.ts';
import { readCertificate } from '../../src/pki/index.ts';
import { fold } from '../../src/workflow/index.ts';
import { pass, submit } from './case.ts';
import { type Made, refusals, submission, USCC, World } from './world.ts';

let world: World;
let submitted: Made;
beforeAll(async () => {
  world = await World.create();
  submitted = await submit(world);
});

const first = (by = world.by('first')) =>
  world.step(by, 'application/first-review', 'case-a', [submitted], pass);
const without = (name: string) => world.roster.filter((entry) => entry.name !== name);
const following = (change: object) => world.publish(change, [world.bundle, world.bundlePackage]);

describe('roles by the trust in force where the record stands', () => {
  test('a review logged before the roster changed counts, one logged after does not', async () => {
    const [, next] = await following({ roster: without('first') });
    const review = await first();
    const all = [world.bundlePackage, next, submitted, review];
    const early = await world.fold(all, [world.bundlePackage, submitted, review, next]);
    expect(world.named(early.applications, 'case-a')?.state).toBe('first-passed');
    const late = await world.fold(all, [world.bundlePackage, submitted, next, review]);
    expect(refusals(late)).toEqual(['application/first-review author-untrusted']);
  });

  test('heads alone and the log, epoch by epoch, give the same state as files and places', async () => {
    const review = await first();
    const log = [world.bundlePackage, submitted, review];
    const heads = await Promise.all(
      [...world.bound, ...log].map(async ({ bytes }) => (await readPackage(bytes)).bytes),
    );
    const time = '2026-03-02T02:00:00Z';
    const entries = [...world.bound, ...log].map(({ id }) => ({ id, time }));
    const epochs = [
      { epoch: 2, entries: entries.slice(5) },
      { epoch: 1, entries: entries.slice(0, 5) },
    ];
    // The bundle's content is public and counts as part of its head.
    const folded = await fold([...heads, world.bundlePackage.bytes], {
      trust: world.bundle,
      log: epochs,
    });
    expect(refusals(folded)).toEqual([]);
    expect(folded.applications.get(submitted.id)).toMatchObject({
      state: 'first-passed',
      provisional: false,
    });
  });

  test('a device that joined later finds the same history', async () => {
    const [bundle, next] = await following({ roster: without('first') });
    const review = await first();
    const log = [...world.bound, world.bundlePackage, submitted, review, next];
    const joined = await fold(
      log.map(({ bytes }) => bytes),
      { trust: bundle, places: new Map(log.map(({ id }, place) => [id, place])) },
    );
    expect(world.named(joined.applications, 'case-a')?.state).toBe('first-passed');
    expect(joined.bundles.map(({ bundle: { seq } }) => seq)).toEqual([1, 2]);
  });

  test('a certificate revoked in an earlier bundle signs nothing more, whatever time it claims', async () => {
    const { serial } = readCertificate(world.by('first').certificate);
    const time = `${world.now().slice(0, 19)}Z`;
    const crl = await world.crl(world.staffCa, [{ serial, time, reason: 'keyCompromise' }], 2);
    const [, next] = await following({ crls: [crl] });
    const backdated = await world.step(
      world.by('first'),
      'application/first-review',
      'case-a',
      [submitted],
      { ...pass, at: '2026-03-02T01:30:00Z' },
    );
    const all = [world.bundlePackage, next, submitted, backdated];
    const late = await world.fold(all, [world.bundlePackage, submitted, next, backdated]);
    expect(world.named(late.applications, 'case-a')?.state).toBe('submitted');
    const early = await world.fold(all, [world.bundlePackage, submitted, backdated, next]);
    expect(world.named(early.applications, 'case-a')?.state).toBe('first-passed');
    const byFile = await world.fold(all, [world.bundlePackage, submitted, next]);
    expect(world.named(byFile.applications, 'case-a')?.state).toBe('submitted');
  });

  test('a device whose clock is behind the bundle that certified its person writes what counts', async () => {
    const [bundle, without1] = await following({ roster: without('first') });
    const at = world.now();
    const again = { roster: world.roster };
    const [, next] = await world.publish(again, [bundle, without1]);
    const review = await world.step(
      world.by('first'),
      'application/first-review',
      'case-a',
      [submitted],
      { ...pass, at },
    );
    const log = [world.bundlePackage, submitted, without1, next];
    const folded = await world.fold([...log, review], log);
    expect(world.named(folded.applications, 'case-a')).toMatchObject({
      state: 'first-passed',
      provisional: true,
    });
  });

  test('a bundle of another root, a fork and a rollback change nothing', async () => {
    const stranger = await World.create();
    const foreign = stranger.bundlePackage;
    const [, one] = await following({});
    const [, fork] = await following({ roster: without('first') });
    const [, forged] = await world.publish(
      { roster: [] },
      [world.bundle, world.bundlePackage],
      world.by('issuer'),
    );
    const log = [world.bundlePackage, one, fork, forged, foreign];
    const folded = await world.fold(log, log);
    expect(refusals(folded)).toEqual([
      'trust/bundle bundle-fork',
      'trust/bundle bundle-wrong-signer',
      'trust/bundle bundle-other-deployment',
    ]);
    expect(folded.bundles.at(-1)?.id).toBe(one.id);
  });

  test('under bare anchors nobody has a role until an anchor speaks', async () => {
    const bytes = [...world.bound, submitted, await first()].map((made) => made.bytes);
    const bare = { anchors: [world.root.certificate] };
    const silent = await fold(bytes, { trust: bare });
    expect(refusals(silent)).toContain('application/first-review author-untrusted');
    const spoken = await fold([world.bundlePackage.bytes, ...bytes], { trust: bare });
    expect(refusals(spoken)).toEqual([]);
    const other = await World.create();
    const foreign = await fold([other.bundlePackage.bytes], { trust: bare });
    expect(refusals(foreign)).toEqual(['trust/bundle bundle-untrusted']);
  });
});

describe('replay and re-signing', () => {
  test('the same package twice is one', async () => {
    const folded = await world.fold([submitted, submitted]);
    expect(folded.accepted).toBe(world.bound.length + 1);
    expect(refusals(folded)).toEqual([]);
  });

  test('a changed package is unreadable and changes nothing', async () => {
    const bytes = submitted.bytes.slice();
    const at = bytes.length >> 1;
    bytes[at] = (bytes[at] as number) ^ 1;
    const folded = await fold([bytes], { trust: world.bundle });
    expect(folded.unreadable).toHaveLength(1);
    expect(folded.accepted).toBe(0);
  });

  test("another's record signed again is refused as somebody else's", async () => {
    const read = await readPackage(submitted.bytes);
    const { v: _v, by: _by, to: _to, contents: _contents, ...record } = read.record;
    const stolen = await writePackage({
      record: { ...record, at: world.now() } as never,
      signer: world.b,
    });
    expect(refusals(await world.fold([stolen]))).toEqual(['application/submit not-yours']);
    const both = await world.fold([submitted, stolen]);
    expect(world.named(both.applications, 'case-a')?.submission).toBe(submitted.id);
  });

  test('a step of one case does not serve in another', async () => {
    const other = await world.step(world.a, 'application/submit', 'case-b', [], submission());
    const review = await world.step(
      world.by('first'),
      'application/first-review',
      'case-b',
      [submitted],
      { ...pass, within: other.id },
    );
    expect(refusals(await world.fold([submitted, other, review]))).toEqual([
      'application/first-review missing-predecessor',
    ]);
  });
});

describe('what a record claims', () => {
  test('it cannot have seen more of the log than stood before it', async () => {
    const seen = { size: 7, root: '0'.repeat(64) };
    const review = await world.step(
      world.by('first'),
      'application/first-review',
      'case-a',
      [submitted],
      { ...pass, seen },
    );
    const log = [world.bundlePackage, submitted, review];
    expect(refusals(await world.fold(log, log))).toEqual([
      'application/first-review seen-after-place',
    ]);
  });

  test.each([
    ['an unknown type', 'licence/gift', {}],
    ['a field more', 'application/withdraw', { extra: 'x' }],
    ['a field less', 'seal/produce', {}],
    ['a field of another kind', 'seal/apply', { form: 7 }],
  ])('%s is refused', async (_, type, fields) => {
    const step = await world.step(world.a, type, 'case-z', [], { fields: fields as never });
    const [refusal] = refusals(await world.fold([step]));
    expect(refusal).toMatch(/record-(type|shape)$/);
  });

  test('a body of another form is not shown, and changes nothing in the state', async () => {
    const step = await world.step(world.a, 'seal/apply', 'seal-z', [], {
      body: { kind: 'triangle', name: '甲', lower: '', code: '' },
    });
    const folded = await world.fold([step]);
    expect(refusals(folded)).toEqual([]);
    expect(world.named(folded.seals, 'seal-z')).toMatchObject({ state: 'applied', form: null });
  });

  test('made for another deployment it is refused here: no replay across deployments', async () => {
    const other = await World.create();
    Object.assign(other, { a: world.a, bundle: { ...world.bundle, deployment: 'f'.repeat(64) } });
    const foreign = await submit(other);
    expect(refusals(await world.foldBlind([foreign]))).toEqual([
      'application/submit wrong-deployment',
    ]);
  });

  test('two heads around one record are one act: the first counts, either id names it', async () => {
    const { record } = await readPackage(submitted.bytes);
    const { v: _v, by: _by, to: _to, contents: _contents, ...rest } = record;
    const sign = () => writePackage({ record: { ...rest, pdf: '2'.repeat(64) }, signer: world.a });
    const [one, twin] = [await sign(), await sign()];
    expect(one.id).not.toBe(twin.id);
    const review = await world.step(world.by('first'), 'application/first-review', '', [], {
      ...pass,
      within: twin.id,
      party: USCC.a,
    });
    const folded = await world.fold([one, twin, review], [one, twin, review]);
    expect(folded.doubles).toEqual([{ id: twin.id, of: one.id }]);
    expect(refusals(folded)).toEqual(['application/first-review missing-predecessor']);
    const follows = await world.step(world.by('first'), 'application/first-review', '', [twin], {
      ...pass,
      within: twin.id,
      party: USCC.a,
    });
    const good = await world.fold([one, twin, follows], [one, twin, follows]);
    expect(refusals(good)).toEqual([]);
    expect(good.applications.get(one.id)?.state).toBe('first-passed');
  });
});
