/**
 * Nobody sits at an issuing station to see that nothing happens: what a run waits for from outside, an
 * answer or a font, is given up after a while, so that the run ends and the next one begins.
 */
import type { DeskOptions } from './desk-options.ts';

/** Longer than an exchange of a day with a slow endpoint. */
const PATIENCE = 180_000;

export class Watchdog {
  readonly #options: DeskOptions;
  #controller = new AbortController();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** The options of a desk whose waiting can be given up. */
  guarded(): DeskOptions {
    const { fetch: ask, loadFont } = this.#options;
    return {
      ...this.#options,
      loadFont: (name) => this.#orGivenUp(loadFont(name)),
      ...(ask
        ? {
            fetch: (input: RequestInfo | URL, init?: RequestInit) => {
              const signals = [this.#controller.signal, ...(init?.signal ? [init.signal] : [])];
              return this.#orGivenUp(ask(input, { ...init, signal: AbortSignal.any(signals) }));
            },
          }
        : {}),
    };
  }

  /** @param stuck told when the waiting of this run was given up; it is run once more then */
  async watch(run: () => Promise<void>, stuck: () => Promise<void>): Promise<void> {
    if (!(await this.#within(run))) return;
    await stuck();
    await this.#within(run);
  }

  /** @returns whether it was cut short */
  async #within(run: () => Promise<void>): Promise<boolean> {
    const { timer } = this.#options;
    let cut = false;
    const handle = timer?.set(() => {
      cut = true;
      this.#controller.abort();
      this.#controller = new AbortController();
    }, PATIENCE);
    try {
      await run();
    } catch (error) {
      if (!cut) throw error;
    } finally {
      timer?.clear(handle);
    }
    return cut;
  }

  #orGivenUp<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#controller;
    return new Promise<T>((resolve, reject) => {
      const give = () => reject(new DOMException('given up after long waiting', 'AbortError'));
      if (signal.aborted) give();
      signal.addEventListener('abort', give, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
    });
  }
}
