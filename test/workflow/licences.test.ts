import { beforeAll, describe, expect, test } from 'vitest';
import { block, declarationNumber, issue, pass, passed, use } from './case.ts';
import { licenceBody, type Made, refusals, World } from './world.ts';

let world: World;
let numbers: Made;
let case1: Made[];
let case2: Made[];
beforeAll(async () => {
  world = await World.create();
  numbers = await block(world, world.by('issuer'));
  case1 = await passed(world);
  case2 = await passed(world, 'case-b');
});

const last = (list: Made[]) => list.at(-1) as Made;

describe('numbers', () => {
  test('come from a block of the issuing key', async () => {
    const good = await issue(world, last(case1), '26-AA-000001');
    const folded = await world.fold([numbers, ...case1, good]);
    expect(refusals(folded)).toEqual([]);
    expect(folded.licences.get('case-a')).toMatchObject({
      number: '26-AA-000001',
      conflict: false,
      revoked: null,
    });
    expect(folded.applications.get('case-a')?.state).toBe('issued');
  });

  test.each([
    ['beyond the block', '26-AA-000011', 'number-block'],
    ['of another year', '27-AA-000001', 'number-block'],
    ['of another issuer', '26-AB-000001', 'number-block'],
    ['of another form', '26AA000001', 'number-form'],
  ])('none %s', async (_, number, code) => {
    const bad = await issue(world, last(case1), number);
    expect(refusals(await world.fold([numbers, ...case1, bad]))).toEqual([`licence/issue ${code}`]);
  });

  test("none of another issuer's block", async () => {
    const bad = await issue(world, last(case1), '26-AA-000001', { by: world.by('issuer2') });
    expect(refusals(await world.fold([numbers, ...case1, bad]))).toEqual([
      'licence/issue number-block',
    ]);
  });

  test('blocks do not overlap, and only the root grants them', async () => {
    const over = await block(world, world.by('issuer2'), 10, 5);
    const beside = await block(world, world.by('issuer2'), 11, 5);
    const forged = await world.step(world.by('issuer'), 'licence/number-block', 'block-x', [], {
      fields: {
        to: world.by('issuer').id,
        issuer: 'AB',
        year: 2026,
        from: 1,
        count: 9,
        statusList: 'x',
      },
    });
    expect(refusals(await world.fold([numbers, over, beside, forged])).sort()).toEqual([
      'licence/number-block block-overlaps',
      'licence/number-block wrong-role',
    ]);
  });

  test('two licences with one number: both in conflict, none in force', async () => {
    const one = await issue(world, last(case1), '26-AA-000001');
    const two = await issue(world, last(case2), '26-AA-000001', { caseId: 'case-b' });
    for (const log of [
      [numbers, ...case1, ...case2, one, two],
      [numbers, ...case1, ...case2, two, one],
    ]) {
      const folded = await world.fold(log, log);
      expect([...folded.licences.values()].map(({ conflict }) => conflict)).toEqual([true, true]);
      const used = await use(world, one, '26-AA-000001', 1);
      expect(refusals(await world.fold([...log, used], log))).toEqual(['licence/use not-in-force']);
    }
  });
});

describe('issue', () => {
  test('needs the second review', async () => {
    const early = await issue(world, case1[1] as Made, '26-AA-000001');
    expect(refusals(await world.fold([numbers, ...case1.slice(0, 2), early]))).toEqual([
      'licence/issue wrong-state',
    ]);
  });

  test('once', async () => {
    const one = await issue(world, last(case1), '26-AA-000001');
    const two = await issue(world, last(case1), '26-AA-000002');
    const log = [numbers, ...case1, one, two];
    expect(refusals(await world.fold(log, log))).toEqual(['licence/issue conflict']);
  });

  test('on paper only where the application asks for paper', async () => {
    const paper = await world.step(
      world.by('issuer'),
      'licence/issue-paper',
      'case-a',
      [last(case1)],
      {
        fields: { number: '26-AA-000001', status: { list: '2026-a', index: 1 } },
        body: { ...(licenceBody('26-AA-000001') as object), serial: 'S1' },
      },
    );
    expect(refusals(await world.fold([numbers, ...case1, paper]))).toEqual([
      'licence/issue-paper wrong-flow',
    ]);
  });
});

describe('use', () => {
  const number = '26-AA-000003';
  let base: Made[];
  let issued: Made;
  const issuedWith = async (change: Record<string, never | string | number>) => {
    issued = await issue(world, last(case1), number, { change });
    base = [numbers, ...case1, issued];
  };

  test('一批一证: one declaration only', async () => {
    await issuedWith({ maxUses: 1, uses: 'single' });
    const one = await use(world, issued, number, 1);
    const two = await use(world, one, number, 2);
    expect(refusals(await world.fold([...base, one, two]))).toEqual(['licence/use uses-spent']);
  });

  test('非一批一证: six, and no seventh', async () => {
    await issuedWith({ maxUses: 6 });
    const uses: Made[] = [];
    for (let i = 0; i < 7; i++) uses.push(await use(world, issued, number, i));
    const folded = await world.fold([...base, ...uses], [...base, ...uses]);
    expect(refusals(folded)).toEqual(['licence/use uses-spent']);
    expect(folded.licences.get('case-a')?.uses).toHaveLength(6);
  });

  test('one declaration counts once', async () => {
    await issuedWith({});
    const one = await use(world, issued, number, 1);
    const two = await use(world, one, number, 1);
    expect(refusals(await world.fold([...base, one, two]))).toEqual([
      'licence/use declaration-twice',
    ]);
  });

  test('quantity: the remainder and the tolerance, not a gram more', async () => {
    await issuedWith({
      totals: { quantity: '100', amount: '', amountUsd: '' },
      tolerance: '5',
    } as never);
    const full = await use(world, issued, number, 1, '100');
    const within = await use(world, full, number, 2, '5');
    const over = await use(world, full, number, 3, '5.001');
    expect(refusals(await world.fold([...base, full, within]))).toEqual([]);
    expect(refusals(await world.fold([...base, full, over]))).toEqual([
      'licence/use quantity-exceeded',
    ]);
  });

  test('not after expiry, not after revocation', async () => {
    await issuedWith({ validUntil: '2026-06-30' });
    const at = '2026-07-02T01:00:00Z';
    const day = await use(world, issued, number, 1, '1', { date: '2026-06-30', at });
    const late = await use(world, issued, number, 2, '1', { date: '2026-07-01', at });
    const revoke = await world.step(world.by('issuer'), 'licence/revoke', 'case-a', [issued], {
      fields: { number },
      body: { reasons: ['撤销'] },
    });
    const after = await use(world, issued, number, 3, '1', { date: '2026-06-29', at });
    const log = [...base, day, late, revoke, after];
    const folded = await world.fold(log, log);
    expect(refusals(folded)).toEqual(['licence/use licence-expired', 'licence/use not-in-force']);
    expect(folded.licences.get('case-a')?.revoked?.reasons).toEqual(['撤销']);
  });

  test.each([
    ['a declaration "abc"', { declaration: 'abc' }, 'declaration-form'],
    ['a declaration of 15 digits', { declaration: '420120260000001' }, 'declaration-form'],
    ['an export declaration', { declaration: '420020260000000001' }, 'declaration-form'],
    ['a port that the licence does not name', { customs: '5300' }, 'port-not-named'],
    ['the day before issue', { date: '2026-03-01' }, 'use-before-issue'],
    ['tomorrow', { date: '2026-03-03' }, 'use-in-future'],
    ['no day of the calendar', { date: '2026-02-30' }, 'use-date-form'],
  ])('%s does not count', async (_, change, code) => {
    await issuedWith({});
    const bad = await use(world, issued, number, 1, '1', change);
    const folded = await world.fold([...base, bad]);
    expect(refusals(folded)).toEqual([`licence/use ${code}`]);
    expect(folded.licences.get('case-a')?.uses).toEqual([]);
  });

  test.each([
    ['0999999', 'record-shape'],
    ['-1', 'record-shape'],
    ['0', 'quantity-form'],
    ['0.000', 'quantity-form'],
  ])('a quantity of %s neither counts nor counts as nothing', async (quantity, code) => {
    await issuedWith({ totals: { quantity: '', amount: '', amountUsd: '' } } as never);
    const bad = await use(world, issued, number, 1, quantity);
    expect(refusals(await world.fold([...base, bad]))).toEqual([`licence/use ${code}`]);
  });

  test('two uses of one remainder, made offline: the log decides', async () => {
    await issuedWith({ maxUses: 1, uses: 'single' });
    const one = await use(world, issued, number, 1);
    const two = await use(world, issued, number, 2);
    for (const order of [
      [one, two],
      [two, one],
    ]) {
      const folded = await world.fold([...base, one, two], [...base, ...order]);
      expect(folded.licences.get('case-a')?.uses.map(({ id }) => id)).toEqual([order[0]?.id]);
      expect(refusals(folded)).toEqual(['licence/use uses-spent']);
    }
  });

  test('an inspector only, and not under a number that is none of the case', async () => {
    await issuedWith({});
    const forged = await world.step(world.by('issuer'), 'licence/use', 'case-a', [issued], {
      fields: { number },
      body: {
        declaration: declarationNumber(1),
        customs: '4200',
        date: '2026-03-02',
        quantity: '1',
      },
    });
    const other = await use(world, issued, '26-AA-000009', 1);
    expect(refusals(await world.fold([...base, forged, other])).sort()).toEqual([
      'licence/use wrong-number',
      'licence/use wrong-role',
    ]);
  });
});

describe('replacement', () => {
  test('the old licence ends, the new one stands in the same case', async () => {
    const old = await issue(world, last(case1), '26-AA-000004');
    const next = await world.step(world.by('issuer'), 'licence/replace', 'case-a', [old], {
      fields: {
        number: '26-AA-000005',
        replaces: '26-AA-000004',
        status: { list: '2026-a', index: 2 },
      },
      body: licenceBody('26-AA-000005'),
    });
    const stale = await use(world, old, '26-AA-000004', 1);
    const good = await use(world, next, '26-AA-000005', 1);
    const log = [numbers, ...case1, old, next, stale, good];
    const folded = await world.fold(log, log);
    expect(refusals(folded)).toEqual(['licence/use wrong-number']);
    expect(folded.licences.get('case-a')).toMatchObject({
      number: '26-AA-000005',
      replaces: '26-AA-000004',
      replacedBy: null,
    });
    expect(folded.licences.get(old.id)).toMatchObject({ replacedBy: '26-AA-000005' });
    expect(folded.applications.get('case-a')?.licence).toBe('26-AA-000005');
  });

  test('collected once, on paper', async () => {
    const paperCase = await passed(world, 'case-p', { flow: 'paper' });
    const issued = await world.step(
      world.by('issuer'),
      'licence/issue-paper',
      'case-p',
      [last(paperCase)],
      {
        fields: { number: '26-AA-000006', status: { list: '2026-a', index: 3 } },
        body: { ...(licenceBody('26-AA-000006') as object), serial: 'S-0001' },
      },
    );
    const who = { body: { name: '王示例', document: '110***' } };
    const issuer = world.by('issuer');
    const once = await world.step(issuer, 'licence/collect', 'case-p', [issued], who);
    const twice = await world.step(issuer, 'licence/collect', 'case-p', [once], who);
    const folded = await world.fold([numbers, ...paperCase, issued, once, twice]);
    expect(refusals(folded)).toEqual(['licence/collect wrong-state']);
    expect(folded.applications.get('case-p')?.state).toBe('collected');
    expect(folded.licences.get('case-p')).toMatchObject({
      serial: 'S-0001',
      collected: { name: '王示例' },
    });
    expect(pass.fields.verdict).toBe('pass');
  });
});

describe('prints', () => {
  const number = '26-AA-000004';
  const print = (before: Made, kind: string, by: Parameters<World['step']>[0]) =>
    world.step(by, 'licence/print', 'case-a', [before], { fields: { number, kind } });

  test('of two devices that print the last original at once, the earlier in the log counts', async () => {
    const issued = await issue(world, last(case1), number);
    const base = [numbers, ...case1, issued];
    const one = await print(issued, 'original', world.a);
    const here = await print(one, 'original', world.by('issuer'));
    const there = await print(one, 'original', world.a);
    const log = [...base, one, there, here];
    for (const arrived of [log, [...log].reverse()]) {
      const folded = await world.fold(arrived, log);
      expect(refusals(folded)).toEqual(['licence/print prints-spent']);
      expect(folded.licences.get('case-a')?.prints.map(({ id }) => id)).toEqual([one.id, there.id]);
    }
  });

  test('copies go on, whatever was printed; another enterprise prints nothing', async () => {
    const issued = await issue(world, last(case1), number);
    const base = [numbers, ...case1, issued];
    const copies: Made[] = [];
    for (let i = 0; i < 4; i++) copies.push(await print(copies.at(-1) ?? issued, 'copy', world.a));
    expect(refusals(await world.fold([...base, ...copies]))).toEqual([]);
  });
});
