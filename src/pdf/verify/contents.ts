/** The CMS (or seal's signature) in Contents: its place, its padding and its checks (9 and 14 to 24). */
import { type CmsReport, readTimeStampToken, verifyDetached } from '../../cms/index.ts';
import type { Finding } from '../../crypto/index.ts';
import type { CoveredContent } from './covered-digest.ts';
import { verifyBareRsa, verifyDigestInside } from './old-forms.ts';

export interface ContentsReport {
  readonly cms: CmsReport;
  /** `ok`, or the code of the first error of signature or time stamp. */
  readonly code: string;
  /** Bytes other than zero after the ContentInfo. */
  readonly padded: boolean;
  /** Time of a document time stamp, ISO 8601. */
  readonly stamped: string | null;
  readonly findings: readonly Finding[];
  /** SESeal of a seal's signature, DER. */
  readonly seal?: Uint8Array | null;
}

const DETACHED = new Set(['ETSI.CAdES.detached', 'adbe.pkcs7.detached']);

/**
 * @param contents decoded Contents with its padding
 * @param content the covered bytes
 * @param certificates of the signature dictionary's Cert
 */
export async function checkContents(
  contents: Uint8Array,
  subFilter: string,
  content: CoveredContent,
  certificates: readonly Uint8Array[],
): Promise<ContentsReport | { unsupported: string }> {
  const options = { allowBer: true, allowTrailing: true };
  if (subFilter === 'ETSI.RFC3161') {
    const token = await readTimeStampToken(contents, { ...options, data: content });
    const { cms, code, findings } = token;
    const stamped = token.info?.time ?? null;
    return { cms, code, padded: isPadded(contents, cms), stamped, findings };
  }
  let cms: CmsReport;
  if (DETACHED.has(subFilter)) {
    const old = subFilter === 'adbe.pkcs7.detached';
    const lenient = { ...options, allowBare: old, allowEmpty: old };
    cms = await verifyDetached(contents, content, lenient);
  } else if (subFilter === 'adbe.pkcs7.sha1') cms = await verifyDigestInside(contents, content);
  else if (subFilter === 'adbe.x509.rsa_sha1') {
    cms = await verifyBareRsa(contents, certificates, content);
  } else {
    const { checkSealContents } = await import('./seal-contents.ts');
    const sealed = await checkSealContents(contents, subFilter, content);
    if (!sealed) return { unsupported: subFilter };
    const { cms, seal } = sealed;
    const { code, findings } = cms;
    return { cms, code, padded: isPadded(contents, cms), stamped: null, findings, seal };
  }
  const { code, findings } = cms;
  return { cms, code, padded: isPadded(contents, cms), stamped: null, findings };
}

function isPadded(contents: Uint8Array, cms: CmsReport): boolean {
  if (cms.length === 0) return false;
  for (let i = cms.length; i < contents.length; i++) if (contents[i] !== 0) return true;
  return false;
}
