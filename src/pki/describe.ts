/**
 * A certificate as plain values for people: every field and extension, named by keys that the app
 * has words for. Tolerant where the path validator is strict, so that a broken certificate can be
 * looked at, too.
 */
import { Malformed, readPublicKey, readSignatureAlgorithm, toHex } from '../crypto/index.ts';
import { type Certificate, type Extension, readCertificate } from './certificate.ts';
import { certificateId } from './certificate-id.ts';
import { type DistributionPointName, readDistributionPoints } from './distribution-point.ts';
import * as x from './extensions.ts';
import { type GeneralName, readAltNames } from './general-name.ts';
import { identityKind, isPersonal, shownIdentity } from './identity.ts';
import { attributeLabel, type Name, nameText, shownAttribute } from './name.ts';
import { type PathInput, type PathReport, verifyPathReport } from './path.ts';
import { EKU_NAMES } from './purpose.ts';
import { signerName } from './signer-name.ts';

/** JSON-like values. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

export interface ExtensionDescription {
  readonly oid: string;
  /** e.g. `keyUsage`; null for an extension that is not read here. */
  readonly key: string | null;
  readonly critical: boolean;
  /** null where not read, or broken. */
  readonly value: Plain;
  /** Rule that a broken one breaks. */
  readonly code?: string;
  /** extnValue, hex; empty where it is a person's number. */
  readonly hex: string;
}

export interface CertificateDescription {
  readonly ok: true;
  /** SHA-256 hex. */
  readonly id: string;
  readonly version: number;
  /** Octets of the serial number, hex. */
  readonly serial: string;
  readonly subject: NameDescription;
  readonly issuer: NameDescription;
  /** Whom it speaks for; see {@link signerName}. */
  readonly name: string;
  readonly organization: string | null;
  readonly uscc: string | null;
  /** ISO 8601, inclusive. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly publicKey: { kind: string; bits: number | null; curve: string | null; hex: string };
  readonly signatureAlgorithm: { scheme: string; hash: string | null };
  readonly signature: string;
  readonly extensions: readonly ExtensionDescription[];
}

export interface NameDescription {
  /** One line, most specific first. */
  readonly text: string;
  /** Most significant first. */
  readonly parts: readonly { oid: string; label: string; text: string }[];
}

/** Never throws. @returns `ok: false` with a code for what is no certificate at all */
export async function describeCertificate(
  der: Uint8Array,
): Promise<CertificateDescription | { ok: false; code: string }> {
  try {
    return await describe(readCertificate(der));
  } catch (error) {
    return { ok: false, code: codeOf(error) };
  }
}

/** The path validator's report with every certificate of the path described, leaf to anchor. */
export async function explainPath(
  input: PathInput,
): Promise<PathReport & { certificates: CertificateDescription[] }> {
  const report = await verifyPathReport(input);
  const pool = [
    input.target,
    ...(input.intermediates ?? []),
    ...input.anchors.map(({ cert }) => cert),
  ];
  const wanted = new Set([
    ...report.path,
    ...report.steps.flatMap((step) => step.certificate ?? []),
  ]);
  const described = new Map<string, CertificateDescription>();
  for (const der of pool) {
    const id = await certificateId(der);
    if (!wanted.has(id) || described.has(id)) continue;
    const description = await describeCertificate(der);
    if (description.ok) described.set(id, description);
  }
  return { ...report, certificates: report.path.flatMap((id) => described.get(id) ?? []) };
}

async function describe(certificate: Certificate): Promise<CertificateDescription> {
  const { subject, issuer, spki } = certificate;
  const who = signerName(certificate);
  return {
    ok: true,
    id: await certificateId(certificate.der),
    version: certificate.version,
    serial: toHex(certificate.serial),
    subject: describeName(subject),
    issuer: describeName(issuer),
    name: who.name,
    organization: who.organization ?? null,
    uscc: who.uscc ?? null,
    notBefore: new Date(certificate.notBefore).toISOString(),
    notAfter: new Date(certificate.notAfter).toISOString(),
    publicKey: { ...describeKey(spki), hex: toHex(spki) },
    signatureAlgorithm: describeAlgorithm(certificate.signatureAlgorithm),
    signature: toHex(certificate.signature),
    extensions: [...certificate.extensions.values()].map(describeExtension),
  };
}

function describeKey(spki: Uint8Array): {
  kind: string;
  bits: number | null;
  curve: string | null;
} {
  try {
    const key = readPublicKey(spki);
    return { kind: key.kind, bits: key.bits, curve: key.kind === 'EC' ? key.curve : null };
  } catch {
    return { kind: 'unsupported', bits: null, curve: null };
  }
}

function describeAlgorithm(der: Uint8Array): { scheme: string; hash: string | null } {
  try {
    const { scheme, hash } = readSignatureAlgorithm(der);
    return { scheme, hash };
  } catch {
    return { scheme: 'unsupported', hash: null };
  }
}

/** A name in one line, and in parts. */
export function describeName(name: Name): NameDescription {
  const parts = name.rdns.flat().map((attribute) => {
    const { oid } = attribute;
    return { oid, label: attributeLabel(oid), text: shownAttribute(attribute) };
  });
  return { text: nameText(name), parts };
}

function codeOf(error: unknown): string {
  return error instanceof Malformed ? error.code : 'malformed';
}

const X = x.EXTENSION;

const READERS: Record<string, (value: Uint8Array) => Plain> = {
  [X.subjectKeyIdentifier]: (value) => toHex(x.readSubjectKeyIdentifier(value)),
  [X.authorityKeyIdentifier]: (value) => {
    const { keyIdentifier, issuer, serial } = x.readAuthorityKeyIdentifier(value);
    return {
      keyIdentifier: keyIdentifier && toHex(keyIdentifier),
      issuer: issuer?.map(describeGeneralName) ?? null,
      serial: serial && toHex(serial),
    };
  },
  [X.keyUsage]: (value) => {
    const bits = x.readKeyUsage(value);
    return Object.entries(x.KEY_USAGE).flatMap(([name, bit]) => (bits & bit ? [name] : []));
  },
  [X.extendedKeyUsage]: (value) =>
    x.readExtendedKeyUsage(value).map((oid) => ({
      oid,
      key: Object.entries(EKU_NAMES).find(([, known]) => known === oid)?.[0] ?? null,
    })),
  [X.basicConstraints]: (value) => ({ ...x.readBasicConstraints(value) }),
  [X.subjectAltName]: (value) => readAltNames(value).map(describeGeneralName),
  [X.issuerAltName]: (value) => readAltNames(value).map(describeGeneralName),
  [X.certificatePolicies]: (value) =>
    x
      .readPolicies(value)
      .map(({ policy, qualifiers }) => ({ policy, qualifiers: [...qualifiers] })),
  [X.policyMappings]: (value) =>
    x.readPolicyMappings(value).map(([issuer, subject]) => ({ issuer, subject })),
  [X.policyConstraints]: (value) => ({ ...x.readPolicyConstraints(value) }),
  [X.inhibitAnyPolicy]: (value) => x.readInhibitAnyPolicy(value),
  [X.nameConstraints]: (value) => {
    const { permitted, excluded } = x.readNameConstraints(value);
    return {
      permitted: permitted.map(describeGeneralName),
      excluded: excluded.map(describeGeneralName),
    };
  },
  [X.cRLDistributionPoints]: describePoints,
  [X.freshestCRL]: describePoints,
  [X.authorityInfoAccess]: (value) =>
    x.readAuthorityInfoAccess(value).map(({ method, location }) => ({
      method,
      location: describeGeneralName(location),
    })),
};

function describePoints(value: Uint8Array): Plain {
  return readDistributionPoints(value).map(({ name, reasons, cRLIssuer }) => ({
    name: name && describePointName(name),
    reasons,
    cRLIssuer: cRLIssuer?.map(describeGeneralName) ?? null,
  }));
}

function describePointName(name: DistributionPointName): Plain {
  if ('full' in name) return name.full.map(describeGeneralName);
  return name.relative.map((each) => ({ oid: each.oid, text: shownAttribute(each) }));
}

function describeGeneralName(name: GeneralName): Plain {
  const { kind } = name;
  if (kind === 'directory') return { kind, text: nameText(name.name) };
  if (kind === 'IP') return { kind, text: ipText(name.bytes) };
  return 'text' in name ? { kind, text: name.text } : { kind, text: toHex(name.raw) };
}

/** Address, or address and mask of a constraint. */
function ipText(bytes: Uint8Array): string {
  if (bytes.length === 8 || bytes.length === 32) {
    const half = bytes.length / 2;
    return `${ipText(bytes.subarray(0, half))}/${ipText(bytes.subarray(half))}`;
  }
  if (bytes.length === 4) return bytes.join('.');
  const groups: string[] = [];
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    groups.push((((bytes[i] as number) << 8) | (bytes[i + 1] as number)).toString(16));
  }
  return groups.join(':');
}

function describeExtension({ oid, critical, value }: Extension): ExtensionDescription {
  const key = Object.entries(X).find(([, known]) => known === oid)?.[0] ?? null;
  const identity = identityKind(oid);
  if (identity) {
    const hex = isPersonal(identity) ? '' : toHex(value);
    return { oid, key: identity, critical, value: shownIdentity({ oid, value }), hex };
  }
  const shared = { oid, key, critical, hex: toHex(value) };
  try {
    return { ...shared, value: READERS[oid]?.(value) ?? null };
  } catch (error) {
    return { ...shared, value: null, code: codeOf(error) };
  }
}
