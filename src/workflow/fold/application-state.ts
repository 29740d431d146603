/** An application for a licence: what was submitted last, and how far its reviews are. */
import type { Json } from '../../crypto/index.ts';
import type { Application } from '../../licence/index.ts';

export type ApplicationStatus =
  | 'submitted'
  | 'first-passed'
  | 'second-passed'
  | 'returned'
  | 'refused'
  | 'withdrawn'
  | 'issued'
  | 'issued-paper'
  | 'collected';

/** The report that a reviewer signed: version of the check, its result, digest of the whole. */
export interface SignedReport {
  version: number;
  result: string;
  digest: string;
}

/** What the contents say, where the device opened them; no rule reads it. */
export interface ApplicationReading {
  application: Application | null;
  attachments: {
    file: string;
    kind: string;
    name: string;
    type: string;
    size: number;
    digest: string;
  }[];
  /** Salt of the binding digest `terms`, base64. */
  termsSalt: string | null;
  /** Report of the first review. */
  report: Json | null;
  reasons: string[];
}

export interface ApplicationCaseState extends ApplicationReading {
  case: string;
  head: string;
  uscc: string;
  enterprise: string;
  /** Signing certificate of whoever made the last submission, SHA-256 hex. */
  applicant: string;
  /** The party that made the last submission for this one, by a mandate; null: it did so itself. */
  broker: { uscc: string; name: string } | null;
  licenceType: string;
  flow: 'electronic' | 'paper';
  stamp: 'seal' | 'plain';
  /** Code of the authority that it was sent to. */
  office: string;
  state: ApplicationStatus;
  submittedAt: string;
  since: string;
  /** Package of the last submission. */
  submission: string;
  /** SHA-256 hex of the stamped form. */
  pdf: string;
  /** Binding digest of what is applied for. */
  terms: string;
  lines: number;
  /** Package of the first review of this submission, and what it states of the report. */
  firstReview: string | null;
  firstReport: SignedReport | null;
  /** The first reviewer as a person of the roster, whatever the certificate. */
  firstReviewer: string | null;
  /** Package whose contents give the reasons. */
  reasonsFrom: string | null;
  /** Number of the licence that stands. */
  licence: string | null;
  provisional: boolean;
}
