/**
 * pki: certificates, paths, revocation and the trust bundle. Reads strictly, decides by RFC 5280,
 * never reads a clock or a network: time and evidence are passed in. `./issuing/index.ts` is a
 * second, lazy door: it writes certificates, requests and CRLs.
 */
export * from './certificate.ts';
export * from './name.ts';
export * from './pilot.ts';
export { readTime } from './time.ts';
export * from './trust.ts';
