/**
 * What the walks of earlier steps have met. A step that defines none of these numbers anew can have
 * changed nothing below what they passed, so that its own walk can be left out.
 */
export class Reach {
  readonly #met = new Set<number>();
  /** Revision up to which steps were walked without a gap; -1 before the first. */
  #whole = -1;
  /** Something that must stay could not be read, in this step or one before. */
  blind = false;

  /** Whether the step to revision `index` can do without walks. */
  covers(index: number, changed: ReadonlySet<number>): boolean {
    if (this.#whole !== index - 1) return false;
    for (const num of changed) if (this.#met.has(num)) return false;
    return true;
  }

  /** The step to revision `index` was compared to its end, by a walk or covered by those before. */
  finished(index: number): void {
    this.#whole = index;
  }

  add(numbers: Iterable<number>): void {
    for (const num of numbers) this.#met.add(num);
  }
}
