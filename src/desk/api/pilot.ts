/** What comes next in a pilot, for its guide. */

/** The steps from an enterprise without a seal to a licence that anybody can verify. */
export type PilotStep =
  | 'apply-seal'
  | 'send-letter'
  | 'review-seal'
  | 'make-seal'
  | 'apply'
  | 'correct'
  | 'first-review'
  | 'second-review'
  | 'issue'
  | 'verify';

export interface PilotStage {
  step: PilotStep;
  /** Id of whose turn it is. */
  person: string;
  /** The case that it is about; null where the step begins one. */
  caseId: string | null;
}

export interface PilotActs {
  /** Read from the cases of the pilot's enterprise, whoever sits at the desk; null outside a pilot. */
  pilotStage(): Promise<PilotStage | null>;
}
