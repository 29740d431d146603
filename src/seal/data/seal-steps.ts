/** The steps that judge a seal, alone or as used by a signer at a time. */
import { verifySignature } from '../../crypto/index.ts';
import { readCertificate } from '../../pki/index.ts';
import { profileFits, sealAlgorithm } from './algorithm.ts';
import { type JudgingContext, judgePerson } from './certificate-steps.ts';
import type { SESeal } from './ses-seal.ts';
import type { SealCode, SealReport, SealStep } from './steps.ts';
import { provenTime } from './time-stamp.ts';

/** Seals taken back: `esID` to the time from which they do not count, ISO 8601. */
export type RevokedSeals = ReadonlyMap<string, string>;

export async function judgeSeal(
  seal: SESeal,
  context: JudgingContext,
  revoked: RevokedSeals | undefined,
): Promise<void> {
  const { report } = context;
  for (const note of seal.info.notes) report.note('SEAL_NOT_DER', note);
  if (seal.info.headerVersion !== seal.version) {
    report.note(
      'SEAL_HEADER_VERSION',
      `The header says version ${seal.info.headerVersion}, the structure is of version ${seal.version}`,
      { header: String(seal.info.headerVersion), version: String(seal.version) },
    );
  }
  await checkSignature(report, 'seal-signature', 'SEAL_SIG', {
    algorithm: seal.signatureAlgorithm,
    certificate: seal.makerCertificate,
    signature: seal.signature,
    data: seal.signed,
  });
  // What proves when the seal was made settles whether its maker's certificate was in force then.
  const made = seal.timeStamp
    ? await provenTime({ token: seal.timeStamp, value: seal.signature, claimed: null }, context)
    : null;
  await judgePerson('MAKER', seal.makerCertificate, makingOf(seal, context, made));
  checkPeriod(seal, context);
  const unknown = seal.info.extensions.filter((extension) => extension.critical);
  if (unknown.length > 0) {
    const list = unknown.map((extension) => extension.oid).join(', ');
    report.fail('seal-extensions', 'SEAL_EXT_CRITICAL', `Unknown critical extension ${list}`, {
      list,
    });
  } else report.pass('seal-extensions');
  checkStatus(seal, context, revoked);
}

/** When the seal was made: proven by its own time stamp, or before a proven use; else as its maker says. */
function makingOf(seal: SESeal, context: JudgingContext, made: string | null): JudgingContext {
  if (made !== null) return { ...context, usedAt: made, proven: true };
  const claimed = context.trust.bundle !== null && !context.proven;
  return claimed ? { ...context, usedAt: seal.info.created } : context;
}

/** One signature value, within the three profiles. */
export async function checkSignature(
  report: SealReport,
  step: SealStep,
  wrong: SealCode,
  signed: { algorithm: string; certificate: Uint8Array; signature: Uint8Array; data: Uint8Array },
): Promise<void> {
  const profile = sealAlgorithm(signed.algorithm);
  try {
    if (!profile || !profileFits(signed.algorithm, signed.certificate)) {
      const message = `Algorithm ${signed.algorithm} with this key is not one of the profiles`;
      report.fail(step, 'SEAL_ALG', message);
      return;
    }
    const { spki } = readCertificate(signed.certificate);
    const { signature, data } = signed;
    const result = await verifySignature({ spki, algorithm: profile.identifier, signature, data });
    if (!result.valid) {
      report.fail(step, wrong, 'The signature value does not fit the signed bytes');
      return;
    }
  } catch {
    report.fail(step, wrong, 'The certificate of the signature cannot be read');
    return;
  }
  if (!profile.standard) {
    report.note('SEAL_ALG_EXTENSION', 'ECDSA P-256 is an extension of the standard');
  }
  report.pass(step);
}

function checkPeriod(seal: SESeal, { report, trust, now, usedAt, proven }: JudgingContext): void {
  const start = Date.parse(seal.info.validStart);
  const end = Date.parse(seal.info.validEnd);
  const step = 'seal-validity';
  if (usedAt !== null) {
    const used = Date.parse(usedAt);
    if (used < start || used > end) {
      const message = 'The signing time lies outside the validity of the seal';
      report.fail(step, 'SIGN_TIME_OUTSIDE_SEAL', message);
      return;
    }
    // Of the people of a deployment a claimed time is good: their roster says who may not claim one.
    if (proven || trust.bundle) {
      report.pass(step);
      return;
    }
  }
  const time = Date.parse(now);
  if (time < start) report.fail(step, 'SEAL_NOT_YET', 'The seal is not valid yet');
  else if (time > end) {
    const since = usedAt === null ? '' : '; that it was used before is only claimed';
    report.fail(step, 'SEAL_EXPIRED', `The validity of the seal is over${since}`);
  } else report.pass(step);
}

function checkStatus(
  seal: SESeal,
  { report, now, usedAt, proven }: JudgingContext,
  revoked: RevokedSeals | undefined,
): void {
  if (!revoked) {
    report.skip('seal-status');
    return;
  }
  const since = revoked.get(seal.info.esID);
  const time = Date.parse(proven && usedAt !== null ? usedAt : now);
  if (since !== undefined && !(time < Date.parse(since))) {
    report.fail('seal-status', 'SEAL_REVOKED', 'The seal was taken back');
  } else report.pass('seal-status');
}
