/**
 * keys: the electronic key. Where private keys live, how they are wrapped and unlocked, and the
 * `Signer` and `Decrypter` they become while they are. Nothing here reads a clock or a store by
 * itself; refusals are `KeyRefused` with a code.
 */
export { checkFits, decrypterFor, serves, signerFor } from './bind.ts';
export {
  generateKey,
  importKey,
  type LiveKey,
  liveKey,
  type Purpose,
  type RawKey,
} from './private-key.ts';
export { type KeyRefusalCode, KeyRefused } from './refused.ts';
