/** What a device keeps beside packages and keys, and who reads which kind of case. */
import type { TrustBundle } from '../pki/index.ts';
import type { RoleGroup } from '../workflow/index.ts';

/** Who reads what: the groups whose keys a kind of case is enveloped to. */
export const READERS = {
  seal: ['registration-and-seals'],
  application: ['review-and-issuing'],
  licence: ['review-and-issuing', 'inspection'],
} as const satisfies Record<string, RoleGroup[]>;

/** How the root is called among the people of a device. */
export const ROOT_NAME = '信任根';

/** What a device knows of a person besides the keys; namespace `people`. */
export interface PersonRecord {
  name: string;
  organization: string;
  uscc: string | null;
  /** Case of the registration, where this device made it. */
  registration: string | null;
  /** Self-signed certificate of a key that is not certified yet. */
  selfSigned: Uint8Array | null;
  /** Encryption certificates before the present one, for the same key: older packages name them. */
  earlier?: Uint8Array[];
  /** The key came from another device: what that one learned of its person is learned here again. */
  brought?: true;
  /** The keys are in a UKey, which is asked for whenever this person sits down. */
  ukey?: true;
}

/** Namespace `settings`, id `deployment`. */
export interface DeploymentRecord {
  bundle: TrustBundle;
  /** Id of the bundle's package. */
  package: string;
  /** The CAs, where their keys live on this device. */
  cas: { enterprise: CaRecord; staff: CaRecord } | null;
  /** Identity in the vault of the next root, once it is announced. */
  nextRoot?: string;
}

export interface CaRecord {
  /** Identity in the vault that holds the key. */
  identity: string;
  certificate: Uint8Array;
  chain: Uint8Array[];
}
