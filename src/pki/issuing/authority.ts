/**
 * The books of a small certification authority, as pure functions over plain values: what is
 * revoked, which CRL comes next, what a renewal carries over.
 */
import { Malformed, type Signer, toHex } from '../../crypto/index.ts';
import { readCertificate } from '../certificate.ts';
import { isPilot } from '../pilot.ts';
import type { IssueOptions } from './certificate.ts';
import { createCrl, type RevocationReason, type RevokedEntry } from './crl.ts';
import type { CertificateKind } from './profile.ts';
import { subjectOf } from './subject.ts';

/** Structured-cloneable; kept by the caller. */
export interface RevocationRegister {
  /** Number of the last CRL; 0 before the first. */
  crlNumber: number;
  revoked: readonly (RevokedEntry & { notAfter: string })[];
}

export const emptyRegister = (): RevocationRegister => ({ crlNumber: 0, revoked: [] });

/**
 * Enters a revocation. A hold may be made final, or lifted with reason `null`; what is final stays.
 * @throws {Malformed} `revoke-final` for a second revocation, `revoke-none` for lifting no hold
 */
export function revoke(
  register: RevocationRegister,
  certificate: Uint8Array,
  { time, reason }: { time: string; reason: RevocationReason | null },
): RevocationRegister {
  const { serial, notAfter } = readCertificate(certificate);
  const known = register.revoked.find((entry) => toHex(entry.serial) === toHex(serial));
  if (known && known.reason !== 'certificateHold') {
    throw new Malformed('revoke-final', 'already revoked');
  }
  const others = register.revoked.filter((entry) => entry !== known);
  if (reason === null) {
    if (!known) throw new Malformed('revoke-none', 'not on hold');
    return { ...register, revoked: others };
  }
  // A hold that becomes final keeps its date: the certificate was not good in between.
  const since = known ? known.time : time;
  const entry = { serial, time: since, reason, notAfter: new Date(notAfter).toISOString() };
  return { ...register, revoked: [...others, entry] };
}

/**
 * The next CRL and the register after it. An entry leaves only after it stood on one CRL issued
 * past the certificate's term (RFC 5280 3.3).
 */
export async function nextCrl(
  register: RevocationRegister,
  { issuer, thisUpdate, nextUpdate }: { issuer: Signer; thisUpdate: string; nextUpdate: string },
): Promise<{ crl: Uint8Array; register: RevocationRegister }> {
  const number = register.crlNumber + 1;
  const revoked = [...register.revoked].sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
  const crl = await createCrl({ issuer, number, revoked, thisUpdate, nextUpdate });
  const kept = register.revoked.filter((e) => Date.parse(e.notAfter) >= Date.parse(thisUpdate));
  return { crl, register: { crlNumber: number, revoked: kept } };
}

/**
 * What a renewal issues: the subject, key (or a new one) and pilot mark of `certificate` for a new
 * term and serial.
 */
export function renew(
  certificate: Uint8Array,
  next: {
    kind: CertificateKind;
    issuer: Signer;
    serial: Uint8Array;
    notBefore: string;
    notAfter: string;
    /** A fresh key; absent: the old one goes on. */
    spki?: Uint8Array;
  },
): IssueOptions {
  const old = readCertificate(certificate);
  return { spki: old.spki, ...next, subject: subjectOf(old.subject), pilot: isPilot(old) };
}
