/** Applications and licences as the person at the desk reads them: queues, registers, whole cases. */
import { standingLicence } from '../workflow/index.ts';
import type { ApplicationCase, LicenceCase } from './api/index.ts';
import { applicationCase, submittedFiles } from './applications.ts';
import { attachmentProblem } from './attachments/index.ts';
import { historyOf, personHere, rolesHere } from './case-access.ts';
import { differing } from './contents-differ.ts';
import type { DeskContext } from './context.ts';
import { heldBack, whyNotIssued } from './held-back.ts';
import { licencePdf } from './issuing.ts';
import { DeskError } from './refusals.ts';
import { automaticReport } from './report.ts';
import { applicationSummary, licenceSummary, sumOf } from './views.ts';

export async function reviewQueue(context: DeskContext, stage: 'first' | 'second') {
  const wanted = stage === 'first' ? 'submitted' : 'first-passed';
  return [...(await context.state()).applications.values()]
    .filter(({ state }) => state === wanted)
    .map(applicationSummary)
    .sort((a, b) => (a.submittedAt < b.submittedAt ? -1 : 1));
}

export async function issueQueue(context: DeskContext) {
  return [...(await context.state()).applications.values()]
    .filter(({ state }) => state === 'second-passed' || state === 'issued-paper')
    .map((each) => ({ ...applicationSummary(each), held: heldBack(context, each.case) }));
}

export async function applicationView(
  context: DeskContext,
  caseId: string,
): Promise<ApplicationCase> {
  const found = await applicationCase(context, caseId);
  const { pdf, attachments } = await submittedFiles(context, caseId);
  const roles = await rolesHere(context);
  const reviewing = roles.has('first-review') || roles.has('second-review');
  const same =
    found.state === 'first-passed' && found.firstReviewer === (await personHere(context));
  return {
    ...applicationSummary(found),
    held: await whyNotIssued(context, found),
    data: (found.application ?? {}) as never,
    pdf,
    attachments: await Promise.all(
      attachments.map(async (each) => ({
        ...each,
        // What cannot be opened here is not empty for that.
        problem:
          each.size > 0 && each.bytes.length === 0
            ? null
            : await attachmentProblem(each.name, each.bytes),
      })),
    ),
    report: reviewing
      ? await automaticReport(context, caseId)
      : (found.report as unknown as ApplicationCase['report']),
    history: await historyOf(context, caseId),
    blocked: same
      ? { code: 'same-reviewer', message: 'you are the first reviewer of this application' }
      : null,
  };
}

export async function licenceRegister(context: DeskContext) {
  return [...(await context.state()).licences.values()]
    .map((each) => licenceSummary(each, context.now()))
    .sort((a, b) => (a.issuedAt < b.issuedAt ? 1 : -1));
}

export async function licenceView(context: DeskContext, caseId: string): Promise<LicenceCase> {
  const found = standingLicence(await context.state(), caseId);
  if (!found) throw new DeskError('unknown-licence', 'no licence was issued');
  const { policy } = await context.bundle();
  const originals = found.prints.filter(({ kind }) => kind === 'original').length;
  const copies = found.prints.length - originals;
  const pdf = await licencePdf(context, caseId);
  return {
    ...licenceSummary(found, context.now()),
    pdf,
    differs: await differing(found, pdf, await context.bundle()),
    prints: { originals, copies, left: Math.max(0, policy.clearPrints - originals) },
    token: found.token,
    data: (found.licence ?? {}) as never,
    useLog: found.uses.map(
      ({ id, declaration, customs, date, quantities, by, over, corrected }) => ({
        id,
        declaration,
        customs,
        date,
        quantity: sumOf(quantities),
        by,
        over,
        takenBack: quantities.length === 0,
        corrected: corrected !== null,
      }),
    ),
    history: await historyOf(context, caseId),
  };
}
