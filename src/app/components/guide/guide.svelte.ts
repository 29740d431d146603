/**
 * Between the pages and the guide of a pilot: a page offers what it can do now with one deliberate
 * act, and takes what the guide asks it to fill in.
 */
export type GuideActName =
  | 'apply-seal'
  | 'sample-scan'
  | 'send-letter'
  | 'approve'
  | 'produce'
  | 'submit'
  | 'first-review'
  | 'second-review'
  | 'verify';

export interface GuideAct {
  name: GuideActName;
  /** The case that it decides; null where it begins one. */
  caseId: string | null;
  /** The same call as the page's own button; rejects with a refusal. */
  run: (progress: (code: string, done: number) => void) => Promise<unknown>;
}

const KEY = 'cinnabar.guide';

class Guide {
  #left = $state(remembered());
  offered = $state.raw<GuideAct | null>(null);
  /** Somebody else is taking the desk: the page before has nothing to say about that. */
  moving = $state(false);
  #fill = false;

  /** Put away until it is asked for again. */
  get left(): boolean {
    return this.#left;
  }

  leave(left: boolean): void {
    this.#left = left;
    try {
      if (left) localStorage.setItem(KEY, 'left');
      else localStorage.removeItem(KEY);
    } catch {
      // Storage refused: it is there again after a reload.
    }
  }

  /** Call it in an effect. @returns how it is taken back */
  offer(act: GuideAct | null): () => void {
    this.offered = act;
    return () => {
      this.offered = null;
    };
  }

  /** The next page that can shall put its sample in. */
  fill(): void {
    this.#fill = true;
  }

  /** Asked once: true where the guide wants the sample of this page. */
  wantsSample(): boolean {
    const wanted = this.#fill;
    this.#fill = false;
    return wanted;
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) === 'left';
  } catch {
    return false;
  }
}

export const guide = new Guide();
