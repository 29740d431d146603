/** An unlocked identity: what its keys do until they are dropped. */
import type { Decrypter, KeyKind, Signer } from '../crypto/index.ts';
import { decrypterFor, signerFor } from './bind.ts';
import type { LiveKey, Purpose } from './private-key.ts';
import type { IdentityRecord } from './record.ts';
import { KeyRefused } from './refused.ts';

/** A key without a certificate, for requests and self-signed certificates. */
export interface KeySigner {
  readonly suite: KeyKind;
  readonly spki: Uint8Array;
  sign(data: Uint8Array): Promise<Uint8Array>;
}

export class KeySession {
  readonly id: string;
  readonly pilot: boolean;
  readonly suite: KeyKind;
  #keys: Map<Purpose, LiveKey>;
  #certificates: IdentityRecord['certificates'];
  #locked = false;
  readonly #used: () => void;

  /** @param used called whenever a key is used, so that the lock timer starts again */
  constructor(record: IdentityRecord, keys: Map<Purpose, LiveKey>, used: () => void) {
    this.id = record.id;
    this.pilot = record.pilot;
    this.suite = record.suite;
    this.#keys = keys;
    this.#certificates = record.certificates;
    this.#used = used;
  }

  get locked(): boolean {
    return this.#locked;
  }

  /** Certificates received so far, DER. */
  get certificates(): Readonly<IdentityRecord['certificates']> {
    return this.#certificates;
  }

  /**
   * Signs with the identity's own certificate, or with the one given.
   * @throws {KeyRefused} `locked`, `no-key` (also: no certificate yet), `key-mismatch`, `key-usage`
   */
  signerOf(certificate?: Uint8Array, chain?: readonly Uint8Array[]): Signer {
    const signing = certificate ?? this.#certificates.signing;
    if (!signing) throw new KeyRefused('no-key', 'no signing certificate yet');
    return signerFor(this.#key('signing'), signing, chain ?? this.#certificates.chain);
  }

  /** @throws {KeyRefused} as {@link signerOf} */
  decrypterOf(certificate?: Uint8Array): Decrypter {
    const encryption = certificate ?? this.#certificates.encryption;
    if (!encryption) throw new KeyRefused('no-key', 'no encryption certificate yet');
    return decrypterFor(this.#key('encryption'), encryption);
  }

  /**
   * The bare key: proves possession in a certificate request, for the encryption key too.
   * @throws {KeyRefused} `locked`, `no-key`
   */
  keySigner(purpose: Purpose): KeySigner {
    return this.#key(purpose);
  }

  /**
   * What the signing key shares with a point: opens the encryption key that an authority sends
   * (GB/T 35276 7.4), and nothing else.
   * @throws {KeyRefused} `locked`, `no-key`, `malformed`
   */
  agree(point: Uint8Array): Promise<Uint8Array> {
    return this.#key('signing').agree(point);
  }

  /** Called by the vault when the encryption key is another. */
  adoptKey(key: LiveKey): void {
    this.#keys.get('encryption')?.drop();
    this.#keys.set('encryption', key);
  }

  /** Called by the vault when the stored certificates change. */
  adopt(certificates: IdentityRecord['certificates']): void {
    this.#certificates = certificates;
  }

  /** Drops the keys: unexportable ones are forgotten, octets are wiped. Signers made before refuse. */
  lock(): void {
    this.#locked = true;
    for (const key of this.#keys.values()) key.drop();
    this.#keys = new Map();
  }

  #key(purpose: Purpose): LiveKey {
    if (this.#locked) throw new KeyRefused('locked');
    const key = this.#keys.get(purpose);
    if (!key) throw new KeyRefused('no-key', `no ${purpose} key`);
    const used = this.#used;
    const { open, openPkcs1 } = key;
    return {
      suite: key.suite,
      spki: key.spki,
      sign: (data) => {
        used();
        return key.sign(data);
      },
      agree: (point) => {
        used();
        return key.agree(point);
      },
      ...(open
        ? {
            open: (encryptedKey: Uint8Array) => {
              used();
              return open(encryptedKey);
            },
          }
        : {}),
      ...(openPkcs1
        ? {
            openPkcs1: (encryptedKey: Uint8Array, size: number) => {
              used();
              return openPkcs1(encryptedKey, size);
            },
          }
        : {}),
      drop: () => key.drop(),
    };
  }
}
