/** Exact decimal arithmetic on strings: amounts, quantities and rates are never floats. */

import { halfWidth } from './codes.ts';

/** value = mantissa / 10^scale */
export interface Decimal {
  readonly mantissa: bigint;
  readonly scale: number;
}

const SHAPE = /^(-?)(0|[1-9]\d{0,17})(?:\.(\d{1,9}))?$/;

/** One plain notation: no sign +, no exponent, no leading zeros, at most 18 and 9 digits. @returns null otherwise. */
export function readDecimal(text: string): Decimal | null {
  const parts = SHAPE.exec(text);
  if (!parts) return null;
  const [, sign, whole, fraction = ''] = parts;
  const magnitude = BigInt(`${whole}${fraction}`);
  if (sign && magnitude === 0n) return null;
  return { mantissa: sign ? -magnitude : magnitude, scale: fraction.length };
}

/**
 * What people type, in the one plain notation: full-width digits become ASCII, spaces and commas between
 * thousands go, as do leading zeros.
 * @returns null for anything that could be meant in two ways, such as `1,5` or `1.000,00`
 */
export function typedDecimal(text: string): string | null {
  const parts = TYPED.exec(halfWidth(text).replaceAll('\u3000', ' ').trim());
  if (!parts) return null;
  const [, whole = '', fraction] = parts;
  const digits = whole.replace(/[, ]/g, '').replace(/^0+(?=\d)/, '');
  const plain = fraction === undefined ? digits : `${digits}.${fraction}`;
  return readDecimal(plain) ? plain : null;
}

const TYPED = /^(\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)(?:\.(\d+))?$/;

export function writeDecimal({ mantissa, scale }: Decimal): string {
  const sign = mantissa < 0n ? '-' : '';
  const digits = (mantissa < 0n ? -mantissa : mantissa).toString().padStart(scale + 1, '0');
  const cut = digits.length - scale;
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { mantissa: a.mantissa * b.mantissa, scale: a.scale + b.scale };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { mantissa: at(a, scale) + at(b, scale), scale };
}

/** Exactly `digits` decimals, half away from zero. */
export function round(value: Decimal, digits: number): Decimal {
  if (value.scale <= digits) return { mantissa: at(value, digits), scale: digits };
  const unit = 10n ** BigInt(value.scale - digits);
  const half = value.mantissa < 0n ? -unit / 2n : unit / 2n;
  return { mantissa: (value.mantissa + half) / unit, scale: digits };
}

/** Without trailing zeros: `12.0000` is 12. */
export function trim(value: Decimal): Decimal {
  let { mantissa, scale } = value;
  while (scale > 0 && mantissa % 10n === 0n) {
    mantissa /= 10n;
    scale--;
  }
  return { mantissa, scale };
}

export function compare(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const d = at(a, scale) - at(b, scale);
  return d < 0n ? -1 : d > 0n ? 1 : 0;
}

/** `1234567.5` → `1,234,567.50` with `digits` decimals, or its own where absent. Unreadable text is returned as it is. */
export function groupDigits(text: string, digits?: number): string {
  const value = readDecimal(text);
  if (!value) return text;
  const plain = writeDecimal(digits === undefined ? value : round(value, digits));
  const [whole = '', fraction] = plain.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function at(value: Decimal, scale: number): bigint {
  return value.mantissa * 10n ** BigInt(scale - value.scale);
}
