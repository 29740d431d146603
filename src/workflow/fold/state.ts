/** What the fold makes of packages: plain values, the same for the same packages. */
import type { Json } from '../../crypto/index.ts';
import type { Application, Licence } from '../../licence/index.ts';
import type { Package } from '../../packages/index.ts';
import type { Distrusted, IssuedCrl, TrustBundle } from '../../pki/index.ts';

/** A package that was read and whose signature holds, and where it stands. */
export interface Entry {
  pkg: Package;
  id: string;
  /** Place in the log, or null while it is provisional. */
  place: number | null;
  /** Confidential body, where the device could open it. */
  body: Json | null;
}

/** A step of a case, counted or refused. */
export interface StepEntry {
  id: string;
  type: string;
  case: string;
  at: string;
  by: string;
  byName: string;
  byOrganization: string;
  place: number | null;
  /** Code of the rule that it breaks; null when it counts. */
  refusal: { code: string; message: string } | null;
  reasons: string[];
}

export interface EnterpriseCase {
  case: string;
  head: string;
  uscc: string;
  name: string;
  state: 'waiting' | 'approved' | 'rejected';
  since: string;
  /** Public keys asked for, base64 of PKCS#10. */
  csrs: { signing: string; encryption: string };
  /** Registration form, where it could be opened. */
  form: Json | null;
  /** Certificates, base64 of DER; null until approved. */
  certificates: { signing: string; encryption: string; chain: string[] } | null;
  /** SHA-256 hex of the signing certificate. */
  certificate: string | null;
  /** A change of name that waits for new certificates; null where none does. */
  change: EnterpriseChange | null;
  /** Certificates before the present ones, newest last. */
  earlier: { signing: string; encryption: string; until: string }[];
  reasons: string[];
}

/** What `enterprise/update` asks for. */
export interface EnterpriseChange {
  package: string;
  name: string;
  since: string;
  form: Json | null;
  csrs: { signing: string; encryption: string };
}

export type SealCaseStatus =
  | 'applied'
  | 'letter-sent'
  | 'rejected'
  | 'approved'
  | 'bound'
  | 'suspended'
  | 'lost'
  | 'revoked';

export interface SealCaseState {
  case: string;
  head: string;
  uscc: string;
  enterprise: string;
  state: SealCaseStatus;
  since: string;
  form: Json | null;
  /** Package of the last letter, and its findings where they could be opened. */
  letter: { id: string; findings: Json | null } | null;
  /** Set by `seal/produce`. */
  seal: ProducedSeal | null;
  /** Seals that the present one follows, oldest first: valid for what they stamped. */
  earlier: ProducedSeal[];
  /** A new seal was asked for while the present one is in use. */
  renewing: boolean;
  reasons: string[];
  /** What was stamped with this seal and those before it, in the order in which it counts. */
  uses: SealUseState[];
}

export interface SealUseState {
  /** Package that carries what was stamped. */
  id: string;
  /** Case of the application. */
  case: string;
  esId: string;
  at: string;
  /** SHA-256 hex of the stamped PDF; null where the body is not readable here. */
  pdf: string | null;
}

export interface ProducedSeal {
  package: string;
  esId: string;
  holder: string;
  validStart: string;
  validEnd: string;
}

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

export interface LicenceUseState {
  id: string;
  declaration: string;
  customs: string;
  date: string;
  quantity: string;
  by: string;
}

export interface LicencePrintState {
  id: string;
  at: string;
  by: string;
  kind: 'original' | 'copy';
}

export interface LicenceCaseState {
  number: string;
  case: string;
  uscc: string;
  /** Package that issued it. */
  issued: string;
  issuedAt: string;
  /** SHA-256 hex of the issuer's certificate. */
  issuer: string;
  flow: 'electronic' | 'paper';
  status: { list: string; index: number };
  licence: Licence | null;
  token: string | null;
  serial: string | null;
  collected: { name: string; document: string; at: string } | null;
  uses: LicenceUseState[];
  /** In the order in which they count. */
  prints: LicencePrintState[];
  revoked: { at: string; reasons: string[] } | null;
  /** Number of the licence that took its place; null while it stands. */
  replacedBy: string | null;
  /** Number of the licence that it took the place of. */
  replaces: string | null;
  /** Another licence carries the same number: neither is in force. */
  conflict: boolean;
  provisional: boolean;
}

export interface NumberBlock {
  id: string;
  to: string;
  issuer: string;
  year: number;
  from: number;
  count: number;
  statusList: string;
}

/** A trust bundle, the package that brought it where that is known, and its place in the log. */
export interface BundleEntry {
  id: string | null;
  bundle: TrustBundle;
  place: number | null;
}

/** A revocation list that was published between two bundles. */
export interface CrlEntry {
  id: string;
  place: number | null;
  crl: IssuedCrl;
}

export interface State {
  /** Trust bundles in order of their numbers; the last is in force. */
  bundles: BundleEntry[];
  /** In the order in which they were taken in; what they revoke adds to the bundles. */
  crls: CrlEntry[];
  /** Compromised keys, and from which place of the log on. */
  distrusted: Distrusted[];
  /** The newest bundle with the newest revocation lists; null under bare anchors. */
  trust: TrustBundle | null;
  enterprises: Map<string, EnterpriseCase>;
  /** Certificates with the name that an enterprise had before (SHA-256 hex): they sign no more. */
  renamed: Set<string>;
  seals: Map<string, SealCaseState>;
  applications: Map<string, ApplicationCaseState>;
  /** By case the licence that stands; one that was replaced, by the package that issued it. */
  licences: Map<string, LicenceCaseState>;
  blocks: NumberBlock[];
  /** The authority's seals by holder (SHA-256 hex of the certificate): id of the package. */
  authoritySeals: Map<string, string>;
  /** Newest status list by id, base64 of its bytes. */
  statusLists: Map<string, { seq: number; bytes: Uint8Array }>;
  /** Every step by case, in the order in which it was judged. */
  steps: Map<string, StepEntry[]>;
  /** What did not count, with its reason. */
  refused: StepEntry[];
  /** Packages that could not even be read. */
  unreadable: { id: string; code: string; message: string }[];
  accepted: number;
}

export function emptyState(): State {
  return {
    bundles: [],
    crls: [],
    distrusted: [],
    trust: null,
    enterprises: new Map(),
    renamed: new Set(),
    seals: new Map(),
    applications: new Map(),
    licences: new Map(),
    blocks: [],
    authoritySeals: new Map(),
    statusLists: new Map(),
    steps: new Map(),
    refused: [],
    unreadable: [],
    accepted: 0,
  };
}
