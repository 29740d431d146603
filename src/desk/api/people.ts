/** People of this device and their keys. */
import type { Role } from '../../pki/index.ts';
import type { Progress } from './refusal.ts';

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
  /** `not-on-roster`: certified for the authority, and on no published roster. */
  standing: 'known' | 'no-certificate' | 'not-on-roster' | 'revoked';
  /** Since when the certificate is revoked, ISO 8601. */
  revokedSince: string | null;
  unlocked: boolean;
  /** How it unlocks: a pilot needs nothing, others a password, passkey or recovery code. */
  unlocks: ('device' | 'password' | 'passkey' | 'recovery' | 'ukey')[];
}

/** A way into a person's key. */
export interface KeyWay {
  id: string;
  kind: 'device' | 'password' | 'passkey' | 'recovery' | 'ukey';
  /** Of a passkey: which credential to ask, and the salt for its PRF. */
  passkey: { credential: Uint8Array; salt: Uint8Array } | null;
}

/** A passkey as the page made it. */
export interface PasskeyMade {
  credential: Uint8Array;
  salt: Uint8Array;
  /** 32 octets; wiped once it is used. */
  prf: Uint8Array;
}

/** One of these; none of them is the device itself, which opens the keys of a pilot only. */
export interface Unlocking {
  password?: string;
  recovery?: string;
  /** Secret that the passkey's PRF extension gave to the page. */
  prf?: Uint8Array;
  /** Of a UKey; goes to its service and nowhere else. */
  pin?: string;
}

/** A signing certificate in the UKey that is plugged in. */
export interface UKeyCertificate {
  /** SHA-256 hex. */
  id: string;
  name: string;
  organization: string;
}

/** Key files with what opens them. */
export interface KeyImport {
  /** A key file, and certificate files beside it where it holds none. */
  files: Uint8Array[];
  /** Of the file. */
  password: string;
  /** Opens the key on this device from now on; empty in a pilot. */
  newPassword: string;
  /** The person knows that it takes minutes. */
  patient?: boolean;
}

/** Whose keys a copy held. */
export type KeyCopyTaken = { kind: 'person'; person: string } | { kind: 'authority'; person: null };

/** What people do with their electronic keys. */
export interface PeopleActs {
  /** Content of the first EnvelopedData that a key of the person here opens; null: of none. */
  openEnvelopes(envelopes: Uint8Array[]): Promise<Uint8Array | null>;
  /**
   * Passwords are chosen here and below by one rule, `judgePassword` of keys: strength 12 at least.
   */
  /** New enterprise on this device: makes its electronic key; `password` needed outside a pilot. */
  createEnterprise(options: {
    name: string;
    uscc: string;
    password?: string;
    /** The check character of the code is wrong, and the code was compared all the same. */
    codeConfirmed?: boolean;
  }): Promise<{ person: string; recoveryCode: string | null }>;
  /**
   * PKCS#12, PKCS#8 or `.sm2` of a person whose certificate the deployment knows.
   * @returns also what has to be said of the file: `pfx-no-mac`, `key-in-clear`
   */
  importKey(
    given: KeyImport,
    progress?: Progress,
  ): Promise<{ person: string; recoveryCode: string | null; warnings: string[] }>;
  /**
   * A copy of both keys and certificates of a person, for another device: opened there by the password
   * or the recovery code of this one. Drafts stay on the device that they were written on.
   */
  copyPerson(person: string, opening: Unlocking): Promise<Uint8Array>;
  /** @param typed password or recovery code of the copy; it stays so on this device */
  takeKeyCopy(file: Uint8Array, typed: string): Promise<KeyCopyTaken>;
  /**
   * A device with the key of the person at the desk was lost: the seal is reported lost at once.
   * @param since when it was seen last
   * @returns a report that this key signs, for the registrar
   */
  reportLost(since: string, note: string): Promise<{ file: Uint8Array; seal: boolean }>;
  /** Estimated seconds that opening these files takes; 0 where they cannot be read. */
  keyFileSeconds(files: Uint8Array[]): Promise<number>;
  /** Stops the opening that runs. */
  cancelImport(): Promise<void>;
  /** The encryption key that an authority made for the person at the desk, under its envelope. */
  takeEnvelopedKey(files: Uint8Array[], opening: Unlocking): Promise<void>;
  /** The keys of a person as PKCS#12 under `password`, to carry to another device. */
  exportPerson(person: string, password: string, opening: Unlocking): Promise<Uint8Array>;
  /** How a person's key can be opened; a locked one, too. */
  keyWays(person: string): Promise<KeyWay[]>;
  /** `opening` proves once more that it is the person at the desk who changes the ways in. */
  addPasskey(opening: Unlocking, passkey: PasskeyMade): Promise<void>;
  addPassword(opening: Unlocking, password: string): Promise<void>;
  /** A new recovery code, shown once; the one before it opens nothing any more. */
  newRecoveryCode(opening: Unlocking): Promise<string>;
  removeWay(opening: Unlocking, way: string): Promise<void>;
  /** What the UKey service of this machine offers. */
  ukeyCertificates(): Promise<UKeyCertificate[]>;
  /** Lets somebody in by a UKey, and remembers who it is. @returns the person, unlocked */
  addUKey(certificate: string, pin: string): Promise<string>;
  sitDown(person: string, unlocking?: Unlocking): Promise<void>;
  lock(): Promise<void>;
  changePassword(oldPassword: string, newPassword: string): Promise<void>;
  /** The recovery code sets a new password for the forgotten one, and the person sits down with it. */
  resetPassword(person: string, recovery: string, newPassword: string): Promise<void>;
  setLockMinutes(minutes: number): Promise<void>;
}
