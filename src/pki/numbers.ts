/** Numbers of people and bodies that stand in names: which is which, and which may be shown. */

const USCC = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;
const USCC_DIGITS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** Resident identity numbers (GB 11643): region, date of birth, order, check character. */
const RESIDENT =
  /(?<!\d)(0?)([1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![0-9A-Za-z])/g;

/**
 * Whether this is a unified social credit code (GB 32100). A resident number has that form, too:
 * where both could be meant, the check characters decide, and in doubt it is a person's.
 */
export function isUscc(text: string | null | undefined): text is string {
  if (!text || !USCC.test(text)) return false;
  return (
    !new RegExp(`^${RESIDENT.source}$`).test(text) || (usccChecks(text) && !residentChecks(text))
  );
}

/** GB 32100 5.5: weights are powers of 3, modulo 31. */
function usccChecks(code: string): boolean {
  let sum = 0;
  let weight = 1;
  for (const character of code.slice(0, 17)) {
    sum += USCC_DIGITS.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return USCC_DIGITS[(31 - (sum % 31)) % 31] === code[17];
}

/** ISO 7064 MOD 11-2. */
function residentChecks(number: string): boolean {
  let sum = 0;
  for (const digit of number.slice(0, 17)) sum = ((sum + Number(digit)) * 2) % 11;
  return '0123456789X'[(12 - sum) % 11] === number[17]?.toUpperCase();
}

/** The first three characters and the last two of a personal number; nothing of a short one. */
export function masked(number: string): string {
  if (number.length < 8) return '*'.repeat(number.length);
  return `${number.slice(0, 3)}${'*'.repeat(number.length - 5)}${number.slice(-2)}`;
}

/** The text with every resident identity number in it masked. */
export function withoutPersonalNumbers(text: string): string {
  return text.replace(RESIDENT, (whole, kind: string, number: string) =>
    isUscc(number) ? whole : kind + masked(number),
  );
}
