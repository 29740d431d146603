/**
 * Keeping a signed file provable (EN 319 142-1, 6.3; TS 119 172): before the certificate of its last
 * time stamp expires, the evidence about everything in it goes in, and a new document time stamp
 * over all of that. From then on the older ones are judged at the time of the new one.
 */
import type { TimeStampSource } from '../../cms/index.ts';
import { type Bytes, Malformed } from '../../crypto/index.ts';
import { PdfDocument } from '../read/document.ts';
import { readCoverage } from '../verify/byte-range.ts';
import { signatureValues } from '../verify/signature-values.ts';
import { stampDocument } from './document-stamp.ts';
import { appendDss } from './dss.ts';
import {
  certificatesOf,
  certificatesUnder,
  type EvidenceSource,
  evidenceOn,
  together,
} from './evidence.ts';

export interface RenewOptions {
  pdf: Uint8Array;
  timeStamp: TimeStampSource;
  evidence: EvidenceSource;
  nonce?: () => bigint;
  /** Of an encrypted file. */
  password?: string | undefined;
}

/**
 * Adds a document time stamp, with evidence about the signatures and time stamps before it, and
 * about itself.
 * @throws {Malformed} `pdf-…`, `renew-unsigned` where nothing is signed, or what the authority's
 * answer is refused for: without a stamp the file stays as it is
 */
export async function renewTimeStamp(options: RenewOptions): Promise<Bytes> {
  const { timeStamp, evidence, nonce, password } = options;
  const signatures = await contentsOf(options);
  if (signatures.length === 0) throw new Malformed('renew-unsigned', 'nothing is signed here');
  const known = [];
  for (const contents of signatures) {
    known.push(await evidenceOn(await certificatesUnder(contents), evidence));
  }
  const pdf = await appendDss(options.pdf, together(known), [], password);
  const stamped = await stampDocument(pdf, timeStamp, { nonce, password });
  const own = await evidenceOn(await certificatesOf(stamped.token), evidence);
  return appendDss(stamped.pdf, own, [stamped.contents], password);
}

/** Contents of every signature and time stamp that can be read. */
async function contentsOf({ pdf, password }: RenewOptions): Promise<Uint8Array[]> {
  const document = await PdfDocument.open(pdf, password);
  return signatureValues(document).flatMap(
    (value) => readCoverage(document, value).coverage?.contents ?? [],
  );
}
