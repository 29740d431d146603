/** The verdict on a PDF: signatures found, checked one by one, judged, and summed up. */
import { Malformed, worse } from '../../crypto/index.ts';
import { normaliseTrust, type TrustInput } from '../../pki/index.ts';
import { PdfDocument, type PdfRevision } from '../read/document.ts';
import { headerAt, isPlain } from '../read/loose-bytes.ts';
import type { OpenEnvelope } from '../read/recipients.ts';
import { uncoveredTail } from './byte-range.ts';
import { checkSeal } from './check-seal.ts';
import {
  type CheckedSignature,
  checkSignature,
  type Shared,
  signedRevision,
} from './check-signature.ts';
import { DigestBudget } from './covered-digest.ts';
import { evidenceOf, hasRevocation } from './evidence.ts';
import { History } from './history.ts';
import { judgeSigners, PATHS_MS } from './judge-signers.ts';
import { failed, modified } from './outcome.ts';
import { warnOfCoveredText, warnOfCovering, warnOfOverlaps } from './overlaps.ts';
import { warnOfPreparations } from './prepared.ts';
import type { Integrity, PdfReport, TimeOfCheck } from './report.ts';
import { restrictionsOf } from './restrictions.ts';
import { byteRangeHits, type SignatureValue, signatureValues } from './signature-values.ts';
import { usageRightsRanges } from './usage-rights.ts';

export interface VerifyPdfOptions {
  /** Time of the check, ISO 8601; absent means now. */
  time?: string;
  /** Which moment signers are judged at; `proven` by default. */
  timeOfCheck?: TimeOfCheck;
  /** Absent: nothing is trusted, and integrity is judged by itself. */
  trust?: TrustInput;
  password?: string;
  /**
   * Opens one of the envelopes of a file that is encrypted to recipients (public-key security
   * handler): CMS EnvelopedData in, its content out, null where none opens.
   */
  openEnvelope?: OpenEnvelope;
  /**
   * Whether to look at what the signed pages paint and hold beyond what is seen (checks 41 to 43),
   * which costs more than the signatures. Absent: where something came after a signature.
   */
  sight?: boolean;
  /** When the log took in the head that names this file, ISO 8601, where the caller holds it. */
  loggedAt?: string;
  /** A status list, or the list of seals, counts the document as issued. */
  listed?: boolean;
  /** Whether each signature's report gets its long-term view. */
  longTerm?: boolean;
}

/**
 * Verifies every signature of a PDF. Never throws: what cannot be read is `unreadable`, or `broken`
 * where there is a signature in it.
 */
export async function verifyPdf(
  pdf: Uint8Array,
  options: VerifyPdfOptions = {},
): Promise<PdfReport> {
  const report = await verifyFrom(pdf, options);
  const start = headerAt(pdf);
  if (start === 0) return report;
  const params = { count: String(start) };
  const message = `${start} bytes stand before the header of the file`;
  const finding = { code: 'pdf-leading-bytes', message, severity: 'warning', params } as const;
  report.findings.push(finding);
  if (!unusable(report) || !isPlain(pdf, 0, start)) return report;
  // Offsets that count from the header: readers then leave out what stands before it.
  const inner = await verifyFrom(pdf.subarray(start), options);
  if (unusable(inner)) return report;
  inner.findings.push(finding);
  inner.revisions = inner.revisions.map((end) => end + start);
  for (const signature of inner.signatures) {
    if (signature.revision > 0) signature.revision += start;
    signature.coverage = 'partial';
  }
  return inner;
}

function unusable({ integrity }: PdfReport): boolean {
  return integrity === 'broken' || integrity === 'unreadable';
}

async function verifyFrom(pdf: Uint8Array, options: VerifyPdfOptions): Promise<PdfReport> {
  let recipients: readonly Uint8Array[] = [];
  const openEnvelope: OpenEnvelope = async (envelopes) => {
    recipients = envelopes;
    return options.openEnvelope?.(envelopes) ?? null;
  };
  try {
    const { password } = options;
    return await verifyOpened(await PdfDocument.open(pdf, { password, openEnvelope }), options);
  } catch (error) {
    const report = unreadable(pdf, error);
    return recipients.length > 0 ? { ...report, recipients: [...recipients] } : report;
  }
}

function unreadable(pdf: Uint8Array, error: unknown): PdfReport {
  const code = error instanceof Malformed ? error.code : 'pdf-reader';
  const message = `The file cannot be read: ${error instanceof Error ? error.message : 'no reason'}`;
  const locked = code === 'password-needed' || code === 'pdf-recipients';
  const at = error instanceof Malformed ? error.at : undefined;
  const params = at === undefined ? {} : { params: { offset: String(at) } };
  const signed = !locked && byteRangeHits(pdf).length > 0;
  return {
    integrity: signed ? 'broken' : 'unreadable',
    verdict: signed ? 'TOTAL-FAILED' : 'INDETERMINATE',
    signatures: [],
    findings: [{ code, message, severity: 'error', ...params }],
    revisions: [],
  };
}

async function verifyOpened(document: PdfDocument, options: VerifyPdfOptions): Promise<PdfReport> {
  const values = signatureValues(document);
  const shared: Shared = {
    document,
    history: new History(document),
    digests: new DigestBudget(),
    tail: uncoveredTail(document, values),
    restrictions: new Map(
      values.map((value) => [value, restrictionsOf(signedRevision(document, value), value)]),
    ),
  };
  const checked: CheckedSignature[] = [];
  for (const value of values) checked.push(await checkSignature(shared, value));
  checkTogether(checked);
  warnOfOverlaps(checked);
  warnOfCovering(checked);
  const report: PdfReport = {
    integrity: 'unsigned',
    verdict: 'NO-SIGNATURE',
    signatures: checked.map((signature) => signature.report),
    findings: [],
    revisions: document.revisions.map(({ map }) => map.eof),
  };
  checkHits(document, values, checked, report);
  if (checked.length > 0) {
    const time = options.time ?? new Date().toISOString();
    const evidence = evidenceOf(document.revisions[document.revisions.length - 1] as PdfRevision);
    report.evidence = {
      certificates: evidence.certificates.length,
      crls: evidence.crls.length,
      ocsps: evidence.ocsps.length,
    };
    const trust = normaliseTrust(options.trust);
    await judgeSigners(checked, {
      trust,
      time,
      timeOfCheck: options.timeOfCheck ?? 'proven',
      ...(options.loggedAt === undefined ? {} : { loggedAt: options.loggedAt }),
      listed: options.listed ?? false,
      left: PATHS_MS,
      evidence,
      archivedBy: (one) => hasRevocation(evidenceOf(signedRevision(document, one.value))),
    });
    if (options.longTerm) {
      const { viewLongTerm } = await import('./long-term.ts');
      await viewLongTerm(checked, { trust, evidence, time });
    }
    const first = Math.min(...values.map((value) => value.since));
    report.findings.push(...warnOfPreparations(document.revisions[first] as PdfRevision));
    for (const one of checked) await checkSeal(shared, one, { ...options, time });
    const changed = checked.some(({ report: { changesList } }) => changesList.length > 0);
    if (options.sight ?? changed) await look(document, checked, first, report);
  }
  summarise(report);
  report.findings.push(...document.budget.passedOver.values());
  return report;
}

/** What is seen and what is not; last, because it may use up what the budget has left. */
async function look(
  document: PdfDocument,
  checked: readonly CheckedSignature[],
  first: number,
  report: PdfReport,
): Promise<void> {
  const { signedSight } = await import('../sight/index.ts');
  report.findings.push(...signedSight(document.revisions[first] as PdfRevision));
  await warnOfCoveredText(document, checked);
}

/** Check 12 and the place of a certification: what signatures owe each other. */
function checkTogether(checked: readonly CheckedSignature[]): void {
  for (const one of checked) {
    for (const other of checked) {
      if (one === other || !one.coverage || !other.coverage) continue;
      const nested =
        one.coverage.end <= other.coverage.gap[0] || other.coverage.end <= one.coverage.gap[0];
      if (!nested)
        failed(one.report, 'pdf-nesting', 'two signatures do not cover one another wholly');
    }
    const earlier = checked.some(
      (other) =>
        other !== one && other.value.since < one.value.since && other.report.kind !== 'timestamp',
    );
    if (one.restrictions.docMdp > 0 && earlier) {
      modified(
        one.report,
        'pdf-certification',
        'a certification comes after another signature',
        'no',
      );
    }
  }
}

/** Check 2: every `/ByteRange` in the bytes is the one of a signature, and the reverse. */
function checkHits(
  document: PdfDocument,
  values: readonly SignatureValue[],
  checked: readonly CheckedSignature[],
  report: PdfReport,
): void {
  const hits = byteRangeHits(document.bytes);
  const at = (start: number | null | undefined, hit: number): boolean =>
    typeof start === 'number' && start > hit && start - hit <= 64;
  const own = (value: SignatureValue, hit: number): boolean =>
    at(value.spans.get('ByteRange')?.[0], hit);
  const covered = checked.reduce(
    (end, one) => (one.report.integrity === 'intact' ? Math.max(end, one.coverage?.end ?? 0) : end),
    0,
  );
  const strays = hits.filter((hit) => !values.some((value) => own(value, hit)));
  // That they come or go after a signature is told as a change of the catalog.
  const rights = strays.length > 0 ? usageRightsRanges(document) : new Set<number>();
  for (const hit of strays) {
    const object = `offset ${hit}`;
    if ([...rights].some((start) => at(start, hit))) {
      const message = 'The file grants usage rights to readers; nobody signed it';
      report.findings.push({ code: 'pdf-usage-rights', message, object, severity: 'info' });
      continue;
    }
    const message = 'A signature dictionary that no field of the form holds';
    const severity = hit < covered ? 'warning' : 'error';
    const params = { offset: String(hit) };
    report.findings.push({ code: 'pdf-stray-byte-range', message, object, severity, params });
    if (hit >= covered) {
      for (const one of checked)
        modified(one.report, 'pdf-stray-byte-range', message, 'no', object);
    }
  }
  for (const one of checked) {
    if (one.coverage && !hits.some((hit) => own(one.value, hit))) {
      failed(one.report, 'pdf-byte-range-hidden', 'ByteRange is not written plainly');
    }
  }
}

const ORDER: Integrity[] = ['intact', 'unchecked', 'modified', 'broken'];

function summarise(report: PdfReport): void {
  if (report.signatures.length === 0) {
    if (report.findings.some((finding) => finding.severity === 'error')) {
      report.integrity = 'broken';
      report.verdict = 'TOTAL-FAILED';
    }
    return;
  }
  report.integrity = 'intact';
  report.verdict = 'TOTAL-PASSED';
  for (const signature of report.signatures) {
    if (ORDER.indexOf(signature.integrity) > ORDER.indexOf(report.integrity)) {
      report.integrity = signature.integrity;
    }
    report.verdict = worse(report.verdict as 'TOTAL-PASSED', signature.verdict);
    report.findings.push(...signature.findings);
  }
}
