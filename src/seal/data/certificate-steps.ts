/** Judging the certificates of maker and signer, at the time of use and now. */
import { equal } from '../../crypto/index.ts';
import { judgeCertificate, judgeHolderAt, type ProofOfWhen, type Trust } from '../../pki/index.ts';
import type { SealCode, SealReport, SealStep } from './steps.ts';

export interface JudgingContext {
  readonly report: SealReport;
  readonly trust: Trust;
  /** When the verifier looks, ISO 8601. */
  readonly now: string;
  /** When the seal was used; null when the seal is judged alone. */
  readonly usedAt: string | null;
  /** Whether `usedAt` is proven by a time stamp rather than claimed. */
  readonly proven: boolean;
  /** When the log took in what was signed with it, ISO 8601, where the caller holds it. */
  readonly loggedAt?: string;
  /** A list that the deployment published counts it as issued. */
  readonly listed?: boolean;
}

type Who = 'MAKER' | 'SIGNER';

/**
 * A path to an anchor for the purpose, in force at the time of use. Expired or revoked since then
 * is settled by a proven time only.
 */
export async function judgePerson(
  who: Who,
  certificate: Uint8Array,
  context: JudgingContext,
): Promise<void> {
  const { report, trust, now, usedAt, proven } = context;
  const step: SealStep = who === 'MAKER' ? 'seal-maker' : 'signer-certificate';
  if (trust.bundle) return judgeByRoster(who, certificate, context, step);
  const allowed =
    who === 'SIGNER' ||
    trust.sealMakers === 'any' ||
    trust.sealMakers.some((maker) => equal(maker, certificate));
  const at = async (time: string) => {
    const purpose = who === 'MAKER' ? 'seal-maker' : 'any';
    const result = await judgeCertificate({ certificate, time, trust, purpose });
    return { ...result, problem: problemOf(who, result.code) };
  };
  const times = usedAt === null ? [now] : proven ? [usedAt] : [now, usedAt];
  for (const time of times) {
    const { problem, verdict, findings } = await at(time);
    if (problem) {
      const since = time === now && usedAt !== null && settledByTime(problem);
      const earlier = since ? await at(usedAt) : null;
      report.fail(step, problem, sentence(who, problem, earlier !== null && !earlier.problem));
      return;
    }
    if (time === times[0]) report.findings.push(...findings);
    if (verdict !== 'TOTAL-PASSED') {
      report.open(step, 'REVOCATION_UNKNOWN', `Revocation of the ${name(who)} is not known`);
      return;
    }
  }
  if (!allowed) {
    report.fail(step, 'MAKER_UNTRUSTED', 'The certificate that made the seal is not a seal maker');
    return;
  }
  report.pass(step);
}

/** Under a deployment's trust data the roster remembers: one answer for all documents (`judgeHolderAt`). */
async function judgeByRoster(
  who: Who,
  certificate: Uint8Array,
  { report, trust, now, usedAt, proven, loggedAt, listed }: JudgingContext,
  step: SealStep,
): Promise<void> {
  const proof: ProofOfWhen =
    usedAt !== null && proven
      ? { by: 'time-stamp', time: usedAt }
      : loggedAt !== undefined
        ? { by: 'log', time: loggedAt }
        : { by: 'claim', time: usedAt ?? now, listed: listed ?? false };
  const purpose = who === 'MAKER' ? 'seal-maker' : 'any';
  const role = who === 'MAKER' ? 'seal-maker' : 'any';
  const answer = await judgeHolderAt({ certificate, time: now, trust, purpose }, role, proof);
  report.provenBy = answer.provenBy;
  report.findings.push(...answer.judgement.findings);
  if (answer.role === 'role-missing') {
    report.fail(step, 'MAKER_UNTRUSTED', 'The certificate that made the seal is not a seal maker');
    return;
  }
  if (answer.role === 'role-compromised') {
    report.fail(step, `${who}_COMPROMISED`, `The key of the ${name(who)} was in wrong hands`);
    return;
  }
  const problem = problemOf(who, answer.judgement.code);
  if (problem) {
    report.fail(step, problem, sentence(who, problem, false));
    return;
  }
  if (answer.role !== 'ok') {
    const words = answer.role === 'role-not-yet' ? 'had no such role yet' : 'has left its role';
    report.fail(step, `${who}_ROLE_ENDED`, `The ${name(who)} ${words}`);
    return;
  }
  report.pass(step);
}

function problemOf(who: Who, code: string): SealCode | null {
  switch (code) {
    case 'ok':
      return null;
    case 'expired':
    case 'not-yet-valid':
      return who === 'MAKER' ? 'MAKER_EXPIRED' : 'SIGNER_TIME';
    case 'revoked':
      return who === 'MAKER' ? 'MAKER_REVOKED' : 'SIGNER_REVOKED_BEFORE';
    case 'revocation-unknown':
      return 'REVOCATION_UNKNOWN';
    case 'key-usage':
    case 'eku':
      return `${who}_KEYUSAGE`;
    case 'untrusted-purpose':
      return who === 'MAKER' ? 'MAKER_UNTRUSTED' : 'SIGNER_CHAIN';
    default:
      return `${who}_CHAIN`;
  }
}

const SINCE: SealCode[] = [
  'MAKER_EXPIRED',
  'SIGNER_TIME',
  'MAKER_REVOKED',
  'SIGNER_REVOKED_BEFORE',
];
const settledByTime = (code: SealCode) => SINCE.includes(code);
const name = (who: Who) => (who === 'MAKER' ? 'seal maker' : 'signer');

function sentence(who: Who, code: SealCode, since: boolean): string {
  const certificate = `The certificate of the ${name(who)}`;
  if (since) {
    const what = code.includes('REVOKED') ? 'was revoked' : 'has ended';
    return `${certificate} ${what} since; that the signature is older is only claimed`;
  }
  if (settledByTime(code)) return `${certificate} was not in force`;
  if (code.endsWith('KEYUSAGE')) return `${certificate} is not for signing`;
  if (code === 'MAKER_UNTRUSTED') return `${certificate} is not trusted to make seals`;
  if (code === 'REVOCATION_UNKNOWN') return `Revocation of the ${name(who)} is not known`;
  return `${certificate} does not lead to a trusted authority`;
}
