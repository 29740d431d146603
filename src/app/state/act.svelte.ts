/** One deliberate act: busy while it runs, progress in words, its refusal kept for the page. */
import { type Refusal, refusalOf } from '../workers/rpc.ts';

export class Act {
  busy = $state(false);
  refusal = $state.raw<Refusal | null>(null);
  progress = $state.raw<{ code: string; done: number } | null>(null);

  /** @returns whether it was done. */
  async run(
    work: (progress: (code: string, done: number) => void) => Promise<unknown>,
  ): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refusal = null;
    this.progress = null;
    try {
      await work((code, done) => {
        this.progress = { code, done };
      });
      return true;
    } catch (error) {
      this.refusal = refusalOf(error);
      return false;
    } finally {
      this.busy = false;
      this.progress = null;
    }
  }
}
