/** The CMS in Contents: its place, its padding and its checks (9 and 14 to 24). */

import { type CmsReport, type Content, verifyAttached, verifyDetached } from '../../cms/index.ts';
import { digestOf, equal, type Finding, Malformed } from '../../crypto/index.ts';
import { digestContentOf, readTstInfo, TST_INFO } from './time-stamp.ts';

export interface ContentsReport {
  readonly cms: CmsReport;
  /** Bytes other than zero after the ContentInfo. */
  readonly padded: boolean;
  /** genTime of a document time stamp, milliseconds. */
  readonly genTime: number | null;
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
  if (subFilter !== 'ETSI.RFC3161') {
    const allowBare = subFilter === 'adbe.pkcs7.detached';
    const cms = await verifyDetached(contents, content, { ...options, allowBare });
    return { cms, padded: isPadded(contents, cms), genTime: null, findings: cms.findings };
  }
  const cms = await verifyAttached(contents, TST_INFO, options);
  const findings = [...cms.findings];
  let genTime: number | null = null;
  try {
    if (cms.content) {
      const info = readTstInfo(cms.content);
      genTime = info.genTime;
      const hash = digestOf(info.imprintAlgorithm);
      if (!equal(info.imprint, await digestContentOf(hash, content))) {
        cms.ok = false;
        if (cms.code === 'ok') cms.code = 'cms-message-digest';
        findings.push(error('cms-message-digest', 'The time stamp is for other bytes.'));
      }
    }
  } catch (problem) {
    if (!(problem instanceof Malformed)) throw problem;
    cms.ok = false;
    if (cms.code === 'ok') cms.code = problem.code;
    findings.push(error(problem.code, `The time stamp cannot be read: ${problem.message}.`));
  }
  return { cms, padded: isPadded(contents, cms), genTime, findings };
}

function error(code: string, message: string): Finding {
  return { code, message, severity: 'error' };
}

function isPadded(contents: Uint8Array, cms: CmsReport): boolean {
  return cms.length > 0 && contents.subarray(cms.length).some((byte) => byte !== 0);
}
