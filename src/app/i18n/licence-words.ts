/** Short names of licence types. */
import { LICENCE_TYPES, type LicenceType } from '../../licence/index.ts';
import { inWords } from './language.svelte.ts';

export function licenceShort(type: string): string {
  const known = LICENCE_TYPES[type as LicenceType];
  return known ? inWords(known.short) : type;
}
