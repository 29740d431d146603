/**
 * Licence numbers by a pattern of policy, e.g. `{yy}-{issuer}-{serial:6}`. Parts: `{yy}`, `{yyyy}`,
 * `{issuer}` (1 to 8 of 0-9A-Z), `{serial:n}` (n digits); everything else stands for itself.
 */

export interface NumberParts {
  /** Four digits; from `{yy}` read as 2000 to 2099. */
  year: number;
  issuer: string;
  serial: number;
}

const PART = /\{(yy|yyyy|issuer|serial:([1-9]))\}/g;

/** @throws {RangeError} when the serial needs more digits than the pattern has. */
export function formatNumber(pattern: string, parts: NumberParts): string {
  return pattern.replace(PART, (_, name: string, width?: string) => {
    if (name === 'yy') return String(parts.year % 100).padStart(2, '0');
    if (name === 'yyyy') return String(parts.year).padStart(4, '0');
    if (name === 'issuer') return parts.issuer;
    const digits = String(parts.serial).padStart(Number(width), '0');
    if (digits.length > Number(width)) throw new RangeError(`serial ${parts.serial} does not fit`);
    return digits;
  });
}

/** @returns null where the text does not fit the pattern. */
export function parseNumber(pattern: string, text: string): NumberParts | null {
  const names: string[] = [];
  let source = '';
  let last = 0;
  for (const match of pattern.matchAll(PART)) {
    const [whole, name = '', width] = match;
    source += literal(pattern.slice(last, match.index));
    source += width
      ? `(\\d{${width}})`
      : ({ yy: '(\\d{2})', yyyy: '(\\d{4})' }[name] ?? '([0-9A-Z]{1,8})');
    names.push(width ? 'serial' : name);
    last = match.index + whole.length;
  }
  const found = new RegExp(`^${source}${literal(pattern.slice(last))}$`).exec(text);
  if (!found) return null;
  const parts: NumberParts = { year: 0, issuer: '', serial: 0 };
  names.forEach((name, i) => {
    const value = found[i + 1] as string;
    if (name === 'yy') parts.year = 2000 + Number(value);
    else if (name === 'yyyy') parts.year = Number(value);
    else if (name === 'issuer') parts.issuer = value;
    else parts.serial = Number(value);
  });
  return parts;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
