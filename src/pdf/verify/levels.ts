/**
 * The level of PAdES (EN 319 142-1, 6.1): what a signature has, and what of it is proven under the
 * trust at hand. The first is about the file alone; the second needs authorities that are trusted.
 */
import { hasRevocation } from './evidence.ts';
import type { JudgedSignature } from './judge-signers.ts';
import type { Level } from './report.ts';

/** What stands beside a signature, trusted or not. */
export interface Beside {
  /** A time stamp of its value, or of the document after it. */
  readonly stamped: boolean;
  /** Revocation data in the signature or in the document. */
  readonly revocation: boolean;
  /** A document time stamp after that revocation data. */
  readonly archived: boolean;
}

export function levelOf({ cms, report }: JudgedSignature, beside: Beside): Level {
  if (!cms?.essPresent || report.subFilter !== 'ETSI.CAdES.detached') return 'CMS';
  if (!beside.stamped) return 'B-B';
  if (!beside.revocation) return 'B-T';
  return beside.archived ? 'B-LTA' : 'B-LT';
}

/** Revocation data that the signature itself carries. */
export function carriesRevocation({ cms }: JudgedSignature): boolean {
  return cms !== null && hasRevocation(cms);
}
