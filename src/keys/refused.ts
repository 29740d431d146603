/** Why an electronic key did not do what was asked. Closed list; pages translate by code. */
export type KeyRefusalCode =
  /** The identity is locked, or was locked meanwhile. */
  | 'locked'
  /** Password, recovery code or passkey does not open this identity. */
  | 'wrong-secret'
  /** A recovery code whose check characters do not fit: mistyped, not wrong. */
  | 'mistyped-code'
  /** The stored record was changed or is incomplete. */
  | 'damaged'
  /** Below `PASSWORD_STRENGTH`. */
  | 'weak-password'
  /** The certificate belongs to another key. */
  | 'key-mismatch'
  /** The certificate's keyUsage does not serve what the key is for. */
  | 'key-usage'
  /** Pilot certificates on a real identity, or the reverse. */
  | 'pilot-mismatch'
  /** A key without a secret is for pilots only. */
  | 'device-not-allowed'
  /** The last way to unlock is never removed. */
  | 'last-wrapper'
  /** A copy of a key that is here already. */
  | 'identity-exists'
  | 'unknown-identity'
  | 'unknown-wrapper'
  /** The identity has no key for this purpose. */
  | 'no-key'
  /** A key came without any certificate. */
  | 'no-certificate'
  /** Opening the file would take longer than was granted. */
  | 'too-costly'
  /** A key under the envelope of GB/T 35276: the holder's signing key opens it. */
  | 'enveloped-key'
  /** The identity has used its encryption key already: another in its place would lose what it reads. */
  | 'key-in-use'
  /** Kind or curve outside those of `KeyKind`, or not for this use. */
  | 'unsupported-alg'
  | 'malformed'
  /** This device or browser cannot do it. */
  | 'not-supported'
  /** The person dismissed the dialogue. */
  | 'cancelled'
  | 'ukey-unreachable'
  | 'ukey-removed'
  | 'ukey-pin'
  | 'ukey-pin-locked'
  | 'ukey-protocol';

export class KeyRefused extends Error {
  readonly code: KeyRefusalCode;

  constructor(code: KeyRefusalCode, message: string = code, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyRefused';
    this.code = code;
  }
}
