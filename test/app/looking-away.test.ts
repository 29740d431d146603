import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { captures, watchAway } from '../../src/app/components/seal/looking-away.ts';

let focused = true;
let shown: 'visible' | 'hidden' = 'visible';
let view: EventTarget;
let page: EventTarget;
let said: boolean[];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  [focused, shown, said] = [true, 'visible', []];
  page = Object.defineProperties(new EventTarget(), {
    hasFocus: { value: () => focused },
    visibilityState: { get: () => shown },
  });
  view = Object.assign(new EventTarget(), { document: page });
  stop = watchAway(view as Window, (away) => said.push(away));
});
afterEach(() => vi.useRealTimers());

const key = (name: string, keys: Partial<KeyboardEvent> = {}) =>
  view.dispatchEvent(
    Object.assign(new Event('keydown'), {
      key: name,
      metaKey: false,
      ctrlKey: false,
      shiftKey: false,
      ...keys,
    }),
  );

it('covers from blur to focus', () => {
  view.dispatchEvent(new Event('blur'));
  expect(said).toEqual([true]);
  view.dispatchEvent(new Event('focus'));
  expect(said).toEqual([true, false]);
});

it('covers while the tab is hidden', () => {
  shown = 'hidden';
  page.dispatchEvent(new Event('visibilitychange'));
  shown = 'visible';
  page.dispatchEvent(new Event('visibilitychange'));
  expect(said).toEqual([true, false]);
});

it('covers for some seconds after a screen key, and longer where the window was left', () => {
  key('PrintScreen');
  vi.advanceTimersByTime(2000);
  expect(said).toEqual([true]);
  vi.advanceTimersByTime(1000);
  expect(said).toEqual([true, false]);
  said.length = 0;
  focused = false;
  key('4', { metaKey: true, shiftKey: true });
  vi.advanceTimersByTime(3000);
  expect(said).toEqual([true, true]);
});

it('stays covered when focus is lost while the time of a key runs', () => {
  key('PrintScreen');
  view.dispatchEvent(new Event('blur'));
  vi.advanceTimersByTime(10_000);
  expect(said.at(-1)).toBe(true);
});

it('covers while the page is printed', () => {
  view.dispatchEvent(new Event('beforeprint'));
  expect(said).toEqual([true]);
  view.dispatchEvent(new Event('afterprint'));
  expect(said).toEqual([true, false]);
});

it('knows the keys that capture or print, and leaves all others alone', () => {
  const none = { metaKey: false, ctrlKey: false, shiftKey: false };
  for (const taken of [
    { ...none, key: 'PrintScreen' },
    { ...none, key: 'p', ctrlKey: true },
    { ...none, key: 'P', metaKey: true },
    { ...none, key: 'S', metaKey: true, shiftKey: true },
    { ...none, key: '3', metaKey: true, shiftKey: true },
  ]) {
    expect(captures(taken), JSON.stringify(taken)).toBe(true);
  }
  for (const left of [
    { ...none, key: 'p' },
    { ...none, key: 'S', shiftKey: true },
    { ...none, key: '4', metaKey: true },
    { ...none, key: 'Tab', ctrlKey: true },
  ]) {
    expect(captures(left), JSON.stringify(left)).toBe(false);
  }
  key('Tab');
  expect(said).toEqual([]);
});

it('ends uncovered and hears nothing more', () => {
  view.dispatchEvent(new Event('blur'));
  stop();
  expect(said).toEqual([true, false]);
  view.dispatchEvent(new Event('blur'));
  key('PrintScreen');
  expect(said).toEqual([true, false]);
});
