/** How findings of a signature turn into its integrity and verdict (EN 319 102-1 words). */
import type { Finding } from '../../crypto/index.ts';
import type { SignatureReport } from './report.ts';

export type Params = Finding['params'];

export function failed(
  report: SignatureReport,
  code: string,
  message: string,
  params?: Params,
): void {
  report.integrity = 'broken';
  report.verdict = 'TOTAL-FAILED';
  report.subIndication ??= subIndicationOf(code);
  note(report, code, message, 'error', report.field, params);
}

export function subIndicationOf(code: string): string {
  if (code === 'cms-message-digest' || code === 'tst-imprint') return 'HASH_FAILURE';
  if (code === 'cms-signature') return 'SIG_CRYPTO_FAILURE';
  return code.startsWith('cms-') && code !== 'cms-form'
    ? 'SIG_CONSTRAINTS_FAILURE'
    : 'FORMAT_FAILURE';
}

export function note(
  report: SignatureReport,
  code: string,
  message: string,
  severity: Finding['severity'],
  object: string = report.field,
  params?: Params,
): void {
  report.findings.push({ code, message, object, severity, ...(params ? { params } : {}) });
}

/** Cannot be computed: neither intact nor proven wrong. */
export function unsupported(report: SignatureReport, algorithm: string): void {
  const message = `${algorithm} is not computed here`;
  note(report, 'pdf-unchecked', message, 'warning', report.field, { algorithm });
  if (report.integrity !== 'intact') return;
  report.integrity = 'unchecked';
  indeterminate(report, 'CRYPTO_CONSTRAINTS_FAILURE');
}

export function indeterminate(report: SignatureReport, subIndication: string): void {
  if (report.verdict !== 'TOTAL-PASSED') return;
  report.verdict = 'INDETERMINATE';
  report.subIndication = subIndication;
}

export function modified(
  report: SignatureReport,
  code: string,
  message: string,
  kind: 'warn' | 'no',
  object?: string,
  params?: Params,
): void {
  note(report, code, message, 'error', object, params);
  if (report.integrity !== 'broken') report.integrity = 'modified';
  if (kind === 'no' && report.verdict !== 'TOTAL-FAILED') {
    report.verdict = 'TOTAL-FAILED';
    report.subIndication = 'SIG_CONSTRAINTS_FAILURE';
  } else indeterminate(report, 'SIG_CONSTRAINTS_FAILURE');
}
