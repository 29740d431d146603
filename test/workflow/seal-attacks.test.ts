/** The life of a seal under attack: every forged, replayed or untimely record is refused with its code. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../src/crypto/index.ts';
import { boundSeal } from '../../src/workflow/index.ts';
import { bindSeal, register, submit } from './case.ts';
import { type Made, refusals, type Somebody, submission, USCC, World } from './world.ts';

let world: World;
let registered: Made[];
let one: Made[];
beforeAll(async () => {
  world = await World.create();
  registered = await register(world);
  one = await bindSeal(world);
});

const because = { body: { reasons: ['理由'] } };
const made = (change: Record<string, Json> = {}) => ({
  fields: {
    esId: 'ES-2',
    seal: '5'.repeat(64),
    holders: [world.a.id],
    validStart: '2026-03-01T00:00:00Z',
    validEnd: '2028-03-01T00:00:00Z',
    ...change,
  },
});
const step = (
  by: Somebody | string,
  type: string,
  prev: Made | undefined,
  more: object = because,
) =>
  world.step(
    typeof by === 'string' ? world.by(by) : by,
    `seal/${type}`,
    'seal-a',
    prev ? [prev] : [],
    more,
  );
const last = () => one.at(-1) as Made;
/** Folds in the order of the log, as everybody will see it. */
const logged = (...rest: Made[]) => {
  const all = [...registered, ...one, ...rest];
  return world.fold(all, all);
};

describe('made for whom, and once', () => {
  test('produced twice from one approval: the second is a conflict', async () => {
    const [apply, letter, approve] = one as [Made, Made, Made];
    const twice = await step('maker', 'produce', approve, made());
    const all = [...registered, apply, letter, approve, last(), twice];
    const folded = await world.fold(all, all);
    expect(refusals(folded)).toEqual(['seal/produce conflict']);
    expect(world.named(folded.seals, 'seal-a')?.seal?.esId).toBe('ES-1');
  });

  test('two makers at once, in no log yet: one counts, the same on every device', async () => {
    const approve = one[2] as Made;
    const before = [...registered, ...one.slice(0, 3)];
    const twins = [
      await step('maker', 'produce', approve, made({ esId: 'ES-5' })),
      await step('maker', 'produce', approve, made({ esId: 'ES-6' })),
    ];
    const there = await world.fold([...before, ...twins]);
    const here = await world.fold([...twins.toReversed(), ...before.toReversed()]);
    expect(refusals(there)).toEqual(['seal/produce conflict']);
    expect(world.named(here.seals, 'seal-a')).toEqual(world.named(there.seals, 'seal-a'));
  });

  test('an approval without a case, or of another case, produces nothing', async () => {
    const nowhere = await world.step(world.by('maker'), 'seal/produce', 'seal-x', [], made());
    const foreign = await world.step(
      world.by('maker'),
      'seal/produce',
      'seal-x',
      [one[2] as Made],
      { ...made(), within: nowhere.id },
    );
    expect(refusals(await logged(nowhere, foreign))).toEqual([
      'seal/produce missing-predecessor',
      'seal/produce missing-predecessor',
    ]);
  });

  test('one id for two seals, of enterprises or of the authority', async () => {
    const renew = await step(world.a, 'renew', last());
    const issuer = world.by('issuer').id;
    const own = (esId: string, caseId: string) =>
      world.step(world.by('maker'), 'seal/authority', caseId, [], {
        fields: { esId, seal: '6'.repeat(64), holder: issuer },
      });
    const authority = await own('ES-A', 'authority-1');
    const like = await own('ES-1', 'authority-2');
    const again = await step('maker', 'produce', renew, made({ esId: 'ES-A' }));
    const folded = await logged(renew, authority, like, again);
    expect(refusals(folded)).toEqual(['seal/authority seal-id', 'seal/produce seal-id']);
    expect(folded.authoritySeals.get(issuer)?.esId).toBe('ES-A');
  });

  test('the seal of the authority is for an issuer only, and only the maker makes it', async () => {
    const fields = { esId: 'ES-B', seal: '6'.repeat(64) };
    const own = (by: Somebody, holder: string) =>
      world.step(by, 'seal/authority', `authority-${by.id.slice(0, 4)}-${holder.slice(0, 4)}`, [], {
        fields: { ...fields, holder },
      });
    const folded = await logged(
      await own(world.by('maker'), world.a.id),
      await own(world.by('maker'), world.by('reviewer').id),
      await own(world.a, world.by('issuer').id),
    );
    expect(refusals(folded)).toEqual([
      'seal/authority wrong-holder',
      'seal/authority wrong-holder',
      'seal/authority wrong-role',
    ]);
    expect(folded.authoritySeals.size).toBe(0);
  });

  test('a seal that ends before it starts is none', async () => {
    const approve = one[2] as Made;
    const wrong = await step(
      'maker',
      'produce',
      approve,
      made({ validEnd: '2026-01-01T00:00:00Z' }),
    );
    const all = [...registered, ...one.slice(0, 3), wrong];
    expect(refusals(await world.fold(all, all))).toEqual(['seal/produce seal-period']);
  });

  test('bound anew to a certificate of another enterprise, or of nobody', async () => {
    const renew = await step(world.a, 'renew', last());
    for (const holder of [world.b.id, world.stranger.id, world.by('issuer').id]) {
      const wrong = await step('maker', 'produce', renew, made({ holders: [holder] }));
      const folded = await logged(renew, wrong);
      expect(refusals(folded)).toEqual(['seal/produce wrong-holder']);
      expect(world.named(folded.seals, 'seal-a')).toMatchObject({
        renewing: true,
        seal: { esId: 'ES-1' },
      });
    }
  });
});

describe('one seal for one enterprise', () => {
  test('a rejected case does not go on beside a new one', async () => {
    const [apply, letter] = one as [Made, Made];
    const reject = await step('reviewer', 'reject', letter);
    const second = await bindSeal(world, 'seal-b', 'ES-7');
    const again = await step(world.a, 'letter', reject, {
      body: {
        ...{ accept: true, reasons: [], seals: [], width: 10, height: 10 },
        ...{ letterCase: null, diameterMm: null, type: 'image/png' },
      },
    });
    const all = [...registered, apply, letter, reject, ...second, again];
    const folded = await world.fold(all, all);
    expect(refusals(folded)).toEqual(['seal/letter seal-exists']);
    expect(world.named(folded.seals, 'seal-a')?.state).toBe('rejected');
  });

  test('a seal that is over is not renewed beside its successor', async () => {
    const over = made({ esId: 'ES-1', validEnd: '2026-03-01T12:00:00Z' });
    const short = await step('maker', 'produce', one[2], over);
    const second = await bindSeal(world, 'seal-b', 'ES-7');
    const renew = await step(world.a, 'renew', short);
    const all = [...registered, ...one.slice(0, 3), short, ...second, renew];
    const folded = await world.fold(all, all);
    expect(refusals(folded)).toEqual(['seal/renew seal-exists']);
    expect(boundSeal(folded.seals.values(), USCC.a, world.now())?.seal?.esId).toBe('ES-7');
  });
});

describe('withdrawn', () => {
  test.each([
    ['applied', 1],
    ['letter sent', 2],
    ['approved', 3],
  ])('%s: the case ends, and another may be applied for', async (_, steps) => {
    const before = one.slice(0, steps);
    const withdraw = await step(world.a, 'withdraw', before.at(-1));
    const anew = await bindSeal(world, 'seal-b', 'ES-7');
    const all = [...registered, ...before, withdraw, ...anew];
    const folded = await world.fold(all, all);
    expect(refusals(folded)).toEqual([]);
    expect(world.named(folded.seals, 'seal-a')).toMatchObject({
      state: 'withdrawn',
      reasons: ['理由'],
    });
    expect(world.named(folded.seals, 'seal-b')?.state).toBe('bound');
  });

  test('not once it is made, nor by others, nor taken up again', async () => {
    const applied = one[0] as Made;
    const foreign = await step(world.b, 'withdraw', applied);
    const reviewer = await step('reviewer', 'withdraw', applied);
    const late = await step(world.a, 'withdraw', last());
    expect(refusals(await logged(reviewer, late))).toEqual([
      'seal/withdraw wrong-role',
      'seal/withdraw wrong-state',
    ]);
    const early = [...registered, applied, foreign];
    expect(refusals(await world.fold(early, early))).toHaveLength(1);
    expect(world.named((await world.fold(early, early)).seals, 'seal-a')?.state).toBe('applied');
    const approve = one[2] as Made;
    const withdraw = await step(world.a, 'withdraw', approve);
    const produce = await step('maker', 'produce', withdraw, made());
    const all = [...registered, ...one.slice(0, 3), withdraw, produce];
    expect(refusals(await world.fold(all, all))).toEqual(['seal/produce wrong-state']);
  });

  test('a renewal that is withdrawn leaves the seal in use', async () => {
    const renew = await step(world.a, 'renew', last());
    const withdraw = await step(world.a, 'withdraw', renew);
    const produce = await step('maker', 'produce', withdraw, made());
    const folded = await logged(renew, withdraw, produce);
    expect(refusals(folded)).toEqual(['seal/produce wrong-state']);
    const seal = { esId: 'ES-1' };
    expect(world.named(folded.seals, 'seal-a')).toMatchObject({
      state: 'bound',
      renewing: false,
      seal,
    });
  });

  test('decided at the same time elsewhere: one counts, the same on every device', async () => {
    const [apply, letter] = one as [Made, Made];
    const before = [...registered, apply, letter];
    const withdraw = await step(world.a, 'withdraw', letter);
    const approve = await step('reviewer', 'approve', letter);
    const there = await world.fold([...before, withdraw, approve]);
    const here = await world.fold([approve, withdraw, ...before.toReversed()]);
    expect(refusals(there)).toHaveLength(1);
    expect(world.named(here.seals, 'seal-a')).toEqual(world.named(there.seals, 'seal-a'));
    const first = [...before, approve, withdraw];
    expect(refusals(await world.fold(first, first))).toEqual(['seal/withdraw conflict']);
  });
});

describe('suspended, resumed, lost, revoked', () => {
  test('what the authority suspended its holder does not resume', async () => {
    const stop = await step('reviewer', 'suspend', last());
    const resume = await step(world.a, 'resume', stop);
    expect(refusals(await logged(stop, resume))).toEqual(['seal/resume suspended-by-authority']);
    const lifted = await step('reviewer', 'resume', stop);
    expect(world.named((await logged(stop, lifted)).seals, 'seal-a')?.state).toBe('bound');
    const own = await step(world.a, 'suspend', last());
    const back = await step(world.a, 'resume', own);
    expect(refusals(await logged(own, back))).toEqual([]);
  });

  test('maker, registrar, issuer and inspector neither suspend nor resume', async () => {
    const people = ['maker', 'registrar', 'issuer', 'inspector'];
    const tried = await Promise.all(people.map((by) => step(by, 'suspend', last())));
    expect(refusals(await logged(...tried))).toEqual(people.map(() => 'seal/suspend wrong-role'));
  });

  test.each([
    ['suspend', 'a', 'suspended'],
    ['lost', 'a', 'lost'],
    ['revoke', 'reviewer', 'revoked'],
  ])('after %s nothing is stamped, renewed or produced', async (type, by, state) => {
    const renew = await step(world.a, 'renew', last());
    const over = await step(by === 'a' ? world.a : by, type, renew);
    const stamped = await submit(world, `case-${type}`, { stamp: 'seal', esId: 'ES-1' });
    const produce = await step('maker', 'produce', over, made());
    const again = await step(world.a, 'renew', over);
    const folded = await logged(renew, over, stamped, produce, again);
    expect(refusals(folded)).toEqual([
      'application/submit seal-not-bound',
      'seal/produce wrong-state',
      'seal/renew wrong-state',
    ]);
    const found = world.named(folded.seals, 'seal-a');
    expect(found).toMatchObject({ state, renewing: false, uses: [] });
    const judged = world.bound.length + registered.length + one.length + 5;
    expect(folded.accepted + folded.refused.length).toBe(judged);
  });

  test('a record dated before the loss, logged after it, still comes after it', async () => {
    const before = world.now();
    const lost = await step(world.a, 'lost', last());
    const backdated = await world.step(world.a, 'application/submit', 'case-back', [], {
      ...submission({ stamp: 'seal', esId: 'ES-1' }),
      at: before,
    });
    expect(refusals(await logged(lost, backdated))).toEqual(['application/submit seal-not-bound']);
  });

  test('two devices at once: who is first in the log decides, nothing is lost', async () => {
    const suspend = await step(world.a, 'suspend', last());
    const revoke = await step('reviewer', 'revoke', last());
    const first = await logged(suspend, revoke);
    expect(refusals(first)).toEqual(['seal/revoke conflict']);
    const second = await logged(revoke, suspend);
    expect(refusals(second)).toEqual(['seal/suspend conflict']);
    expect(world.named(second.seals, 'seal-a')?.state).toBe('revoked');
    expect(second.steps.get(one[0]?.id ?? '')).toHaveLength(one.length + 2);
  });

  test('the same package twice, and the same step signed again, count once', async () => {
    const suspend = await step(world.a, 'suspend', last());
    const resume = await step(world.a, 'resume', suspend);
    const replayed = await step(world.a, 'suspend', last());
    const log = [...registered, ...one, suspend, resume, replayed];
    const folded = await world.fold([...log, suspend, last()], log);
    expect(refusals(folded)).toEqual(['seal/suspend conflict']);
    expect(world.named(folded.seals, 'seal-a')?.state).toBe('bound');
  });
});

describe('wrong clocks', () => {
  test.each([
    ['a day behind', -1, []],
    ['a year behind: before the seal was made and the trust was issued', -366, []],
    ['a year ahead: still within the seal', 366, []],
    ['three years ahead: the seal is over by then', 3 * 366, ['application/submit seal-not-bound']],
  ])('%s', async (_, days, expected) => {
    const at = new Date(Date.parse(world.now()) + days * 86_400_000).toISOString();
    const stamped = await world.step(world.a, 'application/submit', `clock${days}`, [last()], {
      ...submission({ stamp: 'seal', esId: 'ES-1' }),
      at,
      opens: true,
    });
    expect(refusals(await logged(stamped))).toEqual(expected);
  });
});
