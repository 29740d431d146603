/** Verifying a seal alone, and a seal as used on a document of another format (a PDF). */
import { type Finding, Malformed, type Verdict } from '../../crypto/index.ts';
import { normaliseTrust, type ProofOfWhen, type TrustInput } from '../../pki/index.ts';
import { holderListed } from './holders.ts';
import type { SealPicture } from './seal-info.ts';
import { judgeSeal, type RevokedSeals } from './seal-steps.ts';
import { readSeal, type SESeal } from './ses-seal.ts';
import { SealReport, type StepResult } from './steps.ts';

export interface VerifySealOptions {
  /** ISO 8601; absent: now. */
  time?: string;
  trust?: TrustInput;
  revokedSeals?: RevokedSeals;
  /** When the log took in what was sealed, ISO 8601, where the caller holds it. */
  loggedAt?: string;
  /** Somebody whose word counts, or a list of the deployment, says that the seal was issued. */
  listed?: boolean;
}

export interface SealVerdict {
  /** Null where the bytes are no seal. */
  version: 1 | 4 | 5 | null;
  name: string;
  esID: string;
  /** Certificates the seal names; empty where it names digests only. */
  holderCertificates: Uint8Array[];
  makerCertificate: Uint8Array | null;
  validStart: string | null;
  validEnd: string | null;
  verdict: Verdict;
  subIndication?: string;
  /** What says when the seal was made, under a deployment's trust data. */
  provenBy?: ProofOfWhen['by'];
  findings: Finding[];
  steps: StepResult[];
  picture: SealPicture | null;
}

/** GM/T 0031-2014 6.1.2. Never throws for bad input. */
export async function verifySeal(
  der: Uint8Array,
  options: VerifySealOptions = {},
): Promise<SealVerdict> {
  return judge(der, options, async (seal, report, now) => {
    const trust = normaliseTrust(options.trust);
    const context = { report, trust, now, usedAt: null, proven: false, ...knownOf(options) };
    await judgeSeal(seal, context, options.revokedSeals);
  });
}

export interface SealUse extends VerifySealOptions {
  /** Signing certificate of the document's signature, DER. */
  signer: Uint8Array;
  /** Signing time, ISO 8601, or null where none is known. */
  signingTime: string | null;
  /** Whether a verified time stamp proves `signingTime`. */
  proven?: boolean;
}

/**
 * The seal's share in judging a document signature of another format: maker, signer listed, and
 * signing time within the seal's validity. Signature and signer's certificate are the caller's.
 */
export async function verifySealUse(der: Uint8Array, use: SealUse): Promise<SealVerdict> {
  return judge(der, use, async (seal, report, now) => {
    if (use.signingTime === null || Number.isNaN(Date.parse(use.signingTime))) {
      report.open('signing-time', 'SIGN_TIME_UNKNOWN', 'The signing time is not known');
    }
    await checkListed(seal, use.signer, report);
    const usedAt = Number.isNaN(Date.parse(use.signingTime ?? '')) ? null : use.signingTime;
    const trust = normaliseTrust(use.trust);
    const proven = use.proven ?? false;
    const context = { report, trust, now, usedAt, proven, ...knownOf(use) };
    await judgeSeal(seal, context, use.revokedSeals);
  });
}

/** What the caller knows of when it was signed. */
export const knownOf = ({ loggedAt, listed }: VerifySealOptions) => ({
  ...(loggedAt === undefined ? {} : { loggedAt }),
  ...(listed === undefined ? {} : { listed }),
});

/** The one thing that binds a signer to a seal: never left out. */
export async function checkListed(seal: SESeal, signer: Uint8Array, report: SealReport) {
  if (await holderListed(seal.info.holders, signer)) report.pass('signer-listed');
  else {
    const message = 'The seal does not list the certificate of the signer';
    report.fail('signer-listed', 'SIGNER_NOT_IN_SEAL', message);
  }
}

async function judge(
  der: Uint8Array,
  options: VerifySealOptions,
  steps: (seal: SESeal, report: SealReport, now: string) => Promise<void>,
): Promise<SealVerdict> {
  const report = new SealReport();
  const now = options.time ?? new Date().toISOString();
  let seal: SESeal | null = null;
  try {
    seal = readSeal(der);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    formatFailure(report, error);
  }
  if (Number.isNaN(Date.parse(now))) {
    report.open('seal-validity', 'TIME_INVALID', 'The time to verify at is not a time');
  } else if (seal) {
    report.pass('format');
    await steps(seal, report, now);
  }
  return sealVerdict(seal, report);
}

function formatFailure(report: SealReport, error: Malformed): void {
  const code =
    error.code === 'der-trailing'
      ? 'SEAL_TRAILING'
      : error.code === 'seal-version'
        ? 'SEAL_VERSION'
        : 'SEAL_PARSE';
  report.fail('format', code, `Not an electronic seal: ${error.message}`);
}

export function sealVerdict(seal: SESeal | null, report: SealReport): SealVerdict {
  const holders = seal?.info.holders;
  return {
    version: seal?.version ?? null,
    name: seal?.info.name ?? '',
    esID: seal?.info.esID ?? '',
    holderCertificates: holders?.kind === 'certificates' ? [...holders.certificates] : [],
    makerCertificate: seal?.makerCertificate ?? null,
    validStart: seal?.info.validStart ?? null,
    validEnd: seal?.info.validEnd ?? null,
    verdict: report.verdict,
    ...(report.subIndication ? { subIndication: report.subIndication } : {}),
    ...(report.provenBy ? { provenBy: report.provenBy } : {}),
    findings: report.findings,
    steps: report.steps,
    picture: seal?.info.picture ?? null,
  };
}
