/**
 * Common names as CFCA composes them: `051@name@number@n` (new) and `041@number@name@n` (old). The
 * number is an identity number behind a letter or digit for its kind: 0 resident card, N unified
 * social credit code, Z and others whatever the registrar chose.
 */
import { masked } from './numbers.ts';

export interface ComposedName {
  readonly name: string;
  /** As it stands, with its kind in front. */
  readonly number: string;
}

const COMPOSED = /^(0\d\d|CFCA)@([^@]*)@([^@]*)@([^@]*)$/;
const NUMBER = /^[0-9A-Z]?[0-9A-Z-]*\d[0-9A-Z-]*[Xx]?$/;

/** The parts of a composed common name; null for any other. */
export function readComposedName(text: string): ComposedName | null {
  const [, form, first = '', second = ''] = COMPOSED.exec(text) ?? [];
  if (form === undefined) return null;
  let [name, number] = form === '041' ? [second, first] : [first, second];
  // Registrars mix the two forms up: what reads as a number is none's name.
  if (NUMBER.test(name) && !NUMBER.test(number)) [name, number] = [number, name];
  return name === '' ? null : { name, number };
}

/** The common name with its number masked, unless it is an enterprise's. */
export function shownComposedName(text: string): string {
  const parts = readComposedName(text);
  if (!parts?.number || parts.number.startsWith('N')) return text;
  return text
    .split('@')
    .map((part) => (part === parts.number ? masked(part) : part))
    .join('@');
}
