/** What was signed, apart from what came later: the slice of the file, and the data in it. */
import { Malformed } from '../../crypto/index.ts';
import { attachmentOf } from '../read/attachments.ts';
import { PdfDocument, type PdfRevision } from '../read/document.ts';
import { readCoverage } from './byte-range.ts';
import { signatureValues } from './signature-values.ts';

/**
 * An associated file of the signed revision, by its name. Nothing of a later revision is looked
 * at; whether the signature is in order is for `verifyPdf` to say.
 * @param options.field name of the signature whose revision is meant; the first one by default
 * @returns null for a file that cannot be read, is not signed so, or has no such attachment
 */
export async function extractAttachment(
  pdf: Uint8Array,
  name: string,
  options: { field?: string; password?: string } = {},
): Promise<Uint8Array | null> {
  try {
    const document = await PdfDocument.open(pdf, options.password);
    const revision = revisionSignedBy(document, options.field);
    return revision && attachmentOf(revision, name);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function revisionSignedBy(document: PdfDocument, field: string | undefined): PdfRevision | null {
  const value = signatureValues(document).find(
    (candidate) => field === undefined || candidate.field.name === field,
  );
  if (!value) return null;
  const { coverage, faults } = readCoverage(document, value);
  if (!coverage || faults.length > 0 || coverage.revision === null) return null;
  return document.revisions[coverage.revision] ?? null;
}
