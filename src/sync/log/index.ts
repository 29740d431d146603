/**
 * The log part of sync, which client and endpoint share: Merkle hashing, entries, checkpoints.
 */
export * from './checkpoint.ts';
export * from './entry.ts';
export * from './head-batch.ts';
export * from './merkle.ts';
