/**
 * Signatures of `Type="Sign"`: SignedData after GB/T 35275 (GM/T 0010) or RFC 5652. By GM/T 0099
 * 7.2.2 the content signed is the digest of Signature.xml; software also signs the file itself, the
 * digest in Base64, or leaves the content out.
 */
import { type CmsReport, OID, verifyAttached, verifyDetached } from '../cms/index.ts';
import { derWrite, digest, equal, fromBase64, latin1 } from '../crypto/index.ts';
import { type JudgedValue, notStanding, type OfdOptions, signedBy } from './judged.ts';

const TYPES = [OID.signedData, OID.gmSignedData].map((oid) => derWrite.oid(oid));
const LENIENT = { allowBer: true, allowBare: true } as const;

/** Whether a value begins as a ContentInfo of signed data. */
export function isSignedData(value: Uint8Array): boolean {
  const first = value[1] ?? 0;
  const at = first > 0x80 && first < 0x85 ? 2 + (first & 0x7f) : 2;
  return value[0] === 0x30 && TYPES.some((oid) => equal(oid, value.subarray(at, at + oid.length)));
}

/** @param file the bytes of Signature.xml */
export async function judgeSignedData(
  value: Uint8Array,
  file: Uint8Array,
  options: OfdOptions,
): Promise<JudgedValue> {
  const report = await bound(value, file);
  const more = {
    findings: report.findings,
    ...(report.signer ? { signer: report.signer } : {}),
    ...(report.claimedTime ? { time: report.claimedTime } : {}),
  };
  if (report.ok && report.signer && !report.weak) {
    const claimed = report.claimedTime ?? null;
    return signedBy('signed-data', report.signer, claimed, options, report.certificates);
  }
  switch (report.ok ? 'weak' : report.code) {
    case 'unsupported-alg':
    case 'weak':
      return notStanding(
        'signed-data',
        'OFD_ALGORITHM_UNKNOWN',
        'The algorithm of the signature is weak or not computed here',
        more,
      );
    case 'cms-message-digest':
      return notStanding(
        'signed-data',
        'OFD_SIGNATURE_CHANGED',
        'The description of the signature is not what was signed',
        more,
      );
    default:
      return notStanding(
        'signed-data',
        'OFD_SIGNATURE_INVALID',
        'The value of the signature does not stand',
        more,
      );
  }
}

/** Verified over what it holds, or over what it may stand for, and bound to the file. */
async function bound(value: Uint8Array, file: Uint8Array): Promise<CmsReport> {
  let report = await verifyAttached(value, OID.gmData, LENIENT);
  if (report.contentType === OID.data) report = await verifyAttached(value, OID.data, LENIENT);
  if (report.content) {
    const same = await standsFor(report.content, file);
    if (same || !report.ok) return report;
    const message = 'The content signed is neither the file nor its digest.';
    return {
      ...report,
      ...{ ok: false, code: 'cms-message-digest' },
      findings: [...report.findings, { code: 'cms-content', message, severity: 'error' }],
    };
  }
  const whole = await verifyDetached(value, file, LENIENT);
  if (whole.ok) return whole;
  for (const name of ['SM3', 'SHA-256'] as const) {
    const hashed = await verifyDetached(value, await digest(name, file), LENIENT);
    if (hashed.ok) return hashed;
  }
  return whole;
}

async function standsFor(content: Uint8Array, file: Uint8Array): Promise<boolean> {
  if (equal(content, file)) return true;
  const plain = content.length <= 100 ? fromBase64(latin1(content).trim()) : null;
  for (const name of ['SM3', 'SHA-256'] as const) {
    const value = await digest(name, file);
    if (equal(content, value) || (plain && equal(plain, value))) return true;
  }
  return false;
}
