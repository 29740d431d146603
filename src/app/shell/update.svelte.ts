/** A new version waits until the person takes it: never under a half-filled form. */
import type { Workbox } from 'workbox-window';

class Update {
  waiting = $state(false);
  #workbox: Workbox | null = null;

  async register(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    const { Workbox } = await import('workbox-window');
    const workbox = new Workbox('/sw.js', { scope: '/' });
    this.#workbox = workbox;
    workbox.addEventListener('waiting', () => {
      this.waiting = true;
    });
    await workbox.register().catch(() => undefined);
  }

  take(): void {
    this.#workbox?.addEventListener('controlling', () => location.reload());
    this.#workbox?.messageSkipWaiting();
  }
}

export const update = new Update();
