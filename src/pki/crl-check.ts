/** Revocation status of a certificate by CRLs (RFC 5280 6.3). */
import { equal, isWeakDigest, toHex } from '../crypto/index.ts';
import { type Crl, type CrlEntry, REMOVE_FROM_CRL } from './crl.ts';
import { ALL_REASONS, type DistributionPoint, pointNames } from './distribution-point.ts';
import type { Anchor, Environment, Query } from './environment.ts';
import { ANY_POLICY, KEY_USAGE } from './extensions.ts';
import { type Fields, isSignedBy, knownSignature } from './fields.ts';
import type { GeneralName } from './general-name.ts';
import { nameKey } from './name-match.ts';
import { counts, isCurrent } from './revocation-time.ts';

export type RevocationStatus = 'good' | 'revoked' | 'unknown';

/** Whose status is asked, and who stands behind the answer. */
export interface RevocationQuestion {
  readonly fields: Fields;
  /** The certificate's issuer, already validated; it may be the anchor. */
  readonly issuer: Fields;
  readonly anchor: Anchor;
  readonly query: Query;
}

/** 6.3.3, over every CRL at hand, until all reasons are covered. */
export async function crlStatus(
  environment: Environment,
  question: RevocationQuestion,
): Promise<RevocationStatus> {
  const { fields } = question;
  let reasons = 0;
  for (const point of pointsOf(fields)) {
    for (const crl of environment.crls) {
      environment.budget.checkTime();
      if (crl.delta !== null || !isUsable(crl, environment) || !covers(crl, fields, point))
        continue;
      const interim = (crl.idp?.onlySomeReasons ?? ALL_REASONS) & (point.reasons ?? ALL_REASONS);
      if ((interim & ~reasons) === 0) continue;
      const signer = await signerOf(crl, environment, question);
      if (!signer) continue;
      const entry = await entryFor(crl, signer, environment, question);
      if (entry && counts(entry, environment)) return 'revoked';
      reasons |= interim;
      if ((reasons & ALL_REASONS) === ALL_REASONS) return 'good';
    }
  }
  return 'unknown';
}

/** The certificate's distribution points, then its issuer's own CRLs. */
function pointsOf({ certificate, distributionPoints }: Fields): DistributionPoint[] {
  const own: GeneralName = { kind: 'directory', name: certificate.issuer };
  return [...(distributionPoints ?? []), { name: { full: [own] }, reasons: null, cRLIssuer: null }];
}

/** Current, of an allowed algorithm, without unknown critical extensions. */
export function isUsable(crl: Crl, environment: Environment): boolean {
  const { sha1, profile } = environment.rules;
  if (crl.unknownCritical || !crl.algorithm) return false;
  if (isWeakDigest(crl.algorithm.hash) && !sha1) return false;
  if (profile.crlNumber && crl.number === null) return false;
  return isCurrent(crl, environment);
}

const directoryNames = (names: readonly GeneralName[]) =>
  names.flatMap((name) => (name.kind === 'directory' ? [name.name] : []));

/** 6.3.3 (b): issuer, distribution point and scope of the CRL fit certificate and point. */
export function covers(
  crl: Crl,
  { certificate, issuerKey, basicConstraints }: Fields,
  point: DistributionPoint,
): boolean {
  const { idp } = crl;
  if (point.cRLIssuer) {
    const issuers = directoryNames(point.cRLIssuer).map(nameKey);
    if (!idp?.indirect || !issuers.includes(crl.issuerKey)) return false;
  } else if (crl.issuerKey !== issuerKey) return false;
  if (!idp) return true;
  const ca = basicConstraints?.ca ?? false;
  // 5.2.5: the scope of such a CRL holds no certificate of version 1 or 2.
  if ((idp.onlyUserCerts || idp.onlyCaCerts) && certificate.version !== 3) return false;
  if (idp.onlyAttributeCerts || (idp.onlyUserCerts && ca) || (idp.onlyCaCerts && !ca)) return false;
  if (!idp.name) return true;
  const issuers = point.cRLIssuer ? directoryNames(point.cRLIssuer) : [certificate.issuer];
  const wanted = point.name ? pointNames(point.name, issuers) : (point.cRLIssuer ?? []);
  const have = pointNames(idp.name, [crl.issuer]);
  return wanted.some((a) => have.some((b) => sameName(a, b)));
}

function sameName(a: GeneralName, b: GeneralName): boolean {
  if (a.kind === 'directory') return b.kind === 'directory' && nameKey(a.name) === nameKey(b.name);
  return a.kind === b.kind && 'text' in a && 'text' in b && a.text === b.text;
}

/** Whether key usage lets this certificate sign CRLs. */
export const maySignCrls = ({ keyUsage }: Fields) =>
  keyUsage === null || (keyUsage & KEY_USAGE.cRLSign) !== 0;

/** 6.3.3 (f), (g): a certificate of the CRL's issuer, under the same anchor, whose key verifies it. */
async function signerOf(
  crl: Crl,
  environment: Environment,
  { fields: subject, issuer, anchor, query }: RevocationQuestion,
): Promise<Fields | null> {
  const trusted = [issuer, anchor.fields].filter((f) => f.subjectKey === crl.issuerKey);
  for (const fields of trusted) {
    if (maySignCrls(fields) && (await verifies(crl, fields, environment))) return fields;
  }
  for (const fields of environment.pool.get(crl.issuerKey) ?? []) {
    if (trusted.includes(fields) || !maySignCrls(fields)) continue;
    if (!(await verifies(crl, fields, environment))) continue;
    // A CRL issuer whose CA sends us to its own CRL: the rest of its path is being validated now.
    if (fields === subject && crl.issuerKey !== subject.issuerKey) return fields;
    if (query.guard.has(fields)) continue;
    const outcome = await environment.search(
      { ...environment, tracing: false },
      {
        target: fields,
        anchors: [anchor],
        maxDepth: query.maxDepth,
        policies: {
          initial: [ANY_POLICY],
          explicit: false,
          inhibitMapping: false,
          inhibitAny: false,
        },
        purpose: { keyUsage: KEY_USAGE.cRLSign },
        revocation: query.revocation,
        guard: new Set([...query.guard, fields]),
        anchorAsTarget: false,
      },
    );
    if (outcome.code === 'ok') return fields;
  }
  return null;
}

async function verifies(
  crl: Crl,
  { certificate }: Fields,
  { budget }: Environment,
): Promise<boolean> {
  if (knownSignature(crl, certificate.spki) === undefined) {
    budget.spend('signatures');
    budget.checkTime();
  }
  return isSignedBy(crl, certificate.spki);
}

/** 6.3.3 (i) to (k): the delta's word first, then the complete CRL's. */
async function entryFor(
  crl: Crl,
  signer: Fields,
  environment: Environment,
  { fields }: RevocationQuestion,
): Promise<CrlEntry | null> {
  const delta = await deltaOf(crl, signer, environment);
  const news = delta && entryOf(delta, fields);
  if (news) return news.reason === REMOVE_FROM_CRL ? null : news;
  return entryOf(crl, fields);
}

export function entryOf(crl: Crl, { certificate, issuerKey }: Fields): CrlEntry | null {
  const entries = crl.entries.get(toHex(certificate.serial)) ?? [];
  return entries.findLast((entry) => entry.issuerKeys.includes(issuerKey)) ?? null;
}

/** The newest delta of the same issuer, key, scope and AKI that this complete CRL can take (5.2.4). */
async function deltaOf(crl: Crl, signer: Fields, environment: Environment): Promise<Crl | null> {
  let newest: Crl | null = null;
  const number = crl.number;
  if (number === null) return null;
  for (const delta of environment.crls) {
    if (delta.delta === null || delta.number === null || delta.issuerKey !== crl.issuerKey)
      continue;
    if (number < delta.delta || delta.number < number) continue;
    if (newest?.number != null && newest.number >= delta.number) continue;
    const sameScope =
      delta.idpBytes && crl.idpBytes
        ? equal(delta.idpBytes, crl.idpBytes)
        : delta.idpBytes === crl.idpBytes;
    const [a, b] = [delta.authorityKey?.keyIdentifier, crl.authorityKey?.keyIdentifier];
    if (!sameScope || (a && b && !equal(a, b)) || !isUsable(delta, environment)) continue;
    if (await verifies(delta, signer, environment)) newest = delta;
  }
  return newest;
}
