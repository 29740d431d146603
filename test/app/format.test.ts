import { expect, it, vi } from 'vitest';

vi.mock('../../src/app/i18n/language.svelte.ts', () => ({ language: { value: 'zh-CN' } }));

const {
  chinaDay,
  chinaDaysUntil,
  chinaMidnight,
  daysUntil,
  formatAmount,
  formatChinaDate,
  formatDate,
  formatExact,
  formatNumber,
  formatSize,
  grouped,
} = await import('../../src/app/i18n/format.ts');

it('writes a day as people do, and keeps a plain date that day in every zone', () => {
  expect(formatDate('2026-11-23')).toBe('2026年11月23日');
  expect(formatDate('2026-01-01', 'en')).toBe('1 January 2026');
});

it('gives back what is no date', () => expect(formatDate('soon')).toBe('soon'));

it('writes evidence with seconds and zone', () => {
  expect(formatExact('2026-11-23T08:05:09Z')).toMatch(
    /^2026-11-2[2-4] \d\d:\d\d:09 [+-]\d\d:\d\d$/,
  );
});

it('separates thousands without touching the digits', () => {
  expect(formatNumber('12345678901234567890.120')).toBe('12,345,678,901,234,567,890.120');
  expect(formatNumber('999')).toBe('999');
  expect(formatNumber('0.1234')).toBe('0.1234');
  expect(formatAmount('1000', 'USD')).toBe('USD 1,000');
  expect(formatAmount('', 'USD')).toBe('');
});

it('groups hashes by four', () => expect(grouped('0123456789ab')).toBe('0123 4567 89ab'));

it('says sizes in what people compare', () => {
  expect(formatSize(999)).toBe('999 B');
  expect(formatSize(2048)).toBe('2 kB');
  expect(formatSize(3 * 1024 * 1024)).toBe('3.0 MB');
});

it('counts days up to a time, and past it', () => {
  const now = Date.parse('2026-11-23T00:00:00Z');
  expect(daysUntil('2026-11-24T00:00:00Z', now)).toBe(1);
  expect(daysUntil('2026-11-22T00:00:00Z', now)).toBe(-1);
});

it('counts the transition by days of China, whatever the zone of the device', () => {
  const end = chinaMidnight('2026-09-01');
  expect(end).toBe('2026-08-31T16:00:00.000Z');
  const days = (now: string) => chinaDaysUntil(end, Date.parse(now));
  expect(days('2026-08-30T15:59:59Z')).toBe(2);
  expect(days('2026-08-30T16:00:00Z')).toBe(1);
  expect(days('2026-08-31T15:59:59Z')).toBe(1);
  expect(days('2026-08-31T16:00:00Z')).toBe(0);
  expect(days('2026-08-31T17:00:00+01:00')).toBe(0);
  expect(formatChinaDate(end)).toBe('2026年9月1日');
  expect(formatChinaDate('2026-08-31T15:59:59Z', 'en')).toBe('31 August 2026');
  expect([chinaDay(end), chinaDay('soon')]).toEqual(['2026-09-01', '']);
});

it('a day that is written and read again stays that day', () => {
  for (const day of ['2026-01-01', '2026-12-31', '2028-02-29']) {
    expect(chinaDay(chinaMidnight(day))).toBe(day);
  }
});
