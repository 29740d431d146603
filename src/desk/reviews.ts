/** First and second review: one by one or in batches, each a signed record of its own. */
import { canonicalJson, type Json, utf8 } from '../crypto/index.ts';
import { bindingSalt } from '../packages/index.ts';
import type { AutomaticReport, BatchOutcome, Progress, ReviewVerdict } from './api/index.ts';
import { applicationCase } from './applications.ts';
import type { DeskContext } from './context.ts';
import { READERS } from './device-records.ts';
import { asRefusal, DeskError } from './refusals.ts';
import { automaticReport, REPORT_VERSION } from './report.ts';

export async function review(
  context: DeskContext,
  stage: 'first' | 'second',
  caseIds: string[],
  verdict: ReviewVerdict,
  reasons: string[],
  progress: Progress,
): Promise<BatchOutcome> {
  await context.demandRole(stage === 'first' ? 'first-review' : 'second-review');
  const words = reasons.map((reason) => reason.trim()).filter((reason) => reason !== '');
  if (verdict !== 'pass' && words.length === 0) throw new DeskError('reasons-needed', 'say why');
  const outcome: BatchOutcome = { done: [], refused: [] };
  for (const [i, caseId] of caseIds.entries()) {
    progress('reviewing', i / caseIds.length);
    try {
      await reviewOne(context, stage, caseId, verdict, words);
      outcome.done.push(caseId);
    } catch (error) {
      const { code, message, params } = asRefusal(error);
      outcome.refused.push({ caseId, refusal: { code, message, params } });
    }
  }
  progress('reviewing', 1);
  return outcome;
}

function failed({ checks }: AutomaticReport): DeskError {
  const first = checks.find(({ severity }) => severity === 'bad');
  const params = { ...first?.params, detail: first?.code ?? 'certificate-trusted' };
  return new DeskError('report-failed', 'the automatic verification did not pass', params);
}

async function reviewOne(
  context: DeskContext,
  stage: 'first' | 'second',
  caseId: string,
  verdict: ReviewVerdict,
  reasons: string[],
): Promise<void> {
  const found = await applicationCase(context, caseId);
  // Each reviewer's own device verifies: what another one found proves nothing here.
  const report = await automaticReport(context, caseId);
  if (verdict === 'pass') {
    if (!report) throw new DeskError('report-missing', 'what was submitted cannot be opened here');
    if (report.verdict !== 'TOTAL-PASSED') throw failed(report);
  }
  const salt = bindingSalt();
  const signed = report && {
    version: REPORT_VERSION,
    result: report.verdict,
    digest: await context.digest(utf8(canonicalJson({ report, salt }))),
  };
  await context.write({
    type: `application/${stage}-review`,
    case: caseId,
    party: found.uscc,
    prev: [found.head],
    fields: { verdict, report: signed },
    body: { reasons, report: report as unknown as Json, salt },
    recipients: await context.recipientsFor(
      { party: found.uscc, case: found.case },
      ...READERS.application,
    ),
  });
}
