/** What every act may answer: a refusal, progress, the steps of a case. */

/** A refusal the person can act on; `code` is translated by the app's dictionary. */
export interface DeskRefusal {
  code: string;
  /** English sentence for logs. */
  message: string;
  params?: Record<string, string | number>;
}

/** Progress of something long: a code for the dictionary and how far, 0 … 1. */
export type Progress = (code: string, done: number) => void;

/** Outcome of an act on many cases: what was done, and what was refused with its reason. */
export interface BatchOutcome {
  done: string[];
  refused: { caseId: string; refusal: DeskRefusal }[];
  /** What was done, but not as well as the policy wants. */
  notes?: { caseId: string; note: DeskRefusal }[];
}

/** One step of a case, for every history. */
export interface Step {
  id: string;
  type: string;
  at: string;
  /** Place in the log, or null: provisional, came by file or waits in the outbox. */
  logged: number | null;
  by: { id: string; name: string; organization: string };
  reasons: string[];
  /** False when the fold refused it; then `refusal` says why. */
  counts: boolean;
  refusal: DeskRefusal | null;
}

export interface Check {
  code: string;
  severity: 'ok' | 'warn' | 'bad' | 'unknown';
  params?: Record<string, string | number>;
}
