/** Licences. */
import type { Coded, LicenceUse as Use } from '../../licence/index.ts';
import type { ApplicationData, ApplicationSummary } from './applications.ts';
import type { BatchOutcome, DeskRefusal, Progress, Step } from './refusal.ts';

export type LicenceState =
  | 'in-force'
  | 'partially-used'
  | 'exhausted'
  | 'expired'
  | 'suspended'
  | 'revoked'
  | 'replaced'
  | 'conflict';

export interface LicenceSummary {
  caseId: string;
  number: string;
  licenceType: string;
  holder: string;
  uscc: string;
  goods: string;
  quantity: string;
  unit: string;
  /** Quantity used so far, decimal string. */
  used: string;
  uses: number;
  maxUses: number;
  issuedAt: string;
  /** Box 21 and box 4, `YYYY-MM-DD`. */
  issuedOn: string;
  expires: string;
  /** Box 7: where it may be used. */
  ports: readonly Coded[];
  /** Allowed excess in percent of the quantity, decimal string. */
  tolerance: string;
  flow: 'electronic' | 'paper';
  /** Paper flow: serial of the sheet, and who collected it when. */
  paper: { serial: string; collectedBy: string | null; collectedAt: string | null } | null;
  state: LicenceState;
  /** Its contents cannot be opened here: goods and holder are not empty for that. */
  unread: boolean;
  provisional: boolean;
}

export interface LicenceUse extends Use {
  /** Package that recorded it. */
  id: string;
  by: string;
  /** In what it exceeds the licence: codes of `overUses`. */
  over: readonly string[];
  corrected: boolean;
  takenBack: boolean;
}

/** A content of an issue that is not what its head says. */
export type DifferingContent = 'licence' | 'token' | 'pdf';

/** A sheet to be printed now. */
export interface LicencePrint {
  kind: 'original' | 'copy';
  pdf: Uint8Array;
}

/** Whether the issue is on this device, and whether it was of this very code. */
export interface RecordsAnswer {
  issue: 'same' | 'other' | 'not-here';
  /** Of the licence of this code; null where it is not here. */
  state: LicenceState | null;
  /** Time of the last checkpoint that the device saw, ISO 8601; null: it never exchanged. */
  asOf: string | null;
}

export interface LicenceCase extends LicenceSummary {
  /** Sheets printed so far, and originals that may still be. */
  prints: { originals: number; copies: number; left: number };
  pdf: Uint8Array | null;
  /** Finding `contents-differ`: only revoking is left. */
  differs: DifferingContent[];
  /** Text of the QR code. */
  token: string | null;
  data: ApplicationData;
  useLog: LicenceUse[];
  history: Step[];
}

/** Issued by itself without the time stamp that the policy wants. */
export interface UnstampedLicence {
  caseId: string;
  number: string;
  at: string;
  /** Why there was none. */
  reason: DeskRefusal;
}

/** Licences: issue, the register, use. */
export interface LicenceActs {
  licences(): Promise<LicenceSummary[]>;
  licence(caseId: string): Promise<LicenceCase>;
  /** Records the print, then gives what is to be printed. */
  printLicence(caseId: string, kind: 'original' | 'copy'): Promise<LicencePrint>;

  issueQueue(): Promise<ApplicationSummary[]>;
  issue(caseIds: string[], progress?: Progress): Promise<BatchOutcome>;
  issuePaper(caseId: string, serial: string): Promise<Uint8Array>;
  collect(caseId: string, collector: { name: string; document: string }): Promise<void>;
  revokeLicence(caseId: string, reason: string): Promise<void>;
  licenceRegister(): Promise<LicenceSummary[]>;
  /** What this device issued without a time stamp while nobody was asked, until it was seen. */
  unstampedLicences(): Promise<UnstampedLicence[]>;
  unstampedSeen(caseIds: string[]): Promise<void>;

  /**
   * Refused with the rule that it breaks, see `checkUse`.
   * @param token text of the licence's code: with it a device that never got the licence records too
   */
  recordUse(number: string, use: Use, token?: string): Promise<void>;
  /** Takes back a use that was recorded by mistake, with the reason. */
  takeBackUse(caseId: string, use: string, reason: string): Promise<void>;
  /** What the records on this device say of a scanned code, beside its signature. */
  recordsOf(number: string, token: string): Promise<RecordsAnswer>;
}
