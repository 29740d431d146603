/** What a page shows of the desk, loaded again after every change. */
import { type Refusal, refusalOf } from '../workers/rpc.ts';
import { session } from './session.svelte.ts';

/** Make it while a component initialises; `load` may read reactive values before its first await. */
export class Query<T> {
  value = $state.raw<T | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  loading = $state(true);
  readonly #load: () => Promise<T>;
  #turn = 0;

  constructor(load: () => Promise<T>) {
    this.#load = load;
    $effect(() => {
      void session.version;
      void this.again();
    });
  }

  async again(): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const value = await this.#load();
      if (turn !== this.#turn) return;
      this.value = value;
      this.refusal = null;
    } catch (error) {
      if (turn === this.#turn) this.refusal = refusalOf(error);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
