/** People of this device and their keys. */
import type { Role } from '../../pki/index.ts';

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

export interface Unlocking {
  password?: string;
  recovery?: string;
  /** Secret that the passkey's PRF extension gave to the page. */
  prf?: Uint8Array;
}

/** What people do with their electronic keys. */
export interface PeopleActs {
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
}
