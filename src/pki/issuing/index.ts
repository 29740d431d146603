/**
 * pki/issuing: what a small certification authority writes: certificates, certificate requests,
 * CRLs, and the bookkeeping behind them. A second, lazy door of `pki`: verifying never loads it.
 * Private keys stay behind `Signer`; serials, times and decisions are the caller's.
 */
export { emptyRegister, nextCrl, type RevocationRegister, renew, revoke } from './authority.ts';
export {
  createRootCertificate,
  type IssueOptions,
  issueCertificate,
  type KeySigner,
  randomSerial,
  type SelfSignedOptions,
  selfSigned,
} from './certificate.ts';
export { type CrlOptions, createCrl, type RevocationReason, type RevokedEntry } from './crl.ts';
export type { CertificateKind } from './profile.ts';
export { type CertificateRequest, createCsr, type RequestResult, readCsr } from './request.ts';
export { type Subject, subjectOf } from './subject.ts';
