/**
 * Checks of an application before it may be stamped, and again when a reviewer opens it. `block`
 * stops, `warn` is shown to applicant and reviewer. Every issue names the field and the reason.
 */
import type { Application, GoodsLine } from './application.ts';
import { textProblem } from './characters.ts';
import { checkUscc } from './codes.ts';
import { compareContract } from './contract.ts';
import { compare, readDecimal } from './decimal.ts';
import { type Field, fieldsOf } from './fields.ts';
import { findCode } from './lists/code-list.ts';
import { currencyDigits } from './lists/currencies.ts';
import { LISTS } from './lists/index.ts';
import { computeTotals } from './totals.ts';
import { type Coded, LICENCE_TYPES } from './types.ts';
import { dayOf } from './validity.ts';

export interface Issue {
  /** Path in the application, e.g. `importer.code` or `lines[2].quantity`. */
  field: string;
  /** `required`, `…-shape`, `too-many`, `too-long`, `too-large`, `duplicate`, `unknown-code`, `name-differs`, `not-positive`, `precision`, `glyph-missing`, `emoji`, `character`, `not-nfc`, `total-differs`, `uscc-…`, `contract-…`, `hs-unknown`, `no-lines`. */
  code: string;
  severity: 'block' | 'warn';
  params?: Record<string, string | number>;
}

export interface CheckOptions {
  /** Whether the embedded font has a glyph; absent: not checked here (composing refuses all the same). */
  fontHas?: (character: string) => boolean;
}

/** @returns issues in the order of the form; empty when the application may be stamped without remark. */
export function checkApplication(application: Application, options: CheckOptions = {}): Issue[] {
  const issues: Issue[] = [];
  if (!LICENCE_TYPES[application.type]) {
    return [{ field: 'type', code: 'unknown-code', severity: 'block' }];
  }
  for (const field of fieldsOf(application.type)) {
    if (!field.path.startsWith('lines[].')) {
      checkField(field, field.path, valueAt(application, field.path), application, issues);
      continue;
    }
    application.lines.forEach((line, i) => {
      const key = field.path.slice('lines[].'.length) as keyof GoodsLine;
      checkField(field, `lines[${i}].${key}`, line[key], application, issues);
    });
  }
  const { amount } = application.contract;
  if (amount !== '' && !readDecimal(amount)) block(issues, 'contract.amount', 'decimal-shape');
  if (application.lines.length === 0) block(issues, 'lines', 'no-lines');
  if (application.lines.length > 99) block(issues, 'lines', 'too-many', { max: 99 });
  checkComputed(application, issues);
  for (const found of compareContract(application)) {
    const params = { form: found.form, contract: found.contract };
    issues.push({ field: found.field, code: found.code, severity: 'warn', params });
  }
  checkCharacters(application, '', options.fontHas, issues);
  return issues;
}

function checkField(
  field: Field,
  path: string,
  value: unknown,
  application: Application,
  issues: Issue[],
): void {
  if (field.kind === 'choices') {
    const values = value as Coded[];
    if (values.length === 0 && field.required) block(issues, path, 'required');
    const max = field.max ?? values.length;
    if (values.length > max) block(issues, path, 'too-many', { max });
    if (new Set(values.map((v) => v.code)).size < values.length) warn(issues, path, 'duplicate');
    for (const [i, v] of values.entries()) checkCoded(field, `${path}[${i}]`, v, issues);
    return;
  }
  if (field.kind === 'choice') {
    const coded = value as Coded;
    if (coded.code === '' && coded.zh === '') {
      if (field.required) block(issues, path, 'required');
    } else checkCoded(field, path, coded, issues);
    return;
  }
  const text = value as string;
  if (text.trim() === '') {
    if (field.required && !(path === 'usdRate' && application.currency.code === 'USD')) {
      block(issues, path, 'required');
    }
    return;
  }
  checkText(field, path, text, application, issues);
}

function checkText(
  field: Field,
  path: string,
  text: string,
  application: Application,
  issues: Issue[],
): void {
  switch (field.kind) {
    case 'uscc': {
      const found = checkUscc(text);
      if (!found.ok) warn(issues, path, `uscc-${found.code}`, found.detail);
      return;
    }
    case 'hs':
      if (!/^\d{10}$/.test(text)) {
        block(issues, path, 'hs-shape', { digits: text.replace(/\D/g, '').length });
      } else if (!findCode(LISTS.commodities, text)) warn(issues, path, 'hs-unknown');
      return;
    case 'phone':
      if (!/^[+\d][\d\s()-]{4,24}$/.test(text)) warn(issues, path, 'phone-shape');
      return;
    case 'date':
      if (dayOf(text) === null) block(issues, path, 'date-shape');
      return;
    case 'decimal':
      checkDecimal(path, text, application, issues);
      return;
    default: {
      const max = field.max ?? 1000;
      if ([...text].length > max) block(issues, path, 'too-long', { max });
    }
  }
}

function checkDecimal(path: string, text: string, app: Application, issues: Issue[]): void {
  const value = readDecimal(text);
  // A unit price may be finer than the currency by two digits, as contracts for bulk goods are.
  const max = path.endsWith('unitPrice') ? currencyDigits(app.currency.code) + 2 : 6;
  if (!value) block(issues, path, 'decimal-shape');
  else if (value.mantissa <= 0n) block(issues, path, 'not-positive');
  else if (value.scale > max) block(issues, path, 'precision', { max });
}

function checkCoded(field: Field, path: string, value: Coded, issues: Issue[]): void {
  const known = field.list && findCode(LISTS[field.list], value.code);
  if (!known) warn(issues, path, 'unknown-code', { value: value.code });
  else if (known.zh !== value.zh) block(issues, path, 'name-differs', { expected: known.zh });
}

/** Imported data whose computed boxes differ from what they must be are refused. */
function checkComputed(application: Application, issues: Issue[]): void {
  const { lines, totals } = computeTotals(application);
  const differ = (path: string, given: string, expected: string, typed = 'lines') => {
    if (expected === '' && given === '') return;
    if (expected !== '' && !readDecimal(expected)) {
      // More digits than any paper has room for: what was typed is wrong, not the product.
      if (!issues.some(({ field, code }) => field === typed && code === 'too-large')) {
        block(issues, typed, 'too-large');
      }
      return;
    }
    const a = readDecimal(given);
    const b = readDecimal(expected);
    if (!a || !b || compare(a, b) !== 0) block(issues, path, 'total-differs', { expected });
  };
  application.lines.forEach((line, i) => {
    differ(`lines[${i}].amount`, line.amount, lines[i]?.amount ?? '', `lines[${i}].quantity`);
    const usd = lines[i]?.amountUsd ?? '';
    differ(`lines[${i}].amountUsd`, line.amountUsd, usd, `lines[${i}].quantity`);
  });
  differ('totals.quantity', application.totals.quantity, totals.quantity);
  differ('totals.amount', application.totals.amount, totals.amount);
  differ('totals.amountUsd', application.totals.amountUsd, totals.amountUsd);
}

/** What no paper carries, and glyphs that the font lacks. */
function checkCharacters(
  value: unknown,
  path: string,
  fontHas: CheckOptions['fontHas'],
  issues: Issue[],
): void {
  if (typeof value === 'string') {
    const problem = textProblem(value);
    if (problem) block(issues, path, problem.code, problem.params);
    const missing = fontHas ? [...new Set(value)].filter((c) => !/\s/.test(c) && !fontHas(c)) : [];
    if (missing.length > 0 && problem?.code !== 'emoji')
      block(issues, path, 'glyph-missing', { characters: missing.join('') });
  } else if (Array.isArray(value)) {
    value.forEach((item, i) => {
      checkCharacters(item, `${path}[${i}]`, fontHas, issues);
    });
  } else if (value && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      checkCharacters(item, path ? `${path}.${key}` : key, fontHas, issues);
    }
  }
}

function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const key of path.split('.')) value = (value as Record<string, unknown>)[key];
  return value;
}

type Params = Record<string, string | number>;

function block(issues: Issue[], field: string, code: string, params?: Params): void {
  issues.push({ field, code, severity: 'block', ...(params && { params }) });
}

function warn(issues: Issue[], field: string, code: string, params?: Params): void {
  issues.push({ field, code, severity: 'warn', ...(params && { params }) });
}
