/** Work limits of one verification, shared by everything that it does. */

/** Thrown when a limit is passed; the door answers `budget`. */
export class OverBudget extends Error {
  constructor(what: string) {
    super(`over budget: ${what}`);
    this.name = 'OverBudget';
  }
}

const LIMITS = {
  /** Issuer candidates looked at, over all paths. */
  steps: 5_000,
  paths: 500,
  signatures: 400,
  /** Names against name constraints. */
  comparisons: 1 << 20,
  policyNodes: 20_000,
};

export type Work = keyof typeof LIMITS;

export class Budget {
  readonly #left: Record<Work, number> = { ...LIMITS };
  readonly #end: number;
  readonly #timer: () => number;

  /** @param timer monotonic milliseconds; never a wall clock */
  constructor(milliseconds: number, timer: () => number = () => performance.now()) {
    this.#timer = timer;
    this.#end = timer() + milliseconds;
  }

  /** @throws {OverBudget} */
  spend(work: Work, amount = 1): void {
    this.#left[work] -= amount;
    if (this.#left[work] < 0) throw new OverBudget(work);
  }

  /** @throws {OverBudget} */
  checkTime(): void {
    if (this.#timer() > this.#end) throw new OverBudget('time');
  }
}
