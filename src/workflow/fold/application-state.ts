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

export interface ApplicationCaseState {
  case: string;
  head: string;
  uscc: string;
  enterprise: string;
  /** Signing certificate of the applicant, SHA-256 hex. */
  applicant: string;
  licenceType: string;
  flow: 'electronic' | 'paper';
  stamp: 'seal' | 'plain';
  state: ApplicationStatus;
  submittedAt: string;
  since: string;
  /** Package of the last submission. */
  submission: string;
  application: Application | null;
  /** SHA-256 hex of the stamped form; attachments as listed. */
  pdf: string | null;
  attachments: {
    file: string;
    kind: string;
    name: string;
    type: string;
    size: number;
    sha256: string;
  }[];
  report: Json | null;
  /** Certificate of the first reviewer, SHA-256 hex, and its subject: the person stays the same. */
  firstReviewer: string | null;
  firstReviewerSubject: string | null;
  reasons: string[];
  /** Number of the licence that stands. */
  licence: string | null;
  provisional: boolean;
}
