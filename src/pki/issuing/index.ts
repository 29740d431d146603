/**
 * pki/issuing: what a small certification authority writes: certificates, certificate requests,
 * CRLs, and the bookkeeping behind them. A second, lazy door of `pki`: verifying never loads it.
 * Private keys stay behind `Signer`; serials, times and decisions are the caller's.
 */
export * from './authority.ts';
export * from './certificate.ts';
export * from './crl.ts';
export * from './profile.ts';
export * from './request.ts';
export { type Subject, subjectOf, writeSubject } from './subject.ts';
