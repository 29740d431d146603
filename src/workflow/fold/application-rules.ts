/** Applications: submit, correct, withdraw; two reviews by two persons. */
import { actsFor } from './acting.ts';
import type { ApplicationCaseState, ApplicationStatus, SignedReport } from './application-state.ts';
import type { AuthorFacts } from './authors.ts';
import { partyName } from './party-state.ts';
import { field, follows, inState, opensCase, partyOf, Refused, type RuleContext } from './rule.ts';
import { boundSeal } from './seal-rules.ts';
import type { State } from './state.ts';

/** Opens a case; in a case that was returned it is the corrected application. */
export function submit(context: RuleContext): void {
  const { state, record, entry } = context;
  if (record.case !== undefined) {
    correct(context);
    return;
  }
  opensCase(context);
  const uscc = partyOf(record);
  actsFor(context, uscc, 'fill-in');
  checkStamp(context, uscc);
  state.applications.set(entry.case, {
    case: entry.case,
    uscc,
    enterprise: partyName(state, uscc),
    submittedAt: record.at,
    state: 'submitted',
    licence: null,
    ...submission(context),
    head: entry.id,
  });
}

/** A corrected application starts the reviews anew. */
function correct(context: RuleContext): void {
  const found = applicationCase(context, 'returned');
  actsFor(context, found.uscc, 'fill-in');
  checkStamp(context, found.uscc);
  Object.assign(found, submission(context));
  advance(context, found, 'submitted');
}

export function withdraw(context: RuleContext): void {
  const found = applicationCase(context, 'submitted', 'first-passed', 'returned');
  actsFor(context, found.uscc, 'fill-in');
  advance(context, found, 'withdrawn');
}

export function review(context: RuleContext, stage: 'first' | 'second'): void {
  const { record, author, entry } = context;
  const found = applicationCase(context, stage === 'first' ? 'submitted' : 'first-passed');
  if (stage === 'second' && found.firstReviewer === author.person) {
    throw new Refused('same-reviewer', 'the second reviewer is the first reviewer');
  }
  const verdict = field(record, 'verdict');
  const report = record['report'] as SignedReport | null;
  if (verdict === 'pass' && report === null) {
    throw new Refused('unchecked', 'passed without having been checked');
  }
  if (stage === 'first') {
    found.firstReviewer = author.person;
    found.firstReview = entry.id;
    found.firstReport = report;
  }
  const passed = stage === 'first' ? 'first-passed' : 'second-passed';
  advance(
    context,
    found,
    verdict === 'pass' ? passed : verdict === 'return' ? 'returned' : 'refused',
  );
}

/**
 * Seal or signature on the form: either needs the right to stamp. Until the policy's date a plain
 * signature serves; after it only a bound seal does, whose log of uses takes the stamp down.
 */
function checkStamp(context: RuleContext, uscc: string): void {
  const { record, entry, state, bundle, time, author } = context;
  actsFor(context, uscc, 'stamp');
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
  if (!seal.seal.holders.includes(author.id)) {
    throw new Refused('wrong-holder', 'the seal was made for another certificate');
  }
  const pdf = field(record, 'pdf');
  seal.uses.push({ id: entry.id, case: entry.case, esId: seal.seal.esId, at: record.at, pdf });
}

function submission({ record, entry, author, actedFor, state }: RuleContext) {
  return {
    applicant: author.id,
    broker: actedFor === null ? null : brokerOf(state, author),
    licenceType: field(record, 'licenceType'),
    flow: field<'electronic' | 'paper'>(record, 'flow'),
    stamp: field<'seal' | 'plain'>(record, 'stamp'),
    office: field(record, 'office'),
    since: record.at,
    submission: entry.id,
    pdf: field(record, 'pdf'),
    terms: field(record, 'terms'),
    lines: field<number>(record, 'lines'),
    firstReview: null,
    firstReport: null,
    firstReviewer: null,
    firstReviewerSubject: null,
    reasonsFrom: null,
    provisional: entry.place === null,
    application: null,
    attachments: [],
    termsSalt: null,
    report: null,
    reasons: [],
  };
}

/** The party behind an act that was taken for another one. */
function brokerOf(state: State, { id }: AuthorFacts): { uscc: string; name: string } {
  const uscc = state.bindings.get(id)?.party ?? '';
  return { uscc, name: partyName(state, uscc) };
}

export function advance(
  context: RuleContext,
  found: ApplicationCaseState,
  state: ApplicationStatus,
): void {
  found.state = state;
  found.head = context.entry.id;
  found.since = context.record.at;
  found.reasonsFrom = context.entry.id;
  found.provisional ||= context.entry.place === null;
}

export function applicationCase(
  context: RuleContext,
  ...states: ApplicationStatus[]
): ApplicationCaseState {
  const found = context.state.applications.get(context.entry.case);
  if (!found) throw new Refused('missing-predecessor', 'no such application here');
  follows(context, found.head);
  inState(found.state, ...states);
  return found;
}
