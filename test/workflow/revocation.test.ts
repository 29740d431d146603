import { beforeAll, describe, expect, test } from 'vitest';
import { fromBase64, type Json } from '../../src/crypto/index.ts';
import { writePackage } from '../../src/packages/index.ts';
import { readCertificate } from '../../src/pki/index.ts';
import type { RevocationReason } from '../../src/pki/issuing/index.ts';
import { pass, submit } from './case.ts';
import { type Made, refusals, type Somebody, World } from './world.ts';

let world: World;
let submitted: Made;
beforeAll(async () => {
  world = await World.create();
  submitted = await submit(world);
});

const review = (more: object = {}) =>
  world.step(world.by('first'), 'application/first-review', 'case-a', [submitted], {
    ...pass,
    ...more,
  });

/** A `trust/crl` by the registrar that revokes the first reviewer. */
async function crlRecord({
  by = world.by('registrar'),
  issuer = world.staffCa,
  number = 2,
  reason = 'superseded' as RevocationReason,
  distrusted = [] as { certificate: string; from: number }[],
  whom = world.by('first'),
}: Partial<{
  by: Somebody;
  issuer: World['staffCa'];
  number: number;
  reason: RevocationReason;
  distrusted: { certificate: string; from: number }[];
  whom: Somebody;
}> = {}): Promise<Made> {
  const { serial } = readCertificate(whom.certificate);
  const time = `${world.now().slice(0, 19)}Z`;
  const crl = await world.crl(issuer, [{ serial, time, reason }], number);
  return writePackage({
    record: {
      deployment: world.bundle.deployment,
      type: 'trust/crl',
      prev: [],
      at: world.now(),
      distrusted: distrusted as unknown as Json,
    },
    files: [{ name: 'list.crl', bytes: fromBase64(crl) as Uint8Array, confidential: false }],
    signer: by,
  });
}

const stateOf = async (log: Made[], byFile: Made[] = []) => {
  const folded = await world.fold([...log, ...byFile], log);
  return {
    state: world.named(folded.applications, 'case-a')?.state,
    refused: refusals(folded),
    folded,
  };
};

describe('a revocation list between two bundles', () => {
  test('what was logged before it counts, what was logged after it does not', async () => {
    const [step, crl] = [await review(), await crlRecord()];
    const early = await stateOf([world.bundlePackage, submitted, step, crl]);
    expect(early).toMatchObject({ state: 'first-passed', refused: [] });
    const late = await stateOf([world.bundlePackage, submitted, crl, step]);
    expect(late.state).toBe('submitted');
    expect(late.refused).toEqual(['application/first-review author-untrusted']);
  });

  test('an earlier claimed time does not help', async () => {
    const crl = await crlRecord();
    const step = await review({ at: '2026-03-02T01:10:00Z' });
    const late = await stateOf([world.bundlePackage, submitted, crl, step]);
    expect(late.refused).toEqual(['application/first-review author-untrusted']);
    const byFile = await stateOf([world.bundlePackage, submitted, crl], [step]);
    expect(byFile.refused).toEqual(['application/first-review author-untrusted']);
  });

  test('the trust that verifiers are given holds it', async () => {
    const { folded } = await stateOf([world.bundlePackage, await crlRecord()]);
    expect(folded.trust?.crls).toHaveLength(1);
    expect(folded.bundles[0]?.bundle.crls).toEqual([]);
  });

  test('only the registrar or the root publishes one', async () => {
    const crl = await crlRecord({ by: world.by('first') });
    expect((await stateOf([world.bundlePackage, crl])).refused).toEqual(['trust/crl wrong-role']);
    const stranger = await crlRecord({ by: world.stranger });
    expect((await stateOf([world.bundlePackage, stranger])).refused).toEqual([
      'trust/crl author-untrusted',
    ]);
  });

  test('a list that no authority of the deployment signed is refused', async () => {
    const other = await World.create();
    const crl = await crlRecord({ issuer: other.staffCa });
    expect((await stateOf([world.bundlePackage, crl])).refused).toEqual(['trust/crl crl-issuer']);
  });

  test('an older list cannot take the place of a newer one', async () => {
    const [new3, old2] = [await crlRecord({ number: 3 }), await crlRecord({ number: 2 })];
    expect((await stateOf([world.bundlePackage, new3, old2])).refused).toEqual([
      'trust/crl crl-rollback',
    ]);
  });

  test('a registrar who was revoked himself publishes none', async () => {
    const registrar = world.by('registrar');
    const first = await crlRecord({ by: world.root, whom: registrar });
    const second = await crlRecord({ number: 3 });
    expect((await stateOf([world.bundlePackage, first, second])).refused).toEqual([
      'trust/crl author-untrusted',
    ]);
  });
});

describe('a revocation for compromise names the place of the log', () => {
  const compromise = (from: number) =>
    crlRecord({
      reason: 'keyCompromise',
      distrusted: [{ certificate: world.by('first').id, from }],
    });

  test('from that place on nothing counts, though it was logged before the revocation', async () => {
    const step = await review();
    const log = (crl: Made) => [world.bundlePackage, submitted, step, crl];
    const reaching = await stateOf(log(await compromise(2)));
    expect(reaching.state).toBe('submitted');
    expect(reaching.refused).toEqual(['application/first-review author-distrusted']);
  });

  test('what stands before that place goes on counting', async () => {
    const step = await review();
    const log = [world.bundlePackage, submitted, step, await compromise(3)];
    expect(await stateOf(log)).toMatchObject({ state: 'first-passed', refused: [] });
  });

  test('a bundle may name it as well, and it reaches back alike', async () => {
    const step = await review();
    const [, next] = await world.publish(
      { distrusted: [{ certificate: world.by('first').id, from: 2 }] },
      [world.bundle, world.bundlePackage],
    );
    const reaching = await stateOf([world.bundlePackage, submitted, step, next]);
    expect(reaching.refused).toEqual(['application/first-review author-distrusted']);
  });

  test('a record in no log yet does not count at all', async () => {
    const step = await review();
    const crl = await compromise(9);
    const reaching = await stateOf([world.bundlePackage, submitted, crl], [step]);
    expect(reaching.refused).toEqual(['application/first-review author-distrusted']);
  });
});

describe('a certificate on hold', () => {
  test('a later list without it lets its holder go on', async () => {
    const hold = await crlRecord({ reason: 'certificateHold' });
    const lifted = await writePackage({
      record: {
        deployment: world.bundle.deployment,
        type: 'trust/crl',
        prev: [],
        at: world.now(),
        distrusted: [],
      },
      files: [
        {
          name: 'list.crl',
          bytes: fromBase64(await world.crl(world.staffCa, [], 3)) as Uint8Array,
          confidential: false,
        },
      ],
      signer: world.by('registrar'),
    });
    const step = await review();
    const during = await stateOf([world.bundlePackage, submitted, hold, step, lifted]);
    expect(during.refused).toEqual(['application/first-review author-untrusted']);
    const after = await stateOf([world.bundlePackage, submitted, hold, lifted, step]);
    expect(after).toMatchObject({ state: 'first-passed', refused: [] });
  });
});
