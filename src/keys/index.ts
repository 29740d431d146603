/**
 * keys: the electronic key. Where private keys live, how they are wrapped and unlocked, and the
 * `Signer` and `Decrypter` they become while they are. Nothing here reads a clock or a store by
 * itself; refusals are `KeyRefused` with a code. `./pfx/index.ts` (PKCS #12 in and out) and
 * `./ukey.ts` (hardware keys behind a local service) are second, lazy doors.
 */
export {
  type CopyKind,
  isKeyCopy,
  type KeyCopy,
  readKeyCopy,
  writeKeyCopy,
} from './copy.ts';
export { openPfx, pfxSeconds } from './open-pfx.ts';
export { askPasskey, type Credentials, createPasskey, type PasskeySecret } from './passkey.ts';
export {
  judgePassword,
  PASSWORD_STRENGTH,
  type PasswordJudgement,
  type PasswordWeakness,
} from './password.ts';
export {
  generateKey,
  importKey,
  type LiveKey,
  liveKey,
  type Purpose,
  type RawKey,
} from './private-key.ts';
export { type KeyProvider, type ProvidedKey, vaultProvider } from './provider.ts';
export type { IdentitySummary, SecretKind } from './record.ts';
export { newRecoveryCode, readRecoveryCode } from './recovery-code.ts';
export { type KeyRefusalCode, KeyRefused } from './refused.ts';
export type { NewSecret, Secret } from './secrets.ts';
export type { KeySession, KeySigner } from './session.ts';
export { type KeyStorage, memoryKeyStorage } from './storage.ts';
export { KeyVault, type LockTimer, type VaultOptions } from './vault.ts';
