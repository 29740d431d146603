/** Short names of licence types, and of the places in their forms. */
import { LICENCE_TYPES, type LicenceType, placeOf } from '../../licence/index.ts';
import { word } from './codes/index.ts';
import { inWords } from './language.svelte.ts';

export function licenceShort(type: string): string {
  const known = LICENCE_TYPES[type as LicenceType];
  return known ? inWords(known.short) : type;
}

/** The box, its number and its line, whatever the path. */
export function placeName(type: LicenceType, path: string): string {
  const place = placeOf(type, path);
  const name = place.box === null ? inWords(place) : `${place.box}. ${inWords(place)}`;
  return place.line === null ? name : word('places', 'line', { line: place.line, name });
}
