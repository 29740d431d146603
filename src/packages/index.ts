/**
 * packages: one step of any workflow is one signed package. Its head (ASiC-E with CAdES, EN 319
 * 162-1, around a public record in canonical JSON) is judged by everybody; its contents are named by
 * the head and kept apart. Writing is deterministic but for keys, nonces and signature; reading
 * accepts that one form only, so that a head has no twin. Nothing here knows what records mean.
 */
export { type BoundFact, bindingDigest, bindingSalt, useSalt } from './binding.ts';
export { type ContentReference, type Head, MAX_HEAD, readHead } from './head.ts';
export { ENVELOPED, isEnveloped, OWN_ENVELOPE } from './names.ts';
export { contentKeys, type GrantedKeys, openGranted, openPackage } from './open.ts';
export { isContent, type Package, readPackage, writePackageFile } from './package.ts';
export {
  HEADER_FIELDS,
  type PackageRecord,
  type RecordHeader,
  type SeenLog,
} from './record.ts';
export {
  type PackageReport,
  packageVerifier,
  type VerifyOptions,
  verifyPackage,
} from './verify.ts';
export {
  type PackageContent,
  type PackageFile,
  type WrittenPackage,
  writePackage,
} from './write.ts';
