import { type DerNode, Malformed, TAG } from '../crypto/index.ts';

/**
 * UTCTime or GeneralizedTime in the one form of RFC 5280 4.1.2.5: seconds, `Z`, no fraction.
 * @returns milliseconds since 1970
 * @throws {Malformed} `x509-time`
 */
export function readTime(node: DerNode | undefined): number {
  const { tag, value = NOTHING } = node ?? {};
  const years = tag === TAG.UTC_TIME ? 2 : tag === TAG.GENERALIZED_TIME ? 4 : 0;
  if (years === 0 || value.length !== years + 11 || value[years + 10] !== 0x5a) {
    throw new Malformed('x509-time', 'not a DER time', node?.at);
  }
  const number = (at: number, digits: number): number => {
    let out = 0;
    for (let i = at; i < at + digits; i++) {
      const digit = (value[i] as number) - 48;
      if (!(digit >= 0 && digit <= 9)) {
        throw new Malformed('x509-time', 'not a DER time', node?.at);
      }
      out = out * 10 + digit;
    }
    return out;
  };
  const first = number(0, years);
  const year = years === 4 ? first : first + (first < 50 ? 2000 : 1900);
  const [month, day, hour, minute, second] = [0, 2, 4, 6, 8].map((i) => number(years + i, 2)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const exists =
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!exists) throw new Malformed('x509-time', 'no such time', node?.at);
  // Date.UTC takes the years 0 to 99 for those of the twentieth century.
  const shift = year < 100 ? 400 : 0;
  const time = Date.UTC(year + shift, month - 1, day, hour, minute, second);
  return time - (shift ? FOUR_CENTURIES : 0);
}

const NOTHING = new Uint8Array();
/** Milliseconds: the Gregorian calendar repeats itself after them. */
const FOUR_CENTURIES = 146_097 * 86_400_000;

function daysOf(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}
