/**
 * Dates without clock or time zone: `YYYY-MM-DD`. A licence is in force through the last second of
 * its expiry date in China Standard Time (UTC+8).
 */
import { LICENCE_TYPES, type LicenceType } from './types.ts';

const DAY = 86_400_000;
const CHINA = 8 * 3_600_000;

/** @returns days since 1970-01-01, or null for anything but a date of the calendar. */
export function dayOf(date: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return null;
  const time = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) return null;
  return time / DAY;
}

export function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The calendar date in China at an instant (ISO 8601). */
export function chinaDate(time: string): string {
  return new Date(Date.parse(time) + CHINA).toISOString().slice(0, 10);
}

/** The same day so many months later, or the last day of that month. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const index = year * 12 + month - 1 + months;
  const last = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate();
  return new Date(Date.UTC(Math.floor(index / 12), index % 12, Math.min(day, last)))
    .toISOString()
    .slice(0, 10);
}

/** Last day of validity by the type's policy: months from issue, not beyond the year where it says so. */
export function expiryDate(
  type: LicenceType,
  issuedOn: string,
  policy = LICENCE_TYPES[type].validity,
): string {
  const end = addMonths(issuedOn, policy.months);
  const yearEnd = `${issuedOn.slice(0, 4)}-12-31`;
  return policy.withinYear && end > yearEnd ? yearEnd : end;
}

/** Whether a licence is over at an instant: its expiry date has ended in China. */
export function isExpired(validUntil: string, time: string): boolean {
  return chinaDate(time) > validUntil;
}
