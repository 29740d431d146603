/** Writing CRLs (RFC 5280 section 5): version 2, with number and authority key identifier. */
import { derWrite, Malformed, type Signer, signatureAlgorithmOf } from '../../crypto/index.ts';
import { readCertificate } from '../certificate.ts';
import { checkSerial, sign } from './certificate.ts';
import { authorityKeyIdentifier, issuerKeyIdentifier, writeExtension } from './profile.ts';
import { writeTime } from './time.ts';

/** CRLReason (5.3.1) by name. */
const REVOCATION_REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
} as const;

export type RevocationReason = keyof typeof REVOCATION_REASONS;

export interface RevokedEntry {
  /** Octets of the serial number as in the certificate. */
  serial: Uint8Array;
  /** ISO 8601: when it was revoked. */
  time: string;
  reason: RevocationReason;
}

export interface CrlOptions {
  issuer: Signer;
  /** cRLNumber: rises with every CRL of this issuer. */
  number: number;
  revoked: readonly RevokedEntry[];
  thisUpdate: string;
  nextUpdate: string;
}

const OID = { cRLNumber: '2.5.29.20', reasonCode: '2.5.29.21' } as const;

/** @throws {Malformed} `issue-*` for values that no CRL can carry */
export async function createCrl(options: CrlOptions): Promise<Uint8Array> {
  const { issuer, number, revoked, thisUpdate, nextUpdate } = options;
  const ca = readCertificate(issuer.certificate);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new Malformed('issue-crl-number', 'a whole number from 0');
  }
  if (!(Date.parse(thisUpdate) < Date.parse(nextUpdate))) {
    throw new Malformed('issue-term', 'nextUpdate does not follow thisUpdate');
  }
  const extensions = derWrite.sequence(
    authorityKeyIdentifier(await issuerKeyIdentifier(ca)),
    writeExtension(OID.cRLNumber, false, derWrite.integer(number)),
  );
  const tbs = derWrite.sequence(
    derWrite.integer(1),
    signatureAlgorithmOf(issuer.suite),
    ca.subject.raw,
    writeTime(thisUpdate),
    writeTime(nextUpdate),
    ...(revoked.length > 0 ? [derWrite.sequence(...revoked.map(writeEntry))] : []),
    derWrite.context(0, extensions),
  );
  return sign(tbs, issuer);
}

function writeEntry({ serial, time, reason }: RevokedEntry): Uint8Array {
  checkSerial(serial);
  const code = REVOCATION_REASONS[reason];
  // 5.3.1: unspecified is said by leaving the extension out.
  const reasonCode = derWrite.tlv(0x0a, new Uint8Array([code]));
  const extensions =
    code === 0 ? [] : [derWrite.sequence(writeExtension(OID.reasonCode, false, reasonCode))];
  return derWrite.sequence(derWrite.unsignedInteger(serial), writeTime(time), ...extensions);
}
