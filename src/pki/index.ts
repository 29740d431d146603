/**
 * pki: certificates, paths, revocation and the trust bundle. Reads strictly, decides by RFC 5280,
 * never reads a clock or a network: time and evidence are passed in.
 */
export * from './certificate.ts';
export * from './name.ts';
export { readTime } from './time.ts';
export * from './trust.ts';
