import { beforeAll, describe, expect, test } from 'vitest';
import { block, issue, passed, use } from './case.ts';
import {
  application,
  issueFields,
  licenceBody,
  type Made,
  refusals,
  tokenOf,
  USCC,
  World,
} from './world.ts';

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
    expect(world.named(folded.licences, 'case-a')).toMatchObject({
      number: '26-AA-000001',
      conflict: false,
      revoked: null,
    });
    expect(world.named(folded.applications, 'case-a')?.state).toBe('issued');
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
        grantee: world.by('issuer').id,
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
    const two = await issue(world, last(case2), '26-AA-000001');
    for (const log of [
      [numbers, ...case1, ...case2, one, two],
      [numbers, ...case1, ...case2, two, one],
    ]) {
      const folded = await world.fold(log, log);
      expect([...folded.licences.values()].map(({ conflict }) => conflict)).toEqual([true, true]);
      const used = await use(world, '26-AA-000001');
      const after = await world.fold([...log, used], log);
      expect(refusals(after)).toEqual([]);
      expect([...after.licences.values()].flatMap(({ uses }) => uses[0]?.over)).toContain(
        'conflict',
      );
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
        fields: { ...issueFields('26-AA-000001'), serial: 'S1' },
        body: licenceBody('26-AA-000001'),
      },
    );
    expect(refusals(await world.fold([numbers, ...case1, paper]))).toEqual([
      'licence/issue-paper wrong-flow',
    ]);
  });
});

describe('the licence is the one that was reviewed', () => {
  test.each([
    ['other terms than those that passed', { terms: '00'.repeat(32) }],
    ['more lines than those that passed', { quantities: ['1', '1', '1', '1', '1', '1', '1'] }],
  ])('issued over %s it is refused by everybody', async (_, fields) => {
    const gold = await issue(world, last(case1), '26-AA-000001', { fields });
    const folded = await world.fold([numbers, ...case1, gold]);
    expect(refusals(folded)).toEqual(['licence/issue terms-differ']);
    expect(folded.licences.size).toBe(0);
  });

  test('issued to another importer it is refused: the case fixes the party', async () => {
    const number = '26-AA-000001';
    const swapped = await world.step(world.by('issuer'), 'licence/issue', '', [last(case1)], {
      fields: issueFields(number),
      body: licenceBody(number),
      party: USCC.b,
    });
    expect(refusals(await world.fold([numbers, ...case1, swapped]))).toEqual([
      'licence/issue wrong-party',
    ]);
  });
});

describe('use', () => {
  const number = '26-AA-000003';
  const lines = application.lines.map(({ quantity }) => quantity);
  let base: Made[];
  let issued: Made;
  const issuedWith = async (fields: Record<string, never | string | number>) => {
    issued = await issue(world, last(case1), number, { fields });
    base = [numbers, ...case1, issued];
  };
  const overs = async (packages: Made[], log: Made[] = packages) => {
    const folded = await world.fold(packages, log);
    expect(refusals(folded)).toEqual([]);
    return world.named(folded.licences, 'case-a')?.uses.map(({ over }) => over);
  };

  test('一批一证: the second declaration counts, and is shown as over-use', async () => {
    await issuedWith({ maxUses: 1 });
    const one = await use(world, number, { declaration: 'D1' });
    const two = await use(world, number, { declaration: 'D2' });
    expect(await overs([...base, one, two])).toEqual([[], ['uses']]);
  });

  test('非一批一证: six, and the seventh is over-use', async () => {
    await issuedWith({ maxUses: 6 });
    const uses: Made[] = [];
    for (let i = 0; i < 7; i++) uses.push(await use(world, number, { declaration: `D${i}` }));
    expect((await overs([...base, ...uses]))?.map((over) => over.length)).toEqual([
      0, 0, 0, 0, 0, 0, 1,
    ]);
  });

  test('one declaration counts once', async () => {
    await issuedWith({});
    const one = await use(world, number);
    const two = await use(world, number);
    expect(refusals(await world.fold([...base, one, two]))).toEqual([
      'licence/use declaration-twice',
    ]);
  });

  test('quantity: the remainder of each line and the tolerance, not a gram more', async () => {
    await issuedWith({ quantities: lines.map(() => '100'), tolerance: '5' } as never);
    const of = (declaration: string, first: string) =>
      use(world, number, { declaration, quantities: lines.map((_, i) => (i === 0 ? first : '0')) });
    const full = await of('D1', '100');
    const within = await of('D2', '5');
    const over = await of('D3', '5.001');
    expect(await overs([...base, full, within])).toEqual([[], []]);
    expect(await overs([...base, full, over])).toEqual([[], ['quantity']]);
  });

  test('outside its days, at another port, after revocation: it counts and is shown', async () => {
    await issuedWith({ validUntil: '2026-06-30' });
    const at = '2026-07-02T01:00:00Z';
    const day = await use(world, number, { declaration: 'D1', date: '2026-06-30', at });
    const late = await use(world, number, { declaration: 'D2', date: '2026-07-01', at });
    const early = await use(world, number, { declaration: 'D3', date: '2026-03-01' });
    const port = await use(world, number, { declaration: 'D4', port: '12'.repeat(32) });
    const revoke = await world.step(world.by('issuer'), 'licence/revoke', number, [], {
      party: USCC.a,
      fields: { token: tokenOf(number) },
      body: { reasons: ['撤销'] },
    });
    const after = await use(world, number, { declaration: 'D5' });
    const log = [...base, day, late, early, port, revoke, after];
    expect(await overs(log)).toEqual([[], ['date'], ['date'], ['port'], ['revoked']]);
    const folded = await world.fold(log, log);
    expect(world.named(folded.licences, 'case-a')?.revoked?.reasons).toEqual(['撤销']);
  });

  test.each([
    ['tomorrow', { date: '2026-03-03' }, 'use-in-future'],
    ['no day of the calendar', { date: '2026-02-30' }, 'use-date-form'],
    ['a quantity of nothing', { quantities: lines.map(() => '0.000') }, 'quantity-form'],
    ['0999999 of it', { quantities: lines.map(() => '0999999') }, 'record-shape'],
    ['quantities of other lines', { quantities: ['1', '1', '1', '1'] }, 'wrong-lines'],
  ])('%s does not count', async (_, change, code) => {
    await issuedWith({});
    const bad = await use(world, number, change);
    const folded = await world.fold([...base, bad]);
    expect(refusals(folded)).toEqual([`licence/use ${code}`]);
    expect(world.named(folded.licences, 'case-a')?.uses).toEqual([]);
  });

  test('two uses of one remainder, made offline: the log decides which is over-use', async () => {
    await issuedWith({ maxUses: 1 });
    const one = await use(world, number, { declaration: 'D1' });
    const two = await use(world, number, { declaration: 'D2' });
    for (const order of [
      [one, two],
      [two, one],
    ]) {
      const folded = await world.fold([...base, one, two], [...base, ...order]);
      const uses = world.named(folded.licences, 'case-a')?.uses;
      expect(uses?.map(({ id }) => id)).toEqual(order.map(({ id }) => id));
      expect(uses?.map(({ over }) => over)).toEqual([[], ['uses']]);
    }
  });

  test('corrected by an inspector, or taken back: the remainder follows', async () => {
    await issuedWith({ maxUses: 1 });
    const one = await use(world, number, { declaration: 'D1' });
    const two = await use(world, number, { declaration: 'D2' });
    const back = await world.step(world.by('inspector'), 'licence/use-correct', number, [one], {
      party: USCC.a,
      fields: { token: tokenOf(number), use: one.id, quantities: null },
      body: { reasons: ['误录'] },
    });
    const folded = await world.fold([...base, one, back, two]);
    expect(refusals(folded)).toEqual([]);
    expect(world.named(folded.licences, 'case-a')?.uses).toMatchObject([
      { quantities: [], corrected: back.id },
      { over: [] },
    ]);
  });

  test('an inspector only, and by the number and the token of the licence', async () => {
    await issuedWith({});
    const forged = await use(world, number, { by: 'issuer' });
    const other = await use(world, '26-AA-000009');
    const token = await world.step(world.by('inspector'), 'licence/use', number, [issued], {
      party: USCC.a,
      fields: {
        token: tokenOf('another'),
        declaration: '1'.repeat(64),
        port: '2'.repeat(64),
        date: '2026-03-02',
        quantities: lines,
      },
    });
    expect(refusals(await world.fold([...base, forged, other, token])).sort()).toEqual([
      'licence/use missing-predecessor',
      'licence/use wrong-role',
      'licence/use wrong-token',
    ]);
  });
});

describe('replacement', () => {
  test('the old licence ends, the new one stands; a use of the old counts against it', async () => {
    const old = await issue(world, last(case1), '26-AA-000004');
    const next = await world.step(world.by('issuer'), 'licence/replace', '', [old], {
      fields: { ...issueFields('26-AA-000005'), replaces: '26-AA-000004' },
      body: licenceBody('26-AA-000005'),
    });
    const stale = await use(world, '26-AA-000004', { declaration: 'D1' });
    const good = await use(world, '26-AA-000005', { declaration: 'D2' });
    const log = [numbers, ...case1, old, next, stale, good];
    const folded = await world.fold(log, log);
    expect(refusals(folded)).toEqual([]);
    expect(folded.licences.get(next.id)).toMatchObject({
      number: '26-AA-000005',
      replaces: '26-AA-000004',
      replacedBy: null,
    });
    expect(folded.licences.get(next.id)?.uses).toHaveLength(2);
    expect(folded.licences.get(old.id)).toMatchObject({
      replacedBy: '26-AA-000005',
      uses: [],
    });
    expect(world.named(folded.applications, 'case-a')?.licence).toBe('26-AA-000005');
  });

  test('collected once, on paper', async () => {
    const paperCase = await passed(world, 'case-p', { flow: 'paper' });
    const number = '26-AA-000006';
    const issuer = world.by('issuer');
    const issued = await world.step(issuer, 'licence/issue-paper', '', [last(paperCase)], {
      fields: { ...issueFields(number), serial: 'S-0001' },
      body: licenceBody(number),
    });
    const who = {
      party: USCC.a,
      fields: { token: tokenOf(number) },
      body: { name: '王示例', document: '110***' },
    };
    const once = await world.step(issuer, 'licence/collect', number, [issued], who);
    const twice = await world.step(issuer, 'licence/collect', number, [once], who);
    const folded = await world.fold([numbers, ...paperCase, issued, once, twice]);
    expect(refusals(folded)).toEqual(['licence/collect wrong-state']);
    expect(world.named(folded.applications, 'case-p')?.state).toBe('collected');
    expect(world.named(folded.licences, 'case-p')).toMatchObject({
      serial: 'S-0001',
      collected: { name: '王示例' },
    });
  });
});

describe('prints', () => {
  const number = '26-AA-000004';
  const print = (before: Made, kind: string, by: Parameters<World['step']>[0]) =>
    world.step(by, 'licence/print', number, [before], {
      party: USCC.a,
      fields: { token: tokenOf(number), kind },
    });

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
      expect(world.named(folded.licences, 'case-a')?.prints.map(({ id }) => id)).toEqual([
        one.id,
        there.id,
      ]);
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
