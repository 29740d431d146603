import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readInto, type State } from '../../src/workflow/index.ts';
import { bindSeal, block, issue, pass, passed, register, submit, use, verdict } from './case.ts';
import { type Made, World } from './world.ts';

let world: World;
let packages: Made[];

beforeAll(async () => {
  world = await World.create();
  const case1 = await passed(world);
  const case2 = await passed(world, 'case-b');
  const issued = await issue(world, case1.at(-1) as Made, '26-AA-000001');
  const twin = await issue(world, case2.at(-1) as Made, '26-AA-000001');
  const contested = await submit(world, 'case-c');
  const type = 'application/first-review';
  packages = [
    ...(await register(world)),
    ...(await bindSeal(world)),
    await block(world, world.by('issuer')),
    ...case1,
    ...case2,
    issued,
    twin,
    await use(world, '26-AA-000001'),
    contested,
    await world.step(world.by('first'), type, 'case-c', [contested], pass),
    await world.step(world.by('both'), type, 'case-c', [contested], verdict('refuse')),
    (await world.publish({}, [world.bundle, world.bundlePackage]))[1],
    world.bundlePackage,
  ];
});

/** Everything that a page may show of a state, in one comparable text. */
function told(state: State): string {
  const of = (map: Map<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    of(state.enterprises),
    of(state.seals),
    of(state.applications),
    of(state.licences),
    of(state.steps),
    state.blocks,
    state.refused,
    state.accepted,
    state.bundles.map(({ id, place }) => [id, place]),
  ]);
}

describe('same packages, any arrival order, same state', () => {
  const shuffled = () =>
    fc.shuffledSubarray([...packages.keys()], {
      minLength: packages.length,
      maxLength: packages.length,
    });

  test('by file only', async () => {
    const expected = told(await world.fold(packages));
    await fc.assert(
      fc.asyncProperty(shuffled(), async (order) => {
        const arrived = order.map((i) => packages[i] as Made);
        expect(told(await world.fold(arrived))).toBe(expected);
      }),
      { numRuns: 25 },
    );
  });

  test('with any part of them logged, in any order of the log', async () => {
    await fc.assert(
      fc.asyncProperty(
        shuffled(),
        shuffled(),
        fc.nat(packages.length),
        async (logOrder, order, length) => {
          const log = logOrder.slice(0, length).map((i) => packages[i] as Made);
          const one = await world.fold(packages, log);
          const other = await world.fold(
            order.map((i) => packages[i] as Made),
            log,
          );
          expect(told(other)).toBe(told(one));
          expect(one.accepted + one.refused.length).toBe(world.bound.length + packages.length);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('no rule reads a body: with all keys and with none the state is the same', async () => {
    const blank = (state: State) => {
      readInto(state, new Map(), () => null);
      return told(state).replaceAll(/"reasons":\[[^\]]*\]/g, '');
    };
    const log = packages.slice(0, packages.length >> 1);
    for (const part of [[], log, packages]) {
      const all = blank(await world.fold(packages, part));
      expect(blank(await world.foldBlind(packages, part))).toBe(all);
    }
  });

  test('a refused record changes nothing: without it the state is the same', async () => {
    const { refused } = await world.fold(packages);
    expect(refused.length).toBeGreaterThan(0);
    const rest = packages.filter(({ id }) => refused.every((step) => step.id !== id));
    const [all, some] = [await world.fold(packages), await world.fold(rest)];
    const facts = (state: State) =>
      JSON.stringify([
        [...state.applications],
        [...state.licences],
        [...state.seals],
        [...state.enterprises],
      ]);
    expect(facts(some)).toBe(facts(all));
  });
});
