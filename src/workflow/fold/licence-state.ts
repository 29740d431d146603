/** A licence with its uses and prints, and the blocks that its number comes from. */
import type { Licence } from '../../licence/index.ts';

export interface LicenceUseState {
  id: string;
  declaration: string;
  customs: string;
  date: string;
  quantity: string;
  by: string;
}

export interface LicencePrintState {
  id: string;
  at: string;
  by: string;
  kind: 'original' | 'copy';
}

export interface LicenceCaseState {
  number: string;
  case: string;
  uscc: string;
  /** Package that issued it. */
  issued: string;
  issuedAt: string;
  /** SHA-256 hex of the issuer's certificate. */
  issuer: string;
  flow: 'electronic' | 'paper';
  status: { list: string; index: number };
  licence: Licence | null;
  token: string | null;
  serial: string | null;
  collected: { name: string; document: string; at: string } | null;
  uses: LicenceUseState[];
  /** In the order in which they count. */
  prints: LicencePrintState[];
  revoked: { at: string; reasons: string[] } | null;
  /** Number of the licence that took its place; null while it stands. */
  replacedBy: string | null;
  /** Number of the licence that it took the place of. */
  replaces: string | null;
  /** Another licence carries the same number: neither is in force. */
  conflict: boolean;
  provisional: boolean;
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
