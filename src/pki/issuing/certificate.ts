/** Writing certificates (RFC 5280 4.1). Everything is signed through `sign`; no key passes here. */
import {
  type Bytes,
  derWrite,
  type KeyKind,
  Malformed,
  type Signer,
  signatureAlgorithmOf,
} from '../../crypto/index.ts';
import { readCertificate } from '../certificate.ts';
import { isPilot } from '../pilot.ts';
import {
  type CertificateKind,
  issuerKeyIdentifier,
  type Profile,
  writeExtensions,
} from './profile.ts';
import { type Subject, writeSubject } from './subject.ts';
import { writeTime } from './time.ts';

/** A key that has no certificate yet. */
export interface KeySigner {
  readonly suite: KeyKind;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** As `Signer.sign`: DER SEQUENCE { r, s }. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

interface Term {
  /** Positive, 1 to 20 octets big-endian; see {@link randomSerial}. */
  serial: Uint8Array;
  /** ISO 8601, whole seconds, both inclusive. */
  notBefore: string;
  notAfter: string;
}

export interface IssueOptions extends Term {
  kind: CertificateKind;
  subject: Subject;
  /** SubjectPublicKeyInfo, DER, of a key whose possession was proven. */
  spki: Uint8Array;
  issuer: Signer;
  /** Marks the certificate as worth nothing outside its pilot; required under a pilot issuer. */
  pilot?: boolean;
}

export interface SelfSignedOptions extends Term {
  subject: Subject;
  key: KeySigner;
  pilot?: boolean;
}

/** 16 octets from the platform: positive, without a leading zero. */
export function randomSerial(
  random: (bytes: Bytes) => Uint8Array = (bytes) => crypto.getRandomValues(bytes),
): Uint8Array {
  const serial = random(new Uint8Array(16));
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  return serial;
}

/** @throws {Malformed} `issue-*` for a subject, serial or term that no certificate can carry */
export async function createRootCertificate(options: SelfSignedOptions): Promise<Uint8Array> {
  return selfIssued('root', options);
}

/**
 * An end-entity certificate that a key gives itself, so that it can sign its registration; it
 * certifies nothing.
 * @throws {Malformed} `issue-*`
 */
export async function selfSigned(options: SelfSignedOptions): Promise<Uint8Array> {
  return selfIssued('enterprise-signing', options);
}

async function selfIssued(profile: Profile, options: SelfSignedOptions): Promise<Uint8Array> {
  const { key, subject, pilot = false } = options;
  const name = writeSubject(subject);
  const extensions = await writeExtensions(profile, key.spki, null, pilot);
  return sign(writeTbs(options, key, name, name, key.spki, extensions), key);
}

/**
 * @throws {Malformed} `issue-*`: what no certificate can carry; `issue-term` also for a term outside
 * the issuer's; `issue-pilot` for a certificate without the pilot mark under a pilot issuer, and
 * the reverse. Unreadable issuer certificates or keys keep the codes of their readers.
 */
export async function issueCertificate(options: IssueOptions): Promise<Uint8Array> {
  const { issuer, kind, spki, subject, pilot = false } = options;
  const ca = readCertificate(issuer.certificate);
  if (Date.parse(options.notBefore) < ca.notBefore || Date.parse(options.notAfter) > ca.notAfter) {
    throw new Malformed('issue-term', 'outside the term of the issuer');
  }
  if (pilot !== isPilot(ca)) throw new Malformed('issue-pilot', 'pilot and issuer do not fit');
  const extensions = await writeExtensions(kind, spki, await issuerKeyIdentifier(ca), pilot);
  const tbs = writeTbs(options, issuer, ca.subject.raw, writeSubject(subject), spki, extensions);
  return sign(tbs, issuer);
}

function writeTbs(
  { serial, notBefore, notAfter }: Term,
  { suite }: { suite: KeyKind },
  issuer: Uint8Array,
  subject: Uint8Array,
  spki: Uint8Array,
  extensions: Uint8Array,
): Bytes {
  checkSerial(serial);
  if (!(Date.parse(notBefore) <= Date.parse(notAfter))) {
    throw new Malformed('issue-term', 'ends before it begins');
  }
  return derWrite.sequence(
    derWrite.context(0, derWrite.integer(2)),
    derWrite.unsignedInteger(serial),
    signatureAlgorithmOf(suite),
    issuer,
    derWrite.sequence(writeTime(notBefore), writeTime(notAfter)),
    subject,
    spki,
    derWrite.context(3, extensions),
  );
}

/** RFC 5280 4.1.2.2: positive, not more than 20 octets of content. */
export function checkSerial(serial: Uint8Array): void {
  const size = serial.length + ((serial[0] ?? 0) >= 0x80 ? 1 : 0);
  if (size < 1 || size > 20 || serial.every((byte) => byte === 0)) {
    throw new Malformed('issue-serial', 'positive, at most 20 octets');
  }
}

/** SIGNED{} of X.509: the signed part, its algorithm, the signature. */
export async function sign(
  tbs: Bytes,
  signer: { suite: KeyKind; sign(data: Uint8Array): Promise<Uint8Array> },
): Promise<Uint8Array> {
  const signature = await signer.sign(tbs);
  return derWrite.sequence(tbs, signatureAlgorithmOf(signer.suite), derWrite.bitString(signature));
}
