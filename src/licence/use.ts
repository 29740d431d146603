/** One use of a licence (核销): what a declaration may deduct, when and where. */
import {
  add,
  compare,
  type Decimal,
  multiply,
  readDecimal,
  trim,
  writeDecimal,
} from './decimal.ts';
import type { Licence } from './licence.ts';
import { dayOf } from './validity.ts';

export interface LicenceUse {
  /** 报关单号, 18 characters. */
  declaration: string;
  /** Code of the customs office. */
  customs: string;
  /** `YYYY-MM-DD`, in China. */
  date: string;
  /** Decimal string. */
  quantity: string;
}

/** What of a licence decides whether a use counts. `quantity` is empty where its lines have several units. */
export interface UseTerms extends Pick<Licence, 'issuedOn' | 'validUntil' | 'tolerance'> {
  ports: readonly { code: string }[];
  quantity: string;
  /** Sum of the uses that count so far, decimal string. */
  used: string;
}

export type UseFaultCode =
  | 'declaration-form'
  | 'port-not-named'
  | 'use-date-form'
  | 'use-before-issue'
  | 'licence-expired'
  | 'use-in-future'
  | 'quantity-form'
  | 'quantity-exceeded';

export interface UseFault {
  field: keyof LicenceUse;
  code: UseFaultCode;
}

/**
 * Number that customs gives an import declaration on acceptance: office (4), year (4), `1` for import or
 * `I` for a consolidated import list, serial (9).
 */
const DECLARATION = /^\d{4}20\d\d[1I]\d{9}$/;

export const isDeclarationNumber = (text: string): boolean => DECLARATION.test(text);

/**
 * @param today the date in China on which it is recorded
 * @returns faults in the order of the form, one to a field; empty when the use may count
 */
export function checkUse(terms: UseTerms, use: LicenceUse, today: string): UseFault[] {
  const faults: UseFault[] = [];
  const fault = (field: UseFault['field'], code: UseFaultCode | null) => {
    if (code) faults.push({ field, code });
  };
  fault('declaration', isDeclarationNumber(use.declaration) ? null : 'declaration-form');
  const named = terms.ports.some(({ code }) => code === use.customs);
  fault('customs', named ? null : 'port-not-named');
  fault('date', dateFault(terms, use.date, today));
  fault('quantity', quantityFault(terms, use.quantity));
  return faults;
}

function dateFault(terms: UseTerms, date: string, today: string): UseFaultCode | null {
  if (dayOf(date) === null) return 'use-date-form';
  if (date < terms.issuedOn) return 'use-before-issue';
  if (date > terms.validUntil) return 'licence-expired';
  return date > today ? 'use-in-future' : null;
}

function quantityFault(terms: UseTerms, text: string): UseFaultCode | null {
  const quantity = readDecimal(text);
  if (!quantity || quantity.mantissa <= 0n) return 'quantity-form';
  const most = mostOf(terms);
  return most && compare(quantity, most) > 0 ? 'quantity-exceeded' : null;
}

/**
 * What is left of the licence, and the most that one more use may take: the remainder and the
 * tolerance, a share of the total. @returns null where the licence states no total
 */
export function leftOf(terms: UseTerms): { remaining: string; most: string } | null {
  const most = mostOf(terms);
  const total = readDecimal(terms.quantity);
  if (!most || !total) return null;
  const remaining = minus(total, usedOf(terms));
  const positive = remaining.mantissa > 0n ? remaining : { mantissa: 0n, scale: 0 };
  return { remaining: writeDecimal(trim(positive)), most: writeDecimal(trim(most)) };
}

function mostOf(terms: UseTerms): Decimal | null {
  const total = readDecimal(terms.quantity);
  if (!total) return null;
  const tolerance = readDecimal(terms.tolerance) ?? { mantissa: 0n, scale: 0 };
  const share = multiply(total, { ...tolerance, scale: tolerance.scale + 2 });
  return minus(add(total, share), usedOf(terms));
}

const usedOf = (terms: UseTerms): Decimal => readDecimal(terms.used) ?? { mantissa: 0n, scale: 0 };

const minus = (a: Decimal, b: Decimal): Decimal => add(a, { ...b, mantissa: -b.mantissa });
