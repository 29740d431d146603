/**
 * What a strict reader throws inside its room when input breaks a rule. It never crosses a door:
 * each public function turns it into a code and a finding.
 */
export class Malformed extends Error {
  /** Closed, stable identifier of the broken rule, e.g. `der-length`. */
  readonly code: string;
  /** Byte offset in the outermost input, where known. */
  readonly at: number | undefined;

  constructor(code: string, message: string = code, at?: number) {
    super(message);
    this.name = 'Malformed';
    this.code = code;
    this.at = at;
  }
}
