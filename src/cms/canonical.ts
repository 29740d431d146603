/**
 * Parts of SignedData that no signature covers could be changed by anybody without breaking it. A
 * file that is named by its hash must not have such twins: here the signature has to be in the one
 * form that `signDetached` writes.
 */
import { derWrite, equal, Malformed, signatureAlgorithmOf } from '../crypto/index.ts';
import { knownCertificate } from './certificates.ts';
import { isLowS } from './low-s.ts';
import { OID } from './oids.ts';
import type { CmsReport } from './report.ts';
import type { SignedData, SignerInfo } from './signed-data.ts';

const FORMS = (['P-256', 'SM2'] as const).map((suite) => ({
  suite,
  digest: derWrite.sequence(derWrite.oid(suite === 'SM2' ? OID.sm3 : OID.sha256)),
  signature: signatureAlgorithmOf(suite),
}));

/** @throws {Malformed} `cms-not-canonical` */
export async function checkCanonical(
  report: CmsReport,
  data: SignedData,
  info: SignerInfo,
): Promise<void> {
  const refuse = (what: string): never => {
    throw new Malformed('cms-not-canonical', what);
  };
  const form = FORMS.find((f) => equal(f.signature, info.signatureAlgorithm.raw));
  if (!form || !equal(form.digest, info.digestAlgorithm.raw)) return refuse('algorithms');
  const [announced, more] = data.digestAlgorithms;
  if (more || !announced || !equal(form.digest, announced.raw)) refuse('announced digests');
  if (info.sid.kind !== 'issuer-serial') refuse('signer identifier');
  if (data.crls.length > 0 || info.unsignedAttributes.length > 0) refuse('unsigned parts');
  if (form.suite === 'P-256' && !isLowS(info.signature)) refuse('the larger of two signatures');
  const left = [...report.essHashes];
  for (const der of data.certificates) {
    const { hash } = await knownCertificate(der);
    const at = left.findIndex((listed) => equal(listed, hash));
    if (at < 0) refuse('a certificate that the signer did not name');
    left.splice(at, 1);
  }
  if (left.length > 0) refuse('a certificate that the signer named is missing');
}
