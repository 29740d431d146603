/** The ways into an identity: from what a person has or knows to the data key. */
import type { KeyKind } from '../crypto/index.ts';
import { demandStrong } from './password.ts';
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
  type WrapKey,
  wrapDataKey,
} from './wrapping.ts';

/** What opens an identity. `prf` is the 32 octets that a passkey's PRF extension gave the page. */
export type Secret =
  | { kind: 'password'; password: string }
  | { kind: 'recovery'; code: string }
  | { kind: 'passkey'; prf: Uint8Array }
  | { kind: 'device' };

/** A way in to be made; a recovery code is drawn (`newRecoveryCode`), never chosen. */
export type NewSecret =
  /** `known`: what else others know of its owner, besides the label of the identity. */
  | { kind: 'password'; password: string; known?: readonly string[] }
  /** `code`: one that was drawn already, for several keys that one code opens. */
  | { kind: 'recovery'; code?: string }
  | { kind: 'passkey'; credential: Uint8Array; salt: Uint8Array; prf: Uint8Array }
  | { kind: 'device' };

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
): Promise<{ dataKey: WrapKey; wrapper: WrapperRecord }> {
  if (secret.kind === 'device' && !record.pilot) throw new KeyRefused('device-not-allowed');
  const wrappers = record.wrappers.filter((wrapper) => wrapper.kind === secret.kind);
  if (wrappers.length === 0) throw new KeyRefused('unknown-wrapper');
  for (const wrapper of wrappers) {
    await checkWrapper(record, wrapper);
    const base = await baseOf(storage, record.suite, secret, wrapper);
    const dataKey = await unwrapDataKey(record, wrapper, base, use);
    if (dataKey) return { dataKey, wrapper };
  }
  throw new KeyRefused('wrong-secret');
}

async function baseOf(
  storage: KeyStorage,
  suite: KeyKind,
  secret: Secret,
  wrapper: WrapperRecord,
): Promise<WrapKey> {
  switch (secret.kind) {
    case 'password':
      return passwordKey(suite, secret.password, wrapper);
    case 'recovery':
      return baseKey(suite, await readRecoveryCode(secret.code));
    case 'passkey':
      return baseKey(suite, secret.prf);
    case 'device': {
      const key = await deviceKey(storage, suite);
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
  dataKey: WrapKey,
): Promise<{ wrapper: WrapperRecord; recoveryCode: string | null }> {
  let recoveryCode: string | null = null;
  const { suite } = identity;
  let base: WrapKey;
  const passkey =
    secret.kind === 'passkey' ? { credential: secret.credential, salt: secret.salt } : undefined;
  const head = newWrapperHead(identity.suite, secret.kind, passkey);
  switch (secret.kind) {
    case 'password':
      demandStrong(secret.password, [identity.label, ...(secret.known ?? [])]);
      base = await passwordKey(suite, secret.password, head);
      break;
    case 'recovery':
      recoveryCode = secret.code ?? (await newRecoveryCode());
      base = await baseKey(suite, await readRecoveryCode(recoveryCode));
      break;
    case 'passkey':
      if (secret.prf.length < PRF_SIZE) throw new KeyRefused('malformed', 'PRF secret too short');
      base = await baseKey(suite, secret.prf);
      break;
    case 'device':
      if (!identity.pilot) throw new KeyRefused('device-not-allowed');
      base = (await deviceKey(storage, suite)) ?? (await newDeviceKey(storage, suite));
  }
  return { wrapper: await wrapDataKey(identity, head, base, dataKey), recoveryCode };
}

/** One for each suite: keys of the one derive nothing for the other. */
const deviceRecordOf = (suite: KeyKind) =>
  suite === 'SM2' ? `${DEVICE_RECORD}-sm2` : DEVICE_RECORD;

async function deviceKey(storage: KeyStorage, suite: KeyKind): Promise<WrapKey | null> {
  const record = (await storage.get(deviceRecordOf(suite))) as DeviceRecord | null | undefined;
  return record?.v === 1 && record.kind === 'device-key' ? record.key : null;
}

async function newDeviceKey(storage: KeyStorage, suite: KeyKind): Promise<WrapKey> {
  const key = await baseKey(suite, randomBytes(32));
  const record: DeviceRecord = { v: 1, kind: 'device-key', key };
  await storage.put(deviceRecordOf(suite), record);
  return key;
}
