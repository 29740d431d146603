/** Times, amounts and codes as people write them. */
import { type Lang, language } from './language.svelte.ts';

const two = (n: number): string => String(n).padStart(2, '0');

/** 2026年11月23日 / 23 November 2026, in local time; a plain ISO date stays that day. */
export function formatDate(iso: string, lang: Lang = language.value): string {
  const date = new Date(iso.length === 10 ? `${iso}T00:00:00` : iso);
  if (Number.isNaN(date.getTime())) return iso;
  if (lang === 'zh-CN') return `${date.getFullYear()}年${date.getMonth() + 1}月${date.getDate()}日`;
  const month = date.toLocaleString('en-GB', { month: 'long' });
  return `${date.getDate()} ${month} ${date.getFullYear()}`;
}

export function formatTime(iso: string): string {
  const date = new Date(iso);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** 2026年11月23日 16:05 */
export function formatDateTime(iso: string, lang: Lang = language.value): string {
  if (iso.length === 10 || Number.isNaN(Date.parse(iso))) return formatDate(iso, lang);
  return `${formatDate(iso, lang)} ${formatTime(iso)}`;
}

/** With the zone, for evidence: 2026-11-23 16:05:09 +08:00 */
export function formatExact(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}

/** Decimal strings with thousands separators; exact, never through a float. */
export function formatNumber(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export function formatAmount(decimal: string, currency: string): string {
  return decimal === '' ? '' : `${currency} ${formatNumber(decimal)}`.trim();
}

export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
  const megabytes = bytes / 1024 / 1024;
  return megabytes < 1024 ? `${megabytes.toFixed(1)} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
}

/** Hashes in groups of four. */
export const grouped = (hex: string): string => hex.replace(/(.{4})(?=.)/g, '$1 ');

/** Whole days from now until then; negative when it is past. */
export const daysUntil = (iso: string, now = Date.now()): number =>
  Math.ceil((Date.parse(iso) - now) / 86_400_000);

const DAY = 86_400_000;
/** China has one time and no summer time; rights that begin there begin at its midnight. */
const CHINA = 8 * 3_600_000;

/** The day in China that a time falls on, YYYY-MM-DD; empty for what is no time. */
export function chinaDay(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? '' : new Date(time + CHINA).toISOString().slice(0, 10);
}

/** The moment at which a day, YYYY-MM-DD, begins in China. */
export const chinaMidnight = (day: string): string =>
  new Date(`${day}T00:00:00+08:00`).toISOString();

export const formatChinaDate = (iso: string, lang: Lang = language.value): string =>
  formatDate(chinaDay(iso) || iso, lang);

/** Days of the calendar in China from today until that day: one on the eve, whatever the hour. */
export const chinaDaysUntil = (iso: string, now = Date.now()): number =>
  Math.floor((Date.parse(iso) + CHINA) / DAY) - Math.floor((now + CHINA) / DAY);
