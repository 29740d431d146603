/** The doors for one CRL or one OCSP response against one certificate, without a path (contract). */
import { Budget } from './budget.ts';
import { crlOf } from './crl.ts';
import { covers, entryOf, isUsable, maySignCrls } from './crl-check.ts';
import type { Environment, Query } from './environment.ts';
import { ANY_POLICY } from './extensions.ts';
import { type Fields, fieldsOf, isSignedBy } from './fields.ts';
import { readOcspResponse } from './ocsp.ts';
import { ocspStatus } from './ocsp-check.ts';
import { secondsOf } from './path.ts';
import { searchPath } from './path-search.ts';
import { PROFILES } from './profile.ts';

export type Status = 'GOOD' | 'REVOKED' | 'UNKNOWN';

interface CheckInput {
  /** DER. */
  issuer: Uint8Array;
  /** DER. */
  target: Uint8Array;
  /** ISO 8601; absent: now. */
  time?: string;
  /** Evidence older than this is not used; without nextUpdate a week where absent. */
  maxAgeSeconds?: number;
  /** Evidence from after `time` counts, too. */
  laterEvidence?: boolean;
  /** SHA-1 is read here unless told otherwise: what is acceptable is the path validator's to say. */
  legacy?: { sha1?: boolean };
}

function bareEnvironment({ time, maxAgeSeconds, laterEvidence, legacy }: CheckInput): Environment {
  return {
    rules: {
      time: secondsOf(time),
      profile: PROFILES.rfc5280,
      sha1: legacy?.sha1 ?? true,
      minRsaBits: 1024,
    },
    budget: new Budget(2000),
    pool: new Map(),
    crls: [],
    ocsp: [],
    laterEvidence: laterEvidence ?? false,
    maxAge: maxAgeSeconds === undefined ? null : 1000 * maxAgeSeconds,
    tracing: false,
    search: searchPath,
  };
}

/** What every reader refuses, and every doubt, is UNKNOWN. */
async function orUnknown(answer: () => Promise<Status>): Promise<Status> {
  try {
    return await answer();
  } catch {
    return 'UNKNOWN';
  }
}

/** A complete CRL signed by the issuer itself; indirect ones need a path and answer UNKNOWN here. */
export async function checkCrl(
  input: CheckInput & { crl: Uint8Array },
): Promise<{ status: Status }> {
  const status = await orUnknown(async () => {
    const crl = crlOf(input.crl);
    const [issuer, target] = [fieldsOf(input.issuer), fieldsOf(input.target)];
    const environment = bareEnvironment(input);
    if (crl.delta !== null || crl.idp?.indirect || crl.idp?.onlySomeReasons != null)
      return 'UNKNOWN';
    if (crl.issuerKey !== issuer.subjectKey || !isUsable(crl, environment)) return 'UNKNOWN';
    if (!maySignCrls(issuer) || !coversSome(target, crl)) return 'UNKNOWN';
    if (!(await isSignedBy(crl, issuer.certificate.spki))) return 'UNKNOWN';
    return entryOf(crl, target) ? 'REVOKED' : 'GOOD';
  });
  return { status };
}

function coversSome(target: Fields, crl: ReturnType<typeof crlOf>): boolean {
  const own = { kind: 'directory', name: target.certificate.issuer } as const;
  const implicit = { name: { full: [own] }, reasons: null, cRLIssuer: null };
  const points = target.distributionPoints ?? [implicit];
  return points.some((point) => point.reasons === null && covers(crl, target, point));
}

/** A response signed by the issuer, or by a delegate that the issuer certified directly. */
export async function checkOcsp(
  input: CheckInput & { response: Uint8Array },
): Promise<{ status: Status }> {
  const status = await orUnknown(async () => {
    const [issuer, fields] = [fieldsOf(input.issuer), fieldsOf(input.target)];
    if (fields.issuerKey !== issuer.subjectKey) return 'UNKNOWN';
    const environment = { ...bareEnvironment(input), ocsp: [readOcspResponse(input.response)] };
    const anchor = { fields: issuer, enforce: false };
    const query: Query = {
      target: fields,
      anchors: [anchor],
      maxDepth: 0,
      policies: {
        initial: [ANY_POLICY],
        explicit: false,
        inhibitMapping: false,
        inhibitAny: false,
      },
      purpose: {},
      revocation: 'none',
      guard: new Set(),
      anchorAsTarget: false,
    };
    const answer = await ocspStatus(environment, { fields, issuer, anchor, query });
    return ({ good: 'GOOD', revoked: 'REVOKED', unknown: 'UNKNOWN' } as const)[answer];
  });
  return { status };
}
