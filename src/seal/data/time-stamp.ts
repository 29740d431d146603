/** The time stamp of a signature (version 4 on) or of a seal (version 5): RFC 3161, over the signature value. */
import { readTimeStampToken } from '../../cms/index.ts';
import { judgeCertificate, type Trust } from '../../pki/index.ts';
import type { SealReport } from './steps.ts';

/** Clocks of signer and time-stamping authority differ. */
const CLOCK_MS = 10 * 60 * 1000;

export interface Stamped {
  readonly token: Uint8Array;
  /** The signature value that must have been stamped. */
  readonly value: Uint8Array;
  /** The time the signer claims, ISO 8601, or null: a stamp cannot be older. */
  readonly claimed: string | null;
}

/**
 * Judges a time stamp by itself: imprint, its own signature, a path of its own to an anchor that
 * certifies time-stamping. Reports the step `time-stamp`.
 * @returns the proven time, ISO 8601; null where the token proves nothing
 */
export async function provenTime(
  { token, value, claimed }: Stamped,
  { report, trust, now }: { report: SealReport; trust: Trust; now: string },
): Promise<string | null> {
  const bad = (message: string) => {
    report.fail('time-stamp', 'TIMESTAMP_BAD', message);
    return null;
  };
  const stamp = await readTimeStampToken(token, { allowBer: true, data: value });
  if (!stamp.ok || !stamp.info || !stamp.cms.signer) {
    return bad(`The time stamp does not verify: ${stamp.code}`);
  }
  const { time } = stamp.info;
  if (Date.parse(time) > Date.parse(now) + CLOCK_MS) {
    return bad('The time stamp lies in the future');
  }
  if (claimed !== null && Date.parse(claimed) > Date.parse(time) + CLOCK_MS) {
    return bad('The time stamp is older than the signing time that is claimed');
  }
  const { verdict, code } = await judgeCertificate({
    certificate: stamp.cms.signer,
    pool: stamp.cms.certificates,
    time: now,
    trust,
    purpose: 'time-stamp',
  });
  if (verdict !== 'TOTAL-PASSED') {
    const message = `The time-stamping authority is not trusted here: ${code}`;
    report.fail('time-stamp', 'TIMESTAMP_UNTRUSTED', message);
    return null;
  }
  report.pass('time-stamp');
  report.note('TIMESTAMP_PROVEN', `A trusted time stamp proves the time ${time}`, { time });
  return time;
}

/**
 * Version 1 may carry a token as its timeInfo. It stands inside what is signed, so it proves
 * nothing of the signature's age: its time counts as the signer's claim.
 */
export async function timeInToken(timeInfo: Uint8Array): Promise<string | null> {
  const stamp = await readTimeStampToken(timeInfo, { allowBer: true });
  return stamp.ok ? (stamp.info?.time ?? null) : null;
}
