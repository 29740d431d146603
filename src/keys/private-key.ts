/**
 * Private keys while they can be used. Keys of WebCrypto cannot be exported; SM2 keys are octets in
 * this worker's memory, for want of SM2 in WebCrypto, and are wiped on lock.
 */
import {
  type Bytes,
  copy,
  equal,
  type KeyKind,
  Malformed,
  readPublicKey,
  signatureAlgorithmOf,
  verifySignature,
} from '../crypto/index.ts';
import { type EcPrivateKey, type OtherPrivateKey, pkcs8Of, readPkcs8, spkiOf } from './pkcs8.ts';
import { KeyRefused } from './refused.ts';
import { importAs, liveWebKey, signWith, type WebKind } from './web-key.ts';

export type Purpose = 'signing' | 'encryption';

/** A key pair before it is wrapped: at creation and on import only, never stored so. */
export type RawKey =
  | { readonly suite: WebKind; readonly spki: Uint8Array; readonly key: CryptoKey }
  | { readonly suite: 'SM2'; readonly spki: Uint8Array; readonly pkcs8: Bytes };

/** What an unlocked key does. `sign` gives what X.509 carries; `agree` the x-coordinate Z. */
export interface LiveKey {
  readonly suite: KeyKind;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** @throws {KeyRefused} `locked` after `drop` */
  sign(data: Uint8Array): Promise<Uint8Array>;
  /**
   * @throws {KeyRefused} `locked`; `malformed` for a point that is none of the curve;
   * `unsupported-alg` for keys that cannot agree
   */
  agree(point: Uint8Array): Promise<Uint8Array>;
  /**
   * RSAES-OAEP with SHA-256, or SM2 encryption; null where it was not encrypted to this key.
   * @throws {KeyRefused} `locked`; `unsupported-alg` for all but RSA and SM2
   */
  open?(encryptedKey: Uint8Array): Promise<Uint8Array | null>;
  /** RSAES-PKCS1-v1_5 of a key of `size` octets: always as many octets. @throws {KeyRefused} `locked` */
  openPkcs1?(encryptedKey: Uint8Array, size: number): Promise<Uint8Array>;
  drop(): void;
}

/**
 * A fresh key pair, extractable for as long as it takes to wrap it.
 * @throws {KeyRefused} `unsupported-alg` for kinds that are only ever imported
 */
export async function generateKey(kind: KeyKind): Promise<RawKey> {
  if (kind === 'SM2') {
    const pair = (await import('../crypto/sm/sm2.ts')).sm2KeyPair();
    const pkcs8 = pkcs8Of(kind, pair.privateKey, pair.publicKey);
    pair.privateKey.fill(0);
    return { suite: kind, spki: spkiOf(kind, pair.publicKey), pkcs8 };
  }
  if (kind !== 'P-256') throw new KeyRefused('unsupported-alg', `no ${kind} keys are made here`);
  const ecdsa = { name: 'ECDSA', namedCurve: kind };
  const pair = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  return { suite: kind, spki, key: pair.privateKey };
}

/**
 * A key from outside (PKCS #12).
 * @param pkcs8 PrivateKeyInfo, DER; the public key is computed, or tried, never believed
 * @throws {KeyRefused} `unsupported-alg` for other kinds and curves and RSA below 2048 bits,
 * `malformed`
 */
export async function importKey(pkcs8: Uint8Array): Promise<RawKey> {
  try {
    const read = readPkcs8(pkcs8);
    if (read.kind === 'SM2') return await importSm2(read);
    return await importWebKey(pkcs8, read);
  } catch (error) {
    if (error instanceof KeyRefused) throw error;
    const unsupported =
      error instanceof Malformed
        ? error.code === 'unsupported-alg'
        : (error as { name?: string } | null)?.name === 'NotSupportedError';
    throw new KeyRefused(unsupported ? 'unsupported-alg' : 'malformed', undefined, {
      cause: error,
    });
  }
}

async function importSm2({ scalar, point }: EcPrivateKey): Promise<RawKey> {
  const computed = (await import('../crypto/sm/sm2.ts')).sm2PublicKey(scalar);
  if (point && !equal(point, computed)) throw new Malformed('pkcs8-point', 'another key');
  return { suite: 'SM2', spki: spkiOf('SM2', computed), pkcs8: pkcs8Of('SM2', scalar, computed) };
}

async function importWebKey(
  given: Uint8Array,
  read: EcPrivateKey | OtherPrivateKey,
): Promise<RawKey> {
  const suite = read.kind as WebKind;
  const { algorithm } = importAs(suite, 'sign');
  let octets: Bytes;
  if ('pkcs8' in read) octets = read.pkcs8;
  else octets = read.point ? pkcs8Of(read.kind, read.scalar, read.point) : copy(given);
  const key = await crypto.subtle.importKey('pkcs8', octets, algorithm, true, ['sign']);
  let spki: Uint8Array;
  if ('pkcs8' in read && read.spki) spki = read.spki;
  else spki = await publicKeyOf(key, algorithm);
  if ('point' in read && read.point && !equal(spki, spkiOf(read.kind, read.point))) {
    throw new Malformed('pkcs8-point', 'another key');
  }
  const known = readPublicKey(spki);
  if (known.kind === 'RSA' && known.bits < 2048)
    throw new Malformed('unsupported-alg', 'short RSA');
  await tryOut(suite, spki, key);
  octets.fill(0);
  return { suite, spki, key };
}

/** Signs once: a private part that is not the public part's is no key. */
async function tryOut(suite: WebKind, spki: Uint8Array, key: CryptoKey): Promise<void> {
  const data = crypto.getRandomValues(new Uint8Array(32));
  const signature = await signWith(suite, key, data);
  const algorithm = signatureAlgorithmOf(suite);
  const { valid, code } = await verifySignature({ spki, algorithm, signature, data });
  if (valid) return;
  // An RSA-PSS key bound to other digests verifies nothing that is signed here.
  if (suite === 'RSA-PSS' || code === 'unsupported-alg') {
    throw new Malformed('unsupported-alg', 'the key is bound to other parameters');
  }
  throw new Malformed('pkcs8-point', 'private and public part differ');
}

/** SubjectPublicKeyInfo of an extractable private key. */
async function publicKeyOf(key: CryptoKey, algorithm: object): Promise<Uint8Array> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', key);
  const jwk = { kty, crv, x, ...(y === undefined ? {} : { y }) } as JsonWebKey;
  const use = algorithm as EcKeyImportParams;
  const half = await crypto.subtle.importKey('jwk', jwk, use, true, ['verify']);
  return new Uint8Array(await crypto.subtle.exportKey('spki', half));
}

/** An SM2 key; keeps an own copy of the scalar and wipes it on drop. The caller wipes `pkcs8`. */
export async function liveSm2(spki: Uint8Array, pkcs8: Uint8Array): Promise<LiveKey> {
  const [sm2, { sm2Decrypt }] = await Promise.all([
    import('../crypto/sm/sm2.ts'),
    import('../crypto/sm/sm2-cipher.ts'),
  ]);
  const read = readPkcs8(pkcs8);
  if (read.kind !== 'SM2') throw new KeyRefused('damaged', 'not an SM2 key');
  const scalar = copy(read.scalar);
  const key = readPublicKey(spki);
  if (key.kind !== 'EC' || key.curve !== 'SM2') throw new KeyRefused('damaged', 'not an SM2 key');
  let signer: ReturnType<typeof sm2.sm2Signer> | null = null;
  let dropped = false;
  const open = () => {
    if (dropped) throw new KeyRefused('locked');
    return scalar;
  };
  return {
    suite: 'SM2',
    spki,
    async sign(data) {
      signer ??= sm2.sm2Signer(open(), key.point);
      open();
      return signer(data);
    },
    async agree(point) {
      try {
        return sm2.sm2Agree(open(), point);
      } catch (error) {
        if (error instanceof KeyRefused) throw error;
        throw new KeyRefused('malformed', 'not a point of SM2', { cause: error });
      }
    },
    open: async (encryptedKey) => sm2Decrypt(open(), encryptedKey),
    drop() {
      dropped = true;
      signer = null;
      scalar.fill(0);
    },
  };
}

/** A key used where it stands, without a vault: short-lived keys, and keys of tests. */
export async function liveKey(raw: RawKey): Promise<LiveKey> {
  if (raw.suite === 'SM2') return liveSm2(raw.spki, raw.pkcs8);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', raw.key));
  return liveWebKey(raw.suite, raw.spki, ({ algorithm, usage, extractable = false }) =>
    crypto.subtle.importKey('pkcs8', pkcs8, algorithm, extractable, [usage]),
  );
}
