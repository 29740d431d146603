/**
 * Wrapping: a secret opens the data key, the data key opens the private keys. Every record's id,
 * purpose and parameters are bound into the key derivation and into GCM's additional data, so that
 * no record can stand in for another.
 */
import {
  type Bytes,
  canonicalJson,
  concat,
  copy,
  digest,
  equal,
  type KeyKind,
  owned,
  suiteDigestOf,
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

/**
 * What wraps, or what that is derived from: of WebCrypto for AES-256-GCM, octets for SM4-GCM, which
 * WebCrypto has not.
 */
export type WrapKey = CryptoKey | Bytes;

const chinese = () => import('./sm-wrapping.ts');

/** The data key of a new identity. Extractable, because it is about to be wrapped. */
export const newDataKey = async (suite: KeyKind): Promise<WrapKey> =>
  suite === 'SM2'
    ? randomBytes(16)
    : crypto.subtle.generateKey(AES, true, ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']);

/** A new identity's data key as its first session holds it: unexportable, for unwrapping alone. */
export async function sessionKey(dataKey: WrapKey): Promise<WrapKey> {
  if (dataKey instanceof Uint8Array) return copy(dataKey);
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', dataKey));
  const key = await crypto.subtle.importKey('raw', raw, AES, false, ['unwrapKey']);
  raw.fill(0);
  return key;
}

/** A `rewrap` data key, for wrapping one more private key. */
export async function wrappingUse(dataKey: WrapKey): Promise<WrapKey> {
  if (dataKey instanceof Uint8Array) return dataKey;
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', dataKey));
  const key = await crypto.subtle.importKey('raw', raw, AES, false, ['encrypt', 'wrapKey']);
  raw.fill(0);
  return key;
}

/** HKDF base key of octets that are already long and random. */
export const baseKey = async (suite: KeyKind, secret: Uint8Array): Promise<WrapKey> =>
  suite === 'SM2'
    ? copy(secret)
    : crypto.subtle.importKey('raw', owned(secret), 'HKDF', false, ['deriveKey']);

/** HKDF base key of a password, through PBKDF2 with SHA-256 or SM3. */
export async function passwordKey(
  suite: KeyKind,
  password: string,
  { salt, iterations }: Pick<WrapperRecord, 'salt' | 'iterations'>,
): Promise<WrapKey> {
  const typed = utf8(password.normalize('NFC'));
  if (suite === 'SM2') return (await chinese()).fromPassword(typed, { salt, iterations });
  const key = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveBits']);
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt: owned(salt), iterations };
  return baseKey(suite, new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256)));
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

const checkOf = (
  { suite }: Binding,
  context: Bytes,
  record: Pick<WrapperRecord, 'salt' | 'iv' | 'wrapped'>,
) => digest(suiteDigestOf(suite), concat(context, record.salt, record.iv, record.wrapped));

export function newWrapperHead(
  suite: KeyKind,
  kind: WrapperRecord['kind'],
  passkey?: WrapperRecord['passkey'],
): WrapperHead {
  const slow = kind === 'password';
  return {
    id: toHex(randomBytes(16)),
    kind,
    kdf: `${slow ? 'PBKDF2' : 'HKDF'}-${suiteDigestOf(suite)}`,
    iterations: slow ? MIN_ITERATIONS : 0,
    salt: randomBytes(32),
    ...(passkey ? { passkey } : {}),
  };
}

/** Wraps the data key for one secret. */
export async function wrapDataKey(
  identity: Binding,
  head: WrapperHead,
  base: WrapKey,
  dataKey: WrapKey,
): Promise<WrapperRecord> {
  const context = wrapperContext(identity, head);
  const { salt } = head;
  const iv = randomBytes(12);
  let wrapped: Uint8Array;
  if (base instanceof Uint8Array) {
    wrapped = (await chinese()).wrap(base, salt, iv, dataKey as Bytes, context);
  } else {
    const kek = await wrappingKey(base, salt, context);
    const algorithm = gcm(iv, context);
    wrapped = new Uint8Array(
      await crypto.subtle.wrapKey('raw', dataKey as CryptoKey, kek, algorithm),
    );
  }
  return { ...head, iv, wrapped, check: await checkOf(identity, context, { salt, iv, wrapped }) };
}

/** @throws {KeyRefused} `damaged` where the record is not the one that was written */
export async function checkWrapper(identity: Binding, record: WrapperRecord): Promise<void> {
  const check = await checkOf(identity, wrapperContext(identity, record), record);
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
  base: WrapKey,
  use: 'session' | 'rewrap',
): Promise<WrapKey | null> {
  const context = wrapperContext(identity, record);
  if (base instanceof Uint8Array) {
    return (await chinese()).unwrap(base, record.salt, record.iv, record.wrapped, context);
  }
  const kek = await wrappingKey(base, record.salt, context);
  const usages: KeyUsage[] = use === 'session' ? ['unwrapKey'] : ['decrypt', 'unwrapKey'];
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
  dataKey: WrapKey,
): Promise<WrappedKey> {
  const iv = randomBytes(12);
  const context = keyContext(identity, purpose, raw.spki);
  const wrapped =
    raw.suite === 'SM2'
      ? (await chinese()).seal(dataKey as Bytes, iv, raw.pkcs8, context)
      : new Uint8Array(
          await crypto.subtle.wrapKey('pkcs8', raw.key, dataKey as CryptoKey, gcm(iv, context)),
        );
  return { purpose, spki: raw.spki, iv, wrapped };
}

const damaged = (cause: unknown): never => {
  throw new KeyRefused('damaged', 'private key record', { cause });
};

/** A private key ready for use, unexportable where WebCrypto can hold it. @throws {KeyRefused} `damaged` */
export async function unwrapPrivateKey(
  identity: Binding,
  key: WrappedKey,
  dataKey: WrapKey,
): Promise<LiveKey> {
  const algorithm = gcm(key.iv, keyContext(identity, key.purpose, key.spki));
  if (identity.suite === 'SM2') {
    const pkcs8 = await exportPrivateKey(identity, key, dataKey);
    const live = await liveSm2(key.spki, pkcs8);
    pkcs8.fill(0);
    return live;
  }
  const kind = identity.suite;
  const aes = dataKey as CryptoKey;
  const unwrap = ({ algorithm: of, usage, extractable = false }: ImportAs) =>
    crypto.subtle
      .unwrapKey('pkcs8', owned(key.wrapped), aes, algorithm, of, extractable, [usage])
      .catch(damaged);
  await unwrap(importAs(kind, 'sign'));
  return liveWebKey(kind, key.spki, unwrap);
}

/** PrivateKeyInfo in clear, for export under a password; wipe it. Needs a `rewrap` data key. */
export async function exportPrivateKey(
  identity: Binding,
  key: WrappedKey,
  dataKey: WrapKey,
): Promise<Bytes> {
  const context = keyContext(identity, key.purpose, key.spki);
  if (dataKey instanceof Uint8Array) {
    return (await chinese()).open(dataKey, key.iv, key.wrapped, context) ?? damaged(null);
  }
  const algorithm = gcm(key.iv, context);
  const pkcs8 = await crypto.subtle.decrypt(algorithm, dataKey, owned(key.wrapped)).catch(damaged);
  const octets = new Uint8Array(pkcs8);
  if (identity.suite !== 'RSA-PSS') return octets;
  const named = renamed(octets, key.spki);
  octets.fill(0);
  return named;
}
