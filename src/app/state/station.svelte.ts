/**
 * An issuing station in this page: it keeps the screen on, runs every minute, and sees whether the runs
 * end. What hangs is given up at the desk; where even that does not answer, the page says so.
 */
import { desk } from '../workers/desk-client.ts';

const MINUTE = 60_000;
const STUCK = 10 * MINUTE;

class Station {
  awake = $state(false);
  /** ISO 8601. */
  lastRun = $state<string | null>(null);
  stuck = $state(false);
  #lock: WakeLockSentinel | null = null;
  #running = false;
  #since = 0;

  /** While the station runs. @returns how to stop it */
  keep(): () => void {
    const seen = () => {
      if (document.visibilityState === 'visible') void this.#stayAwake();
    };
    const timer = setInterval(() => void this.#run(), MINUTE);
    document.addEventListener('visibilitychange', seen);
    void this.#stayAwake();
    void this.#run();
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
      void this.#lock?.release().catch(() => undefined);
      this.#lock = null;
      this.awake = false;
      this.stuck = false;
    };
  }

  async #run(): Promise<void> {
    if (this.#running) {
      this.stuck = Date.now() - this.#since > STUCK;
      return;
    }
    this.#running = true;
    this.#since = Date.now();
    try {
      await desk.syncNow();
      this.lastRun = new Date().toISOString();
    } catch {
      // In the log of the station, or shown by the sync state.
    } finally {
      this.#running = false;
      this.stuck = false;
    }
  }

  /** The browser takes the lock back whenever the page is hidden. */
  async #stayAwake(): Promise<void> {
    if (this.#lock && !this.#lock.released) return;
    try {
      const lock = await navigator.wakeLock.request('screen');
      this.#lock = lock;
      this.awake = true;
      lock.addEventListener('release', () => {
        if (this.#lock === lock) this.awake = false;
      });
    } catch {
      // Not offered here, or the battery is low: said on the page.
      this.awake = false;
    }
  }
}

export const station = new Station();
