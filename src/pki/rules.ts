/** Rules that look at one certificate of a path (RFC 5280 6.1.3, 6.1.4, 6.1.5), as data. */
import {
  type Curve,
  isNative,
  isNativeCurve,
  isWeakDigest,
  type SignatureAlgorithm,
} from '../crypto/index.ts';
import { KEY_USAGE, EXTENSION as X } from './extensions.ts';
import { type Fields, unknownCritical } from './fields.ts';
import { checkConstraintForms, isDnsName } from './name-constraints.ts';
import type { PathCheck, PathCode } from './path-code.ts';
import type { Profile } from './profile.ts';

export interface RuleContext {
  /** Milliseconds, whole seconds. */
  readonly time: number;
  readonly profile: Profile;
  readonly sha1: boolean;
  readonly minRsaBits: number;
}

export interface Rule {
  readonly check: PathCheck;
  readonly clause: string;
  readonly test: (fields: Fields, context: RuleContext) => PathCode | null;
}

const isCommonCurve = (curve: Curve): boolean => curve === 'SM2' || isNativeCurve(curve);

/** What WebCrypto computes by itself, and SM2. */
function isCommonAlgorithm(stated: SignatureAlgorithm): boolean {
  if (stated.scheme === 'SM2' || stated.scheme === 'Ed25519') return true;
  return isNative(stated.hash) && (stated.scheme !== 'RSA-PSS' || stated.mask === stated.hash);
}

const validity: Rule = {
  check: 'validity',
  clause: 'RFC 5280 6.1.3 a 2',
  test: ({ certificate: { notBefore, notAfter } }, { time }) =>
    time < notBefore ? 'not-yet-valid' : time > notAfter ? 'expired' : null,
};

const key: Rule = {
  check: 'public-key',
  clause: 'RFC 5280 4.1.2.7',
  test: ({ publicKey }, { minRsaBits, profile }) => {
    if (!publicKey) return 'unsupported-alg';
    if (publicKey.kind === 'RSA') return publicKey.bits < minRsaBits ? 'unsupported-alg' : null;
    const rare = publicKey.kind === 'EC' && !isCommonCurve(publicKey.curve);
    return rare && !profile.wideAlgorithms ? 'unsupported-alg' : null;
  },
};

const algorithm: Rule = {
  check: 'algorithm',
  clause: 'RFC 5280 4.1.1.2',
  test: ({ algorithm: stated }, { sha1, profile }) => {
    if (!stated || (isWeakDigest(stated.hash) && !sha1)) return 'unsupported-alg';
    return isCommonAlgorithm(stated) || profile.wideAlgorithms ? null : 'unsupported-alg';
  },
};

/** Key identifiers and access information are read, so being critical does not make them unknown; it breaks 4.2. */
const NEVER_CRITICAL = [
  X.authorityKeyIdentifier,
  X.subjectKeyIdentifier,
  X.authorityInfoAccess,
] as readonly string[];

const critical: Rule = {
  check: 'critical-extensions',
  clause: 'RFC 5280 4.2, 6.1.4 o, 6.1.5 f',
  test: ({ certificate, unknownQualifier, applicationPolicies }, { profile }) => {
    const processed = profile.applicationPolicies && applicationPolicies !== null;
    const unknown = unknownCritical(certificate).filter(
      (oid) => !(processed && oid === X.applicationPolicies),
    );
    if (unknownQualifier && certificate.extensions.get(X.certificatePolicies)?.critical) {
      return 'unknown-critical-ext';
    }
    if (unknown.length === 0) return null;
    return unknown.every((oid) => NEVER_CRITICAL.includes(oid))
      ? 'malformed'
      : 'unknown-critical-ext';
  },
};

const serial: Rule = {
  check: 'serial',
  clause: 'RFC 5280 4.1.2.2',
  test: ({ certificate: { serial: s } }, { profile }) =>
    profile.strictSerial &&
    (s.length > 20 || (s[0] as number) >= 0x80 || (s.length === 1 && s[0] === 0))
      ? 'malformed'
      : null,
};

const criticalConstraints: Rule = {
  check: 'critical-extensions',
  clause: 'RFC 5280 4.2.1.9 to 4.2.1.11',
  test: ({ certificate: { extensions }, basicConstraints }, { profile }) => {
    if (!profile.criticalConstraints) return null;
    const oids: string[] = [X.nameConstraints, X.policyConstraints];
    if (basicConstraints?.ca) oids.push(X.basicConstraints);
    return oids.some((oid) => extensions.get(oid)?.critical === false) ? 'malformed' : null;
  },
};

const nameForms: Rule = {
  check: 'names',
  clause: 'RFC 5280 4.2.1.6',
  test: ({ altNames, certificate }, { profile }) => {
    if (!profile.strictNames) return null;
    const { subject, extensions } = certificate;
    const needsCritical = subject.rdns.length === 0;
    if (needsCritical && !extensions.get(X.subjectAltName)?.critical) return 'malformed';
    for (const name of altNames ?? []) {
      if (name.kind === 'DNS' && !isDnsName(name.text.replace(/^\*\./, ''), false)) {
        return 'malformed';
      }
    }
    return null;
  },
};

const constraintForms: Rule = {
  check: 'name-constraints',
  clause: 'RFC 5280 4.2.1.10',
  test: ({ nameConstraints }) => {
    try {
      if (nameConstraints) checkConstraintForms(nameConstraints);
      return null;
    } catch {
      return 'malformed';
    }
  },
};

const authorityKey: Rule = {
  check: 'key-identifiers',
  clause: 'RFC 5280 4.2.1.1',
  test: ({ authorityKey: aki }, { profile }) =>
    profile.keyIdentifiers && !aki?.keyIdentifier ? 'malformed' : null,
};

const subjectKey: Rule = {
  check: 'key-identifiers',
  clause: 'RFC 5280 4.2.1.2',
  test: ({ subjectKeyId }, { profile }) =>
    profile.keyIdentifiers && !subjectKeyId ? 'malformed' : null,
};

const isCa: Rule = {
  check: 'basic-constraints',
  clause: 'RFC 5280 6.1.4 k',
  test: ({ basicConstraints }) => (basicConstraints?.ca ? null : 'not-a-ca'),
};

/** Old roots have no basicConstraints (RFC 5937 asks for none); a strict profile wants them. */
const anchorIsCa: Rule = {
  ...isCa,
  test: ({ basicConstraints: bc }, { profile }) =>
    (bc ? bc.ca : !profile.criticalConstraints) ? null : 'not-a-ca',
};

const issuerName: Rule = {
  check: 'names',
  clause: 'RFC 5280 4.1.2.6',
  test: ({ certificate }) => (certificate.subject.rdns.length === 0 ? 'malformed' : null),
};

const signsCertificates: Rule = {
  check: 'key-usage',
  clause: 'RFC 5280 6.1.4 n',
  test: ({ keyUsage }) =>
    keyUsage !== null && !(keyUsage & KEY_USAGE.keyCertSign) ? 'key-usage' : null,
};

/** Marks of a CA on a target that is none: what it may do cannot be told. */
const consistentTarget: Rule = {
  check: 'key-usage',
  clause: 'RFC 5280 4.2.1.3, 4.2.1.9, 4.2.1.10',
  test: ({ keyUsage, basicConstraints, nameConstraints }, { profile }) => {
    if (basicConstraints?.ca || !profile.strictTarget) return null;
    if (basicConstraints && basicConstraints.pathLen !== null) return 'malformed';
    if (nameConstraints) return 'malformed';
    return keyUsage !== null && keyUsage & KEY_USAGE.keyCertSign ? 'key-usage' : null;
  },
};

const every = [key, validity, critical, serial, criticalConstraints, constraintForms];
const issuer = [signsCertificates, issuerName];

/** Rules for certificates between anchor and target. */
export const ISSUER_RULES: readonly Rule[] = [
  algorithm,
  ...every,
  isCa,
  ...issuer,
  nameForms,
  authorityKey,
  subjectKey,
];
export const TARGET_RULES: readonly Rule[] = [
  algorithm,
  ...every,
  nameForms,
  authorityKey,
  consistentTarget,
];
/** An anchor is a name and a key, unless its constraints are enforced. */
export const BARE_ANCHOR_RULES: readonly Rule[] = [key];
export const ENFORCED_ANCHOR_RULES: readonly Rule[] = [...every, anchorIsCa, ...issuer, subjectKey];

/** Where the anchor is the target it is checked like any signer, save for a signature above it. */
export const SELF_RULES: readonly Rule[] = [...every];

/** First broken rule, or null. */
export function faultOf(
  rules: readonly Rule[],
  fields: Fields,
  context: RuleContext,
): PathCode | null {
  for (const rule of rules) {
    const code = rule.test(fields, context);
    if (code) return code;
  }
  return null;
}
