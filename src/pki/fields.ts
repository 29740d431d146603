/**
 * A certificate with all its standard extensions read: what the path validator works on. Reading
 * is cached by content, since the same issuers stand in thousands of paths.
 */
import {
  latin1,
  Malformed,
  type PublicKey,
  readPublicKey,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  verifySignature,
} from '../crypto/index.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { certificateId } from './certificate-id.ts';
import { ContentCache } from './content-cache.ts';
import { type DistributionPoint, readDistributionPoints } from './distribution-point.ts';
import {
  type AuthorityKeyIdentifier,
  type BasicConstraints,
  type NameConstraints,
  type PolicyConstraints,
  readAuthorityInfoAccess,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readExtendedKeyUsage,
  readInhibitAnyPolicy,
  readKeyUsage,
  readNameConstraints,
  readPolicies,
  readPolicyConstraints,
  readPolicyMappings,
  readSubjectKeyIdentifier,
  EXTENSION as X,
} from './extensions.ts';
import { type GeneralName, readAltNames } from './general-name.ts';
import { nameKey } from './name-match.ts';

export interface Fields {
  readonly certificate: Certificate;
  readonly subjectKey: string;
  readonly issuerKey: string;
  readonly selfIssued: boolean;
  /** null: outside the allow-list. */
  readonly publicKey: PublicKey | null;
  readonly algorithm: SignatureAlgorithm | null;
  readonly basicConstraints: BasicConstraints | null;
  readonly keyUsage: number | null;
  readonly extendedKeyUsage: readonly string[] | null;
  /** Microsoft's application policies where they are critical, beside extendedKeyUsage and readable. */
  readonly applicationPolicies: readonly string[] | null;
  readonly policies: readonly string[] | null;
  /** A policy qualifier of a kind that is not in RFC 5280; bars the way where policies are critical. */
  readonly unknownQualifier: boolean;
  readonly policyMappings: readonly [string, string][];
  readonly policyConstraints: PolicyConstraints | null;
  readonly inhibitAnyPolicy: number | null;
  readonly nameConstraints: NameConstraints | null;
  readonly altNames: readonly GeneralName[] | null;
  readonly authorityKey: AuthorityKeyIdentifier | null;
  readonly subjectKeyId: Uint8Array | null;
  readonly distributionPoints: readonly DistributionPoint[] | null;
  readonly freshest: readonly DistributionPoint[] | null;
}

/** Extensions that the validator processes; any other that is critical stops the path. */
const PROCESSED: ReadonlySet<string> = new Set([
  X.keyUsage,
  X.subjectAltName,
  X.basicConstraints,
  X.nameConstraints,
  X.cRLDistributionPoints,
  X.certificatePolicies,
  X.policyMappings,
  X.policyConstraints,
  X.extendedKeyUsage,
  X.freshestCRL,
  X.inhibitAnyPolicy,
]);

/** CPS pointer and user notice. */
const QUALIFIERS = ['1.3.6.1.5.5.7.2.1', '1.3.6.1.5.5.7.2.2'];

/** OIDs of critical extensions that nobody here processes. */
export function unknownCritical(certificate: Certificate): string[] {
  const out: string[] = [];
  for (const { oid, critical } of certificate.extensions.values()) {
    if (critical && !PROCESSED.has(oid)) out.push(oid);
  }
  return out;
}

function allowed<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed && error.code === 'unsupported-alg') return null;
    throw error;
  }
}

/** @throws {Malformed} when a standard extension is broken. */
function readFields(certificate: Certificate): Fields {
  const ext = <T>(oid: string, read: (value: Uint8Array) => T): T | null => {
    const extension = certificate.extensions.get(oid);
    return extension ? read(extension.value) : null;
  };
  ext(X.authorityInfoAccess, readAuthorityInfoAccess);
  ext(X.issuerAltName, readAltNames);
  const subjectKey = nameKey(certificate.subject);
  const issuerKey = nameKey(certificate.issuer);
  if (certificate.issuer.rdns.length === 0) {
    throw new Malformed('x509-name', 'issuer is empty (RFC 5280 4.1.2.4)');
  }
  const policies = ext(X.certificatePolicies, readPolicies);
  return {
    certificate,
    subjectKey,
    issuerKey,
    selfIssued: subjectKey === issuerKey,
    publicKey: allowed(() => readPublicKey(certificate.spki)),
    algorithm: allowed(() => readSignatureAlgorithm(certificate.signatureAlgorithm)),
    basicConstraints: ext(X.basicConstraints, readBasicConstraints),
    keyUsage: ext(X.keyUsage, readKeyUsage),
    extendedKeyUsage: ext(X.extendedKeyUsage, readExtendedKeyUsage),
    applicationPolicies: applicationPoliciesOf(certificate),
    policies: policies?.map(({ policy }) => policy) ?? null,
    unknownQualifier:
      policies?.some(({ qualifiers }) => qualifiers.some((oid) => !QUALIFIERS.includes(oid))) ??
      false,
    policyMappings: ext(X.policyMappings, readPolicyMappings) ?? [],
    policyConstraints: ext(X.policyConstraints, readPolicyConstraints),
    inhibitAnyPolicy: ext(X.inhibitAnyPolicy, readInhibitAnyPolicy),
    nameConstraints: ext(X.nameConstraints, readNameConstraints),
    altNames: ext(X.subjectAltName, readAltNames),
    authorityKey: ext(X.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    subjectKeyId: ext(X.subjectKeyIdentifier, readSubjectKeyIdentifier),
    distributionPoints: ext(X.cRLDistributionPoints, readDistributionPoints),
    freshest: ext(X.freshestCRL, readDistributionPoints),
  };
}

/** null also where they are not of that form: then nobody processes them. */
function applicationPoliciesOf({ extensions }: Certificate): string[] | null {
  const extension = extensions.get(X.applicationPolicies);
  if (!extension?.critical || !extensions.has(X.extendedKeyUsage)) return null;
  try {
    return readPolicies(extension.value).map(({ policy }) => policy);
  } catch {
    return null;
  }
}

const certificates = new ContentCache((der) => readFields(readCertificate(der)), 1024, 16_384);

/** @throws {Malformed} for anything but a strict certificate with well-formed standard extensions. */
export function fieldsOf(der: Uint8Array): Fields {
  return certificates.get(der);
}

const ids = new WeakMap<Certificate, Promise<string>>();

/** Its name, computed once. */
export function idOf({ certificate }: Fields): Promise<string> {
  let id = ids.get(certificate);
  if (!id) {
    id = certificateId(certificate.der);
    ids.set(certificate, id);
  }
  return id;
}

/** What carries a signature over a part of itself: certificate, CRL, OCSP response. */
export interface Signed {
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
}

const verified = new WeakMap<Signed, Map<string, boolean>>();

/** A known answer of `isSignedBy`, without computing. */
export function knownSignature(signed: Signed, spki: Uint8Array): boolean | undefined {
  return verified.get(signed)?.get(latin1(spki));
}

/** Whether `spki` verifies; remembered for as long as `signed` lives, which content alone decides. */
export async function isSignedBy(signed: Signed, spki: Uint8Array): Promise<boolean> {
  const key = latin1(spki);
  let answers = verified.get(signed);
  if (!answers) {
    answers = new Map();
    verified.set(signed, answers);
  }
  let answer = answers.get(key);
  if (answer === undefined) {
    const { valid } = await verifySignature({
      spki,
      algorithm: signed.signatureAlgorithm,
      signature: signed.signature,
      data: signed.tbs,
    });
    answer = valid;
    answers.set(key, answer);
  }
  return answer;
}
