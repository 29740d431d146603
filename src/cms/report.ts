/** What verifying a CMS signature answers: integrity only, nothing about whom to trust. */
import type { DigestName, Finding } from '../crypto/index.ts';
import type { EssHash } from './ess.ts';

/** Why a signature is not in order; `ok` where it is. Codes of the DER and BER readers add to these. */
export type CmsCode =
  | 'ok'
  | 'cms-content-type'
  | 'cms-version'
  | 'cms-signer-count'
  | 'cms-content'
  | 'cms-digest-algorithm'
  | 'cms-signature-algorithm'
  | 'cms-signed-attributes'
  | 'cms-attribute-twice'
  | 'cms-content-type-attribute'
  | 'cms-message-digest'
  | 'cms-signing-time'
  | 'cms-signer-missing'
  | 'cms-ess'
  | 'cms-signature'
  | 'cms-not-canonical'
  | 'unsupported-alg';

export interface CmsReport {
  /** Every check of the form, the digest and the signature passed. */
  ok: boolean;
  /**
   * `ok`, or the code of the first error; `unsupported-alg` only where nothing failed and something
   * could not be computed here.
   */
  code: CmsCode | string;
  findings: Finding[];
  /** Octets of the input that the ContentInfo took. */
  length: number;
  /** eContentType. */
  contentType: string;
  /** Attached content, where it was asked for. */
  content?: Uint8Array;
  /** Certificate that the signer identifier names, DER. */
  signer?: Uint8Array;
  /** All embedded X.509 certificates, DER, the signer's among them. */
  certificates: Uint8Array[];
  /** CRLs and OCSP answers, wherever in the CMS they stand, DER. */
  crls: Uint8Array[];
  ocsps: Uint8Array[];
  digestAlgorithm: DigestName | '';
  /** AlgorithmIdentifier's OID. */
  signatureAlgorithm: string;
  /** signingTime, ISO 8601: claimed, never proof. */
  claimedTime?: string;
  /** A signing-certificate attribute is there (and, where `ok`, names the signer). */
  essPresent: boolean;
  /** Certificate hashes that signingCertificateV2 lists, signer first. */
  essHashes: EssHash[];
  unsigned: { oid: string; value: Uint8Array }[];
  /** SHA-1, or RSA below 2048 bits. */
  weak: boolean;
  signatureValue: Uint8Array;
}

export function emptyReport(): CmsReport {
  return {
    ok: false,
    code: 'ok',
    findings: [],
    length: 0,
    contentType: '',
    certificates: [],
    crls: [],
    ocsps: [],
    digestAlgorithm: '',
    signatureAlgorithm: '',
    essPresent: false,
    essHashes: [],
    unsigned: [],
    weak: false,
    signatureValue: new Uint8Array(),
  };
}
