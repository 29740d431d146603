/** How many pages a file shows: enough to know that it can be opened at all. */
import { PdfDocument, type PdfRevision } from '../read/document.ts';
import { pagesOf } from './pages.ts';

/** @throws {Malformed} `password-needed`, or the rule that the structure breaks */
export async function pageCount(bytes: Uint8Array): Promise<number> {
  const { revisions } = await PdfDocument.open(bytes);
  return pagesOf(revisions[revisions.length - 1] as PdfRevision).pages.length;
}
