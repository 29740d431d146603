/** What a desk is given by whoever opens it, and what an act hands over to be written as a step. */
import type { EnvelopeRecipient, Json, Signer } from '../crypto/index.ts';
import type { LockTimer } from '../keys/index.ts';
import type { UKeySocket } from '../keys/ukey.ts';
import type { PackageFile } from '../packages/index.ts';
import type { LocalStore, StoreChange } from '../sync/index.ts';

export interface DeskOptions {
  store: LocalStore;
  now: () => Date;
  /** TrueType bytes of the embedded fonts. */
  loadFont: (name: 'sans' | 'serif') => Promise<Uint8Array>;
  fetch?: typeof fetch;
  timer?: LockTimer;
  /** The UKey service of this machine: its address, or a socket to it; absent: the usual address. */
  ukey?: () => string | UKeySocket;
  /** Something that pages show has changed. */
  onChange?: () => void;
}

export interface NewStep {
  type: string;
  /** Absent where the step opens a case: its own id is the case then. */
  case?: string;
  /** Credit code of the enterprise that the case belongs to. */
  party?: string;
  prev: string[];
  fields?: Record<string, Json>;
  body?: Json;
  files?: PackageFile[];
  recipients?: EnvelopeRecipient[];
  /** Certificates to whom only a file is enveloped that its author enveloped himself. */
  alsoTo?: EnvelopeRecipient[];
  /** It may be written before what it belongs to is here: it counts once that has come. */
  ahead?: boolean;
  signer?: Signer;
  /** Changes of the same transaction, given the id of the package. */
  also?: StoreChange | ((id: string) => StoreChange);
}
