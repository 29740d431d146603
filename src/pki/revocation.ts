/** Revocation status from all evidence at hand: OCSP and CRLs. */
import { crlStatus, type RevocationQuestion, type RevocationStatus } from './crl-check.ts';
import type { Environment } from './environment.ts';
import { ocspStatus } from './ocsp-check.ts';

/** Revoked where any evidence says so, good where any says so and none the contrary. */
export async function revocationStatus(
  environment: Environment,
  question: RevocationQuestion,
): Promise<RevocationStatus> {
  const ocsp = environment.ocsp.length > 0 ? await ocspStatus(environment, question) : 'unknown';
  if (ocsp === 'revoked') return ocsp;
  const crl = environment.crls.length > 0 ? await crlStatus(environment, question) : 'unknown';
  return crl === 'unknown' ? ocsp : crl;
}
