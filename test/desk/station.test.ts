import { beforeEach, describe, expect, test } from 'vitest';
import { type Desk, openDesk } from '../../src/desk/index.ts';
import type { LockTimer } from '../../src/keys/index.ts';
import { memoryStore } from '../../src/sync/index.ts';
import { bindSeal, Clock, type Device, FONTS, NAMES, submitted } from './device.ts';

/** Timers that a test fires. */
class Timers implements LockTimer {
  readonly set_ = new Map<number, { run: () => void; after: number }>();
  #next = 0;
  set(run: () => void, after: number): unknown {
    this.set_.set(++this.#next, { run, after });
    return this.#next;
  }
  clear(handle: unknown): void {
    this.set_.delete(handle as number);
  }
  fire(which: (after: number) => boolean): number {
    const due = [...this.set_].filter(([, { after }]) => which(after));
    for (const [handle, { run }] of due) {
      this.set_.delete(handle);
      run();
    }
    return due.length;
  }
}

const HOUR = 3_600_000;
let timers: Timers;
let it: Device;
let answer: typeof fetch;

async function opened(store = memoryStore(), clock = new Clock()): Promise<Device> {
  timers = new Timers();
  const desk: Desk = await openDesk({
    store,
    now: clock.now,
    loadFont: async (name) => FONTS[name],
    fetch: (input, init) => answer(input, init),
    timer: timers,
  });
  return {
    desk,
    store,
    clock,
    async as(name) {
      const person = (await desk.overview()).people.find((each) => each.name.includes(name));
      await desk.sitDown(person?.id ?? '');
      return person!;
    },
  };
}

/** An application that passed both reviews while the station was stopped. */
async function waiting(): Promise<string> {
  const caseId = await submitted(it);
  await it.as(NAMES.first);
  await it.desk.review('first', [caseId], 'pass', []);
  await it.as(NAMES.second);
  await it.desk.review('second', [caseId], 'pass', []);
  await it.as(NAMES.issuer);
  return caseId;
}

const kinds = async () => (await it.desk.station()).log.map(({ kind }) => kind);
const numbers = async () => (await it.desk.licenceRegister()).length;

beforeEach(async () => {
  answer = async () => new Response('', { status: 503 });
  it = await opened();
  await it.desk.createPilot({ lang: 'zh-CN' });
  await bindSeal(it);
  await it.as(NAMES.issuer);
}, 60_000);

describe('an issuing station', () => {
  test('stopped, it issues nothing by itself; started, it issues what waits and logs it, over a reload', async () => {
    expect((await it.desk.station()).state).toBe('attended');
    await it.desk.stopStation();
    const caseId = await waiting();
    expect(await numbers()).toBe(0);
    await it.desk.startStation(8);
    expect(await numbers()).toBe(1);
    const [issued] = (await it.desk.station()).log;
    expect(issued).toMatchObject({ kind: 'issued', caseId, number: expect.stringMatching(/./) });
    expect(await kinds()).toEqual(['issued', 'started', 'stopped']);
    it = await opened(it.store, it.clock);
    expect(await kinds()).toEqual(['issued', 'started', 'stopped']);
    expect((await it.desk.station()).state).toBe('locked');
    await it.as(NAMES.issuer);
    expect((await it.desk.station()).state).toBe('running');
  });

  test('by hand an issuer issues, stopped or not', async () => {
    await it.desk.stopStation();
    const caseId = await waiting();
    expect((await it.desk.issue([caseId])).refused).toEqual([]);
  });

  test('stays open whoever passes by, until its time is over; then it stops and locks', async () => {
    await it.desk.setLockMinutes(15);
    await it.desk.startStation(8);
    const { until } = await it.desk.station();
    expect((await it.desk.overview()).locksAt).toBe(until);
    expect(timers.fire((after) => after === 15 * 60_000)).toBe(0);
    it.clock.pass(0.4);
    expect(timers.fire((after) => after > 7 * HOUR)).toBe(1);
    await expect.poll(async () => (await it.desk.station()).state).toBe('stopped');
    expect((await it.desk.overview()).current).toBeNull();
    expect(await kinds()).toEqual(['ended', 'started']);
    await it.as(NAMES.issuer);
    expect(timers.fire((after) => after === 15 * 60_000)).toBeGreaterThan(0);
  });

  test('says once why a licence was not issued, not at every run', async () => {
    await it.desk.stopStation();
    await waiting();
    await it.as(NAMES.root);
    await it.desk.publishTrust({ timeStamp: 'required' });
    await it.as(NAMES.issuer);
    await it.desk.startStation(8);
    await it.desk.syncNow();
    await it.desk.syncNow();
    const held = (await it.desk.station()).log.filter(({ kind }) => kind === 'held');
    expect(held).toHaveLength(1);
    expect(held[0]?.refusal?.code).toBe('time-stamp-required');
    expect(await numbers()).toBe(0);
  });

  test('a run that waits for ever is given up and run again', async () => {
    let asked = 0;
    answer = () => {
      asked++;
      return new Promise(() => {});
    };
    await it.desk.setEndpoint('https://licences.example');
    await it.desk.startStation(8);
    const run = it.desk.syncNow();
    await expect.poll(() => asked).toBeGreaterThan(0);
    answer = async () => new Response('', { status: 503 });
    const before = asked;
    expect(timers.fire((after) => after === 180_000)).toBe(1);
    await run;
    expect(asked).toBe(before);
    expect(await kinds()).toEqual(['restarted', 'started']);
    expect((await it.desk.station()).state).toBe('running');
  });

  test('whoever is no issuer starts none', async () => {
    await it.as(NAMES.first);
    await expect(it.desk.startStation(8)).rejects.toMatchObject({ code: 'not-permitted' });
    await it.as(NAMES.issuer);
    await expect(it.desk.startStation(25)).rejects.toMatchObject({ code: 'malformed' });
  });
});
