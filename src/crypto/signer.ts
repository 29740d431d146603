/**
 * What may sign or decrypt, without saying where the private key lives. `keys` makes these; cms,
 * packages, pdf and seal use them.
 */
import type { SuiteDigest } from './digest.ts';

/** `P-256` is ECDSA with SHA-256, `SM2` is SM2 with SM3 and the default user id. */
export type Suite = 'P-256' | 'SM2';

/**
 * What keys sign with. Deployments issue for their suite; the other kinds come with certificates of
 * outside CAs. Digests: SHA-384 for P-384, SHA-512 for P-521 and Ed25519, SHA-256 for `RSA`
 * (PKCS #1 v1.5) and `RSA-PSS` (salt of 32 octets).
 */
export type KeyKind = Suite | 'P-384' | 'P-521' | 'RSA' | 'RSA-PSS' | 'Ed25519';

/** The digest of the suite that a kind of key belongs to. */
export const suiteDigestOf = (kind: KeyKind): SuiteDigest => (kind === 'SM2' ? 'SM3' : 'SHA-256');

export interface Signer {
  /** The signing certificate, DER. */
  readonly certificate: Uint8Array;
  /** Issuing certificates, DER, nearest first; may be empty. */
  readonly chain: readonly Uint8Array[];
  readonly suite: KeyKind;
  /**
   * Signs `data` (not a digest).
   * @returns the value that X.509, CMS and SESeal carry: DER SEQUENCE { r, s }, for RSA and Ed25519
   * the octets.
   * @throws when the key is locked or refuses (see `keys`).
   */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

export interface Decrypter {
  /** The encryption certificate, DER. */
  readonly certificate: Uint8Array;
  /** ECDH with an uncompressed point of the key's curve. @returns the x-coordinate Z. */
  agree(point: Uint8Array): Promise<Uint8Array>;
  /**
   * Opens a content key that was sent by key transport: RSAES-OAEP with SHA-256 for RSA keys, SM2
   * encryption (GM/T 0009 SM2Cipher) for SM2 keys; absent for the others.
   * @returns null where the octets were not encrypted to this key
   */
  open?(encryptedKey: Uint8Array): Promise<Uint8Array | null>;
  /**
   * Opens a content key that was sent under RSAES-PKCS1-v1_5, as old software does; absent for keys
   * other than RSA, and for those that do not leave their token.
   * @param size octets of the content key
   * @returns always `size` octets: of what was not encrypted to this key, others that tell nothing
   */
  openPkcs1?(encryptedKey: Uint8Array, size: number): Promise<Uint8Array>;
}

/** A key that has no certificate, as role keys have none. */
export interface KeyDecrypter extends Omit<Decrypter, 'certificate'> {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

/** Whom something is enveloped to: an encryption certificate, DER, or a key without one. */
export type EnvelopeRecipient = Uint8Array | Pick<KeyDecrypter, 'spki'>;

/** Name of a certificate everywhere: `by`, roster, paths (see `pki/certificate-id`). Lower-case hex. */
export type CertificateId = string;
