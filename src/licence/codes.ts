/** Codes of companies and seals: normalised, checked, and told what is wrong with them. */

export interface CodeCheck {
  ok: boolean;
  /** `ok`, `empty`, `shape`, `impossible-character` or `check-digit`. */
  code: 'ok' | 'empty' | 'shape' | 'impossible-character' | 'check-digit';
  /** Upper case, half width, without white space. */
  normalised: string;
  /** For `impossible-character`: which, and its place from 1. For `check-digit`: what would fit. */
  detail?: { character?: string; position?: number; expected?: string };
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const SHAPE = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;

/** Trims, upper-cases, and turns full-width letters and digits into ASCII. */
export function normaliseCode(text: string): string {
  return halfWidth(text).replace(/\s/gu, '').toUpperCase();
}

/** Full-width letters, digits and signs as ASCII; nothing else changes. */
export const halfWidth = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));

/**
 * Unified social credit code, GB 32100: 18 characters, check digit mod 31. A wrong check digit is
 * for warning, not for refusing: early codes that fail and are legal are said to exist.
 */
export function checkUscc(text: string): CodeCheck {
  const normalised = normaliseCode(text);
  if (normalised === '') return { ok: false, code: 'empty', normalised };
  const bad = [...normalised].findIndex((c) => 'IOSVZ'.includes(c));
  if (bad >= 0) {
    const detail = { character: normalised[bad] as string, position: bad + 1 };
    return { ok: false, code: 'impossible-character', normalised, detail };
  }
  if (!SHAPE.test(normalised)) return { ok: false, code: 'shape', normalised };
  const expected = usccCheckCharacter(normalised.slice(0, 17));
  if (normalised[17] !== expected) {
    return { ok: false, code: 'check-digit', normalised, detail: { expected } };
  }
  return { ok: true, code: 'ok', normalised };
}

function usccCheckCharacter(first17: string): string {
  let sum = 0;
  let weight = 1;
  for (const c of first17) {
    sum += ALPHABET.indexOf(c) * weight;
    weight = (weight * 3) % 31;
  }
  return ALPHABET[(31 - (sum % 31)) % 31] as string;
}

/** Organisation code, GB 11714: 8 characters and a check character, with or without the hyphen. */
export function checkOrganisationCode(text: string): CodeCheck {
  const normalised = normaliseCode(text).replace('-', '');
  if (normalised === '') return { ok: false, code: 'empty', normalised };
  if (!/^[0-9A-Z]{8}[0-9X]$/.test(normalised)) return { ok: false, code: 'shape', normalised };
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((s, w, i) => s + w * Number.parseInt(normalised[i] as string, 36), 0);
  const k = 11 - (sum % 11);
  const expected = k === 10 ? 'X' : k === 11 ? '0' : String(k);
  return normalised[8] === expected
    ? { ok: true, code: 'ok', normalised }
    : { ok: false, code: 'check-digit', normalised, detail: { expected } };
}

/** Seal code: 13 or 14 digits; nothing more is known for sure. */
export function checkSealCode(text: string): CodeCheck {
  const normalised = normaliseCode(text);
  if (normalised === '') return { ok: false, code: 'empty', normalised };
  const ok = /^\d{13,14}$/.test(normalised);
  return { ok, code: ok ? 'ok' : 'shape', normalised };
}
