/** A seal case: from the application over the letter to the seal in use, those before it, and its log. */
import type { Json } from '../../crypto/index.ts';

export type SealCaseStatus =
  | 'applied'
  | 'letter-sent'
  | 'rejected'
  | 'withdrawn'
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
  /** What the application's body says, where it was opened; no rule reads it. */
  form: Json | null;
  /** Package of the last letter, and its findings where they were opened. */
  letter: { id: string; findings: Json | null } | null;
  /** Set by `seal/produce`. */
  seal: ProducedSeal | null;
  /** Seals that the present one follows, oldest first: valid for what they stamped. */
  earlier: ProducedSeal[];
  /** A new seal was asked for while the present one is in use. */
  renewing: boolean;
  /** Suspended by the authority: its own holder does not lift that. */
  suspendedByAuthority: boolean;
  reasons: string[];
  /** Package whose contents give the reasons. */
  reasonsFrom: string | null;
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
  /** SHA-256 hex of the stamped PDF. */
  pdf: string;
}

/** The authority's own seal, made for one of its issuers. */
export interface AuthoritySealState {
  case: string;
  package: string;
  esId: string;
  /** SHA-256 hex of the SESeal. */
  seal: string;
  /** Signing certificate of the issuer, SHA-256 hex. */
  holder: string;
  at: string;
}

export interface ProducedSeal {
  package: string;
  esId: string;
  /** SHA-256 hex of the SESeal. */
  seal: string;
  /** Signing certificates that may stamp with it, SHA-256 hex. */
  holders: string[];
  validStart: string;
  validEnd: string;
}
