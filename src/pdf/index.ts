/**
 * pdf: what a PDF says about its signatures. A strict reader of revisions, the comparison of
 * revisions by a whitelist of changes, and the verdict. Signing is heavy and has a door of its own,
 * to be loaded by `import()`: `./sign/index.ts`. Nothing here knows of licences.
 */

export { pageCount } from './verify/page-count.ts';
export type {
  Integrity,
  Level,
  ListedChange,
  LongTerm,
  PdfReport,
  SealReport,
  SeamStrip,
  SignatureReport,
  TimeOfCheck,
} from './verify/report.ts';
export { extractAttachment } from './verify/signed-revision.ts';
export { type VerifyPdfOptions, verifyPdf } from './verify/verify-pdf.ts';
