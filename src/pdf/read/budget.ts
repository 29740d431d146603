/**
 * What reading one file may cost, counted in work and not in time, so that the same file gets the
 * same answer on every machine. Beside it: what was passed over on the way.
 */
import { type Finding, Malformed } from '../../crypto/index.ts';

export const LIMITS = {
  /** Tokens parsed. */
  tokens: 2_500_000,
  /** Bytes that filters put out, all streams together. */
  output: 96 * 2 ** 20,
  /** Bytes that one structural stream may put out. */
  stream: 32 * 2 ** 20,
  /** Bytes of strings read and of streams compared. */
  bytes: 512 * 2 ** 20,
  /** Cross-reference entries. */
  entries: 3_000_000,
  /** Values visited while revisions are compared. */
  visits: 8_000_000,
  sections: 1_000,
  nesting: 64,
} as const;

export class PdfBudget {
  #tokens: number = LIMITS.tokens;
  #output: number = LIMITS.output;
  #entries: number = LIMITS.entries;
  #bytes: number = LIMITS.bytes;
  #visits: number = LIMITS.visits;
  /** Faults of writing that alter nothing that is signed or shown, one of each code. */
  readonly passedOver = new Map<string, Finding>();

  note(code: string, message: string, params: Finding['params'] = {}): void {
    if (this.passedOver.has(code)) return;
    this.passedOver.set(code, { code, message, severity: 'warning', params });
  }

  token(count = 1): void {
    this.#tokens -= count;
    if (this.#tokens < 0) throw new Malformed('pdf-budget', 'too many objects to read');
  }

  visit(count = 1): void {
    this.#visits -= count;
    if (this.#visits < 0) throw new Malformed('pdf-budget', 'too many values to compare');
  }

  scan(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0) throw new Malformed('pdf-budget', 'too many bytes to read');
  }

  /** Bytes that a filter may still put out. */
  get outputLeft(): number {
    return Math.min(this.#output, LIMITS.stream);
  }

  output(bytes: number): void {
    this.#output -= bytes;
    if (this.#output < 0) throw new Malformed('pdf-budget', 'streams expand to too much data');
  }

  entries(count: number): void {
    this.#entries -= count;
    if (this.#entries < 0) throw new Malformed('pdf-budget', 'too many cross-reference entries');
  }
}
