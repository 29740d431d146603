/**
 * Wrapping: a secret opens the data key, the data key opens the private keys. Every record's id,
 * purpose and parameters are bound into the key derivation and into GCM's additional data, so that
 * no record can stand in for another.
 */
import {
  type Bytes,
  canonicalJson,
  concat,
  equal,
  type KeyKind,
  owned,
  sha256,
  toHex,
  utf8,
} from '../crypto/index.ts';
import { renamed } from './pkcs8.ts';
import { type LiveKey, liveSm2, type Purpose, type RawKey } from './private-key.ts';
import {
  type IdentityRecord,
  MIN_ITERATIONS,
  type WrappedKey,
  type WrapperRecord,
} from './record.ts';
import { KeyRefused } from './refused.ts';
import { type ImportAs, importAs, liveWebKey } from './web-key.ts';

const AES = { name: 'AES-GCM', length: 256 } as const;

export const randomBytes = (length: number): Bytes =>
  crypto.getRandomValues(new Uint8Array(length));

/** What stays the same in every binding of one identity. */
export type Binding = Pick<IdentityRecord, 'id' | 'suite' | 'pilot'>;

const gcm = (iv: Uint8Array, context: Uint8Array) => ({
  name: 'AES-GCM',
  iv: owned(iv),
  additionalData: owned(context),
});

/** The data key of a new identity. Extractable, because it is about to be wrapped. */
export const newDataKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey(AES, true, ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']);

/** A new identity's data key as its first session holds it: unexportable, for unwrapping alone. */
export async function sessionKey(dataKey: CryptoKey, suite: KeyKind): Promise<CryptoKey> {
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', dataKey));
  const key = await crypto.subtle.importKey('raw', raw, AES, false, sessionUsages(suite));
  raw.fill(0);
  return key;
}

/** A `rewrap` data key, for wrapping one more private key. */
export async function wrappingUse(dataKey: CryptoKey): Promise<CryptoKey> {
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', dataKey));
  const key = await crypto.subtle.importKey('raw', raw, AES, false, ['encrypt', 'wrapKey']);
  raw.fill(0);
  return key;
}

/** SM2 keys leave their wrapping as octets; keys of WebCrypto never do. */
const sessionUsages = (suite: KeyKind): KeyUsage[] =>
  suite === 'SM2' ? ['decrypt'] : ['unwrapKey'];

/** HKDF base key of octets that are already long and random. */
export const baseKey = (secret: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', owned(secret), 'HKDF', false, ['deriveKey']);

/** HKDF base key of a password, through PBKDF2-SHA-256. */
export async function passwordKey(
  password: string,
  { salt, iterations }: Pick<WrapperRecord, 'salt' | 'iterations'>,
): Promise<CryptoKey> {
  const typed = utf8(password.normalize('NFC'));
  const key = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveBits']);
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt: owned(salt), iterations };
  return baseKey(new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256)));
}

type WrapperHead = Omit<WrapperRecord, 'iv' | 'wrapped' | 'check'>;

function wrapperContext(identity: Binding, head: WrapperHead): Bytes {
  return utf8(
    canonicalJson({
      use: 'cinnabar/keys/data-key',
      v: 1,
      identity: identity.id,
      pilot: identity.pilot,
      wrapper: head.id,
      kind: head.kind,
      kdf: head.kdf,
      iterations: head.iterations,
      passkey: head.passkey ? [toHex(head.passkey.credential), toHex(head.passkey.salt)] : null,
    }),
  );
}

const wrappingKey = (base: CryptoKey, salt: Uint8Array, info: Bytes): Promise<CryptoKey> =>
  crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: owned(salt), info },
    base,
    AES,
    false,
    ['wrapKey', 'unwrapKey'],
  );

const checkOf = (context: Bytes, record: Pick<WrapperRecord, 'salt' | 'iv' | 'wrapped'>) =>
  sha256(concat(context, record.salt, record.iv, record.wrapped));

export function newWrapperHead(
  kind: WrapperRecord['kind'],
  passkey?: WrapperRecord['passkey'],
): WrapperHead {
  const slow = kind === 'password';
  return {
    id: toHex(randomBytes(16)),
    kind,
    kdf: slow ? 'PBKDF2-SHA-256' : 'HKDF-SHA-256',
    iterations: slow ? MIN_ITERATIONS : 0,
    salt: randomBytes(32),
    ...(passkey ? { passkey } : {}),
  };
}

/** Wraps the data key for one secret. */
export async function wrapDataKey(
  identity: Binding,
  head: WrapperHead,
  base: CryptoKey,
  dataKey: CryptoKey,
): Promise<WrapperRecord> {
  const context = wrapperContext(identity, head);
  const kek = await wrappingKey(base, head.salt, context);
  const iv = randomBytes(12);
  const wrapped = new Uint8Array(
    await crypto.subtle.wrapKey('raw', dataKey, kek, gcm(iv, context)),
  );
  return { ...head, iv, wrapped, check: await checkOf(context, { salt: head.salt, iv, wrapped }) };
}

/** @throws {KeyRefused} `damaged` where the record is not the one that was written */
export async function checkWrapper(identity: Binding, record: WrapperRecord): Promise<void> {
  const check = await checkOf(wrapperContext(identity, record), record);
  if (!equal(check, record.check)) throw new KeyRefused('damaged', 'wrapper record');
}

/**
 * @param use `session`: an unexportable key that only unwraps; `rewrap`: one that may itself be
 * wrapped again, for as long as the caller holds it
 * @returns null where the secret is not this wrapper's
 */
export async function unwrapDataKey(
  identity: Binding,
  record: WrapperRecord,
  base: CryptoKey,
  use: 'session' | 'rewrap',
): Promise<CryptoKey | null> {
  const context = wrapperContext(identity, record);
  const kek = await wrappingKey(base, record.salt, context);
  const usages: KeyUsage[] =
    use === 'session' ? sessionUsages(identity.suite) : ['decrypt', 'unwrapKey'];
  try {
    return await crypto.subtle.unwrapKey(
      'raw',
      owned(record.wrapped),
      kek,
      gcm(record.iv, context),
      AES,
      use === 'rewrap',
      usages,
    );
  } catch {
    return null;
  }
}

function keyContext(identity: Binding, purpose: Purpose, spki: Uint8Array): Bytes {
  return utf8(
    canonicalJson({
      use: 'cinnabar/keys/private-key',
      v: 1,
      identity: identity.id,
      pilot: identity.pilot,
      suite: identity.suite,
      purpose,
      spki: toHex(spki),
    }),
  );
}

/** Wraps a private key. A key of WebCrypto goes from CryptoKey to ciphertext without passing this code. */
export async function wrapPrivateKey(
  identity: Binding,
  purpose: Purpose,
  raw: RawKey,
  dataKey: CryptoKey,
): Promise<WrappedKey> {
  const iv = randomBytes(12);
  const algorithm = gcm(iv, keyContext(identity, purpose, raw.spki));
  const wrapped =
    raw.suite === 'SM2'
      ? await crypto.subtle.encrypt(algorithm, dataKey, raw.pkcs8)
      : await crypto.subtle.wrapKey('pkcs8', raw.key, dataKey, algorithm);
  return { purpose, spki: raw.spki, iv, wrapped: new Uint8Array(wrapped) };
}

const damaged = (cause: unknown): never => {
  throw new KeyRefused('damaged', 'private key record', { cause });
};

/** A private key ready for use, unexportable where WebCrypto can hold it. @throws {KeyRefused} `damaged` */
export async function unwrapPrivateKey(
  identity: Binding,
  key: WrappedKey,
  dataKey: CryptoKey,
): Promise<LiveKey> {
  const algorithm = gcm(key.iv, keyContext(identity, key.purpose, key.spki));
  if (identity.suite === 'SM2') {
    const pkcs8 = await exportPrivateKey(identity, key, dataKey);
    const live = await liveSm2(key.spki, pkcs8);
    pkcs8.fill(0);
    return live;
  }
  const kind = identity.suite;
  const unwrap = ({ algorithm: of, usage }: ImportAs) =>
    crypto.subtle
      .unwrapKey('pkcs8', owned(key.wrapped), dataKey, algorithm, of, false, [usage])
      .catch(damaged);
  await unwrap(importAs(kind, 'sign'));
  return liveWebKey(kind, key.spki, unwrap);
}

/** PrivateKeyInfo in clear, for export under a password; wipe it. Needs a `rewrap` data key. */
export async function exportPrivateKey(
  identity: Binding,
  key: WrappedKey,
  dataKey: CryptoKey,
): Promise<Bytes> {
  const algorithm = gcm(key.iv, keyContext(identity, key.purpose, key.spki));
  const pkcs8 = await crypto.subtle.decrypt(algorithm, dataKey, owned(key.wrapped)).catch(damaged);
  const octets = new Uint8Array(pkcs8);
  if (identity.suite !== 'RSA-PSS') return octets;
  const named = renamed(octets, key.spki);
  octets.fill(0);
  return named;
}
