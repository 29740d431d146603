/** Every choice of a run comes from here: the same seed draws the same run. */

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b9) >>> 0;
    for (let i = 0; i < 8; i++) this.#next();
  }

  /** Mulberry32: 32 bits of state, 32 bits each time. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A whole number from 0, below `end`. */
  below(end: number): number {
    return Math.floor((this.#next() / 2 ** 32) * end);
  }

  /** @param share 0 never, 1 always */
  chance(share: number): boolean {
    return this.#next() / 2 ** 32 < share;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('nothing to pick from');
    return list[this.below(list.length)] as T;
  }

  /** @param weighted what may come, and how often against the others */
  weighted<T>(weighted: readonly (readonly [T, number])[]): T {
    let left = this.below(weighted.reduce((sum, [, weight]) => sum + weight, 0));
    for (const [each, weight] of weighted) {
      left -= weight;
      if (left < 0) return each;
    }
    throw new RangeError('nothing to pick from');
  }

  shuffled<T>(list: readonly T[]): T[] {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }
}
