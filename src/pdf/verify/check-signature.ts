/** One signature: its value, its coverage, its CMS, and what came after it. Trust comes later. */

import type { CmsReport } from '../../cms/index.ts';
import { algorithmsOf } from '../../pki/index.ts';
import type { PdfDocument, PdfRevision } from '../read/document.ts';
import { type PdfDict, PdfName, type PdfObject, PdfString, textOf } from '../read/objects.ts';
import { algorithmName } from './algorithm-name.ts';
import { type Coverage, endsFile, pdfDate, readCoverage } from './byte-range.ts';
import { type ContentsReport, checkContents } from './contents.ts';
import { coveredContent, type DigestBudget } from './covered-digest.ts';
import { type DocMdp, permissionFor } from './diff/permissions.ts';
import type { History } from './history.ts';
import { failed, indeterminate, modified, note, subIndicationOf, unsupported } from './outcome.ts';
import { place } from './placement.ts';
import type { SignatureReport } from './report.ts';
import { type Restrictions, restrictionsOf } from './restrictions.ts';
import type { SignatureValue } from './signature-values.ts';
import { listsOtherCertificates, mixedHex } from './unsigned-parts.ts';

/** A signature with everything that judging trust, time and seal needs. */
export interface CheckedSignature {
  readonly value: SignatureValue;
  readonly coverage: Coverage | null;
  readonly cms: CmsReport | null;
  readonly restrictions: Restrictions;
  /** Time of a document time stamp, ISO 8601. */
  readonly stamped: string | null;
  /** SESeal of a signature that is a seal's own, DER; null: it is a CMS. */
  readonly sealInside: Uint8Array | null;
  readonly report: SignatureReport;
}

export interface Shared {
  readonly document: PdfDocument;
  readonly history: History;
  readonly digests: DigestBudget;
  /** Where bytes begin that nothing covers and no revision holds; null where there are none. */
  readonly tail: number | null;
  /** Restrictions of every signature, to know which certification governs. */
  readonly restrictions: ReadonlyMap<SignatureValue, Restrictions>;
}

export function signedRevision(document: PdfDocument, value: SignatureValue): PdfRevision {
  return document.revisions[value.since] as PdfRevision;
}

export async function checkSignature(
  shared: Shared,
  value: SignatureValue,
): Promise<CheckedSignature> {
  const { document } = shared;
  const revision = signedRevision(document, value);
  const restrictions = shared.restrictions.get(value) ?? restrictionsOf(revision, value);
  const subFilter = nameOf(value.dict ? revision.get(value.dict, 'SubFilter') : null);
  const report = emptyReport(value, subFilter, restrictions);
  const { coverage, faults } = readCoverage(document, value);
  for (const fault of [...value.faults, ...faults]) {
    failed(report, fault.code, fault.message, fault.params);
  }
  if (
    value.faults.length > 0 &&
    value.faults.every((fault) => LATER.has(fault.code)) &&
    faults.length === 0
  ) {
    report.integrity = 'modified';
  }
  const checking =
    coverage && check(shared, coverage, subFilter, certificatesIn(revision, value.dict));
  // What follows is read while the platform digests and verifies.
  describe(report, revision, value);
  place(report, revision, value.field);
  if (coverage && coverage.revision !== null) shared.history.since(coverage.revision);
  let cms: CmsReport | null = null;
  let stamped: string | null = null;
  let sealInside: Uint8Array | null = null;
  if (coverage && checking) {
    report.revision = coverage.end;
    const ends = endsFile(document.bytes, coverage.end);
    if (coverage.revision !== null) report.coverage = ends ? 'file' : 'revision';
    if (shared.tail !== null) report.coverage = 'partial';
    const checked = await checking;
    if ('unsupported' in checked) unsupported(report, `SubFilter ${checked.unsupported}`);
    else {
      ({ cms, stamped, seal: sealInside = null } = checked);
      // The time that the seal's signature itself states; M is no part of it.
      if (sealInside && cms.claimedTime) report.claimedTime = cms.claimedTime;
      takeCms(report, cms, checked);
      await noteUnsigned(report, document.bytes, coverage, cms);
    }
    if (coverage.revision !== null) judgeChanges(report, shared, coverage.revision, value);
    looseEnds(report, shared.tail);
  }
  return { value, coverage, cms, restrictions, stamped, sealInside, report };
}

/** Starts at once what the platform does beside us: digest and signature. */
function check(
  { document, digests }: Shared,
  coverage: Coverage,
  subFilter: string,
  certificates: readonly Uint8Array[],
): ReturnType<typeof checkContents> {
  const content = coveredContent(document.bytes, coverage, digests);
  content.expect('SHA-256');
  const answer = checkContents(coverage.contents, subFilter, content, certificates);
  // Where reading fails meanwhile, nobody is left to hear of a failure here.
  answer.catch(() => undefined);
  return answer;
}

/** Cert of a signature dictionary: one certificate, or the chain with the signer's first. */
function certificatesIn(revision: PdfRevision, dict: PdfDict | null): Uint8Array[] {
  const written = dict ? revision.get(dict, 'Cert') : null;
  const list = Array.isArray(written) ? written.slice(0, 64) : [written];
  return list.flatMap((item) => {
    const value = revision.resolve(item);
    return value instanceof PdfString ? [value.bytes] : [];
  });
}

/** Fields that are told to have another text, of one signature. */
const MAX_REFILLED = 20;

/** Faults that a later revision brought about: the signed revision itself may be sound. */
const LATER = new Set(['pdf-signature-removed', 'pdf-signature-reused']);

function nameOf(object: PdfObject): string {
  return object instanceof PdfName ? object.name : '';
}

function emptyReport(
  value: SignatureValue,
  subFilter: string,
  restrictions: Restrictions,
): SignatureReport {
  const kind =
    subFilter === 'ETSI.RFC3161'
      ? 'timestamp'
      : restrictions.docMdp > 0
        ? 'certification'
        : 'approval';
  const { docMdp } = restrictions;
  return {
    field: value.field.name,
    kind,
    integrity: 'intact',
    verdict: 'TOTAL-PASSED',
    coverage: 'partial',
    changes: 'none',
    path: [],
    timeProven: false,
    subFilter,
    revision: 0,
    changesList: [],
    timeStamps: [],
    findings: [],
    ...(docMdp > 0 ? { permissions: docMdp as 1 | 2 | 3 } : {}),
  };
}

function describe(report: SignatureReport, revision: PdfRevision, value: SignatureValue): void {
  if (!value.dict) return;
  const reason = revision.get(value.dict, 'Reason');
  if (reason instanceof PdfString) report.reason = textOf(reason).slice(0, 2000);
  const claimed = pdfDate(value.dict, 'M');
  if (claimed) report.claimedTime = claimed;
}

function takeCms(
  report: SignatureReport,
  cms: CmsReport,
  { code, findings, padded }: ContentsReport,
): void {
  for (const finding of findings) {
    const severity = finding.code === 'unsupported-alg' ? 'info' : finding.severity;
    report.findings.push({ ...finding, severity, object: report.field });
  }
  const { signer, digestAlgorithm, signatureAlgorithm } = cms;
  const algorithms = signer && algorithmsOf(signer, digestAlgorithm, signatureAlgorithm);
  if (algorithms) report.algorithms = algorithms;
  if (code !== 'ok' || !cms.ok) {
    if (
      code === 'unsupported-alg' &&
      findings.every((f) => f.severity !== 'error' || f.code === 'unsupported-alg')
    ) {
      const named = findings.find((finding) => finding.code === 'unsupported-alg');
      unsupported(report, named?.params?.['algorithm'] ?? algorithmName(cms.signatureAlgorithm));
      return;
    }
    report.integrity = 'broken';
    report.verdict = 'TOTAL-FAILED';
    report.subIndication = subIndicationOf(code);
    return;
  }
  if (cms.claimedTime && !report.claimedTime) report.claimedTime = cms.claimedTime;
  if (cms.weak) indeterminate(report, 'CRYPTO_CONSTRAINTS_FAILURE');
  if (report.subFilter === 'ETSI.CAdES.detached' && !cms.essPresent) {
    note(report, 'pdf-not-pades', 'The signing certificate is not signed in', 'warning');
    indeterminate(report, 'SIG_CONSTRAINTS_FAILURE');
  }
  if (padded) {
    note(
      report,
      'pdf-contents-padding',
      'Contents holds unsigned bytes after the signature',
      'warning',
    );
    indeterminate(report, 'SIG_CONSTRAINTS_FAILURE');
  }
}

/** Changes to what no signature covers are told, although they alter nothing that was signed. */
async function noteUnsigned(
  report: SignatureReport,
  bytes: Uint8Array,
  coverage: Coverage,
  cms: CmsReport,
): Promise<void> {
  const told: [boolean, string, string][] = [
    [mixedHex(bytes, coverage), 'pdf-contents-spelling', 'Contents was spelled anew after signing'],
    [
      await listsOtherCertificates(cms),
      'pdf-certificates-differ',
      'The embedded certificates are not those that were signed in',
    ],
  ];
  for (const [found, code, message] of told) {
    if (!found) continue;
    note(report, code, message, 'warning');
    indeterminate(report, 'SIG_CONSTRAINTS_FAILURE');
  }
}

/** Checks 32 to 38: every later step against what this signature and the certification allow. */
function judgeChanges(
  report: SignatureReport,
  shared: Shared,
  revision: number,
  value: SignatureValue,
): void {
  const docMdp = governingLevel(shared, value);
  const locks = shared.restrictions.get(value)?.locks ?? [];
  let worst: 'none' | 'yes' | 'warn' | 'no' = 'none';
  for (const { change, revision: made } of shared.history.since(revision)) {
    const permission = permissionFor(change, docMdp, locks);
    const covering = coveringField(shared, made);
    const { kind, object, before, after, was, became, code, params, words, page, field, rect } =
      change;
    report.changesList.push({
      kind,
      code,
      params,
      object,
      before,
      after,
      was,
      became,
      words,
      permission,
      granted: permission === 'yes' && docMdp > 0,
      ...(covering === null ? {} : { coveredBy: covering }),
      ...(page === undefined ? {} : { page }),
      ...(field === undefined ? {} : { field }),
      ...(rect === undefined ? {} : { rect }),
    });
    if (permission === 'no' || worst === 'none' || (permission === 'warn' && worst === 'yes')) {
      worst = permission;
    }
  }
  noteRefilled(report);
  if (worst === 'none') return;
  report.changes = worst === 'no' ? 'forbidden' : 'permitted';
  if (worst === 'yes') {
    note(report, 'pdf-changes-permitted', 'Later revisions make permitted changes', 'info');
    return;
  }
  const first = report.changesList.find((change) => change.permission === worst);
  modified(
    report,
    worst === 'no' ? 'pdf-changes-forbidden' : 'pdf-changes-arguable',
    first?.words ?? '',
    worst,
    first?.object,
    first && { change: first.code, ...first.params },
  );
}

/** Readers show the new text where the signer saw the old one: told even where it is permitted. */
function noteRefilled(report: SignatureReport): void {
  for (const { code, was, became, field = '' } of report.changesList.slice(0, MAX_REFILLED)) {
    const [before, after] = [was.text ?? '', became.text ?? ''];
    if (code !== 'field-filled' || !before || before === after) continue;
    const words = `field ${field} has another text than when it was signed`;
    note(report, 'pdf-field-changed', words, 'warning', report.field, { field, before, after });
  }
}

/** The first signature that closes the revision, or one after it: it covers what was done there. */
function coveringField({ restrictions }: Shared, revision: number): string | null {
  const later = [...restrictions.keys()].filter(({ since }) => since >= revision);
  return later.sort((a, b) => a.since - b.since)[0]?.field.name ?? null;
}

/** The strictest level among the own one, the field's Lock, and certifications made before. */
function governingLevel(shared: Shared, value: SignatureValue): DocMdp {
  const levels: DocMdp[] = [];
  for (const [other, { docMdp, lockMdp }] of shared.restrictions) {
    if (other !== value && other.since > value.since) continue;
    levels.push(docMdp, lockMdp);
  }
  const given = levels.filter((level) => level > 0);
  return given.length === 0 ? 0 : (Math.min(...given) as DocMdp);
}

/** Check 11: after the last revision nothing but what is blank or signed. */
function looseEnds(report: SignatureReport, tail: number | null): void {
  if (tail === null) return;
  report.changes = 'forbidden';
  const words = `bytes from offset ${tail} on belong to no revision`;
  modified(report, 'pdf-tail', words, 'no', undefined, { offset: String(tail) });
}
