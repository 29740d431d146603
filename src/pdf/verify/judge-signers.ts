/**
 * Who signed, when, and whether that is trusted (checks 26 to 30). Signatures are judged from the
 * latest to the earliest, because a trusted time stamp proves that all it covers existed before.
 */
import { type CmsReport, readTimeStampToken, type TimeStamp } from '../../cms/index.ts';
import { type Certifies, type Judgement, judgeCertificate, type Trust } from '../../pki/index.ts';
import type { CheckedSignature } from './check-signature.ts';
import type { Evidence } from './evidence.ts';
import { failed, indeterminate, note } from './outcome.ts';
import type { SignatureReport } from './report.ts';

export interface JudgeContext {
  readonly trust: Trust;
  /** Time of the check, ISO 8601. */
  readonly time: string;
  readonly evidence: Evidence;
  /** Milliseconds left for paths, all signatures together. */
  left: number;
}

/** Milliseconds that paths may take in one file, and what even the last one is given. */
export const PATHS_MS = 1200;
const LEAST_MS = 20;

const SIGNATURE_TIME_STAMP = '1.2.840.113549.1.9.16.2.14';

export async function judgeSigners(
  checked: readonly CheckedSignature[],
  context: JudgeContext,
): Promise<void> {
  const order = [...checked].sort((a, b) => (b.coverage?.end ?? 0) - (a.coverage?.end ?? 0));
  let existed = context.time;
  let stamps = 0;
  for (const one of order) {
    if (!one.cms?.signer) continue;
    const sound = one.report.integrity !== 'broken';
    if (one.report.kind === 'timestamp') {
      const judgement = await judge(one, one.cms.signer, context, existed, ['time-stamp']);
      take(one.report, judgement, one.cms.signer);
      if (one.stamped) one.report.time = one.stamped;
      if (sound && judgement.verdict === 'TOTAL-PASSED' && one.stamped) {
        one.report.timeProven = true;
        existed = earlier(existed, one.stamped);
        stamps++;
      }
      continue;
    }
    const own = await ownStamp(one, context, existed);
    const proven = own ?? (stamps > 0 ? existed : null);
    const judgement = await judge(one, one.cms.signer, context, proven ?? existed, PEOPLE);
    take(one.report, judgement, one.cms.signer);
    one.report.timeProven = proven !== null;
    const time = proven ?? one.report.claimedTime;
    if (time) one.report.time = time;
    one.report.level = levelOf(one, own !== null || stamps > 0, context, stamps > 0);
  }
}

/** Anchors that vouch for people and enterprises; seal makers and time stamps sign otherwise. */
const PEOPLE: readonly Certifies[] = ['enterprise', 'staff'];

async function judge(
  one: CheckedSignature,
  certificate: Uint8Array,
  context: JudgeContext,
  time: string,
  purposes: readonly Certifies[],
  embedded: Pick<CmsReport, 'certificates' | 'crls'> | null = one.cms,
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
      extraOcsp: evidence.ocsps,
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
    const trusted = judged.verdict === 'TOTAL-PASSED';
    one.report.timeStamps.push({ time: token.info.time, by: judged.subject, trusted });
    if (trusted) time = time ? earlier(time, token.info.time) : token.info.time;
    else {
      const words = `a time stamp of ${token.info.time} by ${judged.subject} is not trusted`;
      const params = { time: token.info.time, who: judged.subject };
      note(one.report, 'pdf-time-stamp-untrusted', words, 'info', one.report.field, params);
    }
  }
  return time;
}

function earlier(a: string, b: string): string {
  return Date.parse(a) <= Date.parse(b) ? a : b;
}

/** Level of PAdES (EN 319 142-1, 6.1) that the file reaches, as far as it could be checked. */
function levelOf(
  one: CheckedSignature,
  stamped: boolean,
  { evidence }: JudgeContext,
  archived: boolean,
): string {
  if (!one.cms?.essPresent || one.report.subFilter !== 'ETSI.CAdES.detached') return 'PKCS7';
  if (!stamped) return 'B-B';
  const revocation = evidence.crls.length + evidence.ocsps.length > 0;
  if (!revocation) return 'B-T';
  return archived ? 'B-LTA' : 'B-LT';
}
