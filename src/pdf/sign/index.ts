/**
 * pdf/sign: seals and signatures on a PDF in an incremental update, at the baseline levels of PAdES,
 * and the evidence store for later. A lazy door of its own. It reads with the strict reader of `pdf`
 * and writes what changed itself, so that the bytes signed before stay exactly as they were.
 */
export type { Rect } from './appearance.ts';
export { appendDss, type Evidence } from './dss.ts';
export { type Level, type LevelOptions, type Reached, signAtLevel } from './levels.ts';
export { type RenewOptions, renewTimeStamp } from './renew.ts';
export { type Appearance, type SignPdfOptions, signPdf } from './sign-pdf.ts';
export type { FieldPlace } from './signature-field.ts';
