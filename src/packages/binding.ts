/**
 * Binding digests (design, section 5): a confidential fact that binds stands in the head as a salted
 * digest, so that everybody can compare two of them and nobody can guess what they hide.
 */
import {
  canonicalJson,
  digestHex,
  type Json,
  type SuiteDigest,
  toBase64,
  utf8,
} from '../crypto/index.ts';

export interface BoundFact {
  deployment: string;
  /** Credit code. */
  party: string;
  /** Which fact, e.g. `terms`. */
  name: string;
  /** Base64 of 32 random octets, or hex of {@link useSalt}. */
  salt: string;
  value: Json;
}

/**
 * @param digest of the deployment's suite
 * @returns hex over the canonical JSON of the fact
 */
export async function bindingDigest(
  digest: SuiteDigest,
  { deployment, party, name, salt, value }: BoundFact,
): Promise<string> {
  return digestHex(digest, utf8(canonicalJson({ deployment, name, party, salt, value })));
}

/** Made once by the applicant, and kept in every body that needs it. */
export function bindingSalt(): string {
  return toBase64(crypto.getRandomValues(new Uint8Array(32)));
}

/**
 * Salt of `ports`, `port` and `declaration`: an inspector without network has the token from the
 * scan, the endpoint does not have it.
 */
export function useSalt(digest: SuiteDigest, token: string): Promise<string> {
  return digestHex(digest, utf8(`use${token}`));
}
