/** Boxes 16 to 18 are computed, never typed. */
import type { Application, GoodsLine, Totals } from './application.ts';
import { add, type Decimal, multiply, readDecimal, round, trim, writeDecimal } from './decimal.ts';
import { currencyDigits } from './lists/currencies.ts';

export interface ComputedTotals {
  lines: { amount: string; amountUsd: string }[];
  totals: Totals;
}

/**
 * Line amount = quantity × unit price, rounded half up to the currency's decimals; US dollars =
 * amount × rate, to the cent; sums over lines. What cannot be computed yet is an empty string.
 */
export function computeTotals(
  application: Pick<Application, 'lines' | 'currency' | 'usdRate'>,
): ComputedTotals {
  const digits = currencyDigits(application.currency.code);
  const rate = readDecimal(application.currency.code === 'USD' ? '1' : application.usdRate);
  const lines = application.lines.map((line) => {
    const amount = lineAmount(line, digits);
    const usd = amount && rate ? round(multiply(amount, rate), 2) : null;
    return { amount: text(amount), amountUsd: text(usd) };
  });
  const units = new Set(application.lines.map((line) => line.unit.code));
  const quantity = sum(application.lines.map((line) => line.quantity));
  return {
    lines,
    totals: {
      quantity: units.size === 1 ? text(quantity && trim(quantity)) : '',
      amount: text(sum(lines.map((line) => line.amount))),
      amountUsd: text(sum(lines.map((line) => line.amountUsd))),
    },
  };
}

/** The application with its computed boxes filled in. */
export function withTotals(application: Application): Application {
  const { lines, totals } = computeTotals(application);
  return {
    ...application,
    lines: application.lines.map((line, i) => ({ ...line, ...lines[i] })),
    totals,
  };
}

function lineAmount(line: GoodsLine, digits: number): Decimal | null {
  const quantity = readDecimal(line.quantity);
  const price = readDecimal(line.unitPrice);
  return quantity && price ? round(multiply(quantity, price), digits) : null;
}

function sum(values: readonly string[]): Decimal | null {
  let total: Decimal | null = null;
  for (const value of values) {
    const decimal = readDecimal(value);
    if (!decimal) return null;
    total = total ? add(total, decimal) : decimal;
  }
  return total;
}

const text = (value: Decimal | null): string => (value ? writeDecimal(value) : '');
