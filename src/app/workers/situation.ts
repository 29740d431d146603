/** From verdicts to the situation that has words: integrity first, then signer, then force. */
import type { Finding } from '../../crypto/index.ts';
import type { PdfReport } from '../../pdf/index.ts';
import type { Situation } from './checked-file.ts';

const IN_TIME = new Set([
  'EXPIRED',
  'NOT_YET_VALID',
  'OUT_OF_BOUNDS_NO_POE',
  'OUT_OF_BOUNDS_NOT_REVOKED',
]);

/** What a verdict that did not pass means to a clerk. */
export function notPassed(
  verdict: string,
  subIndication: string | undefined,
  findings: readonly Finding[],
): Situation {
  const sub = subIndication ?? '';
  const said = (pattern: RegExp) => findings.some(({ code }) => pattern.test(code));
  if (said(/^SIGNER_NOT_IN_SEAL$/)) return 'foreign-seal';
  if (sub.includes('REVOKED') && !IN_TIME.has(sub)) return 'revoked';
  if (IN_TIME.has(sub) || said(/(^|-)(expired|not-yet-valid|SEAL_EXPIRED|SEAL_VALIDITY)$/i)) {
    return 'not-in-force';
  }
  if (said(/(trust|bundle)-stale/)) return 'stale';
  return verdict === 'TOTAL-FAILED' ? 'not-trusted' : 'unknown-issuer';
}

export function situationOfPdf(report: PdfReport): Situation {
  const codes = report.findings.map(({ code }) => code);
  if (codes.includes('password-needed')) return 'password-needed';
  if (codes.includes('pdf-recipients')) return 'for-recipients';
  if (codes.includes('password-wrong')) return 'password-wrong';
  switch (report.integrity) {
    case 'unsigned':
      return 'no-signature';
    case 'unreadable':
      return 'unreadable';
    case 'broken':
      return 'not-genuine';
    case 'modified':
      return onlyOnTop(report) ? 'changed-on-top' : 'changed';
    case 'unchecked':
      return 'unchecked';
  }
  if (report.signatures.some(({ seal }) => seal && !seal.pictureMatches)) return 'picture-differs';
  if (report.verdict === 'TOTAL-PASSED') return 'good';
  const worst =
    report.signatures.find(({ verdict }) => verdict === 'TOTAL-FAILED') ??
    report.signatures.find(({ verdict }) => verdict === 'INDETERMINATE');
  return notPassed(report.verdict, worst?.subIndication, report.findings);
}

/** Faults that tell no more than the list of changes does. */
const TOLD_BY_CHANGES = new Set(['pdf-changes-arguable', 'pdf-changes-forbidden']);

/** Whether all that nobody allowed is notes and stamps laid on the pages. */
function onlyOnTop({ signatures, findings }: PdfReport): boolean {
  const changes = signatures.flatMap(({ changesList }) => changesList);
  const doubtful = changes.filter(({ permission }) => permission !== 'yes');
  const others = findings.filter(({ severity }) => severity === 'error');
  return (
    doubtful.length > 0 &&
    doubtful.every(
      ({ code, permission }) => code === 'annotation-added' && permission === 'warn',
    ) &&
    others.every(({ code }) => TOLD_BY_CHANGES.has(code))
  );
}
