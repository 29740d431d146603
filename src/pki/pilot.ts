/**
 * The mark of a pilot: certificates made for trying the system out say so in certificatePolicies,
 * so that no verifier of a real deployment ever takes them for more (design, section 5).
 */
import { expect, Malformed, oidOf, readDer, TAG } from '../crypto/index.ts';
import type { Certificate } from './certificate.ts';

/**
 * Policy "pilot, worth nothing", in the arc that RFC 5612 sets aside for examples: a pilot is one,
 * and no registered arc is claimed for it.
 */
export const PILOT_POLICY = '1.3.6.1.4.1.32473.67.1';

const CERTIFICATE_POLICIES = '2.5.29.32';

/** Whether a certificate carries the pilot policy. @throws {Malformed} for a broken extension. */
export function isPilot(certificate: Pick<Certificate, 'extensions'>): boolean {
  const extension = certificate.extensions.get(CERTIFICATE_POLICIES);
  if (!extension) return false;
  const list = expect(readDer(extension.value), TAG.SEQUENCE, 'certificatePolicies');
  if (list.children.length === 0) throw new Malformed('x509-extensions', 'no policy');
  return list.children.some((policy) => oidOf(policy.children[0]) === PILOT_POLICY);
}
