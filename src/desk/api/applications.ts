/** Applications and their reviews. */
import type { Finding, Verdict } from '../../crypto/index.ts';
import type { BatchOutcome, Check, DeskRefusal, Progress, Step } from './refusal.ts';

export interface Attachment {
  name: string;
  /** Key of the licence type's attachment list, or `contract`, `other`. */
  kind: string;
  type: string;
  size: number;
}

/** Why an attachment cannot be used, with its name; `is` says what its content is. */
export interface AttachmentProblem {
  code:
    | 'attachment-empty'
    | 'attachment-type'
    | 'attachment-disguised'
    | 'attachment-damaged'
    | 'attachment-pages'
    | 'attachment-password';
  params: { name: string; is?: string };
}

/** Application data; the licence room owns the shape (`src/licence`). */
export type ApplicationData = Record<string, unknown>;

export interface Draft {
  id: string;
  licenceType: string;
  /** The case it corrects, when it was returned; else null. */
  caseId: string | null;
  /** Electronic licence, or paper for collection. */
  flow: 'electronic' | 'paper';
  /** Credit code of the enterprise that applies, where a broker fills in for it; else null. */
  client: string | null;
  data: ApplicationData;
  attachments: (Attachment & { bytes: Uint8Array })[];
  savedAt: string;
}

export interface FieldIssue {
  field: string;
  code: string;
  severity: 'block' | 'warn';
  params?: Record<string, string | number>;
}

export type ApplicationState =
  | 'submitted'
  | 'first-passed'
  | 'second-passed'
  | 'returned'
  | 'refused'
  | 'withdrawn'
  | 'issued'
  | 'issued-paper'
  | 'collected';

export interface ApplicationSummary {
  caseId: string;
  licenceType: string;
  applicant: string;
  uscc: string;
  /** The broker who submitted it for the applicant by a mandate; null: it did so itself. */
  broker: { uscc: string; name: string } | null;
  goods: string;
  amount: string;
  currency: string;
  flow: 'electronic' | 'paper';
  state: ApplicationState;
  stamped: 'seal' | 'plain';
  submittedAt: string;
  since: string;
  /** Reasons of the last return or refusal. */
  reasons: string[];
  licenceNumber: string | null;
  provisional: boolean;
  /** Its contents cannot be opened here: goods and amount are not empty for that. */
  unread: boolean;
  /** Why it was not issued by itself, though it passed both reviews; null where that is not the case. */
  held: DeskRefusal | null;
}

/** The automatic report of the first review (automatic seal verification, 自动验章). */
export interface AutomaticReport {
  /** One line each: integrity, certificate, seal, picture, data-equals-record, attachments, policy. */
  checks: Check[];
  verdict: Verdict;
  findings: Finding[];
  /** Fields whose value in the PDF differs from the record. */
  differences: { field: string; inPdf: string; inRecord: string }[];
}

export interface ApplicationCase extends ApplicationSummary {
  data: ApplicationData;
  pdf: Uint8Array | null;
  attachments: (Attachment & { bytes: Uint8Array; problem: AttachmentProblem | null })[];
  report: AutomaticReport | null;
  history: Step[];
  /** Why the current person may not act, or null. */
  blocked: DeskRefusal | null;
}

export type ReviewVerdict = 'pass' | 'return' | 'refuse';

/** Applications: drafts and submission by the enterprise, reviews by the authority. */
export interface ApplicationActs {
  drafts(): Promise<Draft[]>;
  /** @param client for whom a broker fills in: a code of `clients()`; absent: the own enterprise */
  newDraft(licenceType: string, client?: string): Promise<Draft>;
  /** Saves a draft that is there; one submitted or deleted meanwhile does not come back. */
  saveDraft(draft: Draft): Promise<{ savedAt: string }>;
  /** Undoes a deletion. */
  restoreDraft(draft: Draft): Promise<void>;
  deleteDraft(id: string): Promise<void>;
  /** Opens a file before it is attached. @returns null where it may be attached */
  checkAttachment(name: string, bytes: Uint8Array): Promise<AttachmentProblem | null>;
  checkDraft(id: string): Promise<FieldIssue[]>;
  previewDraft(id: string): Promise<Uint8Array>;
  /** Stamps with the bound seal (or signs plainly while the policy allows) and submits. */
  submitDraft(id: string, stamp: 'seal' | 'plain', progress?: Progress): Promise<string>;
  /** A draft that corrects a returned application. */
  correct(caseId: string): Promise<Draft>;
  withdraw(caseId: string, reason: string): Promise<void>;
  applications(): Promise<ApplicationSummary[]>;
  application(caseId: string): Promise<ApplicationCase>;

  reviewQueue(stage: 'first' | 'second'): Promise<ApplicationSummary[]>;
  review(
    stage: 'first' | 'second',
    caseIds: string[],
    verdict: ReviewVerdict,
    reasons: string[],
    progress?: Progress,
  ): Promise<BatchOutcome>;
}
