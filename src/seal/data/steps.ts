/** How seal verifiers report: every step with its outcome, every code with its verdict. */
import { type Finding, type Verdict, worse } from '../../crypto/index.ts';

/** In the order of GM/T 0031-2014 6.1.2 and 6.2.3. */
export type SealStep =
  | 'format'
  | 'signature-value'
  | 'signer-certificate'
  | 'signing-time'
  | 'signer-listed'
  | 'content'
  | 'seal-signature'
  | 'seal-maker'
  | 'seal-validity'
  | 'seal-extensions'
  | 'seal-status'
  | 'time-stamp';

export interface StepResult {
  readonly step: SealStep;
  readonly result: 'pass' | 'fail' | 'skipped';
  readonly code?: SealCode;
}

const FAILED = 'TOTAL-FAILED';
const UNCLEAR = 'INDETERMINATE';

/** Verdict and sub-indication (ETSI EN 319 102-1) of each code. */
const SEAL_CODES = {
  SEAL_PARSE: [FAILED, 'FORMAT_FAILURE'],
  SEAL_TRAILING: [FAILED, 'FORMAT_FAILURE'],
  SEAL_VERSION: [FAILED, 'FORMAT_FAILURE'],
  SIG_PARSE: [FAILED, 'FORMAT_FAILURE'],
  SEAL_SIG: [FAILED, 'SIG_CRYPTO_FAILURE'],
  SIG_VALUE: [FAILED, 'SIG_CRYPTO_FAILURE'],
  HASH_MISMATCH: [FAILED, 'HASH_FAILURE'],
  SIGNER_NOT_IN_SEAL: [FAILED, 'SIG_CONSTRAINTS_FAILURE'],
  SIGN_TIME_OUTSIDE_SEAL: [FAILED, 'SIG_CONSTRAINTS_FAILURE'],
  SEAL_ALG: [UNCLEAR, 'CRYPTO_CONSTRAINTS_FAILURE'],
  MAKER_CHAIN: [UNCLEAR, 'NO_CERTIFICATE_CHAIN_FOUND'],
  SIGNER_CHAIN: [UNCLEAR, 'NO_CERTIFICATE_CHAIN_FOUND'],
  MAKER_UNTRUSTED: [UNCLEAR, 'CHAIN_CONSTRAINTS_FAILURE'],
  MAKER_KEYUSAGE: [UNCLEAR, 'CHAIN_CONSTRAINTS_FAILURE'],
  SIGNER_KEYUSAGE: [UNCLEAR, 'CHAIN_CONSTRAINTS_FAILURE'],
  MAKER_EXPIRED: [UNCLEAR, 'OUT_OF_BOUNDS_NO_POE'],
  SIGNER_TIME: [UNCLEAR, 'OUT_OF_BOUNDS_NO_POE'],
  SIGN_TIME_UNKNOWN: [UNCLEAR, 'OUT_OF_BOUNDS_NO_POE'],
  SIGN_TIME_FUTURE: [UNCLEAR, 'OUT_OF_BOUNDS_NO_POE'],
  MAKER_ROLE_ENDED: [UNCLEAR, 'REVOKED_NO_POE'],
  SIGNER_ROLE_ENDED: [UNCLEAR, 'REVOKED_NO_POE'],
  MAKER_COMPROMISED: [UNCLEAR, 'REVOKED_NO_POE'],
  SIGNER_COMPROMISED: [UNCLEAR, 'REVOKED_NO_POE'],
  MAKER_REVOKED: [UNCLEAR, 'REVOKED_NO_POE'],
  SEAL_REVOKED: [UNCLEAR, 'REVOKED_NO_POE'],
  SIGNER_REVOKED_BEFORE: [UNCLEAR, 'REVOKED_NO_POE'],
  REVOCATION_UNKNOWN: [UNCLEAR, 'TRY_LATER'],
  SEAL_NOT_YET: [UNCLEAR, 'OUT_OF_BOUNDS_NO_POE'],
  SEAL_EXPIRED: [UNCLEAR, 'OUT_OF_BOUNDS_NO_POE'],
  SEAL_EXT_CRITICAL: [UNCLEAR, 'SIG_CONSTRAINTS_FAILURE'],
  TIMESTAMP_BAD: [UNCLEAR, 'SIG_CONSTRAINTS_FAILURE'],
  TIMESTAMP_UNTRUSTED: [UNCLEAR, 'NO_CERTIFICATE_CHAIN_FOUND'],
  DATA_ABSENT: [UNCLEAR, 'SIGNED_DATA_NOT_FOUND'],
  TIME_INVALID: [UNCLEAR, 'TRY_LATER'],
} as const satisfies Record<string, readonly [Verdict, string]>;

type Params = Finding['params'];

export type SealCode = keyof typeof SEAL_CODES;

/** Collects the steps of one verification. */
export class SealReport {
  verdict: Verdict = 'TOTAL-PASSED';
  subIndication: string | undefined;
  /** What says when it was signed, where a deployment's roster was asked. */
  provenBy: 'log' | 'time-stamp' | 'claim' | undefined;
  readonly steps: StepResult[] = [];
  readonly findings: Finding[] = [];

  pass(step: SealStep): void {
    this.steps.push({ step, result: 'pass' });
  }

  /** Nothing to check here. */
  skip(step: SealStep): void {
    this.steps.push({ step, result: 'skipped' });
  }

  fail(step: SealStep, code: SealCode, message: string, params?: Params): void {
    this.#settle(step, 'fail', code, message, params);
  }

  /** Could not be checked, which counts against a verdict as the code says. */
  open(step: SealStep, code: SealCode, message: string, params?: Params): void {
    this.#settle(step, 'skipped', code, message, params);
  }

  /** Worth saying, without weight in the verdict. */
  note(code: string, message: string, params?: Params): void {
    this.findings.push({ code, message, severity: 'info', ...(params ? { params } : {}) });
  }

  #settle(
    step: SealStep,
    result: 'fail' | 'skipped',
    code: SealCode,
    message: string,
    params?: Params,
  ): void {
    const [verdict, subIndication] = SEAL_CODES[code];
    const before = this.verdict;
    this.verdict = worse(before, verdict);
    if (this.verdict !== before) this.subIndication = subIndication;
    this.steps.push({ step, result, code });
    const severity = verdict === FAILED ? 'error' : 'warning';
    this.findings.push({ code, message, severity, ...(params ? { params } : {}) });
  }
}
