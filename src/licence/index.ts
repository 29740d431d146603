/**
 * licence: what the licences of China's import administration hold, as data and rules. Types, one
 * field table, code lists, the application and the licence as plain JSON, the checks that a form
 * runs, exact totals, number patterns and validity, and the QR token. No pages, no PDF, no state.
 */
export * from './application.ts';
export * from './attachments.ts';
export { textProblem } from './characters.ts';
export { type CheckOptions, checkApplication, type Issue } from './check.ts';
export * from './codes.ts';
export * from './contract.ts';
export {
  add as addDecimals,
  compare as compareDecimals,
  type Decimal,
  groupDigits,
  readDecimal,
  typedDecimal,
  writeDecimal,
} from './decimal.ts';
export * from './fields.ts';
export * from './licence.ts';
export type { CodeList } from './lists/code-list.ts';
export { currencyDigits } from './lists/currencies.ts';
export { LISTS, type ListName } from './lists/index.ts';
export { namedEntry, searchList } from './lists/search.ts';
export * from './number.ts';
export { type Place, placeOf, placesNamedIn } from './path-words.ts';
export { LICENCE_PLACES } from './places.ts';
export * from './qr.ts';
export { sampleApplication } from './sample.ts';
export { termsOf } from './terms.ts';
export type { TokenLicence, TokenLine } from './token-layout.ts';
export {
  readLicenceToken,
  type TokenOptions,
  type TokenReport,
} from './token-read.ts';
export type { TokenVerdict } from './token-status.ts';
export {
  encodeLicenceToken,
  type LicenceToken,
  licenceJson,
  MAX_COSE,
  makeLicenceToken,
} from './token-write.ts';
export * from './totals.ts';
export { applicationAsMeant, asMeant } from './typed.ts';
export * from './types.ts';
export * from './use.ts';
export * from './validity.ts';
export { type CarriedLicence, carriedLicence, verifyDocument } from './verify-document.ts';
