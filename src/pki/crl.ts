/** Certificate revocation lists (RFC 5280 section 5), read strictly into plain values. */
import {
  bitStringOf,
  type DerNode,
  equal,
  expect,
  integerOf,
  Malformed,
  readDer,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  smallIntegerOf,
  TAG,
  toHex,
} from '../crypto/index.ts';
import { type Extension, readExtensions } from './certificate.ts';
import { ContentCache } from './content-cache.ts';
import {
  type IssuingDistributionPoint,
  readIssuingDistributionPoint,
} from './distribution-point.ts';
import {
  type AuthorityKeyIdentifier,
  readAuthorityKeyIdentifier,
  EXTENSION as X,
} from './extensions.ts';
import type { Signed } from './fields.ts';
import { readAltNames } from './general-name.ts';
import { type Name, readName } from './name.ts';
import { nameKey } from './name-match.ts';
import { readTime } from './time.ts';

/** `removeFromCRL`: lifts a hold, in delta CRLs only. */
export const REMOVE_FROM_CRL = 8;

export interface CrlEntry {
  /** Comparable names of the certificate's issuer; one, save in indirect CRLs. */
  readonly issuerKeys: readonly string[];
  /** Milliseconds. */
  readonly revokedAt: number;
  /** CRLReason; 0 where the entry gives none. */
  readonly reason: number;
  /** Milliseconds, where given. */
  readonly invalidityDate: number | null;
}

export interface Crl extends Signed {
  readonly der: Uint8Array;
  readonly issuer: Name;
  readonly issuerKey: string;
  /** null: outside the allow-list. */
  readonly algorithm: SignatureAlgorithm | null;
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
  readonly number: bigint | null;
  /** BaseCRLNumber of a delta CRL. */
  readonly delta: bigint | null;
  readonly idp: IssuingDistributionPoint | null;
  /** Content of the IDP extension: a delta has the same as its base. */
  readonly idpBytes: Uint8Array | null;
  readonly authorityKey: AuthorityKeyIdentifier | null;
  /** By serial number, hex of the INTEGER's octets. */
  readonly entries: ReadonlyMap<string, readonly CrlEntry[]>;
  /** A critical extension that nobody here processes: the CRL says nothing about anything (5.2, 5.3). */
  readonly unknownCritical: boolean;
}

const PROCESSED = [X.cRLNumber, X.deltaCRLIndicator, X.issuingDistributionPoint] as string[];
const PROCESSED_IN_ENTRY = [X.reasonCode, X.invalidityDate, X.certificateIssuer] as string[];

/** @throws {Malformed} for anything but one strict DER CertificateList. */
function readCrl(der: Uint8Array): Crl {
  const root = expect(readDer(der, { maxNodes: 4_000_000 }), TAG.SEQUENCE, 'CertificateList');
  const [tbs, algorithm, signature, extra] = root.children;
  if (extra || !tbs) throw new Malformed('crl-form', 'CertificateList has three parts');
  expect(tbs, TAG.SEQUENCE, 'tbsCertList');
  const parts = [...tbs.children];
  const v2 = parts[0]?.tag === TAG.INTEGER;
  if (v2 && integerOf(parts.shift()) !== 1n) throw new Malformed('crl-version', 'version 2');
  const inner = expect(parts.shift(), TAG.SEQUENCE, 'signature');
  if (!equal(inner.raw, expect(algorithm, TAG.SEQUENCE, 'signatureAlgorithm').raw)) {
    throw new Malformed('x509-algorithm', 'inner and outer signature algorithms differ');
  }
  const issuer = readName(parts.shift());
  const thisUpdate = readTime(parts.shift());
  const hasNext = parts[0]?.tag === TAG.UTC_TIME || parts[0]?.tag === TAG.GENERALIZED_TIME;
  const nextUpdate = hasNext ? readTime(parts.shift()) : null;
  const revoked = parts[0]?.tag === TAG.SEQUENCE ? (parts.shift() as DerNode) : null;
  const wrapper = parts[0]?.tag === 0xa0 ? (parts.shift() as DerNode) : null;
  if (parts.length > 0 || (wrapper && wrapper.children.length !== 1)) {
    throw new Malformed('crl-form', 'unexpected field', tbs.at);
  }
  if (wrapper && !v2) throw new Malformed('crl-version', 'extensions need version 2', wrapper.at);
  const extensions = wrapper ? readExtensions(wrapper.children[0]) : new Map<string, Extension>();
  const ext = <T>(oid: string, read: (value: Uint8Array) => T): T | null => {
    const extension = extensions.get(oid);
    return extension ? read(extension.value) : null;
  };
  if (extensions.get(X.cRLNumber)?.critical)
    throw new Malformed('crl-number', 'critical cRLNumber');
  const issuerKey = nameKey(issuer);
  const { entries, unknownCritical } = readEntries(revoked, issuerKey, v2);
  return {
    der,
    tbs: tbs.raw,
    signatureAlgorithm: inner.raw,
    signature: bitStringOf(signature),
    issuer,
    issuerKey,
    algorithm: algorithmOf(inner.raw),
    thisUpdate,
    nextUpdate,
    number: ext(X.cRLNumber, crlNumber),
    delta: ext(X.deltaCRLIndicator, crlNumber),
    idp: ext(X.issuingDistributionPoint, readIssuingDistributionPoint),
    idpBytes: extensions.get(X.issuingDistributionPoint)?.value ?? null,
    authorityKey: ext(X.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    entries,
    unknownCritical:
      unknownCritical ||
      [...extensions.values()].some(({ oid, critical }) => critical && !PROCESSED.includes(oid)),
  };
}

function algorithmOf(der: Uint8Array): SignatureAlgorithm | null {
  try {
    return readSignatureAlgorithm(der);
  } catch {
    return null;
  }
}

/** CRLNumber: not negative, at most 20 octets. */
function crlNumber(value: Uint8Array): bigint {
  const number = integerOf(readDer(value));
  if (number < 0n || number >= 1n << 160n) throw new Malformed('crl-number', 'out of range');
  return number;
}

function readEntries(revoked: DerNode | null, crlIssuer: string, v2: boolean) {
  const entries = new Map<string, CrlEntry[]>();
  let unknownCritical = false;
  if (revoked && revoked.children.length === 0) {
    throw new Malformed('crl-entries', 'empty revokedCertificates (RFC 5280 5.1.2.6)', revoked.at);
  }
  // certificateIssuer holds for the entries that follow, too (5.3.3).
  let issuerKeys: readonly string[] = [crlIssuer];
  for (const node of revoked?.children ?? []) {
    const [serial, time, list, extra] = expect(node, TAG.SEQUENCE, 'revoked certificate').children;
    if (extra) throw new Malformed('crl-entries', 'unexpected field', extra.at);
    if (list && !v2) throw new Malformed('crl-version', 'entry extensions need version 2', list.at);
    let reason = 0;
    let invalidityDate: number | null = null;
    for (const { oid, critical, value } of list ? readExtensions(list).values() : []) {
      if (oid === X.reasonCode) {
        reason = smallIntegerOf(expect(readDer(value), TAG.ENUMERATED, 'CRLReason'));
        if (reason > 10 || reason === 7) throw new Malformed('crl-entries', 'CRLReason', node.at);
      } else if (oid === X.invalidityDate) invalidityDate = readTime(readDer(value));
      else if (oid === X.certificateIssuer) {
        issuerKeys = readAltNames(value).flatMap((name) =>
          name.kind === 'directory' ? [nameKey(name.name)] : [],
        );
      }
      if (critical && !PROCESSED_IN_ENTRY.includes(oid)) unknownCritical = true;
    }
    const key = toHex(expect(serial, TAG.INTEGER, 'userCertificate').value);
    const entry = { issuerKeys, revokedAt: readTime(time), reason, invalidityDate };
    const known = entries.get(key);
    if (known) known.push(entry);
    else entries.set(key, [entry]);
  }
  return { entries, unknownCritical };
}

const crls = new ContentCache(readCrl, 32, 2_097_152);

/** As `readCrl`, remembered by content. @throws {Malformed} */
export function crlOf(der: Uint8Array): Crl {
  return crls.get(der);
}
