import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Ended, showFrames } from '../../src/app/components/seal/frames.ts';
import { FrameMaker } from '../../src/seal/texture/index.ts';

const SIDE = 24;
let due: FrameRequestCallback | null;
let now: number;
let drawn: Uint8ClampedArray[];
/** Times the canvas was made even: at the start, and at the end. */
let cleared: number;
let ended: Ended[];

/** A seal of one bar. */
const maker = () =>
  new FrameMaker({
    width: SIDE,
    height: SIDE,
    data: Uint8ClampedArray.from({ length: 4 * SIDE * SIDE }, (_, i) =>
      i % 4 === 3 && (i >> 2) % SIDE > 9 && (i >> 2) % SIDE < 14 ? 255 : 0,
    ),
  });

const canvas = {
  width: SIDE,
  height: SIDE,
  getContext: () => ({
    putImageData: ({ data }: { data: Uint8ClampedArray }) => drawn.push(data),
    fillRect: () => {
      cleared++;
    },
  }),
} as unknown as HTMLCanvasElement;

beforeEach(() => {
  [due, now, drawn, cleared, ended] = [null, 0, [], 0, []];
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => {
    due = callback;
    return 1;
  });
  vi.stubGlobal('cancelAnimationFrame', () => {
    due = null;
  });
  vi.stubGlobal(
    'ImageData',
    class {
      readonly data: Uint8ClampedArray;
      constructor(data: Uint8ClampedArray) {
        this.data = data;
      }
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

function run(frames: number, interval: number): void {
  for (let i = 0; i < frames && due; i++) {
    const callback = due;
    due = null;
    now += interval;
    callback(now);
  }
}
const start = () => showFrames(canvas, maker(), (why) => ended.push(why));

it('shows nothing before the rate of the display is known, then a new frame every time', () => {
  start();
  run(8, 1000 / 60);
  expect(drawn).toHaveLength(0);
  run(10, 1000 / 60);
  expect(drawn).toHaveLength(10);
  expect(new Set(drawn.map((data) => data.join())).size).toBe(10);
});

it('shows pairs that cancel out, and no two pairs alike', () => {
  start();
  run(12, 1000 / 60);
  const light = (octet: number) => {
    const v = octet / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  const mean = (k: number) =>
    Array.from(
      { length: SIDE * SIDE },
      (_, i) => (light(drawn[k]?.[4 * i] as number) + light(drawn[k + 1]?.[4 * i] as number)) / 2,
    );
  const apart = (a: number[], b: number[]) =>
    Math.max(...a.map((v, i) => Math.abs(v - (b[i] as number))));
  expect(apart(mean(0), mean(2))).toBeLessThan(0.01);
  expect(apart(mean(0), mean(1))).toBeGreaterThan(0.2);
});

it('stays fog on a display below 60 Hz, and when it becomes so', () => {
  start();
  run(20, 1000 / 30);
  expect(drawn).toHaveLength(0);
  expect(ended).toEqual(['slow']);
  [now, drawn, ended] = [0, [], []];
  start();
  run(20, 1000 / 60);
  expect(drawn.length).toBeGreaterThan(0);
  run(20, 1000 / 30);
  expect(ended).toEqual(['slow']);
  expect(due).toBeNull();
});

it('ends by itself after six seconds, with nothing left on the canvas', () => {
  start();
  run(2000, 1000 / 60);
  expect(ended).toEqual(['time']);
  expect(cleared).toBe(2);
  expect(now).toBeGreaterThan(6000);
  expect(now).toBeLessThan(6500);
});

it('ends at once when let go, with nothing left on the canvas', () => {
  const stop = start();
  run(20, 1000 / 60);
  const shown = drawn.length;
  stop();
  expect(ended).toEqual(['stopped']);
  expect(cleared).toBe(2);
  run(5, 1000 / 60);
  expect(drawn).toHaveLength(shown);
});
