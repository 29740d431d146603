import { beforeAll, describe, expect, test } from 'vitest';
import type { RosterEntry } from '../../src/pki/index.ts';
import { bindSeal, pass, passed, register, submit, verdict } from './case.ts';
import { type Made, refusals, rosterEntry, submission, USCC, World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await World.create();
});

const state = async (packages: Made[], log: Made[] = []) => world.fold(packages, log);

describe('application: submit, review, correct, withdraw', () => {
  test('two reviews by two persons pass it', async () => {
    const steps = await passed(world);
    const folded = await state(steps);
    expect(refusals(folded)).toEqual([]);
    expect(world.named(folded.applications, 'case-a')).toMatchObject({
      state: 'second-passed',
      uscc: USCC.a,
      enterprise: '甲公司',
      provisional: true,
    });
  });

  test('separation of duties: the first reviewer is never the second', async () => {
    const submitted = await submit(world);
    const both = world.by('both');
    const first = await world.step(both, 'application/first-review', 'case-a', [submitted], pass);
    const second = await world.step(both, 'application/second-review', 'case-a', [first], pass);
    const folded = await state([submitted, first, second]);
    expect(refusals(folded)).toEqual(['application/second-review same-reviewer']);
    expect(world.named(folded.applications, 'case-a')?.state).toBe('first-passed');
  });

  test.each([
    ['the same person under a second certificate is still the same person', true],
    ['a namesake is another person', false],
  ])('%s', async (_, same) => {
    const again = await world.certify(world.staffCa, 'staff-signing', {
      organization: '示例许可证事务局',
      commonName: 'first',
    });
    const entry = rosterEntry('first', ['second-review'], again);
    const known = world.roster.find(({ name }) => name === 'first') as RosterEntry;
    const roster = [...world.roster, same ? { ...entry, person: known.person } : entry];
    const [, next] = await world.publish({ roster }, [world.bundle, world.bundlePackage]);
    const submitted = await submit(world);
    const first = await world.step(
      world.by('first'),
      'application/first-review',
      'case-a',
      [submitted],
      pass,
    );
    const second = await world.step(again, 'application/second-review', 'case-a', [first], pass);
    const folded = await state([world.bundlePackage, next, submitted, first, second]);
    expect(refusals(folded)).toEqual(same ? ['application/second-review same-reviewer'] : []);
  });

  test.each([
    ['second', 'application/first-review'],
    ['first', 'application/second-review'],
    ['inspector', 'application/first-review'],
    ['issuer', 'application/first-review'],
  ])('%s has no role for %s', async (who, type) => {
    const [submitted, first] = (await passed(world)) as [Made, Made];
    const on = type.includes('first') ? [submitted] : [submitted, first];
    const forged = await world.step(world.by(who), type, 'case-a', [on.at(-1) as Made], pass);
    expect(refusals(await state([...on, forged]))).toEqual([`${type} wrong-role`]);
  });

  test('a self-signed key reviews nothing, an enterprise neither', async () => {
    const submitted = await submit(world);
    const type = 'application/first-review';
    const forged = await world.step(world.stranger, type, 'case-a', [submitted], pass);
    const own = await world.step(world.a, type, 'case-a', [submitted], pass);
    expect(refusals(await state([submitted, forged, own])).sort()).toEqual([
      `${type} author-untrusted`,
      `${type} wrong-role`,
    ]);
  });

  test('nobody submits for another enterprise', async () => {
    const forged = await world.step(world.b, 'application/submit', 'case-a', [], {
      ...submission(),
      party: USCC.a,
    });
    expect(refusals(await state([forged]))).toEqual(['application/submit not-yours']);
  });

  test('returned, corrected, and reviewed from the start', async () => {
    const submitted = await submit(world);
    const first = world.by('first');
    const type = 'application/first-review';
    const back = await world.step(first, type, 'case-a', [submitted], verdict('return'));
    expect(world.named((await state([submitted, back])).applications, 'case-a')).toMatchObject({
      state: 'returned',
      reasons: ['理由'],
    });
    const amended = await world.step(world.a, 'application/submit', 'case-a', [back], submission());
    const folded = await state([submitted, back, amended]);
    expect(world.named(folded.applications, 'case-a')).toMatchObject({
      state: 'submitted',
      submission: amended.id,
      firstReviewer: null,
    });
  });

  test('what was not returned is not amended, what is refused is over', async () => {
    const submitted = await submit(world);
    const amend = (prev: Made) =>
      world.step(world.a, 'application/submit', 'case-a', [prev], submission());
    const early = await amend(submitted);
    const type = 'application/first-review';
    const no = await world.step(world.by('first'), type, 'case-a', [submitted], verdict('refuse'));
    const late = await amend(no);
    const folded = await state([submitted, no, late]);
    expect(world.named(folded.applications, 'case-a')?.state).toBe('refused');
    expect(refusals(folded)).toEqual(['application/submit wrong-state']);
    expect(refusals(await state([submitted, early]))).toEqual(['application/submit wrong-state']);
  });

  test('withdrawn before the second verdict only, by the applicant only', async () => {
    const [submitted, first, second] = (await passed(world)) as [Made, Made, Made];
    const out = (by: typeof world.a, prev: Made) =>
      world.step(by, 'application/withdraw', 'case-a', [prev], { body: { reasons: [] } });
    const early = await state([submitted, first, await out(world.a, first)]);
    expect(world.named(early.applications, 'case-a')?.state).toBe('withdrawn');
    const late = await state([submitted, first, second, await out(world.a, second)]);
    expect(refusals(late)).toEqual(['application/withdraw wrong-state']);
    const other = await state([submitted, await out(world.b, submitted)]);
    expect(refusals(other)).toEqual(['application/withdraw not-yours']);
  });

  test('two successors of one step: the earlier in the log wins, the other is a conflict', async () => {
    const submitted = await submit(world);
    const type = 'application/first-review';
    const yes = await world.step(world.by('first'), type, 'case-a', [submitted], pass);
    const no = await world.step(world.by('both'), type, 'case-a', [submitted], verdict('refuse'));
    const all = [submitted, yes, no];
    const one = await state(all, [submitted, yes, no]);
    expect(world.named(one.applications, 'case-a')?.state).toBe('first-passed');
    expect(refusals(one)).toEqual([`${type} conflict`]);
    const other = await state(all, [submitted, no, yes]);
    expect(world.named(other.applications, 'case-a')?.state).toBe('refused');
    expect(refusals(other)).toEqual([`${type} conflict`]);
  });

  test('logged beats provisional, whatever it claims', async () => {
    const submitted = await submit(world);
    const type = 'application/first-review';
    const early = await world.step(
      world.by('both'),
      type,
      'case-a',
      [submitted],
      verdict('refuse'),
    );
    const logged = await world.step(world.by('first'), type, 'case-a', [submitted], pass);
    const folded = await state([submitted, early, logged], [submitted, logged]);
    expect(world.named(folded.applications, 'case-a')?.state).toBe('first-passed');
  });

  test('a step without its predecessor changes nothing', async () => {
    const [submitted, first, second] = (await passed(world)) as [Made, Made, Made];
    expect(refusals(await state([submitted, second]))).toEqual([
      'application/second-review missing-predecessor',
    ]);
    expect(refusals(await state([first]))).toEqual([
      'application/first-review missing-predecessor',
    ]);
  });

  test('a case is named by the head that opened it: nobody opens it a second time', async () => {
    const one = await submit(world);
    const two = await submit(world);
    const folded = await state([one, two], [one, two]);
    expect(refusals(folded)).toEqual([]);
    expect([...folded.applications.keys()]).toEqual([one.id, two.id]);
  });
});

describe('transition period', () => {
  test('a plain signature serves before the date, not after it', async () => {
    const before = await submit(world);
    const after = await world.step(world.a, 'application/submit', 'case-late', [], {
      ...submission(),
      at: '2026-09-01T00:00:00Z',
    });
    const folded = await state([before, after]);
    expect(refusals(folded)).toEqual(['application/submit seal-compulsory']);
  });

  test('dating back does not help behind a bundle that was issued after the date', async () => {
    const late = new World();
    Object.assign(late, world);
    const [, next] = await world.publish({ issuedAt: '2026-10-01T00:00:00.000Z' }, [
      world.bundle,
      world.bundlePackage,
    ]);
    const backdated = await submit(world, 'case-back');
    const folded = await state(
      [world.bundlePackage, next, backdated],
      [world.bundlePackage, next, backdated],
    );
    expect(refusals(folded)).toEqual(['application/submit seal-compulsory']);
  });

  test('the date is a point in time: its last second before, its first after', async () => {
    const from = world.bundle.policy.sealCompulsoryFrom;
    const at = (ms: number) => new Date(Date.parse(from) + ms).toISOString();
    const plain = (caseId: string, ms: number) =>
      world.step(world.a, 'application/submit', caseId, [], { ...submission(), at: at(ms) });
    const folded = await state([await plain('case-1', -1000), await plain('case-2', 0)]);
    expect(refusals(folded)).toEqual(['application/submit seal-compulsory']);
    expect(world.named(folded.applications, 'case-1')).toBeDefined();
  });

  test('sealed, it is taken before and after the date', async () => {
    const seal = [...(await register(world)), ...(await bindSeal(world))];
    const sealed = { stamp: 'seal', esId: 'ES-1' };
    const before = await submit(world, 'case-1', sealed);
    const after = await world.step(world.a, 'application/submit', 'case-2', [], {
      ...submission(sealed),
      at: '2026-09-01T00:00:00Z',
    });
    const folded = await state([...seal, before, after]);
    expect(refusals(folded)).toEqual([]);
    expect(world.named(folded.seals, 'seal-a')?.uses.map((use) => [use.case, use.esId])).toEqual([
      [before.id, 'ES-1'],
      [after.id, 'ES-1'],
    ]);
  });

  test('a seal made for the certificate before a renewal stamps nothing for the one after', async () => {
    const registered = await register(world);
    const renewed = await world.renew(world.a, '甲公司', USCC.a);
    const fields = await world.pairOf(renewed.certificate);
    const seal = await bindSeal(world);
    const approve = await world.step(
      world.by('registrar'),
      'enterprise/approve',
      'reg-a',
      registered.slice(-1),
      { fields },
    );
    const stamped = await world.step(
      renewed,
      'application/submit',
      'case-1',
      [],
      submission({ stamp: 'seal', esId: 'ES-1' }),
    );
    const folded = await state([...registered, ...seal, approve, stamped]);
    expect(refusals(folded)).toEqual(['application/submit wrong-holder']);
    expect(world.named(folded.seals, 'seal-a')?.uses).toEqual([]);
  });

  test('a stamp needs the seal that is bound, by its id', async () => {
    const seal = [...(await register(world)), ...(await bindSeal(world))];
    const stamped = await submit(world, 'case-1', { stamp: 'seal', esId: 'ES-1' });
    const other = await submit(world, 'case-2', { stamp: 'seal', esId: 'ES-9' });
    const folded = await state([...seal, stamped, other]);
    expect(refusals(folded)).toEqual(['application/submit seal-not-bound']);
    expect(world.named(folded.applications, 'case-1')?.stamp).toBe('seal');
  });

  test('a suspended or lost seal stamps nothing, a resumed one does again', async () => {
    const seal = [...(await register(world)), ...(await bindSeal(world))];
    const because = { body: { reasons: ['理由'] } };
    const hold = await world.step(world.a, 'seal/suspend', 'seal-a', seal.slice(-1), because);
    const stamp = { stamp: 'seal', esId: 'ES-1' };
    const held = await submit(world, 'case-1', stamp);
    const resume = await world.step(world.a, 'seal/resume', 'seal-a', [hold], because);
    const good = await submit(world, 'case-2', stamp);
    const lost = await world.step(world.a, 'seal/lost', 'seal-a', [resume], because);
    const gone = await submit(world, 'case-3', stamp);
    const all = [...seal, hold, held, resume, good, lost, gone];
    const folded = await state(all, all);
    expect([...folded.applications.keys()]).toEqual([good.id]);
    expect(refusals(folded)).toEqual([
      'application/submit seal-not-bound',
      'application/submit seal-not-bound',
    ]);
  });
});
