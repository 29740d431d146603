/** A PDF with whatever it says of a licence: what a status list counts as issued, its date may be believed. */
import { fromUtf8 } from '../crypto/index.ts';
import {
  extractAttachment,
  type PdfReport,
  type VerifyPdfOptions,
  verifyPdf,
} from '../pdf/index.ts';
import { normaliseTrust, statusOf } from '../pki/index.ts';

/** The part of `licence.json` that names its place in a status list. */
export interface CarriedLicence {
  number: string;
  validUntil: string;
  statusList: { id: string; index: number };
}

/**
 * As `verifyPdf`. Where the signer has left since, and nothing but the document says when it was
 * signed, a status list that counts the licence inside answers (design, section 4).
 */
export async function verifyDocument(
  pdf: Uint8Array,
  options: VerifyPdfOptions = {},
): Promise<PdfReport> {
  const report = await verifyPdf(pdf, options);
  if (options.listed || !report.signatures.some(restsOnWord)) return report;
  const licence = await carriedLicence(pdf, options.password);
  if (!licence) return report;
  const { id, index } = licence.statusList;
  const time = options.time ?? new Date().toISOString();
  const { listed } = await statusOf(normaliseTrust(options.trust), id, index, time);
  return listed ? verifyPdf(pdf, { ...options, listed }) : report;
}

const restsOnWord = ({ provenBy, subIndication }: PdfReport['signatures'][number]): boolean =>
  provenBy === 'claim' && (subIndication === 'REVOKED_NO_POE' || subIndication === 'REVOKED');

/** @returns null for a document that carries no licence */
export async function carriedLicence(
  pdf: Uint8Array,
  password?: string,
): Promise<CarriedLicence | null> {
  const options = password === undefined ? {} : { password };
  const bytes = await extractAttachment(pdf, 'licence.json', options);
  const text = bytes && fromUtf8(bytes);
  if (!text) return null;
  try {
    const { number, validUntil, statusList } = JSON.parse(text) as Partial<CarriedLicence>;
    const usable = typeof statusList?.id === 'string' && Number.isInteger(statusList.index);
    return number && validUntil && statusList && usable ? { number, validUntil, statusList } : null;
  } catch {
    return null;
  }
}
