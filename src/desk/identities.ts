/** Making the identities of a deployment: keys in the vault, certificates from its own CAs. */

import type { Signer, Suite } from '../crypto/index.ts';
import type { KeySession, NewSecret } from '../keys/index.ts';
import { namingDigest } from '../pki/index.ts';
import type { CertificateKind, Subject } from '../pki/issuing/index.ts';
import type { DeskContext } from './context.ts';
import { DeskError } from './refusals.ts';

/**
 * A deployment certifies nobody in the other suite.
 * @param ca certificate of the authority, DER
 * @throws {DeskError} `csr-suite`
 */
export function demandSuite(ca: Uint8Array, spki: Uint8Array): void {
  if (namingDigest(ca) !== namingDigest(spki)) {
    throw new DeskError('csr-suite', 'a key of another suite than the authority certifies');
  }
}

export interface Term {
  notBefore: string;
  notAfter: string;
}

/** Whole seconds, from an hour before now (clocks differ) for so many years. */
export function termFrom(now: string, years: number): Term {
  const start = new Date(Date.parse(now) - 3_600_000);
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  const seconds = (time: Date) => `${time.toISOString().slice(0, 19)}Z`;
  return { notBefore: seconds(start), notAfter: seconds(end) };
}

export interface NewIdentity {
  label: string;
  subject: Subject;
  suite: Suite;
  pilot: boolean;
  secrets: NewSecret[];
}

/** A root that certifies itself. */
export async function makeRoot(
  { vault }: DeskContext,
  { label, subject, suite, pilot, secrets }: NewIdentity,
  term: Term,
): Promise<{
  id: string;
  session: KeySession;
  certificate: Uint8Array;
  recoveryCode: string | null;
}> {
  const { createRootCertificate, randomSerial } = await import('../pki/issuing/index.ts');
  const { identity, session, recoveryCode } = await vault.create({ label, suite, pilot, secrets });
  const key = session.keySigner('signing');
  const certificate = await createRootCertificate({
    subject,
    key,
    pilot,
    serial: randomSerial(),
    ...term,
  });
  await vault.setCertificates(identity.id, { signing: certificate, chain: [] });
  return { id: identity.id, session, certificate, recoveryCode };
}

/** What issues: certificate and chain above it, and the session that holds its key. */
export interface Issuer {
  session: KeySession;
  certificate: Uint8Array;
  /** From the issuer upwards, for the holders' packages and documents. */
  chain: Uint8Array[];
}

/** A CA's key signs certificates and nothing else, so it is no identity's ordinary signer. */
export const certifierOf = ({ session, certificate, chain }: Issuer): Signer => ({
  certificate,
  chain,
  suite: session.suite,
  sign: (data) => session.keySigner('signing').sign(data),
});

/** A CA below `issuer`: its key in the vault, its certificate with whoever keeps the deployment. */
export async function makeCa(
  { vault }: DeskContext,
  { label, subject, suite, pilot, secrets }: NewIdentity,
  issuer: Issuer,
  term: Term,
): Promise<Issuer & { id: string; recoveryCode: string | null }> {
  const { issueCertificate, randomSerial } = await import('../pki/issuing/index.ts');
  const { identity, session, recoveryCode } = await vault.create({ label, suite, pilot, secrets });
  const certificate = await issueCertificate({
    kind: 'ca',
    subject,
    spki: session.keySigner('signing').spki,
    issuer: certifierOf(issuer),
    serial: randomSerial(),
    pilot,
    ...term,
  });
  const chain = [certificate, ...issuer.chain];
  return { id: identity.id, session, certificate, chain, recoveryCode };
}

/** An identity certified by `issuer`; an encryption certificate too where a kind is given. */
export async function makeIdentity(
  { vault }: DeskContext,
  { label, subject, suite, pilot, secrets }: NewIdentity,
  kinds: { signing: CertificateKind; encryption?: CertificateKind },
  issuer: Issuer,
  term: Term,
): Promise<{
  id: string;
  session: KeySession;
  signing: Uint8Array;
  encryption: Uint8Array | null;
  recoveryCode: string | null;
}> {
  const { issueCertificate, randomSerial } = await import('../pki/issuing/index.ts');
  const { identity, session, recoveryCode } = await vault.create({ label, suite, pilot, secrets });
  const by = certifierOf(issuer);
  const issue = (kind: CertificateKind, purpose: 'signing' | 'encryption') =>
    issueCertificate({
      kind,
      subject,
      spki: session.keySigner(purpose).spki,
      issuer: by,
      serial: randomSerial(),
      pilot,
      ...term,
    });
  const signing = await issue(kinds.signing, 'signing');
  const encryption = kinds.encryption ? await issue(kinds.encryption, 'encryption') : null;
  await vault.setCertificates(identity.id, {
    signing,
    ...(encryption ? { encryption } : {}),
    chain: issuer.chain,
  });
  return { id: identity.id, session, signing, encryption, recoveryCode };
}
