/**
 * pki/bundle: the trust bundle that a deployment root publishes and the licence status lists it
 * carries: reading them strictly, and refusing to go back. Part of `pki`; use its door.
 */
export {
  acceptFirst,
  acceptUpdate,
  type BundleAnswer,
  bundleAge,
  bundleFingerprint,
  type ReceivedBundle,
} from './accept.ts';
export { type IssuedCrl, newestCrls, readIssuedCrl, withCrls } from './issued-crl.ts';
export { shardIndex } from './shard-order.ts';
export {
  acceptStatusList,
  createStatusList,
  emptyStatuses,
  type LicenceStatus,
  readStatusList,
  SHARD_SIZE,
  type StatusList,
  type StatusListAnswer,
  statusAt,
  withStatus,
} from './status-list.ts';
export { type StatusAnswer, type StatusSaid, statusOf } from './status-of.ts';
export { readTrustBundleJson, writeTrustBundleJson } from './trust-json.ts';
