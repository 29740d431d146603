/**
 * Private keys that WebCrypto holds: ECDSA over the NIST curves, RSA and Ed25519, unexportable while
 * they are in use. One key serves under several algorithms: ECDSA and ECDH, RSA and RSA-OAEP.
 */
import {
  type Bytes,
  digestNameOf,
  ecdsaToDer,
  type KeyKind,
  owned,
  PSS_SALT,
} from '../crypto/index.ts';
import type { LiveKey } from './private-key.ts';
import { KeyRefused } from './refused.ts';

export type WebKind = Exclude<KeyKind, 'SM2'>;

/** What a key is asked to do; each is one algorithm of WebCrypto. */
type Use = 'sign' | 'agree' | 'open';

/** How a key is imported for one use. */
export interface ImportAs {
  readonly algorithm: { name: string; namedCurve?: string; hash?: string };
  readonly usage: KeyUsage;
  /** For a computation that WebCrypto has not: the caller exports it, and lets go of it at once. */
  readonly extractable?: boolean;
}

const isRsa = (kind: WebKind) => kind === 'RSA' || kind === 'RSA-PSS';

/** @throws {KeyRefused} `unsupported-alg` where a key of this kind cannot serve so */
export function importAs(kind: WebKind, use: Use): ImportAs {
  if (use === 'sign') {
    if (kind === 'Ed25519') return { algorithm: { name: kind }, usage: 'sign' };
    if (!isRsa(kind)) {
      return { algorithm: { name: 'ECDSA', namedCurve: kind }, usage: 'sign' };
    }
    const name = kind === 'RSA' ? 'RSASSA-PKCS1-v1_5' : 'RSA-PSS';
    return { algorithm: { name, hash: 'SHA-256' }, usage: 'sign' };
  }
  if (use === 'agree' && !isRsa(kind) && kind !== 'Ed25519') {
    return { algorithm: { name: 'ECDH', namedCurve: kind }, usage: 'deriveBits' };
  }
  if (use === 'open' && kind === 'RSA') {
    return { algorithm: { name: 'RSA-OAEP', hash: 'SHA-256' }, usage: 'decrypt' };
  }
  throw new KeyRefused('unsupported-alg', `a key of kind ${kind} does not ${use}`);
}

/** Whether keys of a kind can be encrypted to. */
export const receives = (kind: KeyKind): boolean => kind !== 'RSA-PSS' && kind !== 'Ed25519';

/** Octets of the shared x-coordinate. */
const Z_SIZE: Partial<Record<WebKind, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 };

/** How a key comes out of its wrapping: for one use, non-extractable unless that is asked for. */
export type UnwrapWebKey = (as: ImportAs) => Promise<CryptoKey>;

/** A key that is unwrapped at first use. */
export function liveWebKey(kind: WebKind, spki: Uint8Array, unwrap: UnwrapWebKey): LiveKey {
  let dropped = false;
  const keys = new Map<Use, Promise<CryptoKey>>();
  const get = async (use: Use) => {
    if (dropped) throw new KeyRefused('locked');
    const key = keys.get(use) ?? unwrap(importAs(kind, use));
    keys.set(use, key);
    return key;
  };
  const openPkcs1 = async (encryptedKey: Uint8Array, size: number): Promise<Uint8Array> => {
    if (dropped) throw new KeyRefused('locked');
    const key = await unwrap({ ...importAs(kind, 'open'), extractable: true });
    const { pkcs1Decrypt } = await import('../crypto/wide/rsa-decrypt.ts');
    return pkcs1Decrypt(await crypto.subtle.exportKey('jwk', key), encryptedKey, size);
  };
  return {
    suite: kind,
    spki,
    sign: async (data) => signWith(kind, await get('sign'), data),
    async agree(point) {
      const { algorithm } = importAs(kind, 'agree');
      const key = await get('agree');
      const other = await crypto.subtle
        .importKey('raw', owned(point), algorithm as EcKeyImportParams, false, [])
        .catch((cause: unknown) => {
          throw new KeyRefused('malformed', `not a point of ${kind}`, { cause });
        });
      const bits = 8 * (Z_SIZE[kind] as number);
      const z = await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, key, bits);
      return new Uint8Array(z);
    },
    async open(encryptedKey) {
      const key = await get('open');
      try {
        const opened = await crypto.subtle.decrypt('RSA-OAEP', key, owned(encryptedKey));
        return new Uint8Array(opened);
      } catch {
        return null;
      }
    },
    ...(kind === 'RSA' ? { openPkcs1 } : {}),
    drop() {
      dropped = true;
      keys.clear();
    },
  };
}

/** The value that X.509 and CMS carry. */
export async function signWith(kind: WebKind, key: CryptoKey, data: Uint8Array): Promise<Bytes> {
  const { name } = importAs(kind, 'sign').algorithm;
  const hash = digestNameOf(kind);
  const parameters = { name, ...(name === 'ECDSA' ? { hash } : {}), saltLength: PSS_SALT };
  const made = new Uint8Array(await crypto.subtle.sign(parameters, key, owned(data)));
  return name === 'ECDSA' ? ecdsaToDer(made) : made;
}
