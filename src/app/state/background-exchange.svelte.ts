/**
 * News arrives by itself while there is a network: when somebody sits down, when something was written
 * here, when the network comes back, when the page is looked at again, and every minute. Failing quietly is right here: the state
 * in the header says so, and nothing that waits is lost.
 */
import { desk } from '../workers/desk-client.ts';
import { session } from './session.svelte.ts';

const MINUTE = 60_000;

/** @returns how to stop it */
export function exchangeInBackground(): () => void {
  let running = false;
  let last = 0;
  const run = async (least = 0): Promise<void> => {
    const sync = session.overview?.sync;
    const idle = running || !sync?.endpoint || sync.state === 'sending';
    if (idle || !navigator.onLine || Date.now() - last < least) return;
    running = true;
    try {
      await desk.syncNow();
    } catch {
      // Shown by the sync state.
    } finally {
      running = false;
      last = Date.now();
    }
  };
  // What this device had to offer the last time, and who sat at it: only news is a reason.
  let known = '';
  const unfollow = $effect.root(() => {
    $effect(() => {
      const { overview, person } = session;
      if (!overview?.sync.endpoint || overview.sync.state === 'sending') return;
      const news = `${person?.unlocked ? person.certificate : ''} ${overview.sync.waiting}`;
      if (news === known) return;
      known = news;
      void run();
    });
  });
  const online = () => void run();
  const seen = () => {
    if (document.visibilityState === 'visible') void run(MINUTE / 4);
  };
  const timer = setInterval(() => void run(MINUTE / 2), MINUTE);
  addEventListener('online', online);
  document.addEventListener('visibilitychange', seen);
  return () => {
    unfollow();
    clearInterval(timer);
    removeEventListener('online', online);
    document.removeEventListener('visibilitychange', seen);
  };
}
