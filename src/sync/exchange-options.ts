/** What an exchange with an endpoint needs, answers and refuses. */
import type { Signer, Suite } from '../crypto/index.ts';
import type { LocalStore } from './store.ts';

export interface ExchangeOptions {
  store: LocalStore;
  /** Origin of the endpoint, e.g. `https://licences.example`. */
  endpoint: string;
  /** Signs the requests (RFC 9421); null asks for public packages only. */
  signer: Signer | null;
  /** Of the signer's holder: packages name their recipients by it. */
  encryptionCertificate?: Uint8Array | null;
  /** SHA-256 hex of his certificates, present and earlier: contents name their readers by them. */
  readerIds: readonly string[];
  /** Who asks and what he may read, in one word: where it changes, what was passed over is asked for again. */
  asker: string;
  /** Ed25519 key of the trust bundle, base64 of its 32 octets; null trusts the first seen and keeps it. */
  checkpointKey: string | null;
  /** Of the deployment: which of the endpoint's keys signs its log. */
  suite: Suite;
  fetch: typeof fetch;
  now: () => Date;
  /** Cancels between requests. */
  signal?: AbortSignal;
}

export interface ExchangeOutcome {
  sent: number;
  received: number;
  logSize: number;
  /** Milliseconds by which the clock here is ahead of the endpoint's. */
  clockAhead: number;
  /** Contents that were wanted and not to be had. */
  withheld: number;
  /** Packages that the endpoint does not take; they stay in the outbox. */
  refused: RefusedHead[];
}

export interface RefusedHead {
  id: string;
  /** Code of the endpoint's answer, empty where it gave none. */
  answer: string;
  message: string;
}

/** Why an exchange stopped. Everything sent or received until then is kept. */
export class ExchangeRefusal extends Error {
  readonly code:
    | 'offline'
    | 'refused'
    | 'busy'
    | 'full'
    | 'too-large'
    | 'wrong-key'
    | 'rollback'
    | 'split-view'
    | 'bad-answer';
  /** Code of the endpoint's answer, empty where it gave none. */
  readonly answer: string;
  constructor(
    code: ExchangeRefusal['code'],
    message: string,
    { answer = '', ...options }: ErrorOptions & { answer?: string } = {},
  ) {
    super(message, options);
    this.name = 'ExchangeRefusal';
    this.code = code;
    this.answer = answer;
  }
}
