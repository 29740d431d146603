/** The CMS in Contents: its place, its padding and its checks (9 and 14 to 24). */
import {
  type CmsReport,
  type Content,
  readTimeStampToken,
  verifyDetached,
} from '../../cms/index.ts';
import type { Finding } from '../../crypto/index.ts';

export interface ContentsReport {
  readonly cms: CmsReport;
  /** `ok`, or the code of the first error of signature or time stamp. */
  readonly code: string;
  /** Bytes other than zero after the ContentInfo. */
  readonly padded: boolean;
  /** Time of a document time stamp, ISO 8601. */
  readonly stamped: string | null;
  readonly findings: readonly Finding[];
}

const SUPPORTED = new Set(['ETSI.CAdES.detached', 'adbe.pkcs7.detached', 'ETSI.RFC3161']);

/**
 * @param contents decoded Contents with its padding
 * @param content the covered bytes
 */
export async function checkContents(
  contents: Uint8Array,
  subFilter: string,
  content: Content,
): Promise<ContentsReport | { unsupported: string }> {
  if (!SUPPORTED.has(subFilter)) return { unsupported: subFilter };
  const options = { allowBer: true, allowTrailing: true };
  if (subFilter === 'ETSI.RFC3161') {
    const token = await readTimeStampToken(contents, { ...options, data: content });
    const { cms, code, findings } = token;
    const stamped = token.info?.time ?? null;
    return { cms, code, padded: isPadded(contents, cms), stamped, findings };
  }
  const allowBare = subFilter === 'adbe.pkcs7.detached';
  const cms = await verifyDetached(contents, content, { ...options, allowBare });
  const { code, findings } = cms;
  return { cms, code, padded: isPadded(contents, cms), stamped: null, findings };
}

function isPadded(contents: Uint8Array, cms: CmsReport): boolean {
  if (cms.length === 0) return false;
  for (let i = cms.length; i < contents.length; i++) if (contents[i] !== 0) return true;
  return false;
}
