/** A revocation list as plain values for people (RFC 5280 section 5). */
import { Malformed, sha256Hex } from '../crypto/index.ts';
import { certificateId } from './certificate-id.ts';
import { crlOf } from './crl.ts';
import { maySignCrls } from './crl-check.ts';
import { describeName, type NameDescription } from './describe.ts';
import { fieldsOf, isSignedBy } from './fields.ts';

/** CRLReason by number (5.3.1); 7 is not used. */
const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  '',
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

export interface CrlDescription {
  readonly ok: true;
  /** SHA-256 hex. */
  readonly id: string;
  readonly issuer: NameDescription;
  /** Decimal; null where the list has none. */
  readonly number: string | null;
  /** BaseCRLNumber, decimal, of a delta CRL. */
  readonly delta: string | null;
  /** ISO 8601. */
  readonly thisUpdate: string;
  readonly nextUpdate: string | null;
  /** The scope is narrowed by an issuing distribution point. */
  readonly partial: boolean;
  readonly indirect: boolean;
  readonly size: number;
  /** The first of them, in the order of the list. */
  readonly entries: readonly { serial: string; time: string; reason: string }[];
  /** Name of the certificate whose key verifies it; null where none of those given does. */
  readonly signedBy: string | null;
}

/**
 * Never throws.
 * @param issuers certificates that may have signed it, DER
 * @param most entries to describe
 * @returns `ok: false` with a code for what is no revocation list at all
 */
export async function describeCrl(
  der: Uint8Array,
  issuers: readonly Uint8Array[],
  most = 500,
): Promise<CrlDescription | { ok: false; code: string }> {
  try {
    const crl = crlOf(der);
    const entries = [...crl.entries].flatMap(([serial, list]) =>
      list.map(({ revokedAt, reason }) => ({
        serial,
        time: new Date(revokedAt).toISOString(),
        reason: REASONS[reason] ?? 'unspecified',
      })),
    );
    return {
      ok: true,
      id: await sha256Hex(der),
      issuer: describeName(crl.issuer),
      number: crl.number?.toString() ?? null,
      delta: crl.delta?.toString() ?? null,
      thisUpdate: new Date(crl.thisUpdate).toISOString(),
      nextUpdate: crl.nextUpdate === null ? null : new Date(crl.nextUpdate).toISOString(),
      partial: crl.idp !== null,
      indirect: crl.idp?.indirect ?? false,
      size: entries.length,
      entries: entries.slice(0, most),
      signedBy: await signerAmong(crl, issuers),
    };
  } catch (error) {
    return { ok: false, code: error instanceof Malformed ? error.code : 'malformed' };
  }
}

async function signerAmong(
  crl: ReturnType<typeof crlOf>,
  issuers: readonly Uint8Array[],
): Promise<string | null> {
  for (const der of issuers) {
    try {
      const fields = fieldsOf(der);
      if (fields.subjectKey !== crl.issuerKey || !maySignCrls(fields)) continue;
      if (await isSignedBy(crl, fields.certificate.spki)) return await certificateId(der);
    } catch {
      // A certificate that cannot be read signed nothing.
    }
  }
  return null;
}
