/**
 * Judging a signer's certificate against what the caller trusts: the path validator's answer in the
 * words of ETSI EN 319 102-1 5.2.6, with who the signer is.
 */
import { type Finding, fromBase64, toHex, type Verdict } from '../crypto/index.ts';
import { certificateHash, certificateId } from './certificate-id.ts';
import type { Outcome } from './environment.ts';
import { KEY_USAGE } from './extensions.ts';
import { type Fields, fieldsOf, idOf, isSignedBy } from './fields.ts';
import { outcomeOf, type PathInput } from './path.ts';
import type { PathCode } from './path-code.ts';
import { PILOT_POLICY } from './pilot.ts';
import type { ProfileName } from './profile.ts';
import { TIME_STAMPING } from './purpose.ts';
import { readCertificateLeniently } from './salvage.ts';
import { type SignerName, signerName } from './signer-name.ts';
import type { Certifies, Trust } from './trust.ts';

export type JudgementCode = PathCode | 'untrusted-purpose' | 'pilot';

export interface Judgement {
  readonly verdict: Verdict;
  readonly subIndication?: string;
  readonly code: JudgementCode;
  /** SHA-256 hex, leaf to anchor. */
  readonly path: string[];
  readonly findings: Finding[];
  /** See {@link signerName}. */
  readonly name: string;
  readonly subject: string;
  readonly organization: string | null;
  /** Unified social credit code. */
  readonly uscc: string | null;
  /** SHA-256 hex of the certificate. */
  readonly id: string;
  /** Digest, hex, of the SubjectPublicKeyInfo that certified it; null for an anchor, and without a path. */
  readonly issuerKey: string | null;
  /** The certificate stands under a pilot policy: it proves nothing outside its own device. */
  readonly pilot: boolean;
}

export interface JudgeInput {
  /** DER. */
  certificate: Uint8Array;
  /** Certificates that came along, DER. */
  pool?: readonly Uint8Array[];
  /** The moment at which the signature is judged: proven, or now. ISO 8601. */
  time: string;
  trust: Trust;
  /** Which anchors count. */
  purpose: Certifies | 'any';
  extraCrls?: readonly Uint8Array[];
  extraOcsp?: readonly Uint8Array[];
  /** KEY_USAGE bits of which the certificate has to have one; absent: those for signing. */
  keyUsage?: number;
  /** Time that the path may take, for callers that judge many. */
  budgetMs?: number;
}

const WORDS: Record<Exclude<JudgementCode, 'ok'>, [Verdict, string, string]> = {
  'no-path': [
    'INDETERMINATE',
    'NO_CERTIFICATE_CHAIN_FOUND',
    'No trusted issuer stands behind the certificate.',
  ],
  expired: [
    'INDETERMINATE',
    'OUT_OF_BOUNDS_NO_POE',
    'The certificate, or an issuer of it, had expired at the time of checking.',
  ],
  'not-yet-valid': [
    'INDETERMINATE',
    'NOT_YET_VALID',
    'The certificate, or an issuer of it, was not yet valid at the time of checking.',
  ],
  'bad-signature': [
    'INDETERMINATE',
    'CERTIFICATE_CHAIN_GENERAL_FAILURE',
    'A certificate of the path is not signed by its issuer.',
  ],
  revoked: ['TOTAL-FAILED', 'REVOKED', 'The certificate, or an issuer of it, is revoked.'],
  'revocation-unknown': ['INDETERMINATE', 'TRY_LATER', 'Nothing is known about revocation.'],
  'name-constraints': [
    'INDETERMINATE',
    'CHAIN_CONSTRAINTS_FAILURE',
    'A name lies outside what an issuer may certify.',
  ],
  'path-len': [
    'INDETERMINATE',
    'CHAIN_CONSTRAINTS_FAILURE',
    'The path is longer than an issuer permits.',
  ],
  'not-a-ca': [
    'INDETERMINATE',
    'CHAIN_CONSTRAINTS_FAILURE',
    'A certificate of the path may not issue certificates.',
  ],
  'key-usage': ['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE', 'The key may not be used for this.'],
  eku: ['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE', 'The certificate is for another purpose.'],
  policy: [
    'INDETERMINATE',
    'CHAIN_CONSTRAINTS_FAILURE',
    'No certificate policy holds along the whole path.',
  ],
  'unknown-critical-ext': [
    'INDETERMINATE',
    'CHAIN_CONSTRAINTS_FAILURE',
    'A critical extension is not understood.',
  ],
  malformed: ['INDETERMINATE', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'A certificate is malformed.'],
  'unsupported-alg': [
    'INDETERMINATE',
    'CRYPTO_CONSTRAINTS_FAILURE',
    'An algorithm or key size is not accepted.',
  ],
  'peer-name': ['INDETERMINATE', 'CHAIN_CONSTRAINTS_FAILURE', 'The name differs.'],
  budget: [
    'INDETERMINATE',
    'CERTIFICATE_CHAIN_GENERAL_FAILURE',
    'Checking the certificate took more work than it is worth.',
  ],
  'untrusted-purpose': [
    'INDETERMINATE',
    'CHAIN_CONSTRAINTS_FAILURE',
    'The issuer is trusted, but not for certificates of this kind.',
  ],
  pilot: [
    'INDETERMINATE',
    'CHAIN_CONSTRAINTS_FAILURE',
    'The certificate belongs to a pilot, and this deployment is none.',
  ],
};

/** Never throws; see the verdict. */
export async function judgeCertificate(input: JudgeInput): Promise<Judgement> {
  const { purpose, trust } = input;
  const fits = trust.anchors.filter(
    ({ certifies }) => purpose === 'any' || certifies === 'any' || certifies.includes(purpose),
  );
  const own = await ownAnchors(trust);
  const ask = async (anchors: Trust['anchors']): Promise<Outcome> => {
    const [ours, outside] = [true, false].map((is) => anchors.filter((a) => own.has(a) === is));
    const first = await outcomeOf(pathInput(input, ours ?? [], 'licence'), false);
    if (first.code === 'ok' || !outside?.length) return first;
    // An outside authority may bear the name of one of ours.
    const profile = trust.bundle ? 'outside' : 'rfc5280';
    const second = await outcomeOf(pathInput(input, outside, profile), false);
    return second.code === 'ok' || first.code === 'no-path' ? second : first;
  };
  let outcome = await ask(fits);
  let code: JudgementCode = outcome.code;
  if (code === 'no-path' && fits.length < trust.anchors.length) {
    const other = await ask(trust.anchors);
    if (other.code !== 'no-path') {
      outcome = other;
      code = 'untrusted-purpose';
    }
  }
  const pilot = outcome.path.some(({ policies }) => policies?.includes(PILOT_POLICY));
  // RFC 3161 2.3: whoever stamps time says so; a certificate that is silent does not.
  const ekus = readable(input.certificate)?.extendedKeyUsage;
  if (code === 'ok' && input.purpose === 'time-stamp' && !ekus?.includes(TIME_STAMPING))
    code = 'eku';
  if (code === 'ok' && pilot && trust.bundle?.pilot === false) code = 'pilot';
  return report(input, outcome, code, pilot);
}

/** Anchors that are the deployment's root, or issued by it: their certificates are in our profile. */
async function ownAnchors({ anchors, bundle }: Trust): Promise<Set<Trust['anchors'][number]>> {
  const own = new Set<Trust['anchors'][number]>();
  const root = bundle?.root ? readable(fromBase64(bundle.root) ?? new Uint8Array()) : null;
  if (!root) return own;
  for (const anchor of anchors) {
    const fields = readable(anchor.certificate);
    if (!fields) continue;
    const issued = fields.issuerKey === root.subjectKey;
    if (issued && (await isSignedBy(fields.certificate, root.certificate.spki))) own.add(anchor);
  }
  return own;
}

function pathInput(input: JudgeInput, anchors: Trust['anchors'], profile: ProfileName): PathInput {
  const { trust, purpose } = input;
  return {
    target: input.certificate,
    intermediates: [...trust.intermediates, ...(input.pool ?? [])],
    anchors: anchors.map(({ certificate }) => ({ cert: certificate })),
    crls: [...trust.crls, ...(input.extraCrls ?? [])],
    ocsp: [...trust.ocsp, ...(input.extraOcsp ?? [])],
    time: input.time,
    ...(input.budgetMs === undefined ? {} : { budgetMs: input.budgetMs }),
    revocation: 'soft-fail',
    laterEvidence: true,
    anchorAsTarget: true,
    purpose: {
      keyUsage: input.keyUsage ?? KEY_USAGE.digitalSignature | KEY_USAGE.nonRepudiation,
      ...(purpose === 'time-stamp' ? { ekus: [TIME_STAMPING] } : {}),
    },
    profile,
  };
}

async function report(
  { certificate, trust }: JudgeInput,
  outcome: Outcome,
  code: JudgementCode,
  pilot: boolean,
): Promise<Judgement> {
  const fields = readable(certificate);
  const path = await Promise.all(outcome.path.map(idOf));
  const id = fields ? await idOf(fields) : await certificateId(certificate);
  const issuer = outcome.path[1]?.certificate.spki;
  const findings: Finding[] = [];
  const words = code === 'ok' ? null : WORDS[code];
  const add = (severity: Finding['severity'], finding: string, message: string) =>
    findings.push({ code: finding, message, object: id, severity });
  if (words) add('error', `path-${code}`, words[2]);
  if (code === 'ok' && outcome.revocationUnknown) {
    add(
      trust.crls.length > 0 ? 'warning' : 'info',
      'path-revocation-unknown',
      'Nothing at hand says whether a certificate of the path is revoked.',
    );
  }
  if (pilot) add('warning', 'path-pilot', 'The certificate belongs to a pilot deployment.');
  const who = nameIn(certificate);
  return {
    verdict: words ? words[0] : 'TOTAL-PASSED',
    ...(words ? { subIndication: words[1] } : {}),
    code,
    path,
    findings,
    name: who?.name ?? '',
    subject: who?.subject ?? '',
    organization: who?.organization ?? null,
    uscc: who?.uscc ?? null,
    id,
    issuerKey: issuer ? toHex(await certificateHash(issuer)) : null,
    pilot,
  };
}

/** A certificate that is not in order still says whose it is. */
function nameIn(der: Uint8Array): SignerName | null {
  try {
    return signerName(readCertificateLeniently(der).certificate);
  } catch {
    return null;
  }
}

function readable(der: Uint8Array): Fields | null {
  try {
    return fieldsOf(der);
  } catch {
    return null;
  }
}
