/** Whether a signing and an encryption certificate are one holder's. */
import { equal } from '../crypto/index.ts';
import { KEY_USAGE } from './extensions.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { type JudgeInput, type Judgement, type JudgementCode, judgeCertificate } from './judge.ts';

export type HolderCode =
  | JudgementCode
  /** They name different subjects. */
  | 'other-subject'
  /** They were certified by different keys, whatever the issuers call themselves. */
  | 'other-issuer'
  /** The encryption certificate does not say that it is for encryption. */
  | 'not-for-encryption';

export interface HolderInput extends Omit<JudgeInput, 'certificate' | 'keyUsage'> {
  /** DER. */
  signing: Uint8Array;
  encryption: Uint8Array;
}

/**
 * Both certificates lead to an anchor, each for its use; they name one subject, and the same key
 * certified them. Names alone prove nothing: anybody can write the name of an issuer.
 * @returns `ok`, or the first reason against; `not-for-encryption` also for one without keyUsage
 */
export async function judgeHolder({
  signing,
  encryption,
  ...input
}: HolderInput): Promise<HolderCode> {
  const [a, b] = await Promise.all([
    judgeCertificate({ ...input, certificate: signing }),
    judgeCertificate({ ...input, certificate: encryption, keyUsage: ENCRYPTION }),
  ]);
  const bad = [a, b].find(failed);
  if (bad) return bad.code;
  const [s, e] = [fieldsOf(signing), fieldsOf(encryption)];
  if (!forEncryption(e)) return 'not-for-encryption';
  if (!equal(s.certificate.subject.raw, e.certificate.subject.raw)) return 'other-subject';
  return a.issuerKey !== null && a.issuerKey === b.issuerKey ? 'ok' : 'other-issuer';
}

const ENCRYPTION = KEY_USAGE.keyAgreement | KEY_USAGE.keyEncipherment;

const failed = ({ verdict }: Judgement): boolean => verdict !== 'TOTAL-PASSED';

/** RFC 5480 3 and RFC 4055 1.2: agreement with EC keys, encipherment with RSA keys. */
function forEncryption({ publicKey, keyUsage }: Fields): boolean {
  const bit = publicKey?.kind === 'RSA' ? KEY_USAGE.keyEncipherment : KEY_USAGE.keyAgreement;
  return keyUsage !== null && (keyUsage & bit) !== 0;
}
