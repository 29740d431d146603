/**
 * Who signed, when, and whether that is trusted (checks 26 to 30). Signatures are judged from the
 * latest to the earliest, because a trusted time stamp proves that all it covers existed before.
 */
import { type CmsReport, readTimeStampToken, type TimeStamp } from '../../cms/index.ts';
import { Malformed } from '../../crypto/index.ts';
import {
  type Certifies,
  type Judgement,
  judgeCertificate,
  type ProofOfWhen,
  readCertificate,
  roleAt,
  type Trust,
} from '../../pki/index.ts';
import type { CheckedSignature } from './check-signature.ts';
import { type Evidence, hasRevocation } from './evidence.ts';
import { carriesRevocation, levelOf } from './levels.ts';
import { failed, indeterminate, note } from './outcome.ts';
import type { SignatureReport, TimeOfCheck } from './report.ts';

export type JudgedSignature = Pick<
  CheckedSignature,
  'cms' | 'report' | 'coverage' | 'stamped' | 'sealInside'
>;

export interface JudgeContext {
  readonly trust: Trust;
  /** Time of the check, ISO 8601. */
  readonly time: string;
  readonly timeOfCheck: TimeOfCheck;
  readonly evidence: Evidence;
  /** Whether the revision that this document time stamp closes holds revocation data. */
  /** When the log took in the head that names the file. */
  readonly loggedAt?: string;
  /** A list of the deployment counts the document as issued. */
  readonly listed: boolean;
  readonly archivedBy: (stamp: CheckedSignature) => boolean;
  /** Milliseconds left for paths, all signatures together. */
  left: number;
}

/** Milliseconds that paths may take in one file, and what even the last one is given. */
export const PATHS_MS = 1200;
const LEAST_MS = 20;

const SIGNATURE_TIME_STAMP = '1.2.840.113549.1.9.16.2.14';
/** How far clocks of authorities and of whoever checks may be apart. */
const CLOCKS_APART_MS = 5 * 60_000;

/** Document time stamps after a signature, seen from the latest to the earliest. */
interface Stamps {
  count: number;
  archiving: number;
}

export async function judgeSigners(
  checked: readonly CheckedSignature[],
  context: JudgeContext,
): Promise<void> {
  const order = [...checked].sort((a, b) => (b.coverage?.end ?? 0) - (a.coverage?.end ?? 0));
  let existed = context.time;
  const there: Stamps = { count: 0, archiving: 0 };
  const proven: Stamps = { count: 0, archiving: 0 };
  for (const one of order) {
    if (!one.cms?.signer) continue;
    if (one.report.kind !== 'timestamp') {
      await judgeSigner(one, context, existed, there, proven);
      continue;
    }
    const archiving = context.archivedBy(one) ? 1 : 0;
    const passed = await judgeDocumentStamp(one, one.cms.signer, context, existed);
    const sound = one.report.integrity === 'intact' || one.report.integrity === 'modified';
    if (sound) {
      there.count++;
      there.archiving += archiving;
    }
    if (!sound || !passed || !one.stamped) continue;
    existed = earlier(existed, one.stamped);
    proven.count++;
    proven.archiving += archiving;
  }
}

/** @returns whether its time is proven under the trust at hand. */
async function judgeDocumentStamp(
  one: CheckedSignature,
  signer: Uint8Array,
  context: JudgeContext,
  existed: string,
): Promise<boolean> {
  const { report, stamped } = one;
  const time = context.timeOfCheck === 'now' ? context.time : existed;
  const judgement = await judge(one, signer, context, time, ['time-stamp']);
  take(report, judgement, signer);
  report.judgedAt = { time, by: time === context.time ? 'now' : 'time-stamp' };
  if (!stamped) return false;
  report.time = stamped;
  if (madeLater(report, stamped, context)) return false;
  const sound = report.integrity === 'intact' || report.integrity === 'modified';
  report.timeProven = sound && judgement.verdict === 'TOTAL-PASSED';
  return report.timeProven;
}

async function judgeSigner(
  one: CheckedSignature,
  context: JudgeContext,
  existed: string,
  there: Stamps,
  proven: Stamps,
): Promise<void> {
  const { report, cms } = one;
  if (!cms?.signer) return;
  const own = await ownStamp(one, context, existed);
  const time = own ?? (proven.count > 0 ? existed : null);
  const at = momentOf(report, context, time, existed);
  report.judgedAt = at;
  let judgement = await judge(one, cms.signer, context, at.time, PEOPLE);
  const listed = context.listed && wasIssuer(context.trust, judgement.id);
  if (at.by === 'claimed' && context.timeOfCheck === 'proven' && !listed) {
    // Revoked since: that it was signed before is the word of somebody who has left.
    const present = await judge(one, cms.signer, context, existed, PEOPLE);
    if (present.code === 'revoked') judgement = present;
  }
  take(report, judgement, cms.signer);
  judgeRole(report, judgement.id, { ...context, listed }, time);
  report.timeProven = time !== null;
  const told = time ?? report.claimedTime;
  if (told) report.time = told;
  // Levels are those of PAdES, which a seal's own signature is none of.
  if (one.sealInside) return;
  const carried = carriesRevocation(one);
  const archived = ({ count, archiving }: Stamps) => archiving > 0 || (carried && count > 0);
  report.level = levelOf(one, {
    stamped: report.timeStamps.length + there.count > 0,
    revocation: carried || hasRevocation(context.evidence),
    archived: archived(there),
  });
  if (report.integrity === 'broken' || report.integrity === 'unchecked') return;
  const known = judgement.findings.every(({ code }) => code !== 'path-revocation-unknown');
  report.provenLevel = levelOf(one, {
    stamped: time !== null,
    revocation:
      (carried || hasRevocation(context.evidence)) && known && judgement.verdict === 'TOTAL-PASSED',
    archived: archived(proven),
  });
}

/** The moment at which the signer is judged, as the caller chose. */
function momentOf(
  { claimedTime }: SignatureReport,
  { time, timeOfCheck, trust, loggedAt }: JudgeContext,
  proven: string | null,
  existed: string,
): NonNullable<SignatureReport['judgedAt']> {
  if (timeOfCheck === 'claimed' && claimedTime) return { time: claimedTime, by: 'claimed' };
  if (timeOfCheck !== 'proven') return { time, by: 'now' };
  if (proven) return { time: proven, by: 'time-stamp' };
  if (loggedAt !== undefined) return { time: loggedAt, by: 'log' };
  // Of the people of a deployment a claimed time is good where its roster does not say otherwise.
  const word = trust.bundle && claimedTime && Date.parse(claimedTime) <= Date.parse(existed);
  return word ? { time: claimedTime, by: 'claimed' } : { time: existed, by: 'now' };
}

/** A status list counts what issuers signed: of anybody else it says nothing. */
const wasIssuer = ({ bundle }: Trust, certificate: string): boolean =>
  [...(bundle?.roster ?? []), ...(bundle?.former ?? [])].some(
    ({ id, roles }) => id === certificate && roles.includes('issuer'),
  );

/** What the roster remembers of the signer (design, section 4, "In force when?"). */
function judgeRole(
  report: SignatureReport,
  certificate: string,
  { trust, time, loggedAt, listed }: JudgeContext,
  stamped: string | null,
): void {
  const { bundle } = trust;
  const proof: ProofOfWhen =
    loggedAt !== undefined
      ? { by: 'log', time: loggedAt }
      : stamped !== null
        ? { by: 'time-stamp', time: stamped }
        : { by: 'claim', time: report.claimedTime ?? time, listed };
  report.provenBy = proof.by;
  if (!bundle) return;
  const issuer = roleAt(bundle, certificate, 'issuer', proof);
  const { code } =
    issuer.code === 'ok' ? issuer : roleAt(bundle, certificate, 'any', { ...proof, listed: false });
  if (code !== 'ok' && code !== 'role-missing') {
    note(report, `pdf-signer-${code}`, ROLE_WORDS[code], 'warning');
    indeterminate(report, 'REVOKED_NO_POE');
    return;
  }
  if (issuer.code === 'ok') report.signedAs = 'issuer';
}

const ROLE_WORDS = {
  'role-not-yet': 'The signer stood on no roster yet when it was signed.',
  'role-ended': 'The signer has left, and nothing proves that it was signed before.',
  'role-compromised':
    'The signer’s key was in wrong hands, and nothing proves that it was signed before.',
};

/** A check at a moment before the stamp was made proves nothing about what was stamped. */
function madeLater(report: SignatureReport, stamped: string, { time }: JudgeContext): boolean {
  if (Date.parse(stamped) <= Date.parse(time) + CLOCKS_APART_MS) return false;
  const words = `the time stamp of ${stamped} was made after the time of the check, ${time}`;
  note(report, 'pdf-check-before-stamp', words, 'warning', report.field, { time: stamped });
  indeterminate(report, 'NOT_YET_VALID');
  return true;
}

/** Anchors that vouch for people and enterprises; seal makers and time stamps sign otherwise. */
const PEOPLE: readonly Certifies[] = ['enterprise', 'staff'];

async function judge(
  one: CheckedSignature,
  certificate: Uint8Array,
  context: JudgeContext,
  time: string,
  purposes: readonly Certifies[],
  embedded: Pick<CmsReport, 'certificates' | 'crls' | 'ocsps'> | null = one.cms,
): Promise<Judgement> {
  const { trust, evidence } = context;
  let answer: Judgement | null = null;
  for (const purpose of purposes) {
    const start = performance.now();
    const next = await judgeCertificate({
      certificate,
      pool: [...(embedded?.certificates ?? []), ...evidence.certificates],
      time,
      trust,
      purpose,
      extraCrls: [...(embedded?.crls ?? []), ...evidence.crls],
      extraOcsp: [...(embedded?.ocsps ?? []), ...evidence.ocsps],
      budgetMs: Math.max(LEAST_MS, context.left),
    });
    context.left -= performance.now() - start;
    if (!answer || next.verdict === 'TOTAL-PASSED') answer = next;
    if (next.code !== 'untrusted-purpose' && next.code !== 'no-path') return next;
    if (trust.bundle === null) break;
  }
  return answer as Judgement;
}

function take(report: SignatureReport, judgement: Judgement, certificate: Uint8Array): void {
  report.certificate = certificate;
  report.path = judgement.path;
  report.signer = {
    name: judgement.name,
    subject: judgement.subject,
    ...(judgement.organization ? { organization: judgement.organization } : {}),
    ...(judgement.uscc ? { uscc: judgement.uscc } : {}),
  };
  for (const finding of judgement.findings) {
    // Untrusted is not broken: in a report on integrity it is a warning.
    const severity = finding.severity === 'error' ? 'warning' : finding.severity;
    report.findings.push({ ...finding, severity });
  }
  if (judgement.verdict === 'TOTAL-PASSED') return;
  if (judgement.verdict === 'TOTAL-FAILED' && report.verdict !== 'TOTAL-FAILED') {
    report.verdict = 'TOTAL-FAILED';
    report.subIndication = judgement.subIndication ?? 'REVOKED';
  } else indeterminate(report, judgement.subIndication ?? 'NO_CERTIFICATE_CHAIN_FOUND');
}

/** Time of a trusted signature time stamp, or null. A token that is not sound breaks the signature. */
async function ownStamp(
  one: CheckedSignature,
  context: JudgeContext,
  existed: string,
): Promise<string | null> {
  let time: string | null = null;
  for (const { oid, value } of one.cms?.unsigned ?? []) {
    if (oid !== SIGNATURE_TIME_STAMP) continue;
    const data = one.cms?.signatureValue ?? new Uint8Array();
    const token: TimeStamp = await readTimeStampToken(value, { allowBer: true, data });
    if (!token.ok || !token.info || !token.cms.signer) {
      const unknown = token.code === 'unsupported-alg';
      const words = `the time stamp of the signature is not in order: ${token.code}`;
      if (unknown) note(one.report, 'pdf-time-stamp', words, 'warning');
      else failed(one.report, 'pdf-time-stamp', words);
      continue;
    }
    const { signer } = token.cms;
    const judged = await judge(one, signer, context, existed, ['time-stamp'], token.cms);
    const later = madeLater(one.report, token.info.time, context);
    const trusted = judged.verdict === 'TOTAL-PASSED' && !later;
    one.report.timeStamps.push({
      time: token.info.time,
      by: judged.name,
      trusted,
      ...endOf(signer),
    });
    if (later) continue;
    if (trusted) time = time ? earlier(time, token.info.time) : token.info.time;
    else {
      const words = `a time stamp of ${token.info.time} by ${judged.name} is not trusted`;
      const params = { time: token.info.time, who: judged.name };
      note(one.report, 'pdf-time-stamp-untrusted', words, 'info', one.report.field, params);
    }
  }
  return time;
}

/** A certificate that cannot be read ends at no known time. */
function endOf(certificate: Uint8Array): { until?: string } {
  try {
    return { until: new Date(readCertificate(certificate).notAfter).toISOString() };
  } catch (error) {
    if (error instanceof Malformed) return {};
    throw error;
  }
}

function earlier(a: string, b: string): string {
  return Date.parse(a) <= Date.parse(b) ? a : b;
}
