/** What the fold makes of packages: plain values, the same for the same packages. */
import type { Package } from '../../packages/index.ts';
import type { Distrusted, IssuedCrl, TrustBundle } from '../../pki/index.ts';
import type { ApplicationCaseState } from './application-state.ts';
import type { EnterpriseCase } from './enterprise-state.ts';
import type { LicenceCaseState, NumberBlock } from './licence-state.ts';
import type { Binding, Mandate, Succession } from './party-state.ts';
import type { RoleKeyState } from './role-keys.ts';
import type { AuthoritySealState, SealCaseState } from './seal-state.ts';

/** A head that was read and whose signature holds, and where it stands. */
export interface Entry {
  pkg: Package;
  id: string;
  /** Id of the head that opened the case, or the licence's number; its own id where it opens one. */
  case: string;
  /** What it follows, each by the id of the act where several heads are one. */
  prev: readonly string[];
  /** Place in the log, or null while it is provisional. */
  place: number | null;
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
  /** Credit code of the party that the author acted for by a mandate; null: for his own. */
  actedFor: string | null;
  place: number | null;
  /** Code of the rule that it breaks; null when it counts. */
  refusal: { code: string; message: string } | null;
  reasons: string[];
}

export interface MissingHead {
  id: string;
  /** Case of the head that names it. */
  case: string;
  namedBy: string;
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
  /** Keys of the groups of readers, in the order in which they count: a group's last is written to. */
  roleKeys: RoleKeyState[];
  enterprises: Map<string, EnterpriseCase>;
  /** Certificates with the name that an enterprise had before (SHA-256 hex): they sign no more. */
  renamed: Set<string>;
  /** By signing certificate (SHA-256 hex): whom it acts for. */
  bindings: Map<string, Binding>;
  /** Names of parties in force, by credit code. */
  partyNames: Map<string, string>;
  /** The last one of a party for each broker, in the order in which they count. */
  mandates: Mandate[];
  /** By credit code: which code stands for it now. */
  successors: Map<string, Succession>;
  /** By encryption certificate (SHA-256 hex) that was bound later: heads whose contents' keys it was given. */
  contentGrants: Map<string, Set<string>>;
  seals: Map<string, SealCaseState>;
  applications: Map<string, ApplicationCaseState>;
  /** By the package that issued it. */
  licences: Map<string, LicenceCaseState>;
  /** Packages that issued a licence of this number: one, unless two took the same. */
  numbers: Map<string, string[]>;
  blocks: NumberBlock[];
  /** The authority's seals by holder (SHA-256 hex of the certificate). */
  authoritySeals: Map<string, AuthoritySealState>;
  /** Newest status list by id, base64 of its bytes. */
  statusLists: Map<string, { seq: number; bytes: Uint8Array }>;
  /** Every step by case, in the order in which it was judged. */
  steps: Map<string, StepEntry[]>;
  /** What did not count, with its reason. */
  refused: StepEntry[];
  /** Whose a case is, by the head that opened it; null where it is nobody's. */
  parties: Map<string, string | null>;
  /** Heads that others name as what they follow, or as their case, and that are not among these. */
  missing: MissingHead[];
  /** Heads of an act that another head stands for already. */
  doubles: { id: string; of: string }[];
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
    roleKeys: [],
    enterprises: new Map(),
    renamed: new Set(),
    bindings: new Map(),
    partyNames: new Map(),
    mandates: [],
    successors: new Map(),
    contentGrants: new Map(),
    seals: new Map(),
    applications: new Map(),
    licences: new Map(),
    numbers: new Map(),
    blocks: [],
    authoritySeals: new Map(),
    statusLists: new Map(),
    steps: new Map(),
    refused: [],
    parties: new Map(),
    missing: [],
    doubles: [],
    unreadable: [],
    accepted: 0,
  };
}
