/** When an idle key locks by itself: what the overview shows beside the clock. */
import type { LockTimer } from '../keys/index.ts';

export class IdleLock {
  /** ISO 8601; null while nothing is going to lock. */
  due: string | null = null;

  /** The timer given, noting when the next lock is due. */
  watching(timer: LockTimer, now: () => Date): LockTimer {
    return {
      set: (run, milliseconds) => {
        this.due = new Date(now().getTime() + milliseconds).toISOString();
        return timer.set(run, milliseconds);
      },
      clear: (handle) => timer.clear(handle),
    };
  }
}
