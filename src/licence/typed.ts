/**
 * What people type or paste, taken as it is meant: thousands marks, full-width digits, dotted codes.
 * What has no single meaning stays as it is, and the checks refuse it with the form they expect.
 */
import type { Application } from './application.ts';
import { normaliseCode } from './codes.ts';
import { readDecimal } from './decimal.ts';
import { FIELDS, type FieldKind } from './fields.ts';

/** Groups of three after one and the same mark: `1,234,567.5`, `1 234`, `1'234`. */
const GROUPED = /^\d{1,3}([,' ])\d{3}(?:\1\d{3})*(?:\.\d+)?$/;
/** Come along with copied text and show nothing. */
const INVISIBLE = /[\u00ad\u200b\ufeff]/g;

/** The text of one field as `Application` holds it. */
export function asMeant(kind: FieldKind, typed: string): string {
  if (kind === 'decimal') return decimal(typed);
  if (kind === 'hs') return commodityCode(typed);
  if (kind === 'uscc') return normaliseCode(typed.replace(INVISIBLE, ''));
  if (kind === 'phone') return typed.replace(INVISIBLE, '').normalize('NFKC').trim();
  return typed
    .replace(INVISIBLE, '')
    .replace(/\s*[\t\r\n]+\s*/g, ' ')
    .normalize('NFC')
    .trim();
}

/** The same for every field that is typed; choices and computed boxes are left alone. */
export function applicationAsMeant(given: Application): Application {
  const out = structuredClone(given);
  for (const { path, kind } of FIELDS) {
    if (path.startsWith('lines[].')) {
      for (const line of out.lines) tidy(line, path.slice('lines[].'.length), kind);
    } else tidy(out, path, kind);
  }
  if (out.agent) {
    tidy(out.agent, 'name', 'text');
    tidy(out.agent, 'code', 'uscc');
  }
  for (const key of ['number', 'buyer', 'seller'] as const) tidy(out.contract, key, 'text');
  tidy(out.contract, 'amount', 'decimal');
  return out;
}

function tidy(root: object, path: string, kind: FieldKind): void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let holder = root as Record<string, unknown>;
  for (const key of keys) holder = holder[key] as Record<string, unknown>;
  const value = holder[last];
  if (typeof value === 'string') holder[last] = asMeant(kind, value);
}

function decimal(typed: string): string {
  const text = typed
    .replace(INVISIBLE, '')
    .normalize('NFKC')
    .replace(/[。｡]/gu, '.')
    .replace(/[’`]/gu, "'")
    .replace(/\s+/gu, ' ')
    .trim();
  const digits = (GROUPED.test(text) ? text.replace(/[,' ]/g, '') : text)
    .replace(/^\./, '0.')
    .replace(/\.$/, '');
  return readDecimal(digits) ? digits : typed.trim();
}

/** `8457.10.1000` and `8457 1010 00` are the ten digits; how many there are is for the check. */
function commodityCode(typed: string): string {
  const text = typed
    .replace(INVISIBLE, '')
    .normalize('NFKC')
    .replace(/[\s.。·-]/gu, '');
  return /^\d+$/.test(text) ? text : typed.trim();
}
