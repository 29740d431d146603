/**
 * sync: what a device keeps, and how it exchanges packages with an endpoint that it does not
 * trust: log proofs, outbox, client, local store. It moves bytes; what they mean is the fold's.
 */
export * from './exchange.ts';
export * from './exchange-options.ts';
export * from './indexeddb-store.ts';
export { type LogStanding, lastSeen, logStanding } from './log-memory.ts';
export * from './memory-store.ts';
export { signRequest } from './request-signature.ts';
export * from './store.ts';
