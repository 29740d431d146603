/**
 * Parts of SignedData that no signature covers could be changed by anybody without breaking it. A
 * file that is named by its hash must not have such twins: here the signature has to be in the one
 * form that `signDetached` writes.
 */
import {
  DIGEST_OID,
  derWrite,
  digestNameOf,
  equal,
  type KeyKind,
  Malformed,
  signatureAlgorithmOf,
} from '../crypto/index.ts';
import { namingDigest } from '../pki/index.ts';
import { knownCertificate } from './certificates.ts';
import { isEcdsa, isLowS } from './low-s.ts';
import type { CmsReport } from './report.ts';
import type { SignedData, SignerInfo } from './signed-data.ts';

const KINDS: readonly KeyKind[] = ['P-256', 'SM2', 'P-384', 'P-521', 'RSA', 'RSA-PSS', 'Ed25519'];
const FORMS = KINDS.map((kind) => ({
  kind,
  digest: derWrite.sequence(derWrite.oid(DIGEST_OID[digestNameOf(kind)])),
  signature: signatureAlgorithmOf(kind),
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
  if (isEcdsa(form.kind) && !isLowS(info.signature, form.kind)) {
    refuse('the larger of two signatures');
  }
  const left = [...report.essHashes];
  for (const der of data.certificates) {
    const { hash } = await knownCertificate(der);
    const name = namingDigest(der);
    const at = left.findIndex((listed) => listed.hash === name && equal(listed.value, hash));
    if (at < 0) refuse('a certificate that the signer did not name');
    left.splice(at, 1);
  }
  if (left.length > 0) refuse('a certificate that the signer named is missing');
}
