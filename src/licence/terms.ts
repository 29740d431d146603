/** What an application asks for and its licence grants: the fact that the digest `terms` binds. */
import type { Json } from '../crypto/index.ts';
import type { Application } from './application.ts';
import type { Licence } from './licence.ts';

/** Members that an application and the licence issued on it have in common. */
const TERMS = [
  'type',
  'importer',
  'consignee',
  'tradeMode',
  'foreignExchange',
  'ports',
  'tradeCountry',
  'originCountries',
  'use',
  'goods',
  'currency',
  'lines',
  'totals',
  'uses',
] as const;

/** @returns the same value for an application and for a licence over it */
export function termsOf(of: Application | Licence): Json {
  return Object.fromEntries(TERMS.map((name) => [name, of[name]])) as unknown as Json;
}
