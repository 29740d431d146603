/** Which case of a queue is open: follows the address, and moves on once one is decided. */
import { queueAddress } from './address.ts';

export class Selection {
  id = $state<string | null>(null);
  readonly #base: string;
  #gone = false;

  constructor(base: string, given: string | undefined) {
    this.#base = base;
    this.id = given ?? null;
    $effect(() => () => {
      this.#gone = true;
    });
  }

  /** Chosen by hand: the address follows, without another page. */
  readonly open = (id: string | null): void => {
    // An act may end after its page was left: the address is another page's then.
    if (this.#gone) return;
    this.id = id;
    queueAddress(this.#base, id);
    if (id !== null && matchMedia('(max-width: 720px)').matches) scrollTo(0, 0);
  };

  /** On a desk something is always open. */
  settle(ids: readonly string[]): void {
    const [first] = ids;
    if (this.id === null && first && matchMedia('(min-width: 721px)').matches) this.id = first;
  }

  /** The one after a decided case; none on a phone, where the list comes first. */
  after(decided: string, ids: readonly string[]): void {
    const at = ids.indexOf(decided);
    const rest = ids.filter((id) => id !== decided);
    const next = rest[Math.min(Math.max(at, 0), rest.length - 1)] ?? null;
    this.open(next);
  }
}
