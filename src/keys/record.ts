/** What is stored of an identity: wrapped keys and the ways to unwrap them. No secret in clear. */
import { type Bytes, type KeyKind, type SuiteDigest, suiteDigestOf } from '../crypto/index.ts';
import type { Purpose } from './private-key.ts';
import { KeyRefused } from './refused.ts';

export type SecretKind = 'password' | 'recovery' | 'passkey' | 'device';

/** One private key under the identity's data key (AES-256-GCM; SM4-GCM for SM2 identities). */
export interface WrappedKey {
  purpose: Purpose;
  /** SubjectPublicKeyInfo, DER. */
  spki: Uint8Array;
  iv: Uint8Array;
  wrapped: Uint8Array;
}

/** The data key under one secret. */
export interface WrapperRecord {
  id: string;
  kind: SecretKind;
  kdf: `${'PBKDF2' | 'HKDF'}-${SuiteDigest}`;
  /** Of PBKDF2; 0 for secrets that are long and random. */
  iterations: number;
  salt: Uint8Array;
  iv: Uint8Array;
  wrapped: Uint8Array;
  /** Digest of the identity's suite over all of the above: tells damage from a wrong secret. */
  check: Uint8Array;
  /** For a passkey: which credential to ask, and what to give its PRF. */
  passkey?: { credential: Uint8Array; salt: Uint8Array };
}

export interface IdentityRecord {
  v: 1;
  kind: 'identity';
  id: string;
  /** For show. */
  label: string;
  suite: KeyKind;
  /** A pilot identity may do without a secret and never holds a real certificate. */
  pilot: boolean;
  keys: WrappedKey[];
  wrappers: WrapperRecord[];
  /** Certificates received so far, DER; `chain` nearest first. */
  certificates: { signing?: Uint8Array; encryption?: Uint8Array; chain: Uint8Array[] };
}

/**
 * A key of this device, base of the `device` wrappers of pilot identities: unexportable, or for SM2
 * identities octets.
 */
export interface DeviceRecord {
  v: 1;
  kind: 'device-key';
  key: CryptoKey | Bytes;
}

export const DEVICE_RECORD = 'device-key';
export const MIN_ITERATIONS = 600_000;
/** A record that asks for more was not written here; bounds the work of unlocking. */
const MAX_ITERATIONS = 10_000_000;

const KINDS: readonly KeyKind[] = ['P-256', 'SM2', 'P-384', 'P-521', 'RSA', 'RSA-PSS', 'Ed25519'];

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length < 1000;
const isList = (value: unknown, max: number): value is unknown[] =>
  Array.isArray(value) && value.length <= max;

/** @throws {KeyRefused} `damaged` for anything that this room did not write */
export function asIdentity(record: unknown): IdentityRecord {
  const it = record as Partial<IdentityRecord> | null | undefined;
  const sound =
    typeof it === 'object' &&
    it?.v === 1 &&
    it.kind === 'identity' &&
    isText(it.id) &&
    isText(it.label) &&
    KINDS.includes(it.suite as KeyKind) &&
    typeof it.pilot === 'boolean' &&
    isList(it.keys, 4) &&
    it.keys.every(isWrappedKey) &&
    isList(it.wrappers, 16) &&
    it.wrappers.every((each) => isWrapper(it.suite as KeyKind, each)) &&
    typeof it.certificates === 'object' &&
    isList(it.certificates.chain, 16) &&
    [...it.certificates.chain, it.certificates.signing, it.certificates.encryption].every(
      (der) => der === undefined || isBytes(der),
    );
  if (!sound) throw new KeyRefused('damaged', 'the stored identity is not whole');
  return it as IdentityRecord;
}

function isWrappedKey(key: Partial<WrappedKey>): boolean {
  return (
    (key?.purpose === 'signing' || key?.purpose === 'encryption') &&
    [key.spki, key.iv, key.wrapped].every(isBytes)
  );
}

function isWrapper(suite: KeyKind, wrapper: Partial<WrapperRecord>): boolean {
  const { kind, kdf, iterations = -1, passkey } = wrapper ?? {};
  const hash = suiteDigestOf(suite);
  const slow = kdf === `PBKDF2-${hash}`;
  return (
    isText(wrapper?.id) &&
    ['password', 'recovery', 'passkey', 'device'].includes(kind as string) &&
    slow === (kind === 'password') &&
    (slow
      ? iterations >= MIN_ITERATIONS && iterations <= MAX_ITERATIONS
      : kdf === `HKDF-${hash}` && iterations === 0) &&
    [wrapper.salt, wrapper.iv, wrapper.wrapped, wrapper.check].every(isBytes) &&
    (passkey === undefined || (isBytes(passkey.credential) && isBytes(passkey.salt)))
  );
}

/** What may be shown of an identity while it is locked. */
export interface IdentitySummary {
  id: string;
  label: string;
  suite: KeyKind;
  pilot: boolean;
  unlocks: {
    id: string;
    kind: SecretKind;
    passkey?: { credential: Uint8Array; salt: Uint8Array };
  }[];
  /** SubjectPublicKeyInfo by purpose. */
  keys: { purpose: Purpose; spki: Uint8Array }[];
  certificates: IdentityRecord['certificates'];
}

export function summaryOf(record: IdentityRecord): IdentitySummary {
  return {
    id: record.id,
    label: record.label,
    suite: record.suite,
    pilot: record.pilot,
    unlocks: record.wrappers.map(({ id, kind, passkey }) => ({
      id,
      kind,
      ...(passkey ? { passkey } : {}),
    })),
    keys: record.keys.map(({ purpose, spki }) => ({ purpose, spki })),
    certificates: record.certificates,
  };
}
