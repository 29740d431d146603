/**
 * The two forms of signature that PDF 2.0 deprecates (ISO 32000-2, 12.8.3.2 and 12.8.3.3.1). What
 * they cover is digested with SHA-1, so that at best they are intact and weak.
 */
import { type CmsReport, OID, verifyAttached } from '../../cms/index.ts';
import {
  concat,
  derWrite,
  equal,
  expect,
  Malformed,
  readBer,
  TAG,
  verifySignature,
} from '../../crypto/index.ts';
import { readCertificate } from '../../pki/index.ts';
import type { CoveredContent } from './covered-digest.ts';

const WEAK = {
  code: 'cms-weak-digest',
  message: 'The digest SHA-1 is weak.',
  severity: 'warning',
} as const;

/** `adbe.pkcs7.sha1`: the SHA-1 of the covered bytes is the content of the CMS. */
export async function verifyDigestInside(
  contents: Uint8Array,
  covered: CoveredContent,
): Promise<CmsReport> {
  const options = { allowBer: true, allowTrailing: true, allowBare: true };
  const cms = await verifyAttached(contents, OID.data, options);
  const stated = cms.content ?? new Uint8Array();
  if (cms.ok && !equal(stated, await covered.digest('SHA-1'))) {
    fail(cms, 'cms-message-digest', 'The content is not what was signed: its digest differs.');
  }
  if (!cms.weak) cms.findings.push(WEAK);
  return { ...cms, weak: true };
}

const SHA1_WITH_RSA = '1.2.840.113549.1.1.5';
/** More is not copied together for a form that counts as weak in any case. */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * `adbe.x509.rsa_sha1`: Contents is an OCTET STRING that holds a PKCS #1 signature.
 * @param certificates of the signature dictionary's Cert, the signer's first
 */
export async function verifyBareRsa(
  contents: Uint8Array,
  certificates: readonly Uint8Array[],
  covered: CoveredContent,
): Promise<CmsReport> {
  const [signer] = certificates;
  const report: CmsReport = {
    ok: false,
    code: 'ok',
    findings: [WEAK],
    length: 0,
    contentType: '',
    certificates: [...certificates],
    crls: [],
    ocsps: [],
    digestAlgorithm: 'SHA-1',
    signatureAlgorithm: SHA1_WITH_RSA,
    essPresent: false,
    essHashes: [],
    unsigned: [],
    weak: true,
    signatureValue: new Uint8Array(),
  };
  try {
    const size = covered.ranges.reduce((sum, range) => sum + range.length, 0);
    if (size > MAX_BYTES) throw new Malformed('unsupported-alg', 'too large for this old form');
    const { node, length } = readBer(contents);
    report.length = length;
    report.signatureValue = expect(node, TAG.OCTET_STRING, 'Contents').value;
    if (!signer) throw new Malformed('cms-signer-missing', 'no certificate in Cert');
    const { spki } = readCertificate(signer);
    report.signer = signer;
    const algorithm = derWrite.sequence(derWrite.oid(SHA1_WITH_RSA), derWrite.nullValue());
    const data = concat(...covered.ranges);
    const signature = report.signatureValue;
    const { valid, code } = await verifySignature({ spki, algorithm, signature, data });
    if (code === 'unsupported-alg') throw new Malformed(code, 'the key of the signer');
    if (!valid) fail(report, 'cms-signature', 'The signature value does not verify.');
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    fail(report, error.code, `Not a well-formed signature: ${error.message}.`);
  }
  report.ok = report.code === 'ok';
  return report;
}

function fail(report: CmsReport, code: string, message: string): void {
  report.ok = false;
  if (report.code === 'ok') report.code = code;
  report.findings.push({ code, message, severity: 'error' });
}
