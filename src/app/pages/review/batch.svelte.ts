/** Which applications of a batch are ticked, and what the automatic verification says of each. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { ApplicationCase, ApplicationSummary } from '../../../desk/index.ts';
import { addDecimals, compareDecimals, readDecimal, writeDecimal } from '../../../licence/index.ts';
import { desk } from '../../workers/desk-client.ts';

/** `own`: first reviewed by the same person, who may not decide it again. */
export type Flag = 'clean' | 'flagged' | 'bad' | 'own';

export class Batch {
  readonly selected = new SvelteSet<string>();
  readonly flags = new SvelteMap<string, Flag>();
  checking = $state<{ done: number; all: number } | null>(null);

  /** What left the queue is no longer ticked. */
  keep(ids: readonly string[]): void {
    for (const id of this.selected) if (!ids.includes(id)) this.selected.delete(id);
    for (const id of this.flags.keys()) if (!ids.includes(id)) this.flags.delete(id);
  }

  toggle(id: string, on: boolean): void {
    if (on) this.selected.add(id);
    else this.selected.delete(id);
  }

  choose(ids: readonly string[]): void {
    this.selected.clear();
    for (const id of ids) this.selected.add(id);
  }

  note(found: ApplicationCase): void {
    const { report } = found;
    const warned = report?.checks.some(({ severity }) => severity === 'warn') ?? true;
    const passed = report?.verdict === 'TOTAL-PASSED';
    const flag = passed ? (warned ? 'flagged' : 'clean') : 'bad';
    this.flags.set(found.caseId, found.blocked ? 'own' : flag);
  }

  /** Verified, without an error, and not the reviewer's own: may be passed with others. */
  passes({ caseId }: ApplicationSummary): boolean {
    const flag = this.flags.get(caseId);
    return flag === 'clean' || flag === 'flagged';
  }

  /** Verifies what was not looked at yet. */
  async check(list: readonly ApplicationSummary[]): Promise<void> {
    const open = list.filter(({ caseId }) => !this.flags.has(caseId));
    try {
      for (const [done, { caseId }] of open.entries()) {
        this.checking = { done, all: open.length };
        this.note(await desk.application(caseId));
      }
    } finally {
      this.checking = null;
    }
  }
}

/** Amount at most, exact; another currency than the rule's never matches. */
export function atMost(each: ApplicationSummary, amount: string, currency: string): boolean {
  const [is, most] = [readDecimal(each.amount), readDecimal(amount)];
  return (
    each.currency === currency && is !== null && most !== null && compareDecimals(is, most) <= 0
  );
}

/** Totals per currency, exact. */
export function totalsOf(
  list: readonly ApplicationSummary[],
): { currency: string; amount: string; count: number }[] {
  const sums = new Map<string, { sum: { mantissa: bigint; scale: number }; count: number }>();
  for (const { currency, amount } of list) {
    const each = readDecimal(amount);
    const before = sums.get(currency) ?? { sum: { mantissa: 0n, scale: 0 }, count: 0 };
    sums.set(currency, {
      sum: each ? addDecimals(before.sum, each) : before.sum,
      count: before.count + 1,
    });
  }
  return [...sums].map(([currency, { sum, count }]) => ({
    currency,
    amount: writeDecimal(sum),
    count,
  }));
}
