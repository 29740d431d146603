/**
 * What a person can do at a desk: the one interface between the pages and the core. All values
 * are plain and structured-cloneable, because the desk lives in a worker of its own together with
 * the unlocked keys and everything decrypted. Times are ISO 8601 strings, files are bytes.
 */
import type { Finding, Verdict } from '../crypto/index.ts';
import type { DeploymentPolicy, Role, TrustBundle } from '../pki/index.ts';

/** A refusal the person can act on; `code` is translated by the app's dictionary. */
export interface DeskRefusal {
  code: string;
  /** English sentence for logs. */
  message: string;
  params?: Record<string, string | number>;
}

export type Workspace =
  | 'enterprise'
  | 'seal-review'
  | 'first-review'
  | 'second-review'
  | 'issue'
  | 'inspect'
  | 'root';

/** Somebody whose keys are on this device. */
export interface Person {
  id: string;
  name: string;
  organization: string;
  uscc: string | null;
  roles: (Role | 'enterprise')[];
  workspaces: Workspace[];
  /** SHA-256 hex of the signing certificate; null while a registration waits for it. */
  certificate: string | null;
  unlocked: boolean;
  /** How it unlocks: a pilot needs nothing, others a password, passkey or recovery code. */
  unlocks: ('device' | 'password' | 'passkey' | 'recovery')[];
}

export interface SyncState {
  endpoint: string | null;
  state: 'none' | 'idle' | 'sending' | 'offline' | 'attention';
  waiting: number;
  lastExchange: string | null;
  problem: DeskRefusal | null;
  /** Places in the log that this device has read. */
  logSize: number;
}

export interface Overview {
  deployment: {
    id: string;
    name: { zh: string; en: string };
    authority: { zh: string; en: string };
    pilot: boolean;
    fingerprint: string;
    seq: number;
    issuedAt: string;
    nextUpdate: string;
    stale: boolean;
    policy: DeploymentPolicy;
  } | null;
  people: Person[];
  /** Id of the person at the desk. */
  current: string | null;
  /** When the unlocked key locks by itself. */
  locksAt: string | null;
  sync: SyncState;
  /** Things waiting for the current person, per workspace. */
  counts: Partial<Record<Workspace, number>>;
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

export interface Attachment {
  name: string;
  /** Key of the licence type's attachment list, or `contract`, `other`. */
  kind: string;
  type: string;
  size: number;
}

// Enterprise and seal

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
}

/** On entry: is a seal bound, and until when does a plain signature serve (design, section 1). */
export interface SealBinding {
  registration: 'none' | 'waiting' | 'approved' | 'rejected';
  registrationReasons: string[];
  form: RegistrationForm | null;
  state: SealState;
  caseId: string | null;
  reasons: string[];
  sealForm: SealForm | null;
  seal: BoundSeal | null;
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

export interface Check {
  code: string;
  severity: 'ok' | 'warn' | 'bad' | 'unknown';
  params?: Record<string, string | number>;
}

export interface SealCaseSummary {
  caseId: string;
  enterprise: string;
  uscc: string;
  kind: 'registration' | 'seal';
  state: SealState | 'waiting' | 'approved' | 'rejected';
  since: string;
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
  /** Why the current person may not act, or null. */
  blocked: DeskRefusal | null;
}

// Applications and licences

/** Application data; the licence room owns the shape (`src/licence`). */
export type ApplicationData = Record<string, unknown>;

export interface Draft {
  id: string;
  licenceType: string;
  /** The case it corrects, when it was returned; else null. */
  caseId: string | null;
  /** Electronic licence, or paper for collection. */
  flow: 'electronic' | 'paper';
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
  attachments: (Attachment & { bytes: Uint8Array })[];
  report: AutomaticReport | null;
  history: Step[];
  /** Why the current person may not act, or null. */
  blocked: DeskRefusal | null;
}

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
  expires: string;
  flow: 'electronic' | 'paper';
  /** Paper flow: serial of the sheet, and who collected it when. */
  paper: { serial: string; collectedBy: string | null; collectedAt: string | null } | null;
  state: LicenceState;
  provisional: boolean;
}

export interface LicenceUse {
  declaration: string;
  customs: string;
  /** ISO date. */
  date: string;
  quantity: string;
  by: string;
}

export interface LicenceCase extends LicenceSummary {
  pdf: Uint8Array | null;
  /** Text of the QR code. */
  token: string | null;
  data: ApplicationData;
  useLog: LicenceUse[];
  history: Step[];
}

export type ReviewVerdict = 'pass' | 'return' | 'refuse';

/** Outcome of an act on many cases: what was done, and what was refused with its reason. */
export interface BatchOutcome {
  done: string[];
  refused: { caseId: string; refusal: DeskRefusal }[];
}

export interface ImportOutcome {
  accepted: number;
  known: number;
  refused: { name: string; refusal: DeskRefusal }[];
}

export interface TrustView {
  root: string;
  seq: number;
  issuedAt: string;
  nextUpdate: string;
  anchors: { subject: string; certifies: string[]; id: string; notAfter: string }[];
  roster: { name: string; organization: string; roles: Role[]; id: string }[];
  policy: DeploymentPolicy;
  revoked: number;
  records: { accepted: number; refused: { id: string; type: string; refusal: DeskRefusal }[] };
}

export interface JoinPreview {
  name: { zh: string; en: string };
  authority: { zh: string; en: string };
  pilot: boolean;
  /** Fingerprint to compare: groups of four hexadecimal digits. */
  fingerprint: string;
  issuedAt: string;
  nextUpdate: string;
  stale: boolean;
}

/** Progress of something long: a code for the dictionary and how far, 0 … 1. */
export type Progress = (code: string, done: number) => void;

export interface Unlocking {
  password?: string;
  recovery?: string;
  /** Secret that the passkey's PRF extension gave to the page. */
  prf?: Uint8Array;
}

/**
 * Every method rejects with a `DeskRefusal`-shaped error (`code`, `message`, `params`) and leaves
 * what was stored untouched when it does.
 */
export interface Desk {
  overview(): Promise<Overview>;

  // Starting
  createPilot(options: { lang: 'zh-CN' | 'en' }, progress?: Progress): Promise<void>;
  previewJoin(bundle: Uint8Array): Promise<JoinPreview>;
  join(bundle: Uint8Array): Promise<void>;
  /** Forgets the deployment and everything stored for it on this device. */
  leave(): Promise<void>;
  /** New enterprise on this device: makes its electronic key; `password` needed outside a pilot. */
  createEnterprise(options: {
    name: string;
    uscc: string;
    password?: string;
  }): Promise<{ person: string; recoveryCode: string | null }>;
  /** PKCS#12 of a person whose certificate the deployment knows. */
  importKey(
    pfx: Uint8Array,
    password: string,
    newPassword: string,
  ): Promise<{ person: string; recoveryCode: string | null }>;
  /** Keys of one person of a pilot, to carry to another device of the same pilot. */
  exportPerson(person: string, password: string): Promise<Uint8Array>;
  sitDown(person: string, unlocking?: Unlocking): Promise<void>;
  lock(): Promise<void>;
  changePassword(oldPassword: string, newPassword: string): Promise<void>;
  setLockMinutes(minutes: number): Promise<void>;

  // Enterprise: registration and seal
  binding(): Promise<SealBinding>;
  register(form: RegistrationForm): Promise<void>;
  /** The seal as it would be drawn, SVG text. */
  drawSealPreview(form: SealForm): Promise<string>;
  applyForSeal(form: SealForm): Promise<string>;
  letterPdf(caseId: string): Promise<Uint8Array>;
  sendLetter(
    caseId: string,
    scan: { bytes: Uint8Array; type: string },
    findings: ScanFindings,
  ): Promise<void>;
  sealAct(act: 'suspend' | 'resume' | 'lost' | 'renew', reason: string): Promise<void>;

  // Enterprise: applications
  drafts(): Promise<Draft[]>;
  newDraft(licenceType: string): Promise<Draft>;
  saveDraft(draft: Draft): Promise<{ savedAt: string }>;
  deleteDraft(id: string): Promise<void>;
  checkDraft(id: string): Promise<FieldIssue[]>;
  previewDraft(id: string): Promise<Uint8Array>;
  /** Stamps with the bound seal (or signs plainly while the policy allows) and submits. */
  submitDraft(id: string, stamp: 'seal' | 'plain', progress?: Progress): Promise<string>;
  /** A draft that corrects a returned application. */
  correct(caseId: string): Promise<Draft>;
  withdraw(caseId: string, reason: string): Promise<void>;
  applications(): Promise<ApplicationSummary[]>;
  application(caseId: string): Promise<ApplicationCase>;
  licences(): Promise<LicenceSummary[]>;
  licence(caseId: string): Promise<LicenceCase>;

  // Authority: registrations and seals
  sealQueue(): Promise<SealCaseSummary[]>;
  sealCase(caseId: string): Promise<SealCase>;
  decideRegistration(caseId: string, approve: boolean, reasons: string[]): Promise<void>;
  decideSeal(caseId: string, approve: boolean, reasons: string[]): Promise<void>;
  produceSeal(caseId: string): Promise<void>;
  revokeSeal(caseId: string, reason: string): Promise<void>;
  sealRegister(): Promise<SealCaseSummary[]>;

  // Authority: reviews and issue
  reviewQueue(stage: 'first' | 'second'): Promise<ApplicationSummary[]>;
  review(
    stage: 'first' | 'second',
    caseIds: string[],
    verdict: ReviewVerdict,
    reasons: string[],
    progress?: Progress,
  ): Promise<BatchOutcome>;
  issueQueue(): Promise<ApplicationSummary[]>;
  issue(caseIds: string[], progress?: Progress): Promise<BatchOutcome>;
  issuePaper(caseId: string, serial: string): Promise<Uint8Array>;
  collect(caseId: string, collector: { name: string; document: string }): Promise<void>;
  revokeLicence(caseId: string, reason: string): Promise<void>;
  licenceRegister(): Promise<LicenceSummary[]>;

  // Inspector
  recordUse(
    number: string,
    use: { declaration: string; customs: string; date: string; quantity: string },
  ): Promise<void>;

  // Trust
  trust(): Promise<TrustView>;
  /** What verifying on this device trusts: the bundle with the newest status lists; null: nothing. */
  verificationTrust(): Promise<TrustBundle | null>;
  /** The trust bundle package, to carry to another device. */
  trustBundle(): Promise<Uint8Array>;
  publishTrust(policy: Partial<DeploymentPolicy>): Promise<void>;

  // Exchange
  syncNow(): Promise<SyncState>;
  setEndpoint(url: string | null): Promise<void>;
  /** Packages as files: everything of the given cases, everything not yet logged, or all. */
  exportPackages(
    which: string[] | 'waiting' | 'all',
  ): Promise<{ name: string; bytes: Uint8Array }[]>;
  importPackages(files: { name: string; bytes: Uint8Array }[]): Promise<ImportOutcome>;
}
