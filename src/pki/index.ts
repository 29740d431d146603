/**
 * pki: certificates, paths, revocation and the trust bundle. Reads strictly, decides by RFC 5280,
 * never reads a clock or a network: time and evidence are passed in (`time` absent means now).
 * `./issuing/index.ts` is a second, lazy door: it writes certificates, requests and CRLs.
 */
export { algorithmsOf } from './algorithms.ts';
export * from './bundle/index.ts';
export * from './certificate.ts';
export { certificatesIn } from './certificate-file.ts';
export * from './certificate-id.ts';
export { type ChainEvidence, chainEvidence } from './chain-evidence.ts';
export { checkCrl, checkOcsp, type Status } from './check-crl.ts';
export {
  type CertificateDescription,
  describeCertificate,
  type ExtensionDescription,
  explainPath,
  type NameDescription,
  type Plain,
} from './describe.ts';
export { type CrlDescription, describeCrl } from './describe-crl.ts';
export { EXTENSION, KEY_USAGE } from './extensions.ts';
export { type HolderCode, judgeHolder } from './holder.ts';
export * from './judge.ts';
export * from './name.ts';
export { nameKey } from './name-match.ts';
export { normaliseTrust } from './normalise-trust.ts';
export { parseCertificate } from './parse-certificate.ts';
export { type PathInput, type PathReport, verifyPath, verifyPathReport } from './path.ts';
export * from './path-code.ts';
export { type PemLabel, readPem, writePem } from './pem.ts';
export * from './pilot.ts';
export type { ProfileName } from './profile.ts';
export type { PeerName, Purpose } from './purpose.ts';
export { type RevocationEvidence, revocationEvidence } from './revocation-evidence.ts';
export * from './roster.ts';
export { type ReadLeniently, readCertificateLeniently } from './salvage.ts';
export { type SignerName, signerName } from './signer-name.ts';
export { readTime } from './time.ts';
export * from './trust.ts';
