/**
 * Where public rule sets pull apart, each difference is a named option. `rfc5280` is what PKITS
 * tests; `webpki` is what strict TLS clients ask; `outside` is for CAs that a deployment trusts and
 * did not make; `licence` is for our own CAs and takes the strict side everywhere.
 */
export interface Profile {
  readonly name: ProfileName;
  /** Anchors are checked like certificates, even where the caller enforces no constraints. */
  readonly enforceAnchors: boolean;
  /** Issuers have a subject key identifier, all but anchors an authority key identifier. */
  readonly keyIdentifiers: boolean;
  /** basicConstraints of issuers, nameConstraints and policyConstraints are critical. */
  readonly criticalConstraints: boolean;
  /** A target that is no CA holds no name constraints, no path length and no keyCertSign. */
  readonly strictTarget: boolean;
  /** DNS names in host-name form; an empty subject needs a critical subjectAltName. */
  readonly strictNames: boolean;
  /** Serial numbers are positive and of at most 20 octets. */
  readonly strictSerial: boolean;
  /** CRLs carry a cRLNumber. */
  readonly crlNumber: boolean;
  /** Curves and digests beyond those of common software: Brainpool, SHA-224, SHA-3 and the like. */
  readonly wideAlgorithms: boolean;
  /** anyExtendedKeyUsage of the target satisfies a purpose. */
  readonly anyEku: boolean;
  /** Critical application policies of Microsoft are processed where extendedKeyUsage stands beside. */
  readonly applicationPolicies: boolean;
}

export type ProfileName = 'rfc5280' | 'webpki' | 'outside' | 'licence';

const RFC5280: Profile = {
  name: 'rfc5280',
  enforceAnchors: false,
  keyIdentifiers: false,
  criticalConstraints: false,
  strictTarget: false,
  strictNames: false,
  strictSerial: false,
  crlNumber: false,
  wideAlgorithms: true,
  anyEku: true,
  applicationPolicies: true,
};

const WEBPKI: Profile = {
  ...RFC5280,
  name: 'webpki',
  enforceAnchors: true,
  keyIdentifiers: true,
  criticalConstraints: true,
  strictTarget: true,
  strictNames: true,
  crlNumber: true,
  wideAlgorithms: false,
  anyEku: false,
};

export const PROFILES: Record<ProfileName, Profile> = {
  rfc5280: RFC5280,
  webpki: WEBPKI,
  outside: { ...RFC5280, name: 'outside', enforceAnchors: true },
  licence: { ...WEBPKI, name: 'licence', strictSerial: true, applicationPolicies: false },
};
