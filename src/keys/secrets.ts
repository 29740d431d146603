/** The ways into an identity: from what a person has or knows to the data key. */
import {
  DEVICE_RECORD,
  type DeviceRecord,
  type IdentityRecord,
  type WrapperRecord,
} from './record.ts';
import { newRecoveryCode, readRecoveryCode } from './recovery-code.ts';
import { KeyRefused } from './refused.ts';
import type { KeyStorage } from './storage.ts';
import {
  baseKey,
  checkWrapper,
  newWrapperHead,
  passwordKey,
  randomBytes,
  unwrapDataKey,
  wrapDataKey,
} from './wrapping.ts';

/** What opens an identity. `prf` is the 32 octets that a passkey's PRF extension gave the page. */
export type Secret =
  | { kind: 'password'; password: string }
  | { kind: 'recovery'; code: string }
  | { kind: 'passkey'; prf: Uint8Array }
  | { kind: 'device' };

/** A way in to be made; a recovery code is drawn, never chosen. */
export type NewSecret =
  | { kind: 'password'; password: string }
  | { kind: 'recovery' }
  | { kind: 'passkey'; credential: Uint8Array; salt: Uint8Array; prf: Uint8Array }
  | { kind: 'device' };

const MIN_PASSWORD = 12;
const PRF_SIZE = 32;

/**
 * Opens the data key, trying each wrapper of the secret's kind.
 * @param use as of `unwrapDataKey`
 * @throws {KeyRefused} `wrong-secret`, `damaged`, `unknown-wrapper`, `device-not-allowed`,
 * `mistyped-code`
 */
export async function openDataKey(
  storage: KeyStorage,
  record: IdentityRecord,
  secret: Secret,
  use: 'session' | 'rewrap',
): Promise<{ dataKey: CryptoKey; wrapper: WrapperRecord }> {
  if (secret.kind === 'device' && !record.pilot) throw new KeyRefused('device-not-allowed');
  const wrappers = record.wrappers.filter((wrapper) => wrapper.kind === secret.kind);
  if (wrappers.length === 0) throw new KeyRefused('unknown-wrapper');
  for (const wrapper of wrappers) {
    await checkWrapper(record, wrapper);
    const base = await baseOf(storage, secret, wrapper);
    const dataKey = await unwrapDataKey(record, wrapper, base, use);
    if (dataKey) return { dataKey, wrapper };
  }
  throw new KeyRefused('wrong-secret');
}

async function baseOf(
  storage: KeyStorage,
  secret: Secret,
  wrapper: WrapperRecord,
): Promise<CryptoKey> {
  switch (secret.kind) {
    case 'password':
      return passwordKey(secret.password, wrapper);
    case 'recovery':
      return baseKey(await readRecoveryCode(secret.code));
    case 'passkey':
      return baseKey(secret.prf);
    case 'device': {
      const key = await deviceKey(storage);
      if (!key) throw new KeyRefused('damaged', 'the key of this device is gone');
      return key;
    }
  }
}

/**
 * A new wrapper of the data key.
 * @returns also the recovery code where one was drawn: shown once, stored nowhere
 * @throws {KeyRefused} `weak-password`, `device-not-allowed`, `malformed` for a short PRF secret
 */
export async function makeWrapper(
  storage: KeyStorage,
  identity: IdentityRecord,
  secret: NewSecret,
  dataKey: CryptoKey,
): Promise<{ wrapper: WrapperRecord; recoveryCode: string | null }> {
  let recoveryCode: string | null = null;
  let base: CryptoKey;
  const passkey =
    secret.kind === 'passkey' ? { credential: secret.credential, salt: secret.salt } : undefined;
  const head = newWrapperHead(secret.kind, passkey);
  switch (secret.kind) {
    case 'password':
      if ([...secret.password].length < MIN_PASSWORD) throw new KeyRefused('weak-password');
      base = await passwordKey(secret.password, head);
      break;
    case 'recovery':
      recoveryCode = await newRecoveryCode();
      base = await baseKey(await readRecoveryCode(recoveryCode));
      break;
    case 'passkey':
      if (secret.prf.length < PRF_SIZE) throw new KeyRefused('malformed', 'PRF secret too short');
      base = await baseKey(secret.prf);
      break;
    case 'device':
      if (!identity.pilot) throw new KeyRefused('device-not-allowed');
      base = (await deviceKey(storage)) ?? (await newDeviceKey(storage));
  }
  return { wrapper: await wrapDataKey(identity, head, base, dataKey), recoveryCode };
}

async function deviceKey(storage: KeyStorage): Promise<CryptoKey | null> {
  const record = (await storage.get(DEVICE_RECORD)) as DeviceRecord | null | undefined;
  return record?.v === 1 && record.kind === 'device-key' ? record.key : null;
}

async function newDeviceKey(storage: KeyStorage): Promise<CryptoKey> {
  const key = await baseKey(randomBytes(32));
  const record: DeviceRecord = { v: 1, kind: 'device-key', key };
  await storage.put(DEVICE_RECORD, record);
  return key;
}
