/**
 * packages: one step of any workflow is one signed file. ASiC-E with CAdES (EN 319 162-1) around a
 * record in canonical JSON, its confidential body and its files. Writing is deterministic but for
 * keys, nonces and signature; reading accepts that one form only, so that a package has no twin.
 * Nothing here knows what the records mean.
 */
export { ENVELOPED, OWN_ENVELOPE } from './layout.ts';
export { openPackage, type Package, readPackage } from './read.ts';
export type { PackageRecord, RecordHeader } from './record.ts';
export {
  type PackageReport,
  packageVerifier,
  type VerifyOptions,
  verifyPackage,
} from './verify.ts';
export { type PackageContent, type PackageFile, writePackage } from './write.ts';
