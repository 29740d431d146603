import { beforeAll, describe, expect, test } from 'vitest';
import { boundSeal } from '../../src/workflow/index.ts';
import { bindSeal, register } from './case.ts';
import { type Made, refusals, USCC, World } from './world.ts';

let world: World;
let registered: Made[];
beforeAll(async () => {
  world = await World.create();
  registered = await register(world);
});

const because = { body: { reasons: ['理由'] } };

describe('registration', () => {
  test('a key without a certificate may register, and nothing else', async () => {
    const folded = await world.fold(registered);
    expect(refusals(folded)).toEqual([]);
    expect(world.named(folded.enterprises, 'reg-a')).toMatchObject({
      state: 'approved',
      certificate: world.a.id,
    });
    const apply = await world.step(world.stranger, 'seal/apply', 'seal-x', []);
    expect(refusals(await world.fold([apply]))).toEqual(['seal/apply author-untrusted']);
  });

  test('only the registrar answers, once', async () => {
    const [asked] = registered as [Made];
    const reasons = { fields: { reasons: ['材料不全'] } };
    const forged = await world.step(world.a, 'enterprise/reject', 'reg-a', [asked], reasons);
    const rejected = await world.step(
      world.by('registrar'),
      'enterprise/reject',
      'reg-a',
      [asked],
      reasons,
    );
    const folded = await world.fold([asked, forged, rejected]);
    expect(refusals(folded)).toEqual(['enterprise/reject wrong-role']);
    expect(world.named(folded.enterprises, 'reg-a')).toMatchObject({
      state: 'rejected',
      reasons: ['材料不全'],
    });
    const late = await world.fold([...registered, rejected], [...registered, rejected]);
    expect(refusals(late)).toEqual(['enterprise/reject conflict']);
  });

  test('certificates of another enterprise are not bound', async () => {
    const [asked] = registered as [Made];
    const fields = { ...(await world.pairOf(world.b.certificate)), name: '甲公司' };
    const wrong = await world.step(world.by('registrar'), 'enterprise/bind', 'reg-a', [asked], {
      fields,
    });
    expect(refusals(await world.fold([asked, wrong]))).toEqual([
      'enterprise/bind wrong-enterprise',
    ]);
  });
});

describe('seal: apply, letter, review, produce, manage', () => {
  test('is bound for its period, and for its enterprise only', async () => {
    const folded = await world.fold([...registered, ...(await bindSeal(world))]);
    expect(refusals(folded)).toEqual([]);
    const seals = () => folded.seals.values();
    expect(boundSeal(seals(), USCC.a, '2026-06-01T00:00:00Z')?.seal?.esId).toBe('ES-1');
    expect(boundSeal(seals(), USCC.a, '2028-03-01T00:00:01Z')).toBeNull();
    expect(boundSeal(seals(), USCC.a, '2026-02-28T23:59:59Z')).toBeNull();
    expect(boundSeal(seals(), USCC.b, '2026-06-01T00:00:00Z')).toBeNull();
  });

  test('the maker does not approve, the reviewer does not produce, the enterprise does neither', async () => {
    const [apply, letter, approve] = (await bindSeal(world)) as [Made, Made, Made];
    const fields = {
      esId: 'ES-2',
      seal: '5'.repeat(64),
      holders: [world.a.id],
      validStart: '2026-03-01T00:00:00Z',
      validEnd: '2028-03-01T00:00:00Z',
    };
    const forged = [
      await world.step(world.by('maker'), 'seal/approve', 'seal-a', [letter], because),
      await world.step(world.a, 'seal/approve', 'seal-a', [letter], because),
      await world.step(world.by('reviewer'), 'seal/produce', 'seal-a', [approve], { fields }),
    ];
    const folded = await world.fold([...registered, apply, letter, approve, ...forged]);
    expect(refusals(folded).sort()).toEqual([
      'seal/approve wrong-role',
      'seal/approve wrong-role',
      'seal/produce wrong-role',
    ]);
  });

  test('no seal for a certificate that the enterprise does not have, none without approval', async () => {
    const [apply, letter, approve] = (await bindSeal(world)) as [Made, Made, Made];
    const produce = (prev: Made, holder: string) =>
      world.step(world.by('maker'), 'seal/produce', 'seal-a', [prev], {
        fields: {
          esId: 'ES-3',
          seal: '5'.repeat(64),
          holders: [holder],
          validStart: '2026-03-01T00:00:00Z',
          validEnd: '2028-03-01T00:00:00Z',
        },
      });
    const wrong = await produce(approve, world.b.id);
    const early = await produce(letter, world.a.id);
    expect(refusals(await world.fold([...registered, apply, letter, approve, wrong]))).toEqual([
      'seal/produce wrong-holder',
    ]);
    expect(refusals(await world.fold([...registered, apply, letter, early]))).toEqual([
      'seal/produce wrong-state',
    ]);
  });

  test('one seal at a time: a second application waits until the first is over', async () => {
    const one = await bindSeal(world);
    const again = await world.step(world.a, 'seal/apply', 'seal-b', []);
    expect(refusals(await world.fold([...registered, ...one, again]))).toEqual([
      'seal/apply seal-exists',
    ]);
    const lost = await world.step(world.a, 'seal/lost', 'seal-a', one.slice(-1), because);
    const next = await world.step(world.a, 'seal/apply', 'seal-b', []);
    const folded = await world.fold([...registered, ...one, lost, next]);
    expect(refusals(folded)).toEqual([]);
    expect(world.named(folded.seals, 'seal-a')?.state).toBe('lost');
  });

  test('another enterprise neither suspends nor loses it; what is lost is not resumed', async () => {
    const one = await bindSeal(world);
    const last = one.slice(-1);
    const forged = await world.step(world.b, 'seal/suspend', 'seal-a', last, because);
    const lost = await world.step(world.a, 'seal/lost', 'seal-a', last, because);
    const resume = await world.step(world.a, 'seal/resume', 'seal-a', [lost], because);
    expect(refusals(await world.fold([...registered, ...one, forged, lost, resume]))).toEqual([
      'seal/suspend not-yours',
      'seal/resume wrong-state',
    ]);
  });

  test('a seal that is being renewed goes on stamping until the new one is made', async () => {
    const one = await bindSeal(world);
    const renew = await world.step(world.a, 'seal/renew', 'seal-a', one.slice(-1), because);
    const make = (prev: Made, esId: string) =>
      world.step(world.by('maker'), 'seal/produce', 'seal-a', [prev], {
        fields: {
          esId,
          seal: '5'.repeat(64),
          holders: [world.a.id],
          validStart: '2027-03-01T00:00:00Z',
          validEnd: '2029-03-01T00:00:00Z',
        },
      });
    const at = '2026-06-01T00:00:00Z';
    const asked = await world.fold([...registered, ...one, renew]);
    expect(refusals(asked)).toEqual([]);
    expect(boundSeal(asked.seals.values(), USCC.a, at)?.seal?.esId).toBe('ES-1');
    const made = await make(renew, 'ES-9');
    const folded = await world.fold([...registered, ...one, renew, made]);
    expect(refusals(folded)).toEqual([]);
    const found = world.named(folded.seals, 'seal-a');
    expect([found?.renewing, found?.seal?.esId]).toEqual([false, 'ES-9']);
    expect(found?.earlier.map(({ esId }) => esId)).toEqual(['ES-1']);
    const unasked = await make(one.at(-1) as Made, 'ES-8');
    expect(refusals(await world.fold([...registered, ...one, unasked]))).toEqual([
      'seal/produce wrong-state',
    ]);
    const same = await make(renew, 'ES-1');
    expect(refusals(await world.fold([...registered, ...one, renew, same]))).toEqual([
      'seal/produce seal-id',
    ]);
  });

  test('a rejected letter may be sent again', async () => {
    const [apply, letter] = (await bindSeal(world)) as [Made, Made];
    const reject = await world.step(
      world.by('reviewer'),
      'seal/reject',
      'seal-a',
      [letter],
      because,
    );
    const folded = await world.fold([...registered, apply, letter, reject]);
    expect(world.named(folded.seals, 'seal-a')).toMatchObject({
      state: 'rejected',
      reasons: ['理由'],
    });
  });

  test('without keys to the bodies the state is the same, and what is confidential is unknown', async () => {
    const all = [...registered, ...(await bindSeal(world))];
    const blind = await world.foldBlind(all);
    expect(world.named(blind.seals, 'seal-a')).toMatchObject({ state: 'bound', form: null });
    expect(refusals(blind)).toEqual([]);
  });
});
