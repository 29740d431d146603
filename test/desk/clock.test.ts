/** Devices whose clocks are wrong: nothing is lost for it, and it is said. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Clock, device } from './device.ts';
import { byEndpoint, Deployment, serve } from './nine-devices.ts';

const MINUTE = 60_000;
const clock = new Clock();
const server = await serve(await mkdtemp(join(tmpdir(), 'clock-')), clock);
afterAll(() => server.close());

/** A clock beside the right one, milliseconds ahead of it. */
class WrongClock extends Clock {
  ahead: number;
  constructor(ahead: number) {
    super();
    this.ahead = ahead;
    this.now = () => new Date(clock.now().getTime() + this.ahead);
  }
}

const wrong: Record<string, WrongClock> = {
  one: new WrongClock(8 * MINUTE),
  first: new WrongClock(-12 * MINUTE),
};
const it = new Deployment(byEndpoint(server), (seat) =>
  device({ clock: wrong[seat] ?? clock, fetch }),
);
let caseId: string;

beforeAll(async () => {
  await it.found();
  await it.enrol(['one', 'two']);
}, 120_000);

test('clock eight minutes fast: everything arrives, and the device says that its clock is wrong', async () => {
  expect((await it.at('one').binding()).state).toBe('bound');
  const { sync } = await it.at('one').overview();
  expect(sync).toMatchObject({ missing: 0, complete: true, state: 'attention', problem: null });
  expect(Math.round(sync.clockAhead / MINUTE)).toBe(8);
  expect((await it.at('two').overview()).sync).toMatchObject({ clockAhead: 0, state: 'idle' });
});

test('clock twelve minutes slow: the reviewer gets the case, and her answer comes back', async () => {
  caseId = await it.apply('one');
  await it.exchange();
  const outcome = await it.at('first').review('first', [caseId], 'return', ['合同号与附件不符']);
  expect(outcome).toMatchObject({ done: [caseId], refused: [] });
  await it.exchange();
  expect(await it.at('one').application(caseId)).toMatchObject({
    state: 'returned',
    unread: false,
  });
  expect(Math.round((await it.at('first').overview()).sync.clockAhead / MINUTE)).toBe(-12);
});

test('a year ahead or behind: heads and contents are read all the same', async () => {
  for (const ahead of [366 * 1440 * MINUTE, -366 * 1440 * MINUTE]) {
    (wrong['one'] as WrongClock).ahead = ahead;
    await it.at('one').syncNow();
    const { sync } = await it.at('one').overview();
    expect([sync.problem, sync.missing, sync.complete]).toEqual([null, 0, true]);
    expect(Math.sign(sync.clockAhead)).toBe(Math.sign(ahead));
  }
});
