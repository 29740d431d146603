/**
 * How every verifier of this house answers: a verdict in the words of ETSI EN 319 102-1, and the
 * findings that led to it. One report stands behind the page, the library and the saved file.
 */

export type Verdict = 'TOTAL-PASSED' | 'INDETERMINATE' | 'TOTAL-FAILED';

export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  /** Closed, stable identifier, e.g. `SEAL_SIG` or `pdf-byterange`. */
  readonly code: string;
  /** One English sentence; the app translates by `code`. */
  readonly message: string;
  /** What it is about: a PDF object, a file of a package, a certificate. */
  readonly object?: string;
  readonly severity: Severity;
  /** Names, numbers and places of the message, so that another language can say them, too. */
  readonly params?: Readonly<Record<string, string>>;
}

/** The worse of two verdicts: failed beats indeterminate beats passed. */
export function worse(a: Verdict, b: Verdict): Verdict {
  const order: Verdict[] = ['TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED'];
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}
