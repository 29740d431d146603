/** What one verification shares: inputs read once, budget, rules, and the way to ask for a further path. */
import type { Budget } from './budget.ts';
import type { Crl } from './crl.ts';
import type { Fields } from './fields.ts';
import type { OcspResponse } from './ocsp.ts';
import type { PathCheck, PathCode } from './path-code.ts';
import type { PolicyInputs } from './policies.ts';
import type { Purpose } from './purpose.ts';
import type { RuleContext } from './rules.ts';

export type RevocationMode = 'none' | 'soft-fail' | 'hard-fail';

export interface Anchor {
  readonly fields: Fields;
  readonly enforce: boolean;
}

/** A check and its outcome, before certificates are named by their hash. */
export interface TraceStep {
  check: PathCheck;
  fields: Fields | null;
  clause: string;
  code: PathCode;
  note?: string;
}

/** One question to the path search. */
export interface Query {
  readonly target: Fields;
  readonly anchors: readonly Anchor[];
  /** Certificates between anchor and target that are not self-issued; at most. */
  readonly maxDepth: number;
  readonly policies: PolicyInputs;
  readonly purpose: Purpose;
  readonly revocation: RevocationMode;
  /** CRL and OCSP signers whose paths are being checked already: no going round in circles. */
  readonly guard: ReadonlySet<Fields>;
  /** The target may itself be an anchor: a path of one. */
  readonly anchorAsTarget: boolean;
}

export interface Outcome {
  readonly code: PathCode;
  readonly policies: string[];
  /** Leaf to anchor. */
  readonly path: readonly Fields[];
  /** Where revocation was asked for: at least one certificate's status stayed unknown. */
  readonly revocationUnknown: boolean;
  readonly trace: readonly TraceStep[];
}

export interface Environment {
  readonly rules: RuleContext;
  readonly budget: Budget;
  /** Certificates by comparable subject name. */
  readonly pool: ReadonlyMap<string, readonly Fields[]>;
  readonly crls: readonly Crl[];
  readonly ocsp: readonly OcspResponse[];
  /**
   * Evidence issued after `time` counts too: what was revoked by `time` is revoked, what was revoked
   * later was not. For signatures judged at a proven moment in the past.
   */
  readonly laterEvidence: boolean;
  /** Milliseconds; evidence without nextUpdate is used up to this age, and with it any evidence where the caller says so. */
  readonly maxAge: number | null;
  /** Record every check, and go on after the first that fails. */
  readonly tracing: boolean;
  readonly search: (environment: Environment, query: Query) => Promise<Outcome>;
}
