/**
 * What a verifier is given to trust: either bare anchors and evidence (contract: `trust`), or a
 * deployment's trust bundle. `normaliseTrust` makes one shape of both.
 */

/** What an anchor may certify (design, section 4). */
export type Certifies = 'enterprise' | 'staff' | 'seal-maker' | 'time-stamp';

export type Role =
  | 'root'
  | 'registrar'
  | 'seal-reviewer'
  | 'seal-maker'
  | 'first-review'
  | 'second-review'
  | 'issuer'
  | 'inspector';

export interface TrustAnchorEntry {
  /** Certificate, base64 of DER. */
  certificate: string;
  certifies: Certifies[];
}

export interface RosterEntry {
  /** SHA-256 hex of the signing certificate. */
  id: string;
  /**
   * One human being, whatever the certificate: SHA-256 hex of the signing certificate by which the
   * person first stood on the roster.
   */
  person: string;
  name: string;
  organization: string;
  roles: Role[];
  /** Signing and encryption certificates, base64 of DER. */
  signing: string;
  encryption?: string;
  /** `issuedAt` of the bundle with which it began. */
  since: string;
}

/** `renewed` ends with the certificate itself, `compromised` where the authority says, the others at `until`. */
export type RosterEnd = 'renewed' | 'left' | 'role-changed' | 'compromised';

/** An entry of the roster that has ended: what its holder signed before is judged by it. */
export interface FormerEntry extends RosterEntry {
  ended: RosterEnd;
  /** `issuedAt` of the bundle that ended it; of a compromised key: the time from which nothing counts. */
  until: string;
}

export interface DeploymentPolicy {
  /** From this time on an application needs a seal; before, a plain signature serves. */
  sealCompulsoryFrom: string;
  issuing: 'automatic' | 'confirmed';
  suite: 'P-256' | 'SM2';
  antiScreenshot: boolean;
  /** Fog degree of copies in percent, 0 … 100: what is signed has no fractions. */
  fogDegree: number;
  /** Prints of the clear licence before copies are fogged. */
  clearPrints: number;
  /** Licence number pattern, e.g. `{yy}-{issuer}-{serial:6}`; issuer code and authority's customs code. */
  numbering: { pattern: string; issuer: string };
  /** Time stamps (RFC 3161) on what is sealed, through the endpoint; absent as `none`. */
  timeStamp?: 'none' | 'wanted' | 'required';
  /** A tint under the seal of printed licences that belongs to their codes; absent as off. */
  sealTexture?: boolean;
  /** Days within which a licence has to stand in a status list; absent as seven. */
  listedWithinDays?: number;
}

/** A key known to be in wrong hands, and since when by the log: nothing that it signed from there counts. */
export interface Distrusted {
  /** SHA-256 hex of the signing certificate. */
  certificate: string;
  /** First place in the log from which its signatures do not count. */
  from: number;
}

/** Content of a `trust/bundle` package: `files/trust.json`, canonical JSON. */
export interface TrustBundle {
  v: 1;
  /** SHA-256 hex of the deployment root's first certificate: names the deployment. */
  deployment: string;
  name: { zh: string; en: string };
  authority: { zh: string; en: string; code: string };
  pilot: boolean;
  seq: number;
  issuedAt: string;
  nextUpdate: string;
  /** Root certificate that signs this bundle, base64 of DER. */
  root: string;
  /** SHA-256 hex of the next root's SubjectPublicKeyInfo. */
  nextRoot?: string;
  /** SubjectPublicKeyInfo, base64, of the key that can open every role key; kept in parts, offline. */
  recoveryKey?: string;
  /** SHA-256 hex of the previous bundle package; absent in the first. */
  previous?: string;
  anchors: TrustAnchorEntry[];
  intermediates: string[];
  /** Who holds which roles now. */
  roster: RosterEntry[];
  /** Who held them before, and why that ended; an entry is never forgotten. */
  former: FormerEntry[];
  /** CRLs and licence status lists, base64. */
  crls: string[];
  statusLists: string[];
  /** Compromised keys; each stays listed. */
  distrusted?: Distrusted[];
  policy: DeploymentPolicy;
  endpoints: { url: string; checkpointKey: string }[];
}

/** The contract's bare form: certificates and CRLs as DER. */
export interface BareTrust {
  anchors: Uint8Array[];
  intermediates?: Uint8Array[];
  crls?: Uint8Array[];
  ocsp?: Uint8Array[];
  /** Certificates allowed to make seals; absent: any that the anchors certify; empty: none. */
  sealMakers?: Uint8Array[];
}

export type TrustInput = BareTrust | TrustBundle;

/** One shape for every verifier. */
export interface Trust {
  anchors: { certificate: Uint8Array; certifies: Certifies[] | 'any' }[];
  intermediates: Uint8Array[];
  crls: Uint8Array[];
  ocsp: Uint8Array[];
  /** `any` under bare anchors alone; a bundle's are those of its roster, where need be none. */
  sealMakers: Uint8Array[] | 'any';
  /** Present where a deployment's bundle is behind it. */
  bundle: TrustBundle | null;
}
