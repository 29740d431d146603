/** How the path validator answers, and what it can tell about each check. */

/** Closed set of the contract. */
export type PathCode =
  | 'ok'
  | 'no-path'
  | 'expired'
  | 'not-yet-valid'
  | 'bad-signature'
  | 'revoked'
  | 'revocation-unknown'
  | 'name-constraints'
  | 'path-len'
  | 'not-a-ca'
  | 'key-usage'
  | 'eku'
  | 'policy'
  | 'unknown-critical-ext'
  | 'malformed'
  | 'unsupported-alg'
  | 'peer-name'
  | 'budget';

/** What was looked at; the app has words for each. */
export type PathCheck =
  | 'form'
  | 'search'
  | 'algorithm'
  | 'public-key'
  | 'signature'
  | 'validity'
  | 'critical-extensions'
  | 'basic-constraints'
  | 'key-usage'
  | 'path-length'
  | 'name-constraints'
  | 'policies'
  | 'revocation'
  | 'extended-key-usage'
  | 'peer-name'
  | 'key-identifiers'
  | 'names'
  | 'serial';

export interface PathStep {
  readonly check: PathCheck;
  /** SHA-256 hex of the certificate looked at; null for the path as a whole. */
  readonly certificate: string | null;
  /** Where the rule stands, e.g. `RFC 5280 6.1.4 k`. */
  readonly clause: string;
  /** `ok`, or what is wrong. */
  readonly code: PathCode;
  /** Said where `ok` needs a word: `unknown` for revocation under soft-fail, `not-asked`. */
  readonly note?: string;
}

export interface PathResult {
  readonly valid: boolean;
  readonly code: PathCode;
  /** User-constrained policy set (RFC 5280 6.1.5 g). */
  readonly policies: string[];
  /** SHA-256 hex, leaf to anchor; of the path that got furthest where none is valid. */
  readonly path: string[];
}
