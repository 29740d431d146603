/** Verifying a stamped document: GM/T 0031-2014 6.2.3 with the rules of the later versions. */
import { digest, equal, type Finding, Malformed, type Verdict } from '../../crypto/index.ts';
import { normaliseTrust } from '../../pki/index.ts';
import { sealAlgorithm } from './algorithm.ts';
import { judgePerson } from './certificate-steps.ts';
import { checkSignature, judgeSeal } from './seal-steps.ts';
import { readSealSignature, type SESSignature } from './ses-signature.ts';
import { SealReport, type StepResult } from './steps.ts';
import { provenTime, timeInToken } from './time-stamp.ts';
import {
  checkListed,
  knownOf,
  type SealVerdict,
  sealVerdict,
  type VerifySealOptions,
} from './verify-seal.ts';

export interface VerifySealSignatureOptions extends VerifySealOptions {
  /** The protected content; absent: its hash is not compared and the verdict stays open. */
  data?: Uint8Array;
}

export interface SealSignatureVerdict {
  verdict: Verdict;
  subIndication?: string;
  findings: Finding[];
  steps: StepResult[];
  /** The seal inside; its verdict is that of its use here. */
  seal: SealVerdict;
  /** Signing time, ISO 8601: of a trusted time stamp, else as claimed. */
  time: string | null;
  timeProven: boolean;
  signer: Uint8Array | null;
  propertyInfo: string;
}

/** Clocks differ: a signing time this far ahead is let pass. */
const FUTURE_MS = 10 * 60 * 1000;

/** Never throws for bad input. */
export async function verifySealSignature(
  der: Uint8Array,
  options: VerifySealSignatureOptions = {},
): Promise<SealSignatureVerdict> {
  const report = new SealReport();
  const sealReport = new SealReport();
  const now = options.time ?? new Date().toISOString();
  let signature: SESSignature | null = null;
  let time: SigningTime = { time: null, proven: false };
  try {
    signature = readSealSignature(der);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    report.fail('format', 'SIG_PARSE', `Not a seal signature: ${error.message}`);
    sealReport.fail('format', 'SEAL_PARSE', 'No seal could be read');
  }
  if (Number.isNaN(Date.parse(now))) {
    report.open('signing-time', 'TIME_INVALID', 'The time to verify at is not a time');
  } else if (signature) {
    time = await judge(signature, options, now, report, sealReport);
  }
  return answer(signature, time, report, sealReport);
}

interface SigningTime {
  readonly time: string | null;
  readonly proven: boolean;
}

async function judge(
  signature: SESSignature,
  options: VerifySealSignatureOptions,
  now: string,
  report: SealReport,
  sealReport: SealReport,
): Promise<SigningTime> {
  const { seal, certificate } = signature;
  const trust = normaliseTrust(options.trust);
  report.pass('format');
  for (const note of signature.notes) report.note('SEAL_NOT_DER', note);
  await checkSignature(report, 'signature-value', 'SIG_VALUE', {
    algorithm: signature.signatureAlgorithm,
    certificate,
    signature: signature.signature,
    data: signature.signed,
  });
  const claimed = signature.timeInfo ? await timeInToken(signature.timeInfo) : signature.time;
  const { timeStamp: token, signature: value } = signature;
  const stamped = token
    ? await provenTime({ token, value, claimed }, { report, trust, now })
    : null;
  if (stamped === null) checkTime(claimed, now, report);
  else report.pass('signing-time');
  const when = { usedAt: stamped ?? claimed, proven: stamped !== null };
  const context = { trust, now, ...when, ...knownOf(options) };
  await judgePerson('SIGNER', certificate, { ...context, report });
  await checkListed(seal, certificate, report);
  await checkContent(signature, options.data, report);
  const unknown = signature.extensions.find((extension) => extension.critical);
  if (unknown) {
    const message = `Unknown critical extension ${unknown.oid} in the signature`;
    report.fail('seal-extensions', 'SEAL_EXT_CRITICAL', message);
  }
  await judgeSeal(seal, { ...context, report: sealReport }, options.revokedSeals);
  return { time: context.usedAt, proven: context.proven };
}

function checkTime(time: string | null, now: string, report: SealReport): void {
  if (time === null) {
    report.open('signing-time', 'SIGN_TIME_UNKNOWN', 'The signing time cannot be read');
  } else if (Date.parse(time) > Date.parse(now) + FUTURE_MS) {
    report.fail('signing-time', 'SIGN_TIME_FUTURE', 'The signing time lies in the future');
  } else {
    report.note('SIGN_TIME_CLAIMED', 'The signing time is the claim of the signer');
    report.pass('signing-time');
  }
}

async function checkContent(
  signature: SESSignature,
  data: Uint8Array | undefined,
  report: SealReport,
): Promise<void> {
  const name = sealAlgorithm(signature.signatureAlgorithm)?.digest;
  if (!data) report.open('content', 'DATA_ABSENT', 'The sealed content was not given');
  else if (!name) report.open('content', 'SEAL_ALG', 'The digest of the content is not known');
  else if (equal(signature.dataHash, await digest(name, data))) report.pass('content');
  else report.fail('content', 'HASH_MISMATCH', 'The content is not what was sealed');
}

/** One list of steps and findings over both, and the worse verdict. */
function answer(
  signature: SESSignature | null,
  { time, proven }: SigningTime,
  report: SealReport,
  sealReport: SealReport,
): SealSignatureVerdict {
  const order: Verdict[] = ['TOTAL-PASSED', 'INDETERMINATE', 'TOTAL-FAILED'];
  const rank = (r: SealReport) => order.indexOf(r.verdict);
  const worst = signature && rank(sealReport) > rank(report) ? sealReport : report;
  return {
    verdict: worst.verdict,
    ...(worst.subIndication ? { subIndication: worst.subIndication } : {}),
    findings: [...report.findings, ...(signature ? sealReport.findings : [])],
    steps: [...report.steps, ...(signature ? sealReport.steps : [])],
    seal: sealVerdict(signature?.seal ?? null, sealReport),
    time,
    timeProven: proven,
    signer: signature?.certificate ?? null,
    propertyInfo: signature?.propertyInfo ?? '',
  };
}
