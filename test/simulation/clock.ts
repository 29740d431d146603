/** Time of a run: it passes when the run says so, and each device reads its own clock. */

export class WorldTime {
  /** Milliseconds since 1970, as they are. */
  now: number;

  constructor(start: number) {
    this.now = start;
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
  }

  /** @param skew milliseconds by which the clock is ahead */
  clock(skew = 0): () => Date {
    return () => new Date(this.now++ + skew);
  }
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
