/** The time that a record of this device claims. */
import type { LocalStore } from '../sync/index.ts';

const last = new WeakMap<LocalStore, number>();

/** A clock that was set back by more than this, in milliseconds, is believed. */
const TIES = 1000;

/**
 * Later than that of the record which this device wrote before: what has no place in a log yet is judged
 * in the order of claimed times, and two of one millisecond would be judged in either order.
 * @param now of the device's clock, ISO 8601
 */
export function claimedTime(store: LocalStore, now: string): string {
  const clock = Date.parse(now);
  const before = last.get(store) ?? Number.NEGATIVE_INFINITY;
  const at = before >= clock && before - clock < TIES ? before + 1 : clock;
  last.set(store, at);
  return new Date(at).toISOString();
}
