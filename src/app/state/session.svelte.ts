/** Who sits here and what this device has joined; follows the desk. */
import type { Overview, Person, Workspace } from '../../desk/index.ts';
import { desk, onDeskChange } from '../workers/desk-client.ts';
import { type Refusal, refusalOf } from '../workers/rpc.ts';

const JOINED = 'cinnabar.joined';

class Session {
  overview = $state.raw<Overview | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  /** False until the desk has answered once, where there is anything to ask it. */
  ready = $state(false);
  /** Grows with every change at the desk: queries read it. */
  version = $state(0);
  #asked = 0;
  #latest: Promise<void> = Promise.resolve();
  #settle: () => void = () => {};
  /** Settled once it is known what this device has joined: a verdict before that would be wrong. */
  readonly settled = new Promise<void>((resolve) => {
    this.#settle = resolve;
  });

  constructor() {
    onDeskChange(() => {
      this.version++;
      void this.load();
    });
  }

  /** A device that never joined anything need not start the desk to say so. */
  start(): void {
    if (remembered()) void this.load();
    else this.#known();
  }

  #known(): void {
    this.ready = true;
    this.#settle();
  }

  /** Settled once what is shown is no older than this call. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    this.#latest = this.#ask(asked);
    // A change may ask again meanwhile: then its answer is the one to wait for.
    for (;;) {
      const latest = this.#latest;
      await latest;
      if (latest === this.#latest) return;
    }
  }

  async #ask(asked: number): Promise<void> {
    try {
      const overview = await desk.overview();
      if (asked !== this.#asked) return;
      this.overview = overview;
      this.refusal = null;
      remember(overview.deployment !== null);
    } catch (error) {
      this.refusal = refusalOf(error);
    }
    this.#known();
  }

  get deployment(): Overview['deployment'] {
    return this.overview?.deployment ?? null;
  }

  get person(): Person | null {
    const { overview } = this;
    return overview?.people.find(({ id }) => id === overview.current) ?? null;
  }

  get unlocked(): boolean {
    return this.person?.unlocked === true;
  }

  may(workspace: Workspace): boolean {
    return this.person?.workspaces.includes(workspace) ?? false;
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(JOINED) === '1';
  } catch {
    return true;
  }
}

function remember(joined: boolean): void {
  try {
    if (joined) localStorage.setItem(JOINED, '1');
    else localStorage.removeItem(JOINED);
  } catch {
    // The desk is asked on every start then.
  }
}

export const session = new Session();
