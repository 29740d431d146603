/** Registration and seals. */
import type { Verdict } from '../../crypto/index.ts';
import type { Right } from '../../workflow/index.ts';
import type { Check, Step } from './refusal.ts';

export interface RegistrationForm {
  name: string;
  nameEn: string;
  uscc: string;
  address: string;
  contact: string;
  phone: string;
  email: string;
}

export type SealState =
  | 'none'
  | 'applied'
  | 'letter-sent'
  | 'rejected'
  | 'withdrawn'
  | 'approved'
  | 'bound'
  | 'suspended'
  | 'lost'
  | 'revoked'
  | 'expired';

export interface SealForm {
  kind: 'round' | 'oval' | 'square';
  /** Ring text; the registered name unless the seal says otherwise. */
  name: string;
  /** Text below the star, e.g. 合同专用章; empty for the official seal. */
  lower: string;
  /** 13 or 14 digits; may be empty. */
  code: string;
}

export interface BoundSeal {
  esId: string;
  name: string;
  /** The picture as our canonical SVG text. */
  svg: string;
  widthMm: number;
  heightMm: number;
  validStart: string;
  validEnd: string;
  maker: string;
  /** SESeal, DER: what a verifier is asked about. */
  der: Uint8Array;
}

/** On entry: is a seal bound, and until when does a plain signature serve (design, section 1). */
export interface SealBinding {
  registration: 'none' | 'waiting' | 'approved' | 'rejected';
  registrationReasons: string[];
  form: RegistrationForm | null;
  /** The name that was asked for and still waits; null where none does. */
  renaming: string | null;
  state: SealState;
  caseId: string | null;
  reasons: string[];
  sealForm: SealForm | null;
  seal: BoundSeal | null;
  /** A new seal was asked for; this one goes on stamping until it is made. */
  renewing: boolean;
  /** The authority suspended it, and only the authority resumes it. */
  suspendedByAuthority: boolean;
  /** It was made for the certificate before a renewal: until it is made anew it stamps nothing. */
  rebind: boolean;
  compulsoryFrom: string;
  compulsory: boolean;
  history: Step[];
}

/** What the device's own analysis of a scan said (contract: analyseLetterScan). */
export interface ScanFindings {
  accept: boolean;
  reasons: string[];
  seals: { cx: number; cy: number; diameter: number }[];
  width: number;
  height: number;
  /** Case id read from the letter's QR, null when none was readable. */
  letterCase: string | null;
  diameterMm: number | null;
}

/** A scan that was chosen and not sent yet: PNG or JPEG bytes, and the name of the file it came from. */
export interface KeptScan {
  bytes: Uint8Array;
  type: string;
  name: string;
}

export interface SealCaseSummary {
  caseId: string;
  enterprise: string;
  uscc: string;
  /** `authority`: the authority's own seal; its `uscc` is the name of the issuer who holds it. */
  kind: 'registration' | 'seal' | 'authority';
  state: SealState | 'waiting' | 'approved' | 'rejected';
  /** A new seal was asked for; the present one goes on stamping until it is made. */
  renewing: boolean;
  suspendedByAuthority: boolean;
  since: string;
  /** Shape that was applied for; null for a registration, or where the form is not readable here. */
  shape: SealForm['kind'] | null;
  /** The seal in use, once it was made. */
  made: { esId: string; validStart: string; validEnd: string } | null;
}

/** One stamp in the log of a seal. */
export interface SealUse {
  at: string;
  esId: string;
  /** An application, a licence (the authority's seal), or a document stamped on this device alone. */
  kind: 'application' | 'licence' | 'document';
  caseId: string | null;
  /** Number of the application form and its goods where they are readable here, or the file's name. */
  name: string;
  /** SHA-256 hex of the stamped PDF; null where it is not readable here. */
  digest: string | null;
  /** Who stamped. */
  by: string;
  /** Package that carries it, SHA-256 hex; null for a document. */
  record: string | null;
  /** Of the form as it verifies here and now; null where it is not readable, and for documents. */
  verdict: Verdict | null;
}

export interface SealCase extends SealCaseSummary {
  registration: RegistrationForm | null;
  sealForm: SealForm | null;
  /** The scanned letter as it was sent: PNG or JPEG bytes. */
  scan: { bytes: Uint8Array; type: string } | null;
  scanFindings: ScanFindings | null;
  /** Seal drawn from the name, SVG text; null while a glyph is missing (see `checks`). */
  drawn: string | null;
  checks: Check[];
  history: Step[];
}

/** Registration and seals: the enterprise applies, the authority reviews and makes. */
export interface SealActs {
  binding(): Promise<SealBinding>;
  register(form: RegistrationForm, codeConfirmed?: boolean): Promise<void>;
  /** Another address or contact counts at once; another name waits for new certificates. */
  updateRegistration(form: RegistrationForm): Promise<void>;
  /** The seal as it would be drawn, SVG text. */
  drawSealPreview(form: SealForm): Promise<string>;
  applyForSeal(form: SealForm): Promise<string>;
  letterPdf(caseId: string): Promise<Uint8Array>;
  sendLetter(
    caseId: string,
    scan: { bytes: Uint8Array; type: string },
    findings: ScanFindings,
  ): Promise<void>;
  /** Scans chosen for a case on this device, until one of them is sent. */
  keptScans(caseId: string): Promise<KeptScan[]>;
  keepScans(caseId: string, scans: KeptScan[]): Promise<void>;
  /** Before the seal is made; where a new one was asked for, that is no longer wanted. */
  withdrawSeal(caseId: string, reason: string): Promise<void>;
  sealAct(act: 'suspend' | 'resume' | 'lost' | 'renew', reason: string): Promise<void>;

  sealQueue(): Promise<SealCaseSummary[]>;
  sealCase(caseId: string): Promise<SealCase>;
  /**
   * `codeConfirmed`: a code with a wrong check character was compared with the business licence. For
   * another person of an enterprise that is registered: his name, and what he may do; absent, he
   * fills in, or everything where nobody else is left.
   */
  decideRegistration(
    caseId: string,
    approve: boolean,
    reasons: string[],
    how?: { codeConfirmed?: boolean; person?: string; rights?: readonly Right[] },
  ): Promise<void>;
  decideSeal(caseId: string, approve: boolean, reasons: string[]): Promise<void>;
  produceSeal(caseId: string): Promise<void>;
  /** The authority suspends a seal, or lifts a suspension. */
  superviseSeal(caseId: string, act: 'suspend' | 'resume', reason: string): Promise<void>;
  revokeSeal(caseId: string, reason: string): Promise<void>;
  sealRegister(): Promise<SealCaseSummary[]>;
  /** The seal made in a case; null where the person here cannot open it. */
  producedSeal(caseId: string): Promise<BoundSeal | null>;
  /** What was stamped with the seals of a case, latest first. */
  sealUses(caseId: string): Promise<SealUse[]>;
}
