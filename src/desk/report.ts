/**
 * Automatic seal verification (自动验章): the data of the submitted PDF extracted and compared with
 * the record, the signature, seal and attachments verified, before a reviewer looks.
 */
import { fromUtf8, type Json, worse } from '../crypto/index.ts';
import { compareContract, missingAttachments } from '../licence/index.ts';
import { type ApplicationCaseState, speaksFor } from '../workflow/index.ts';
import type { AutomaticReport, Check } from './api/index.ts';
import { applicationCase, submittedFiles } from './applications.ts';
import { attachmentProblem } from './attachments/index.ts';
import type { DeskContext } from './context.ts';

/** Version of the checks below, which the reviewer signs with their result. */
export const REPORT_VERSION = 1;

export async function automaticReport(
  context: DeskContext,
  caseId: string,
): Promise<AutomaticReport | null> {
  const found = await applicationCase(context, caseId);
  const { pdf, attachments } = await submittedFiles(context, caseId);
  // What has not come yet is not different from what was submitted.
  const absent = attachments.some(({ size, bytes }) => size > 0 && bytes.length === 0);
  if (!pdf || !found.application || absent) return null;
  const { extractAttachment, verifyPdf } = await import('../pdf/index.ts');
  const trust = await context.bundle();
  const report = await verifyPdf(pdf, { time: context.now(), trust });
  const [signature, ...others] = report.signatures;
  const checks: Check[] = [];
  const check = (
    code: string,
    good: boolean | null,
    params?: Check['params'],
    otherwise: Check['severity'] = 'bad',
  ) =>
    checks.push({
      code,
      severity: good === null ? 'unknown' : good ? 'ok' : otherwise,
      ...(params ? { params } : {}),
    });
  check('pdf-is-submitted', (await context.digest(pdf)) === found.pdf);
  check('pdf-intact', report.integrity === 'intact', { integrity: report.integrity });
  check('one-signature', signature !== undefined && others.length === 0, {
    count: report.signatures.length,
  });
  check('certificate-trusted', signature ? signature.verdict === 'TOTAL-PASSED' : false);
  const signer = signature?.signer?.uscc ?? '';
  // A broker signs for the applicant; that a mandate let him do so is the rule's business.
  const own = signer !== '' && speaksFor(await context.state(), signer, found.uscc);
  check('signer-is-applicant', own || (signer !== '' && signer === found.broker?.uscc), {
    uscc: signer,
  });
  if (found.broker) {
    checks.push({ code: 'by-broker', severity: 'ok', params: { ...found.broker } });
  }
  sealChecks(found, signature?.seal ?? null, check);
  const embedded = await extractAttachment(pdf, 'application.json');
  const text = embedded && fromUtf8(embedded);
  const inPdf = text ? (parse(text) as Json) : null;
  const differences = inPdf
    ? differ(inPdf, found.application as unknown as Json)
    : [{ field: '', inPdf: '', inRecord: '' }];
  check('data-equal', inPdf !== null && differences.length === 0, { count: differences.length });
  for (const each of attachments) {
    const same = (await context.digest(each.bytes)) === each.digest;
    if (!same) check('attachment-intact', false, { name: each.name });
    const problem = await attachmentProblem(each.name, each.bytes);
    if (problem) check('attachment-readable', false, { name: each.name }, 'warn');
  }
  check('attachments-complete', missingAttachments(found.application).length === 0, {}, 'warn');
  check('contract-equal', compareContract(found.application).length === 0, {}, 'warn');
  return {
    checks,
    verdict: checks.some(({ severity }) => severity === 'bad')
      ? 'TOTAL-FAILED'
      : report.verdict === 'NO-SIGNATURE'
        ? 'TOTAL-FAILED'
        : worse('TOTAL-PASSED', report.verdict),
    findings: report.findings,
    differences: inPdf ? differences : [],
  };
}

type CheckWriter = (
  code: string,
  good: boolean | null,
  params?: Check['params'],
  otherwise?: Check['severity'],
) => void;

function sealChecks(
  found: ApplicationCaseState,
  seal: { name: string; verdict: string; pictureMatches: boolean } | null,
  check: CheckWriter,
): void {
  if (found.stamp === 'plain') {
    check('plain-signature', seal === null, {}, 'warn');
    return;
  }
  check('seal-present', seal !== null);
  if (!seal) return;
  check('seal-valid', seal.verdict === 'TOTAL-PASSED', { name: seal.name });
  check('picture-matches', seal.pictureMatches);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Leaves that differ, by path. */
export function differ(a: Json, b: Json, path = ''): AutomaticReport['differences'] {
  if (isTree(a) && isTree(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].sort().flatMap((key) => {
      const [x, y] = [(a as never)[key], (b as never)[key]];
      return differ(x ?? null, y ?? null, path ? `${path}.${key}` : key);
    });
  }
  const [inPdf, inRecord] = [a, b].map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return inPdf === inRecord ? [] : [{ field: path, inPdf: inPdf ?? '', inRecord: inRecord ?? '' }];
}

const isTree = (value: Json): value is Json[] | { [key: string]: Json } =>
  typeof value === 'object' && value !== null;
