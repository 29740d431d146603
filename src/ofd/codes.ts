/** What is found in an OFD itself, apart from its seals: code, integrity, verdict, sub-indication. */
import type { Finding, Verdict } from '../crypto/index.ts';

/** Worst last. `unchecked`: nothing is known to be changed, yet not all is known to be the same. */
const ORDER = ['intact', 'unchecked', 'modified', 'broken'] as const;

export type SignatureIntegrity = (typeof ORDER)[number];

export const worst = (a: SignatureIntegrity, b: SignatureIntegrity): SignatureIntegrity =>
  ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;

const FAILED = 'TOTAL-FAILED';
const UNCLEAR = 'INDETERMINATE';

const CODES = {
  OFD_PARSE: ['broken', FAILED, 'FORMAT_FAILURE'],
  OFD_SEAL_DIFFERS: ['broken', FAILED, 'SIG_CONSTRAINTS_FAILURE'],
  OFD_SIGNATURE_INVALID: ['broken', FAILED, 'SIG_CRYPTO_FAILURE'],
  OFD_SIGNATURE_CHANGED: ['modified', FAILED, 'HASH_FAILURE'],
  OFD_FILE_MISSING: ['modified', FAILED, 'HASH_FAILURE'],
  OFD_FILE_CHANGED: ['modified', FAILED, 'HASH_FAILURE'],
  OFD_FILE_UNPROTECTED: ['unchecked', UNCLEAR, 'SIG_CONSTRAINTS_FAILURE'],
  OFD_PART_MISSING: ['unchecked', UNCLEAR, 'SIGNED_DATA_NOT_FOUND'],
  OFD_PART_UNREADABLE: ['unchecked', UNCLEAR, 'FORMAT_FAILURE'],
  OFD_LIST_STRANGE: ['unchecked', UNCLEAR, 'SIG_CONSTRAINTS_FAILURE'],
  OFD_ENCRYPTED: ['unchecked', UNCLEAR, 'SIGNED_DATA_NOT_FOUND'],
  OFD_DIGEST_UNKNOWN: ['unchecked', UNCLEAR, 'CRYPTO_CONSTRAINTS_FAILURE'],
  OFD_ALGORITHM_UNKNOWN: ['unchecked', UNCLEAR, 'CRYPTO_CONSTRAINTS_FAILURE'],
  OFD_NO_CERTIFICATE: ['unchecked', UNCLEAR, 'NO_SIGNING_CERTIFICATE_FOUND'],
} as const satisfies Record<string, readonly [SignatureIntegrity, Verdict, string]>;

export type OfdCode = keyof typeof CODES;

type Params = Finding['params'];

/** Collects what is found about one signature, or about the document. */
export class OfdFindings {
  integrity: SignatureIntegrity = 'intact';
  verdict: Verdict = 'TOTAL-PASSED';
  subIndication: string | undefined;
  readonly findings: Finding[] = [];

  fail(code: OfdCode, message: string, params?: Params): void {
    const [integrity, verdict, sub] = CODES[code];
    this.integrity = worst(this.integrity, integrity);
    if (verdict === FAILED ? this.verdict !== FAILED : this.verdict === 'TOTAL-PASSED') {
      this.verdict = verdict;
      this.subIndication = sub;
    }
    this.#add(code, message, verdict === FAILED ? 'error' : 'warning', params);
  }

  /** Worth a look, without weight in the verdict. */
  warn(code: string, message: string, params?: Params): void {
    this.#add(code, message, 'warning', params);
  }

  note(code: string, message: string, params?: Params): void {
    this.#add(code, message, 'info', params);
  }

  #add(code: string, message: string, severity: Finding['severity'], params?: Params): void {
    this.findings.push({ code, message, severity, ...(params ? { params } : {}) });
  }
}
