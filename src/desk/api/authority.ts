/** The certification authority of a deployment: certificates, revocation, roster, root. */
import type { Role } from '../../pki/index.ts';
import type { RevocationReason } from '../../pki/issuing/index.ts';
import type { RoleGroup } from '../../workflow/index.ts';
import type { Unlocking } from './people.ts';

export type CertificateState = 'valid' | 'not-yet' | 'expired' | 'on-hold' | 'revoked';

/** Somebody's certificates: the one for signing, and with it the one for encryption. */
export interface IssuedCertificate {
  /** SHA-256 hex of the signing certificate. */
  id: string;
  kind: 'root' | 'authority' | 'enterprise' | 'staff';
  name: string;
  organization: string;
  uscc: string | null;
  roles: Role[];
  /** Hexadecimal. */
  serial: string;
  notBefore: string;
  notAfter: string;
  state: CertificateState;
  /** The one in use; else it was replaced, or its holder has left. */
  current: boolean;
  revocation: { time: string; reason: string } | null;
  /** First place in the log from which its signatures do not count. */
  distrustedFrom: number | null;
  caseId: string | null;
}

/** What a holder signed, as the log holds it: for naming the place of a compromise. */
export interface SignedStep {
  place: number | null;
  type: string;
  at: string;
}

export interface PublishedList {
  /** Id of the authority, or of the status list. */
  id: string;
  name: string;
  number: number;
  thisUpdate: string;
  nextUpdate: string;
  stale: boolean;
  /** Certificates or licences that it lists. */
  listed: number;
}

/** A hint about who may do what: a code for the dictionary. */
export interface RosterConcern {
  code: string;
  params: Record<string, string | number>;
}

export interface RosterLine {
  id: string;
  name: string;
  organization: string;
  roles: Role[];
  /** How it differs from the bundle in force; `same` where it does not. */
  change: 'same' | 'added' | 'changed' | 'removed';
}

/** The encryption key of a group of readers. */
export interface RoleKeyView {
  group: RoleGroup;
  roles: Role[];
  /** The one that contents are enveloped to; null where none was made. */
  key: {
    /** Digest of the public key, hex. */
    id: string;
    since: string;
    by: string;
    /** In the log; else only on this device, or carried by file. */
    logged: boolean;
  } | null;
  /** How many keys before it are kept for reading. */
  earlier: number;
  holders: { name: string; has: boolean }[];
  /** Names of those who read the present key and belong to the group no more. */
  ended: string[];
  /** Names of those whose device does what comes next, as soon as it is online. */
  from: string[];
  /** The recovery key of the trust data opens it, too. */
  recovery: boolean;
}

/** A group of readers whose contents somebody may read and cannot open yet. */
export interface WaitsForKey {
  group: RoleGroup;
  /** `coming`: handed on, and to be fetched; `unfit`: what came does not open. */
  state: 'waiting' | 'coming' | 'unfit';
  /** Who has to come online. */
  from: string[];
}

export interface AuthorityView {
  /** By group of readers. */
  roleKeys: RoleKeyView[];
  /** `none`: the keys of the certification authority are on another device. */
  keys: 'none' | 'locked' | 'open';
  /** Where the root's key is: `none` is elsewhere, or taken offline. */
  root: 'here' | 'none';
  /** A next root was announced; `here` where its key is on this device. */
  nextRoot: 'none' | 'elsewhere' | 'here';
  requests: { caseId: string; name: string; uscc: string; since: string; kind: 'new' | 'rename' }[];
  certificates: IssuedCertificate[];
  crls: PublishedList[];
  statusLists: PublishedList[];
  roster: RosterLine[];
  concerns: RosterConcern[];
  /** Places that the log has; 0 where nothing was logged. */
  logSize: number;
}

/** What the holder of a certificate says of a device that was lost, signed by that certificate. */
export interface LostReport {
  /** SHA-256 hex. */
  certificate: string;
  name: string;
  organization: string;
  /** When the device was seen last. */
  since: string;
  at: string;
  note: string;
  /** Place in the log of the first step of this certificate since then; null where there is none. */
  place: number | null;
}

export interface AuthorityActs {
  authority(): Promise<AuthorityView>;
  /** Opens the keys of the certification authority on this device. */
  openAuthority(password: string): Promise<void>;
  /** The report of a lost device; `revokeCertificate` follows. */
  readLostReport(file: Uint8Array): Promise<LostReport>;
  /**
   * A copy of the authority's keys for a second home.
   * @param opening its password here; nothing in a pilot
   * @param password of the file, and of the keys where they are taken
   * @returns also the recovery code of the copy: shown once, to be printed
   */
  copyAuthority(
    opening: Unlocking,
    password: string,
  ): Promise<{ file: Uint8Array; recoveryCode: string }>;
  /** A new password for them by the recovery codes of both, in any order; they are open then. */
  resetAuthority(codes: string[], password: string): Promise<void>;
  /**
   * Certifies somebody of the authority by a request file: PEM with one request for signing and one
   * for encryption, or one DER request. The roles count from the next trust bundle on.
   * @returns the answer, PEM: the certificates and those above them
   */
  issueStaff(request: {
    file: Uint8Array;
    name: string;
    serialNumber: string;
    roles: Role[];
  }): Promise<Uint8Array>;
  /** A new term for the same keys. @returns the answer for somebody of the authority, else null */
  renewCertificate(id: string): Promise<Uint8Array | null>;
  /**
   * @param reason null lifts a hold
   * @param from for a compromise, the first place in the log that is distrusted
   */
  revokeCertificate(
    id: string,
    reason: RevocationReason | null,
    from: number | null,
  ): Promise<void>;
  /** The lists of every authority, with the next number. */
  publishCrl(): Promise<void>;
  /** Status lists of licences anew, by the issuers whose keys are open here. @returns how many */
  publishStatusLists(): Promise<number>;
  /** Revocation list of one authority, DER. */
  crlFile(authority: string): Promise<Uint8Array>;
  /** The certificate of anybody, DER. */
  certificateFile(id: string): Promise<Uint8Array>;
  /** What a holder signed, newest first. */
  signedSteps(id: string): Promise<SignedStep[]>;

  /** Roles from the next bundle on; none removes the person. */
  setRoles(id: string, roles: Role[]): Promise<void>;
  /** Makes the key of the next root and announces it; `password` needed outside a pilot. */
  announceRoot(password?: string): Promise<{ recoveryCode: string | null }>;
  /** The announced root takes over: it signs the next bundle. */
  rotateRoot(password?: string): Promise<void>;
  /** The root's key leaves this device; `file` is its backup, opened once more to be sure. */
  takeRootOffline(file: Uint8Array, password: string): Promise<void>;
  /**
   * A new recovery key, in the trust data from now on: its private half opens every role key.
   * @returns the private half, PEM, which no device keeps, and the key's id
   */
  makeRecoveryKey(): Promise<{ file: Uint8Array; id: string }>;
  /** Hands the role keys on with the recovery key, when nobody is left who holds them. @returns how many */
  recoverRoleKeys(file: Uint8Array): Promise<number>;
  /** The authority's own seal, for every issuer who has none. @returns how many were made */
  produceAuthoritySeals(): Promise<number>;

  // Somebody of the authority, on a device of his own
  createStaff(options: {
    name: string;
    password?: string;
  }): Promise<{ person: string; recoveryCode: string | null }>;
  /** The request of the person at the desk: PEM for {@link issueStaff}. */
  requestFile(): Promise<Uint8Array>;
  /** Puts the answer to the keys of the person at the desk. */
  installCertificates(file: Uint8Array): Promise<void>;
}
