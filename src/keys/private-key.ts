/**
 * Private keys while they can be used. P-256 keys are CryptoKeys that cannot be exported; SM2 keys
 * are octets in this worker's memory, for want of SM2 in WebCrypto, and are wiped on lock.
 */
import {
  type Bytes,
  copy,
  ecdsaToDer,
  equal,
  Malformed,
  owned,
  readPublicKey,
  type Suite,
} from '../crypto/index.ts';
import { pkcs8Of, readPkcs8, spkiOf } from './pkcs8.ts';
import { KeyRefused } from './refused.ts';

export type Purpose = 'signing' | 'encryption';

/** A key pair before it is wrapped: at creation and on import only, never stored so. */
export type RawKey =
  | { readonly suite: 'P-256'; readonly spki: Uint8Array; readonly key: CryptoKey }
  | { readonly suite: 'SM2'; readonly spki: Uint8Array; readonly pkcs8: Bytes };

/** What an unlocked key does. `sign` gives DER SEQUENCE { r, s }; `agree` the x-coordinate Z. */
export interface LiveKey {
  readonly suite: Suite;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** @throws {KeyRefused} `locked` after `drop` */
  sign(data: Uint8Array): Promise<Uint8Array>;
  /** @throws {KeyRefused} `locked`; `malformed` for a point that is none of the curve */
  agree(point: Uint8Array): Promise<Uint8Array>;
  drop(): void;
}

export const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ECDH = { name: 'ECDH', namedCurve: 'P-256' } as const;

/** A fresh key pair, extractable for as long as it takes to wrap it. */
export async function generateKey(suite: Suite): Promise<RawKey> {
  if (suite === 'SM2') {
    const pair = (await import('../crypto/sm/sm2.ts')).sm2KeyPair();
    const pkcs8 = pkcs8Of(suite, pair.privateKey, pair.publicKey);
    pair.privateKey.fill(0);
    return { suite, spki: spkiOf(suite, pair.publicKey), pkcs8 };
  }
  const pair = await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  return { suite, spki, key: pair.privateKey };
}

/**
 * A key from outside (PKCS #12).
 * @param pkcs8 PrivateKeyInfo, DER; the public key is computed, never believed
 * @throws {KeyRefused} `unsupported-alg` for anything but P-256 and SM2, `malformed`
 */
export async function importKey(pkcs8: Uint8Array): Promise<RawKey> {
  try {
    const { suite, scalar, point } = readPkcs8(pkcs8);
    if (suite === 'SM2') {
      const computed = (await import('../crypto/sm/sm2.ts')).sm2PublicKey(scalar);
      if (point && !equal(point, computed)) throw new Malformed('pkcs8-point', 'another key');
      return { suite, spki: spkiOf(suite, computed), pkcs8: pkcs8Of(suite, scalar, computed) };
    }
    const key = await crypto.subtle.importKey(
      'pkcs8',
      point ? pkcs8Of(suite, scalar, point) : copy(pkcs8),
      ECDSA,
      true,
      ['sign'],
    );
    const spki = await publicKeyOf(key);
    if (point && !equal(spki, spkiOf(suite, point)))
      throw new Malformed('pkcs8-point', 'another key');
    return { suite, spki, key };
  } catch (error) {
    const unsupported = error instanceof Malformed && error.code === 'unsupported-alg';
    throw new KeyRefused(unsupported ? 'unsupported-alg' : 'malformed', undefined, {
      cause: error,
    });
  }
}

/** SubjectPublicKeyInfo of an extractable P-256 private key. */
async function publicKeyOf(key: CryptoKey): Promise<Uint8Array> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', key);
  const jwk = { kty, crv, x, y } as JsonWebKey;
  const half = await crypto.subtle.importKey('jwk', jwk, ECDSA, true, ['verify']);
  return new Uint8Array(await crypto.subtle.exportKey('spki', half));
}

/** How a P-256 key comes out of its wrapping: non-extractable, for one algorithm. */
export type UnwrapP256 = (algorithm: typeof ECDSA | typeof ECDH) => Promise<CryptoKey>;

/** A P-256 key that is unwrapped at first use. */
export function liveP256(spki: Uint8Array, unwrap: UnwrapP256): LiveKey {
  let dropped = false;
  const keys = new Map<string, Promise<CryptoKey>>();
  const get = async (algorithm: typeof ECDSA | typeof ECDH) => {
    if (dropped) throw new KeyRefused('locked');
    const key = keys.get(algorithm.name) ?? unwrap(algorithm);
    keys.set(algorithm.name, key);
    return key;
  };
  return {
    suite: 'P-256',
    spki,
    async sign(data) {
      const key = await get(ECDSA);
      const raw = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, owned(data));
      return ecdsaToDer(new Uint8Array(raw));
    },
    async agree(point) {
      const key = await get(ECDH);
      const other = await crypto.subtle
        .importKey('raw', owned(point), ECDH, false, [])
        .catch((cause: unknown) => {
          throw new KeyRefused('malformed', 'not a point of P-256', { cause });
        });
      const z = await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, key, 256);
      return new Uint8Array(z);
    },
    drop() {
      dropped = true;
      keys.clear();
    },
  };
}

/** An SM2 key; keeps an own copy of the scalar and wipes it on drop. The caller wipes `pkcs8`. */
export async function liveSm2(spki: Uint8Array, pkcs8: Uint8Array): Promise<LiveKey> {
  const sm2 = await import('../crypto/sm/sm2.ts');
  const scalar = copy(readPkcs8(pkcs8).scalar);
  const key = readPublicKey(spki);
  if (key.kind !== 'EC' || key.curve !== 'SM2') throw new KeyRefused('damaged', 'not an SM2 key');
  let dropped = false;
  const open = () => {
    if (dropped) throw new KeyRefused('locked');
    return scalar;
  };
  return {
    suite: 'SM2',
    spki,
    sign: async (data) => sm2.sm2Sign(open(), data, key.point),
    async agree(point) {
      try {
        return sm2.sm2Agree(open(), point);
      } catch (error) {
        if (error instanceof KeyRefused) throw error;
        throw new KeyRefused('malformed', 'not a point of SM2', { cause: error });
      }
    },
    drop() {
      dropped = true;
      scalar.fill(0);
    },
  };
}

/** A key used where it stands, without a vault: short-lived keys, and keys of tests. */
export async function liveKey(raw: RawKey): Promise<LiveKey> {
  if (raw.suite === 'SM2') return liveSm2(raw.spki, raw.pkcs8);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', raw.key));
  return liveP256(raw.spki, (algorithm) =>
    crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, [
      algorithm.name === 'ECDH' ? 'deriveBits' : 'sign',
    ]),
  );
}
