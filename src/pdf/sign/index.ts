/**
 * pdf/sign: seals and signatures on a PDF, as PAdES baseline B in an incremental update, and the
 * evidence store for later. A lazy door of its own. It reads with the strict reader of `pdf` and
 * writes what changed itself, so that the bytes signed before stay exactly as they were.
 */
export type { Rect } from './appearance.ts';
export { appendDss, type Evidence } from './dss.ts';
export { type SignPdfOptions, signPdf } from './sign-pdf.ts';
