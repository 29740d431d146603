/** A licence with its uses and prints, and the blocks that its number comes from. */
import type { Licence } from '../../licence/index.ts';

/** In what a use goes beyond its licence: it happened, so it counts, and is shown as over-use. */
export type OverUse = 'quantity' | 'uses' | 'date' | 'port' | 'revoked' | 'conflict';

export interface LicenceUseState {
  id: string;
  at: string;
  by: string;
  /** `YYYY-MM-DD` */
  date: string;
  /** By line, decimal strings; empty where it was taken back. */
  quantities: string[];
  /** Binding digests. */
  declarationDigest: string;
  portDigest: string;
  /** The licence names the port. */
  portNamed: boolean;
  /** The licence was not in force any more. */
  afterEnd: OverUse | null;
  over: OverUse[];
  /** Package of the correction that counts. */
  corrected: string | null;
  /** What the body says, where it was opened; no rule reads it. */
  declaration: string;
  customs: string;
}

export interface LicencePrintState {
  id: string;
  at: string;
  by: string;
  kind: 'original' | 'copy';
}

export interface LicenceCaseState {
  number: string;
  /** Case of the application that it was issued on. */
  case: string;
  uscc: string;
  /** Package that issued it, which names it where two licences have one number. */
  issued: string;
  issuedAt: string;
  /** SHA-256 hex of the issuer's certificate. */
  issuer: string;
  flow: 'electronic' | 'paper';
  status: { list: string; index: number };
  terms: string;
  /** SHA-256 hex of the token and of the sealed PDF. */
  tokenDigest: string;
  pdf: string;
  validFrom: string;
  validUntil: string;
  maxUses: number;
  tolerance: string;
  /** By line, decimal strings. */
  quantities: string[];
  /** Binding digests of the ports that it names. */
  ports: string[];
  /** Serial number of the sheet in the paper flow. */
  serial: string | null;
  /** How many originals the policy in force at its issue lets print. */
  clearPrints: number;
  collected: { id: string; name: string; document: string; at: string } | null;
  uses: LicenceUseState[];
  /** In the order in which they count. */
  prints: LicencePrintState[];
  revoked: { id: string; at: string; reasons: string[] } | null;
  /** Number of the licence that took its place; null while it stands. */
  replacedBy: string | null;
  /** Number of the licence that it took the place of. */
  replaces: string | null;
  /** Another licence carries the same number: neither is in force. */
  conflict: boolean;
  provisional: boolean;
  /** What the body says, where it was opened; no rule reads it. */
  licence: Licence | null;
  token: string | null;
  termsSalt: string | null;
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
