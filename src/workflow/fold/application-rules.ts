/** Applications: submit, correct, withdraw; two reviews by two persons. */
import type { Application } from '../../licence/index.ts';
import type { ApplicationCaseState, ApplicationStatus } from './application-state.ts';
import {
  bodyOf,
  field,
  follows,
  inState,
  opensCase,
  ownCase,
  Refused,
  type RuleContext,
  reasonsOf,
} from './rule.ts';
import { boundSeal } from './seal-rules.ts';

interface SubmissionBody {
  application: Application;
  pdf: string;
  attachments: ApplicationCaseState['attachments'];
}

export function submit(context: RuleContext): void {
  const { state, record, entry, author } = context;
  opensCase(context);
  const uscc = field(record, 'uscc');
  ownCase(context, uscc);
  checkStamp(context, uscc);
  state.applications.set(record.case, {
    case: record.case,
    uscc,
    enterprise: author.organization,
    applicant: author.id,
    submittedAt: record.at,
    state: 'submitted',
    licence: null,
    ...submission(context),
    head: entry.id,
  });
}

/** A corrected application starts the reviews anew. */
export function amend(context: RuleContext): void {
  const found = applicationCase(context, 'returned');
  ownCase(context, found.uscc);
  checkStamp(context, found.uscc);
  Object.assign(found, submission(context));
  advance(context, found, 'submitted');
}

export function withdraw(context: RuleContext): void {
  const found = applicationCase(context, 'submitted', 'first-passed', 'returned');
  ownCase(context, found.uscc);
  advance(context, found, 'withdrawn');
}

export function review(context: RuleContext, stage: 'first' | 'second'): void {
  const { record, author, entry } = context;
  const found = applicationCase(context, stage === 'first' ? 'submitted' : 'first-passed');
  const same = found.firstReviewer === author.id || found.firstReviewerSubject === author.subject;
  if (stage === 'second' && same) {
    throw new Refused('same-reviewer', 'the second reviewer is the first reviewer');
  }
  const verdict = field(record, 'verdict');
  if (stage === 'first') {
    found.firstReviewer = author.id;
    found.firstReviewerSubject = author.subject;
    found.report = bodyOf<{ report: never }>(entry)?.report ?? null;
  }
  const passed = stage === 'first' ? 'first-passed' : 'second-passed';
  advance(
    context,
    found,
    verdict === 'pass' ? passed : verdict === 'return' ? 'returned' : 'refused',
  );
}

/**
 * Until the policy's date a plain signature serves; after it only a bound seal does, whose log of
 * uses takes the stamp down.
 */
function checkStamp(context: RuleContext, uscc: string): void {
  const { record, entry, state, bundle, time, author } = context;
  if (field(record, 'stamp') === 'plain') {
    const from = bundle?.policy.sealCompulsoryFrom;
    if (from && Date.parse(time) >= Date.parse(from)) {
      throw new Refused('seal-compulsory', 'a seal is compulsory since the end of the transition');
    }
    return;
  }
  const seal = boundSeal(state.seals.values(), uscc, time);
  const esId = record['esId'];
  if (!seal?.seal || seal.seal.esId !== esId) {
    throw new Refused('seal-not-bound', 'no seal of this id is bound to the enterprise');
  }
  if (seal.seal.holder !== author.id) {
    throw new Refused('wrong-holder', 'the seal was made for another certificate');
  }
  const pdf = bodyOf<SubmissionBody>(entry)?.pdf ?? null;
  seal.uses.push({ id: entry.id, case: record.case, esId: seal.seal.esId, at: record.at, pdf });
}

function submission({ record, entry }: RuleContext) {
  const body = bodyOf<SubmissionBody>(entry);
  return {
    licenceType: field(record, 'licenceType'),
    flow: field<'electronic' | 'paper'>(record, 'flow'),
    stamp: field<'seal' | 'plain'>(record, 'stamp'),
    since: record.at,
    submission: entry.id,
    application: body?.application ?? null,
    pdf: body?.pdf ?? null,
    attachments: body?.attachments ?? [],
    report: null,
    firstReviewer: null,
    firstReviewerSubject: null,
    reasons: [],
    provisional: entry.place === null,
  };
}

export function advance(
  context: RuleContext,
  found: ApplicationCaseState,
  state: ApplicationStatus,
): void {
  found.state = state;
  found.head = context.entry.id;
  found.since = context.record.at;
  found.reasons = reasonsOf(context);
  found.provisional ||= context.entry.place === null;
}

export function applicationCase(
  context: RuleContext,
  ...states: ApplicationStatus[]
): ApplicationCaseState {
  const found = context.state.applications.get(context.record.case);
  if (!found) throw new Refused('missing-predecessor', 'no such application here');
  follows(context, found.head);
  inState(found.state, ...states);
  return found;
}
