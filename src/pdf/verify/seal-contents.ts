/**
 * A seal's signature in Contents: SES_Signature (GM/T 0031, GB/T 38540) over the digest of the
 * covered bytes, as Chinese seal software writes it under SubFilters of its own. Format, values,
 * content and holder are judged here; signer, time and seal later, as of every other signature.
 */
import { type CmsReport, OID, readTimeStampToken } from '../../cms/index.ts';
import { concat, Malformed, readBer } from '../../crypto/index.ts';
import type { SESSignature, SealCode } from '../../seal/index.ts';
import type { CoveredContent } from './covered-digest.ts';

/** Of one vendor's public code; others are told by what stands in Contents. */
const SUB_FILTER = 'GM.sm2seal';
/** More is not copied together for a digest that no platform has. */
const MAX_BYTES = 64 * 2 ** 20;

/** Codes of what makes the signature itself wrong, in the words of a CMS where there are such. */
const BROKEN: Partial<Record<SealCode, string>> = {
  SIG_PARSE: 'cms-form',
  SIG_VALUE: 'cms-signature',
  HASH_MISMATCH: 'cms-message-digest',
  SIGNER_NOT_IN_SEAL: 'cms-signer-missing',
  SEAL_PARSE: 'cms-form',
  SEAL_TRAILING: 'cms-form',
  SEAL_VERSION: 'cms-form',
  SEAL_SIG: 'cms-signature',
};

export interface SealContents {
  readonly cms: CmsReport;
  /** SESeal inside, DER. */
  readonly seal: Uint8Array | null;
}

/** @returns null for what is no seal's signature and does not say that it is one */
export async function checkSealContents(
  contents: Uint8Array,
  subFilter: string,
  covered: CoveredContent,
): Promise<SealContents | null> {
  const seals = await import('../../seal/index.ts');
  const length = lengthOf(contents);
  const der = contents.subarray(0, length);
  let read: SESSignature | null = null;
  try {
    read = seals.readSealSignature(der);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    if (subFilter !== SUB_FILTER) return null;
  }
  const size = covered.ranges.reduce((sum, range) => sum + range.length, 0);
  if (size > MAX_BYTES) throw new Malformed('unsupported-alg', 'too large for a seal in Contents');
  const { findings, steps } = await seals.verifySealSignature(der, {
    data: concat(...covered.ranges),
  });
  const codes = steps.flatMap(({ code }) => code ?? []);
  const broken = codes.find((code) => code in BROKEN);
  const unknown = codes.includes('SEAL_ALG') ? 'unsupported-alg' : 'ok';
  const code = (broken && BROKEN[broken]) ?? unknown;
  const own = new Set<string>([...Object.keys(BROKEN), 'SEAL_NOT_DER']);
  const told = findings.filter((finding) => own.has(finding.code));
  if (code === 'unsupported-alg') {
    const params = { algorithm: read?.signatureAlgorithm ?? '' };
    const message = 'The algorithm of the seal is not computed here.';
    told.push({ code, message, severity: 'error', params });
  }
  const certificate = read?.certificate;
  const cms: CmsReport = {
    ok: code === 'ok',
    code,
    findings: told,
    length,
    contentType: '',
    ...(certificate ? { signer: certificate } : {}),
    certificates: certificate ? [certificate] : [],
    crls: [],
    ocsps: [],
    digestAlgorithm: (read && seals.sealAlgorithm(read.signatureAlgorithm)?.digest) ?? '',
    signatureAlgorithm: read?.signatureAlgorithm ?? '',
    ...(read?.time ? { claimedTime: read.time } : {}),
    essPresent: false,
    essHashes: [],
    unsigned: read ? await stampOf(read) : [],
    weak: false,
    signatureValue: read?.signature ?? new Uint8Array(),
  };
  return { cms, seal: read?.seal.der ?? null };
}

/** A token that is none proves nothing, and takes nothing from the signature. */
async function stampOf({ timeStamp, signature }: SESSignature): Promise<CmsReport['unsigned']> {
  if (!timeStamp) return [];
  const { ok } = await readTimeStampToken(timeStamp, { allowBer: true, data: signature });
  return ok ? [{ oid: OID.signatureTimeStamp, value: timeStamp }] : [];
}

function lengthOf(contents: Uint8Array): number {
  try {
    return readBer(contents).length;
  } catch (error) {
    if (error instanceof Malformed) return contents.length;
    throw error;
  }
}
